import { WaylineError } from '../errors/error.js';
import type { Json, JsonObject } from './json.js';
import { utf8 } from './utf8.js';

/** First byte of every encoded value; wasm/README.md. */
const Tag = { null: 0, false: 1, true: 2, number: 3, integer: 4, string: 5, list: 6, object: 7 } as const;

/** Deepest nesting of lists and objects, the same as core/src/value/wire.h. */
const depthLimit = 64;
const largestInteger = 0xffffffff;
const asciiEnd = 0x80;
/** A varint below it takes one byte. */
const varintStep = 0x80;
const number = new Float64Array(1);
const numberBytes = new Uint8Array(number.buffer);

/**
 * Writes `value` in the encoding of wasm/README.md, and returns its size: where that is more than `bytes` has room for, its beginning was
 * written, and it is to be written again. Numbers that JSON can not say become null. Throws wire.too_deep.
 */
export function encodeWire(value: Json, bytes: Uint8Array): number {
  return put(bytes, 0, value, 0);
}

// Each writes at a place and returns the place behind it. What lies outside of a typed array is not written, so no place is checked.

function put(bytes: Uint8Array, at: number, value: Json | undefined, depth: number): number {
  switch (typeof value) {
    case 'string':
      bytes[at] = Tag.string;
      return putText(bytes, at + 1, value);
    case 'number':
      return putNumber(bytes, at, value);
    case 'boolean':
      bytes[at] = value ? Tag.true : Tag.false;
      return at + 1;
    default:
      if (value === null || value === undefined) {
        bytes[at] = Tag.null;
        return at + 1;
      }
      if (depth >= depthLimit) throw new WaylineError('wire.too_deep');
      return Array.isArray(value) ? putList(bytes, at, value as readonly Json[], depth) : putObject(bytes, at, value as JsonObject, depth);
  }
}

function putNumber(bytes: Uint8Array, at: number, value: number): number {
  if (value >= 0 && value <= largestInteger && Number.isInteger(value) && !Object.is(value, -0)) {
    bytes[at] = Tag.integer;
    return putVarint(bytes, at + 1, value);
  }
  if (!Number.isFinite(value)) {
    bytes[at] = Tag.null;
    return at + 1;
  }
  bytes[at] = Tag.number;
  number[0] = value;
  for (let index = 0; index < 8; index++) bytes[at + 1 + index] = numberBytes[index]!;
  return at + 9;
}

function putList(bytes: Uint8Array, at: number, items: readonly Json[], depth: number): number {
  bytes[at] = Tag.list;
  let next = putVarint(bytes, at + 1, items.length);
  for (const item of items) next = put(bytes, next, item, depth + 1);
  return next;
}

function putObject(bytes: Uint8Array, at: number, object: JsonObject, depth: number): number {
  let keys = Object.keys(object);
  if (keys.length >= varintStep) keys = keys.filter((key) => object[key] !== undefined);
  bytes[at] = Tag.object;
  let next = putVarint(bytes, at + 1, keys.length);
  let count = 0;
  for (const key of keys) {
    const value = object[key];
    if (value === undefined) continue;
    next = put(bytes, putText(bytes, next, key), value, depth + 1);
    count++;
  }
  // In the room of the first one: fewer than a byte can say only where all fitted into one.
  if (count < keys.length) putVarint(bytes, at + 1, count);
  return next;
}

function putText(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  let next = putVarint(bytes, at, length);
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= asciiEnd) return putUnicode(bytes, at, text);
    bytes[next++] = unit;
  }
  return next;
}

function putUnicode(bytes: Uint8Array, at: number, text: string): number {
  const encoded = utf8.encode(text);
  const next = putVarint(bytes, at, encoded.length);
  const end = next + encoded.length;
  if (end <= bytes.length) bytes.set(encoded, next);
  return end;
}

function putVarint(bytes: Uint8Array, at: number, value: number): number {
  while (value >= varintStep) {
    bytes[at++] = (value & (varintStep - 1)) | varintStep;
    value >>>= 7;
  }
  bytes[at] = value;
  return at + 1;
}
