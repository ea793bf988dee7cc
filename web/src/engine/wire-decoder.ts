import { WaylineError } from '../errors/error.js';
import type { Json } from './json.js';
import { Tag, wireDepthLimit } from './wire-format.js';

// Below this many bytes, reading ASCII in a loop beats the call into TextDecoder.
const shortText = 24;
const asciiEnd = 0x80;
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// Keys come again and again: the same text is not made twice.
const keys = new Array<string>(256).fill('');

/** Reads exactly one value that fills `bytes`, in the encoding of wasm/README.md; as strict as core/src/value/wire.cpp. */
export function decodeWire(bytes: Uint8Array): Json {
  return new Reader(bytes).readWhole();
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  readWhole(): Json {
    const value = this.#readValue(0);
    if (this.#at !== this.#bytes.length) throw malformed();
    return value;
  }

  #readValue(depth: number): Json {
    switch (this.#readByte()) {
      case Tag.null:
        return null;
      case Tag.false:
        return false;
      case Tag.true:
        return true;
      case Tag.number:
        return this.#readNumber();
      case Tag.integer:
        return this.#readVarint();
      case Tag.string:
        return this.#readText();
      case Tag.list:
        return this.#readList(depth);
      case Tag.object:
        return this.#readObject(depth);
      default:
        throw malformed();
    }
  }

  #readByte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw truncated();
    this.#at++;
    return byte;
  }

  #readVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#readByte();
      if (shift === 28 && byte > 0x0f) throw malformed();
      value |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (byte === 0 && shift !== 0) throw malformed();
      return value >>> 0;
    }
    throw malformed();
  }

  #readNumber(): number {
    const { buffer, byteOffset } = this.#bytes;
    if (this.#bytes.length - this.#at < 8) throw truncated();
    const number = new DataView(buffer, byteOffset + this.#at, 8).getFloat64(0, true);
    this.#at += 8;
    if (!Number.isFinite(number)) throw malformed();
    return number;
  }

  #readText(): string {
    const size = this.#readVarint();
    const end = this.#at + size;
    if (end > this.#bytes.length) throw truncated();
    const text = (size < shortText ? this.#readAscii(end) : undefined) ?? decodeText(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return text;
  }

  #readKey(): string {
    const start = this.#at;
    const size = this.#readVarint();
    const bytes = this.#bytes;
    const first = this.#at;
    if (size === 0 || size >= shortText || first + size > bytes.length) {
      this.#at = start;
      return this.#readText();
    }
    const place = (bytes[first]! * 31 + bytes[first + size - 1]! * 7 + size) % keys.length;
    const known = keys[place]!;
    let same = known.length === size;
    for (let index = 0; same && index < size; index++) same = bytes[first + index]! < asciiEnd && known.charCodeAt(index) === bytes[first + index];
    if (same) {
      this.#at = first + size;
      return known;
    }
    this.#at = start;
    return (keys[place] = this.#readText());
  }

  #readAscii(end: number): string | undefined {
    let text = '';
    for (let at = this.#at; at < end; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** The number of items of at least `itemSize` bytes each, checked against what is left before anything is allocated. */
  #readCount(depth: number, itemSize: number): number {
    if (depth >= wireDepthLimit) throw new WaylineError('wire.too_deep');
    const count = this.#readVarint();
    if (count > Math.floor((this.#bytes.length - this.#at) / itemSize)) throw truncated();
    return count;
  }

  #readList(depth: number): Json[] {
    const items: Json[] = [];
    for (let left = this.#readCount(depth, 1); left > 0; left--) items.push(this.#readValue(depth + 1));
    return items;
  }

  #readObject(depth: number): Json {
    const object: Record<string, Json> = {};
    const count = this.#readCount(depth, 2);
    for (let left = count; left > 0; left--) {
      const key = this.#readKey();
      const value = this.#readValue(depth + 1);
      if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      else object[key] = value;
    }
    // A key that came twice is there once.
    if (Object.keys(object).length !== count) throw malformed();
    return object;
  }
}

/** Lone surrogates, which the rule language can make, come as their three-byte form; TextDecoder refuses them, JavaScript keeps them. */
function decodeText(bytes: Uint8Array): string {
  try {
    return textDecoder.decode(bytes);
  } catch {
    const pieces: string[] = [];
    let start = 0;
    for (let at = 0; at + 2 < bytes.length; at++) {
      const [, middle = 0, last = 0] = bytes.subarray(at, at + 3);
      if (bytes[at] !== 0xed || middle < 0xa0) continue;
      pieces.push(decodeStrictly(bytes.subarray(start, at)), String.fromCharCode(0xd000 | ((middle & 0x3f) << 6) | (last & 0x3f)));
      if ((last & 0xc0) !== 0x80 || middle > 0xbf) throw malformed();
      start = at + 3;
      at += 2;
    }
    return pieces.join('') + decodeStrictly(bytes.subarray(start));
  }
}

function decodeStrictly(bytes: Uint8Array): string {
  try {
    return textDecoder.decode(bytes);
  } catch {
    throw malformed();
  }
}

function truncated(): WaylineError {
  return new WaylineError('wire.truncated');
}

function malformed(): WaylineError {
  return new WaylineError('wire.malformed');
}
