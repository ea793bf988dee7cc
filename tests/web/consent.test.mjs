import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { readPurposes, withDenied } = await load('consent/consent-choices.ts');

test('Global Privacy Control denies the purposes that the site names, and invents none', () => {
  assert.deepEqual(withDenied({ analytics: true, ads: true }, ['ads', 'sale']), { analytics: true, ads: false });
  assert.deepEqual(withDenied({ analytics: true }, []), { analytics: true });
});

test('choices read back from the device are booleans or nothing', () => {
  assert.deepEqual(readPurposes('{"a":true,"b":"yes","c":1,"d":false}'), { a: true, d: false });
  assert.deepEqual(readPurposes('{"a":false}'), { a: false });
  for (const text of [undefined, '', 'nonsense', 'null', '5', '{}', '{"a":1}', '"text"', '[1]']) assert.equal(readPurposes(text), undefined);
});
