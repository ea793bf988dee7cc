// The argument of createClient, as a site in JavaScript may write it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { checkedOptions } = await load('client/checked-options.ts');

const base = 'https://shop.test/spring/';
const right = { pack: '/v1/pack', endpoint: 'v1/', writeKey: 'shop', wasm: '../wayline.wasm' };

test('addresses are made absolute, as of the page that was loaded, and everything else stays', () => {
  const options = { ...right, autoPage: false, hide: true, patience: 0, acknowledge: 'batch', globalPrivacyControl: ['ads'], packKeys: [] };
  assert.deepEqual(checkedOptions(options, base), {
    ...options, pack: 'https://shop.test/v1/pack', endpoint: 'https://shop.test/spring/v1', wasm: 'https://shop.test/wayline.wasm' });
});

test('an option that is undefined is an option that was not given', () => {
  assert.equal(checkedOptions({ ...right, patience: undefined, packKeys: undefined }, base).patience, undefined);
});

const wrong = [
  [undefined, 'createClient needs `pack`'],
  [{}, 'createClient needs `pack`'],
  [{ ...right, writeKey: undefined }, 'createClient needs `writeKey`'],
  [{ ...right, writeKey: '' }, '`writeKey` must be a text'],
  [{ ...right, writeKey: 7 }, '`writeKey` must be a text'],
  [{ ...right, wasm: null }, '`wasm` must be an address'],
  [{ ...right, endpoint: 'https://' }, '`endpoint` must be an address'],
  [{ ...right, packKey: 'MCowBQ' }, 'createClient has no option `packKey`'],
  [{ ...right, toString: 'x' }, 'createClient has no option `toString`'],
  [{ ...right, wrong: {} }, 'createClient has no option `wrong`'],
  [{ ...right, packKeys: 'MCowBQ' }, '`packKeys` must be a list of texts'],
  [{ ...right, globalPrivacyControl: 'ads' }, '`globalPrivacyControl` must be a list of texts'],
  [{ ...right, globalPrivacyControl: [''] }, '`globalPrivacyControl` must be a list of texts'],
  [{ ...right, autoPage: 'false' }, '`autoPage` must be true or false'],
  [{ ...right, hide: 1 }, '`hide` must be true or false'],
  [{ ...right, patience: -1 }, '`patience` must be a number of milliseconds'],
  [{ ...right, patience: NaN }, '`patience` must be a number of milliseconds'],
  [{ ...right, acknowledge: 'all' }, '`acknowledge` must be `ids` or `batch`'],
];

for (const [options, message] of wrong) {
  test(`${JSON.stringify(options) ?? 'nothing'}: ${message}`, () => {
    assert.throws(() => checkedOptions(options, base), { name: 'WaylineError', message: `sdk.bad_configuration: ${message}` });
  });
}
