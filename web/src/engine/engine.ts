import { type AnswerRest, decisionWords, headerWords } from './answer.js';
import { WaylineError } from '../errors/error.js';
import type { ErrorCode } from '../errors/codes.js';
import type { Json } from './json.js';
import { compileModule, instantiate } from './module.js';
import type { RawExports } from './raw-exports.js';
import { decodeWire } from './wire-decoder.js';
import { WireEncoder } from './wire-encoder.js';

const textDecoder = new TextDecoder();
const textEncoder = new TextEncoder();
const asciiEnd = 0x80;
/** Bytes of UTF-8 that a UTF-16 unit can become. */
const largestUnit = 3;

/** One instance of the wasm: calls into it and copies across the boundary. Programs and sessions are made by Program and Session. */
export class Engine {
  readonly #raw: RawExports;
  readonly #encoder = new WireEncoder();
  #input = 0;
  #capacity = 0;
  #crashed = false;
  // Views of the whole memory, made anew when it has grown.
  #bytes = new Uint8Array();
  #words = new Uint32Array();
  #answer: number[] = [];

  constructor(module: WebAssembly.Module) {
    this.#raw = instantiate(module);
  }

  static async load(bytes: BufferSource): Promise<Engine> {
    return new Engine(await compileModule(bytes));
  }

  /** Bytes of linear memory in use by the instance; it never shrinks. */
  get memorySize(): number {
    return this.#raw.memory.buffer.byteLength;
  }

  /** @internal Calls `work` with the exports; a trap becomes engine.crashed, now and ever after. */
  call<T>(work: (raw: RawExports) => T): T {
    if (this.#crashed) throw new WaylineError('engine.crashed');
    try {
      return work(this.#raw);
    } catch (cause) {
      this.#crashed = true;
      throw WaylineError.from(cause, 'engine.crashed');
    }
  }

  /** @internal Writes texts one after the other into the input buffer and calls `work` with its place; `sizes` gets the bytes of each. */
  callWithTexts(texts: readonly string[], sizes: number[], work: (raw: RawExports, pointer: number) => number): number {
    if (this.#crashed) throw new WaylineError('engine.crashed');
    try {
      let most = 0;
      for (const text of texts) most += text.length * largestUnit;
      if (most > this.#capacity) this.#grow(this.#raw, most);
      this.#refresh();
      let at = this.#input;
      for (let index = 0; index < texts.length; index++) {
        const size = this.#writeText(texts[index]!, at);
        sizes[index] = size;
        at += size;
      }
      return work(this.#raw, this.#input);
    } catch (cause) {
      this.#crashed = true;
      throw WaylineError.from(cause, 'engine.crashed');
    }
  }

  /** @internal The compact answer that the last call left: the words of its decisions, valid until the next call, and what follows them. */
  outputAnswer(): { readonly words: readonly number[]; readonly rest: AnswerRest | undefined } {
    this.#refresh();
    const start = this.#raw.wayline_output_pointer();
    const words = this.#words;
    const first = start >>> 2;
    const end = first + headerWords + words[first]! * decisionWords;
    const answer = this.#answer;
    answer.length = 0;
    for (let at = first + headerWords; at < end; at++) answer.push(words[at]!);
    const rest = words[first + 1] === 0 ? undefined : (decodeWire(this.#bytes.subarray(end * 4, start + this.#raw.wayline_output_size())) as AnswerRest);
    return { words: answer, rest };
  }

  /** @internal For finalizers: never throws, and does nothing once the instance has crashed. */
  release(work: (raw: RawExports) => void): void {
    try {
      if (!this.#crashed) work(this.#raw);
    } catch {
      this.#crashed = true;
    }
  }

  /** @internal Copies `bytes` into the input buffer, which is kept between calls, and calls `work` with its place. */
  callWithBytes<T>(bytes: Uint8Array, work: (raw: RawExports, pointer: number, size: number) => T): T {
    return this.call((raw) => {
      if (bytes.length > this.#capacity) this.#grow(raw, bytes.length);
      new Uint8Array(raw.memory.buffer, this.#input, bytes.length).set(bytes);
      return work(raw, this.#input, bytes.length);
    });
  }

  /** @internal As callWithBytes, with a copy that the call takes over. */
  callWithGift<T>(bytes: Uint8Array, work: (raw: RawExports, pointer: number, size: number) => T): T {
    return this.call((raw) => {
      const pointer = allocate(raw, bytes.length);
      new Uint8Array(raw.memory.buffer, pointer).set(bytes);
      return work(raw, pointer, bytes.length);
    });
  }

  /** @internal */
  callWithValue<T>(value: Json, work: (raw: RawExports, pointer: number, size: number) => T): T {
    return this.callWithBytes(this.#encoder.encode(value), work);
  }

  /** @internal What the last call left, as a view that the next call invalidates. */
  output(): Uint8Array {
    return this.call((raw) => new Uint8Array(raw.memory.buffer, raw.wayline_output_pointer(), raw.wayline_output_size()));
  }

  /** @internal */
  outputValue(): Json {
    return decodeWire(this.output());
  }

  /** @internal */
  outputText(): string {
    return textDecoder.decode(this.output());
  }

  /** @internal The error that a failed call left. */
  outputError(): WaylineError {
    const { code, message } = this.outputValue() as { code: ErrorCode; message: string };
    return new WaylineError(code, { message });
  }

  #refresh(): void {
    if (this.#bytes.buffer === this.#raw.memory.buffer) return;
    this.#bytes = new Uint8Array(this.#raw.memory.buffer);
    this.#words = new Uint32Array(this.#raw.memory.buffer);
  }

  #writeText(text: string, start: number): number {
    const bytes = this.#bytes;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit >= asciiEnd) return textEncoder.encodeInto(text, bytes.subarray(start)).written;
      bytes[start + index] = unit;
    }
    return text.length;
  }

  #grow(raw: RawExports, size: number): void {
    if (this.#capacity > 0) raw.wayline_release(this.#input, this.#capacity);
    this.#capacity = 0;
    this.#input = allocate(raw, size);
    this.#capacity = size;
  }
}

function allocate(raw: RawExports, size: number): number {
  const pointer = raw.wayline_allocate(size);
  if (pointer === 0) throw new WaylineError('engine.crashed', { message: 'out of memory', size });
  return pointer;
}
