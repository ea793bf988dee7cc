import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { readProfileDocument, writeProfileDocument } = await load('client/profile-document.ts');
const head = { visitor: 'v', user: null, generation: 3, sequence: 12, ends: '', program: 'abc', since: 5 };

test('what is written is read back, the state as it was', () => {
  const text = writeProfileDocument(head, '{"wayline":1,"b":[1,2]}');
  assert.deepEqual(readProfileDocument(text), { ...head, state: { wayline: 1, b: [1, 2] } });
  assert.ok(text.endsWith('"state":{"wayline":1,"b":[1,2]}}'));
  const longest = { ...head, visitor: 'x'.repeat(200), user: 'x'.repeat(200) };
  assert.deepEqual(readProfileDocument(writeProfileDocument(longest, '1')), { ...longest, state: 1 });
});

test('a document of an earlier script says less', () => {
  const { ends, program, since, ...earlier } = head;
  assert.deepEqual(readProfileDocument(JSON.stringify({ ...earlier, state: {} })), { ...earlier, ends: '', program: '', since: 0, state: {} });
});

test('a forged document is no document', () => {
  const forged = [{}, null, 5, 'text', [], { ...head }, { ...head, state: {}, visitor: 7 }, { ...head, state: {}, visitor: '' }, { ...head, state: {}, visitor: 'x'.repeat(201) }, { ...head, state: {}, user: {} },
    { ...head, state: {}, generation: -1 }, { ...head, state: {}, sequence: 1.5 }, { ...head, state: {}, sequence: '1' }, { ...head, state: {}, ends: ['a'] }, { ...head, state: {}, program: 1 }, { ...head, state: {}, since: -1 }];
  for (const document of forged) assert.equal(readProfileDocument(JSON.stringify(document)), undefined, JSON.stringify(document));
  assert.equal(readProfileDocument('{"visitor":'), undefined);
});
