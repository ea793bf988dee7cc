// Calls that travel to the next page through localStorage, where anybody can write.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './load.mjs';

const { Spill, uniqueId } = await load('client/spill.ts', 'store/unique-id.ts');

const entries = new Map();
globalThis.localStorage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, text) => entries.set(key, text), removeItem: (key) => entries.delete(key) };
beforeEach(() => entries.clear());

const call = (changes = {}) => ({ kind: 'track', id: uniqueId(), at: Date.now(), monotonic: 1, bootId: 'b', page: {}, importance: 1, input: { at: 1 }, message: { type: 'track' }, ...changes });

test('what was written is taken once, also by several pages', () => {
  const [first, second] = [call(), call()];
  new Spill('a').write([first]);
  new Spill('a').write([second]);
  assert.deepEqual(new Spill('a').take(), [first, second]);
  assert.deepEqual(new Spill('a').take(), []);
});

for (const forged of [{ at: 9e15 }, { at: 1.5 }, { at: '1' }, { kind: 'eval' }, { id: '' }, { id: 'x'.repeat(51) }, { page: null }, { input: 'x' }, { message: 7 }, { importance: 9 }, { monotonic: null }]) {
  test(`a call with ${JSON.stringify(forged).slice(0, 30)} is none, and takes no genuine one with it`, () => {
    const genuine = call();
    entries.set('a:spill', JSON.stringify([call(forged), genuine, null, 5]));
    assert.deepEqual(new Spill('a').take(), [genuine]);
  });
}

test('a text that is no list is nothing', () => {
  entries.set('a:spill', 'nonsense');
  assert.deepEqual(new Spill('a').take(), []);
  new Spill('a').write([call()]);
  assert.equal(new Spill('a').take().length, 1);
});
