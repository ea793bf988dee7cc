// The codec of the browser against the vectors that the engine's codec runs too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load, root } from './load.mjs';

const { decodeWire, WireEncoder } = await load('engine/wire-decoder.ts', 'engine/wire-encoder.ts');
const vectors = JSON.parse(readFileSync(join(root, 'tests/vectors/wire.json'), 'utf8'));
const encoder = new WireEncoder();
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const valueOf = ({ text, value }) => (text === '-0' ? -0 : value);

for (const vector of vectors.both) {
  test(`writes and reads: ${vector.name}`, () => {
    assert.equal(hex(encoder.encode(valueOf(vector))), vector.hex);
    const read = decodeWire(bytes(vector.hex));
    assert.deepStrictEqual(read, valueOf(vector));
    assert.equal(JSON.stringify(read), JSON.stringify(valueOf(vector)));
  });
}

for (const vector of vectors.reads) {
  test(`reads: ${vector.name}`, () => assert.deepStrictEqual(decodeWire(bytes(vector.hex)), vector.value));
}

for (const { name, hex: text, code } of vectors.invalid) {
  test(`refuses: ${name}`, () => assert.throws(() => decodeWire(bytes(text)), { name: 'WaylineError', code }));
}

test('every prefix of every vector is truncated', () => {
  for (const { name, hex: text } of vectors.both) {
    const whole = bytes(text);
    for (let size = 0; size < whole.length; size++) {
      assert.throws(() => decodeWire(whole.subarray(0, size)), { code: 'wire.truncated' }, `${name} cut to ${size}`);
    }
  }
});

test('leaves out undefined members, and writes null for what JSON can not say', () => {
  assert.equal(hex(encoder.encode({ a: undefined, b: 1 })), hex(encoder.encode({ b: 1 })));
  assert.equal(hex(encoder.encode([NaN, Infinity, undefined])), hex(encoder.encode([null, null, null])));
});

test('refuses values that nest too deep', () => {
  let deep = null;
  for (let level = 0; level < 65; level++) deep = { deep };
  assert.throws(() => encoder.encode(deep), { code: 'wire.too_deep' });
});

test('keeps lone surrogates that the engine made, beside other text', () => {
  const text = [...Buffer.from('zażółć 👗 long enough to leave the short path '), 0xed, 0xa0, 0x80, 0x21];
  assert.equal(decodeWire(new Uint8Array([5, text.length, ...text])), 'zażółć 👗 long enough to leave the short path \ud800!');
});

test('a buffer that grew is used again', () => {
  const long = 'ą'.repeat(100_000);
  assert.equal(decodeWire(encoder.encode({ long })).long, long);
  assert.equal(hex(encoder.encode(1)), '0401');
});
