// The writer of the browser against the vectors that the engine reads.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../support/built.mjs';
import { load } from './load.mjs';

const { encodeWire } = await load('engine/wire-encoder.ts');
const vectors = JSON.parse(readFileSync(join(root, 'tests/vectors/wire.json'), 'utf8'));
const room = new Uint8Array(1 << 20);
const encoded = (value) => Buffer.from(room.subarray(0, encodeWire(value, room))).toString('hex');
const valueOf = ({ text, value }) => (text === '-0' ? -0 : value);

for (const vector of vectors.both) {
  test(`writes: ${vector.name}`, () => assert.equal(encoded(valueOf(vector)), vector.hex));
}

test('leaves out undefined members, and writes null for what JSON can not say', () => {
  assert.equal(encoded({ a: undefined, b: 1 }), encoded({ b: 1 }));
  assert.equal(encoded([NaN, Infinity, undefined]), encoded([null, null, null]));
  const many = Object.fromEntries(Array.from({ length: 127 }, (_, index) => [`key${index}`, index]));
  assert.equal(encoded({ ...many, none: undefined, nothing: undefined }), encoded(many));
});

test('refuses values that nest too deep', () => {
  let deep = null;
  for (let level = 0; level < 65; level++) deep = { deep };
  assert.throws(() => encodeWire(deep, room), { code: 'wire.too_deep' });
});

test('says how much room it needs, and writes nothing outside of what it has', () => {
  for (const vector of vectors.both) {
    const { name } = vector;
    const size = vector.hex.length / 2;
    for (let least = 0; least < Math.min(size, 64); least++) {
      const memory = new Uint8Array(size + 64).fill(0xee);
      const needed = encodeWire(valueOf(vector), memory.subarray(0, least));
      assert.ok(needed > least, name);
      assert.ok(memory.subarray(least).every((byte) => byte === 0xee), name);
    }
  }
});
