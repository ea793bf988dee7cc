// XXH64 (specification 0.1.1) over the UTF-8 bytes of a text: the hash that core/src/base/hash.h calls hash64.
const mask = (1n << 64n) - 1n;
const prime1 = 0x9e3779b185ebca87n;
const prime2 = 0xc2b2ae3d27d4eb4fn;
const prime3 = 0x165667b19e3779f9n;
const prime4 = 0x85ebca77c2b2ae63n;
const prime5 = 0x27d4eb2f165667c5n;
const stripe = 32; // bytes: four lanes of eight

const multiply = (one, other) => (one * other) & mask;
const rotate = (value, bits) => ((value << bits) | (value >> (64n - bits))) & mask;
const round = (lane, input) => multiply(rotate((lane + multiply(input, prime2)) & mask, 31n), prime1);
const merge = (hash, lane) => (multiply(hash ^ round(0n, lane), prime1) + prime4) & mask;

function startOf(bytes, seed) {
  if (bytes.length < stripe) return [(seed + prime5) & mask, 0];
  const lanes = [seed + prime1 + prime2, seed + prime2, seed, seed - prime1].map((lane) => lane & mask);
  let next = 0;
  for (; bytes.length - next >= stripe; next += stripe) {
    for (const index of [0, 1, 2, 3]) lanes[index] = round(lanes[index], bytes.readBigUInt64LE(next + 8 * index));
  }
  const mixed = [1n, 7n, 12n, 18n].reduce((sum, bits, index) => sum + rotate(lanes[index], bits), 0n) & mask;
  return [lanes.reduce(merge, mixed), next];
}

/** Returns a BigInt of 64 bits. */
export function hash64(text, seed = 0n) {
  const bytes = Buffer.from(text, 'utf8');
  let [hash, next] = startOf(bytes, seed);
  hash = (hash + BigInt(bytes.length)) & mask;
  for (; bytes.length - next >= 8; next += 8) hash = (multiply(rotate(hash ^ round(0n, bytes.readBigUInt64LE(next)), 27n), prime1) + prime4) & mask;
  if (bytes.length - next >= 4) {
    hash = (multiply(rotate(hash ^ multiply(BigInt(bytes.readUInt32LE(next)), prime1), 23n), prime2) + prime3) & mask;
    next += 4;
  }
  for (; next < bytes.length; next++) hash = multiply(rotate(hash ^ multiply(BigInt(bytes[next]), prime5), 11n), prime1);
  hash = multiply(hash ^ (hash >> 33n), prime2);
  hash = multiply(hash ^ (hash >> 29n), prime3);
  return hash ^ (hash >> 32n);
}

/** The sum as 64 bits wrap it. */
export const add64 = (one, other) => (one + other) & mask;

export const hexadecimal = (value) => value.toString(16).padStart(16, '0');
