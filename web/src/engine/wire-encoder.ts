import { WaylineError } from '../errors/error.js';
import type { Json, JsonObject } from './json.js';
import { Tag, wireDepthLimit } from './wire-format.js';

const largestInteger = 0xffffffff;
const initialCapacity = 4096;
const asciiEnd = 0x80;
const textEncoder = new TextEncoder();

/** Writes values in the encoding of wasm/README.md. One encoder is reused: its buffer grows to the largest value and stays. */
export class WireEncoder {
  #bytes = new Uint8Array(initialCapacity);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  /** The encoding of `value`; valid until the next call. Numbers that JSON can not say are written as null. */
  encode(value: Json): Uint8Array {
    this.#size = 0;
    this.#put(value, 0);
    return this.#bytes.subarray(0, this.#size);
  }

  #put(value: Json | undefined, depth: number): void {
    if (value === null || value === undefined) return this.#putTag(Tag.null);
    switch (typeof value) {
      case 'boolean':
        return this.#putTag(value ? Tag.true : Tag.false);
      case 'number':
        return this.#putNumber(value);
      case 'string':
        this.#putTag(Tag.string);
        return this.#putText(value);
      default:
        if (depth >= wireDepthLimit) throw new WaylineError('wire.too_deep');
        return isList(value) ? this.#putList(value, depth) : this.#putObject(value, depth);
    }
  }

  #putNumber(value: number): void {
    if (!Number.isFinite(value)) return this.#putTag(Tag.null);
    if (value >= 0 && value <= largestInteger && Number.isInteger(value) && !Object.is(value, -0)) {
      this.#putTag(Tag.integer);
      return this.#putVarint(value);
    }
    this.#putTag(Tag.number);
    this.#reserve(8);
    this.#view.setFloat64(this.#size, value, true);
    this.#size += 8;
  }

  #putList(items: readonly Json[], depth: number): void {
    this.#putTag(Tag.list);
    this.#putVarint(items.length);
    for (const item of items) this.#put(item, depth + 1);
  }

  #putObject(object: JsonObject, depth: number): void {
    const keys = Object.keys(object).filter((key) => object[key] !== undefined);
    this.#putTag(Tag.object);
    this.#putVarint(keys.length);
    for (const key of keys) {
      this.#putText(key);
      this.#put(object[key], depth + 1);
    }
  }

  #putText(text: string): void {
    const start = this.#size;
    const length = text.length;
    this.#putVarint(length);
    this.#reserve(length);
    const bytes = this.#bytes;
    let at = this.#size;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      if (unit >= asciiEnd) return this.#putUnicode(text, start);
      bytes[at++] = unit;
    }
    this.#size = at;
  }

  #putUnicode(text: string, start: number): void {
    const encoded = textEncoder.encode(text);
    this.#size = start;
    this.#putVarint(encoded.length);
    this.#reserve(encoded.length);
    this.#bytes.set(encoded, this.#size);
    this.#size += encoded.length;
  }

  #putTag(tag: number): void {
    this.#reserve(1);
    this.#bytes[this.#size++] = tag;
  }

  #putVarint(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#size++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#size++] = rest;
  }

  #reserve(count: number): void {
    const needed = this.#size + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}
