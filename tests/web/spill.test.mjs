// Calls that travel to the next page through localStorage, where anybody can write.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { load } from './load.mjs';
import { LocalTexts } from './local-texts.mjs';

const { Spill, lasting, uniqueId, maximumHeldCalls } = await load('client/spill.ts', 'store/unique-id.ts', 'client/limits.ts');

beforeEach(() => {
  globalThis.localStorage = new LocalTexts();
});

const call = (changes = {}) => ({ kind: 'track', id: uniqueId(), at: Date.now(), monotonic: 1, bootId: 'b', page: {}, importance: 1, input: { at: 1 }, message: { type: 'track' }, ...changes });

/** What is taken, without the name of the list that each call was in. */
const take = () => new Spill('a').take().map(({ spill, ...rest }) => rest);

test('what was written is taken once, also by several pages', () => {
  const [first, second] = [call(), call()];
  new Spill('a').write([first]);
  new Spill('a').write([second]);
  assert.deepEqual(take(), [first, second]);
  assert.deepEqual(take(), []);
});

test('what was written together is one list, and stays apart from what was written otherwise', () => {
  for (const written of [[call(), call()], [call()]]) new Spill('a').write(written);
  const [first, second, third] = new Spill('a').take().map(({ spill }) => spill);
  assert.ok(first === second && first !== third && typeof first === 'string');
});

test('what is written while another page takes is not taken away with it', () => {
  const [first, second] = [call(), call()];
  new Spill('a').write([first]);
  const seen = Object.keys(localStorage);
  new Spill('a').write([second]);
  for (const key of seen) localStorage.removeItem(key);
  assert.deepEqual(take(), [second]);
});

test('spills that nobody takes stay within their bound', () => {
  const large = () => call({ input: { at: 1, properties: { text: 'x'.repeat(800_000) } } });
  for (let page = 0; page < 5; page++) new Spill('a').write([large()]);
  assert.equal(take().length, 2);
});

test('of more than fits, the most important is written, then the oldest, in the order in which all of it was', () => {
  const large = (importance) => call({ importance, input: { at: 1, properties: { text: 'x'.repeat(600_000) } } });
  const calls = [large(0), large(0), large(1), call({ kind: 'reset', importance: 2 }), large(2)];
  const spill = new Spill('a');
  spill.write(calls);
  const [first, second, third, last] = [calls[0], calls[2], calls[3], calls[4]];
  assert.deepEqual(calls.filter(spill.keeps), [calls[1]], 'what was not written is still this page\'s');
  assert.deepEqual(take(), [first, second, third, last]);
});

test('one that does not fit drops no smaller one behind it', () => {
  const calls = [call({ importance: 2, input: { at: 1, properties: { text: 'x'.repeat(3_000_000) } } }), call(), call()];
  new Spill('a').write(calls);
  assert.deepEqual(take(), calls.slice(1));
});

test('as many calls as a page holds are written', () => {
  const calls = Array.from({ length: maximumHeldCalls }, () => call({ input: { at: 1, properties: { text: 'x'.repeat(1_700) } } }));
  new Spill('a').write(calls);
  assert.deepEqual(take(), calls);
});

test('what is written takes as long as its texts, however many calls there are', () => {
  const one = call();
  const calls = Array.from({ length: 100_000 }, (_, index) => ({ ...one, id: String(index) }));
  const quickest = (work) => Math.min(...[1, 2, 3].map(() => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  }));
  const texts = quickest(() => calls.map((each) => JSON.stringify(each)));
  const written = quickest(() => {
    globalThis.localStorage = new LocalTexts();
    new Spill('a').write(calls);
  });
  assert.ok(written < 2 * texts, `${written} ms, the texts ${texts}`);
});

for (const forged of [{ at: 9e15 }, { at: 1.5 }, { at: '1' }, { kind: 'eval' }, { id: '' }, { id: 'x'.repeat(51) }, { page: null }, { input: 'x' }, { message: 7 }, { importance: 9 }, { monotonic: null }]) {
  test(`a call with ${JSON.stringify(forged).slice(0, 30)} is none, and takes no genuine one with it`, () => {
    const genuine = call();
    localStorage.setItem('a:spill:1', JSON.stringify([call(forged), genuine, null, 5]));
    assert.deepEqual(take(), [genuine]);
  });
}

for (const kind of ['page', 'track', 'identify', 'consent', 'exposure', 'dismiss', 'tick', 'reset']) {
  test(`a call of the kind ${kind} is taken up`, () => {
    const calls = [call({ kind, id: 'x'.repeat(50) })];
    new Spill('a').write(calls);
    assert.deepEqual(take(), calls);
  });
}

test('what was written first is taken first, however the browser lists it', () => {
  const [first, second] = [call(), call()];
  localStorage.setItem('a:spill:2', JSON.stringify([second]));
  localStorage.setItem('a:spill:1', JSON.stringify([first]));
  assert.deepEqual(take(), [first, second]);
});

test('whether an earlier page left something is known, and nothing is left where there was nothing to write', () => {
  const spill = new Spill('a');
  spill.write([]);
  assert.deepEqual([Object.keys(localStorage), spill.isEmpty], [[], true]);
  spill.write([call()]);
  assert.deepEqual([spill.isEmpty, new Spill('b').isEmpty], [false, true]);
  delete globalThis.localStorage;
  assert.equal(spill.isEmpty, true);
});

test('a page is told of what another one of this site writes, and of nothing else', (context) => {
  globalThis.window = new EventTarget();
  context.after(() => delete globalThis.window);
  const told = [];
  new Spill('a').watch(() => told.push('written'));
  const change = (key, newValue) => window.dispatchEvent(Object.assign(new Event('storage'), { key, newValue }));
  change('a:spill:1', null); // taken
  change('b:spill:1', '[]');
  change(null, null); // cleared
  assert.deepEqual(told, []);
  change('a:spill:1', '[]');
  assert.deepEqual(told, ['written']);
});

test('what waits for a page with a database is taken by none without', () => {
  const [first, second, third] = [call(), call({ kind: 'reset', importance: 2 }), call()];
  const spill = new Spill('a');
  spill.write([first]);
  spill.write([second], lasting);
  const ids = (calls) => calls.map(({ id }) => id);
  assert.deepEqual([ids(spill.take(false)), ids(spill.take(false)), spill.isEmpty], [[first.id], [], false]);
  spill.write([third]);
  assert.deepEqual([ids(new Spill('a').take(true)), spill.isEmpty], [[second.id, third.id], true], 'in the order in which they were written');
});

test('a text that is no list is nothing', () => {
  localStorage.setItem('a:spill:1', 'nonsense');
  assert.deepEqual(take(), []);
  new Spill('a').write([call()]);
  assert.equal(take().length, 1);
});
