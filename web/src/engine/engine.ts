import { type AnswerRest, decisionWords, headerWords } from './answer.js';
import { WaylineError } from '../errors/error.js';
import type { ErrorCode } from '../errors/codes.js';
import type { Json } from './json.js';
import { instantiate } from './module.js';
import type { RawExports } from './raw-exports.js';
import { encodeWire } from './wire-encoder.js';

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Bytes of the first input buffer: events of a shop take a few hundred, states some thousands. */
const firstCapacity = 1 << 14;

/** A call with a handle and an input. Written once outside of whoever calls, so that no closure is made for each call. */
export type Work = (raw: RawExports, id: number, pointer: number, size: number) => number;

/** One instance of the wasm: calls into it and copies across the boundary. Programs and sessions are made by Program and Session. */
export class Engine {
  readonly #raw: RawExports;
  #input = 0;
  #capacity = 0;
  #crashed = false;
  // Views of the whole memory and of the input buffer, made anew when the memory has grown: then they have become empty.
  #bytes = new Uint8Array();
  #words = new Uint32Array();
  #room = new Uint8Array();
  #answer: number[] = [];

  constructor(module: WebAssembly.Module) {
    this.#raw = instantiate(module);
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

  /** @internal Calls `work` with room for so much input: the bytes of the whole memory, and where in them the room begins. */
  callWithRoom(size: number, work: (raw: RawExports, bytes: Uint8Array, start: number) => number): number {
    return this.call((raw) => {
      this.#reserve(size);
      return work(raw, this.#bytes, this.#input);
    });
  }

  /** @internal The compact answer at that place: the words of its decisions, valid until the next call, and what follows them. */
  answerAt(place: number): { readonly words: readonly number[]; readonly rest: AnswerRest | undefined } {
    this.#refresh();
    const words = this.#words;
    const first = place >>> 2;
    const end = first + headerWords + words[first]! * decisionWords;
    const answer = this.#answer;
    answer.length = 0;
    for (let at = first + headerWords; at < end; at++) answer.push(words[at]!);
    const size = words[first + 1]!;
    if (size === 0) return { words: answer, rest: undefined };
    return { words: answer, rest: JSON.parse(textDecoder.decode(this.#bytes.subarray(end * 4, end * 4 + size))) as AnswerRest };
  }

  /** @internal For finalizers: never throws, and does nothing once the instance has crashed. */
  release(work: (raw: RawExports) => void): void {
    try {
      if (!this.#crashed) work(this.#raw);
    } catch {
      this.#crashed = true;
    }
  }

  /** @internal Calls `work` with the place of a copy of `bytes`, which the call takes over. */
  callWithGift<T>(bytes: Uint8Array, work: (raw: RawExports, pointer: number, size: number) => T): T {
    return this.call((raw) => {
      const pointer = allocate(raw, bytes.length);
      new Uint8Array(raw.memory.buffer, pointer).set(bytes);
      return work(raw, pointer, bytes.length);
    });
  }

  /** @internal Writes `value` into the input buffer and calls `work` with its place. */
  callWithValue(value: Json, id: number, work: Work): number {
    if (this.#crashed) throw new WaylineError('engine.crashed');
    this.#refresh();
    let size = encodeWire(value, this.#room);
    if (size > this.#capacity) {
      this.call(() => this.#reserve(size));
      size = encodeWire(value, this.#room);
    }
    try {
      return work(this.#raw, id, this.#input, size);
    } catch (cause) {
      this.#crashed = true;
      throw WaylineError.from(cause, 'engine.crashed');
    }
  }

  /** @internal */
  outputText(): string {
    return this.call((raw) => textDecoder.decode(new Uint8Array(raw.memory.buffer, raw.wayline_output_pointer(), raw.wayline_output_size())));
  }

  /** @internal */
  outputValue(): Json {
    return JSON.parse(this.outputText()) as Json;
  }

  /** @internal The error that a failed call left. */
  outputError(): WaylineError {
    const { code, message } = this.outputValue() as { code: ErrorCode; message: string };
    return new WaylineError(code, { message });
  }

  #refresh(): void {
    if (this.#bytes.length > 0) return;
    const { buffer } = this.#raw.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#room = new Uint8Array(buffer, this.#input, this.#capacity);
  }

  /** Makes the input buffer that large, and the views whole. */
  #reserve(size: number): void {
    if (size > this.#capacity) {
      if (this.#capacity > 0) this.#raw.wayline_release(this.#input, this.#capacity);
      this.#capacity = 0;
      const capacity = Math.max(size, firstCapacity);
      this.#input = allocate(this.#raw, capacity);
      this.#capacity = capacity;
      this.#bytes = new Uint8Array();
    }
    this.#refresh();
  }
}

function allocate(raw: RawExports, size: number): number {
  const pointer = raw.wayline_allocate(size);
  if (pointer === 0) throw new WaylineError('engine.crashed', { message: 'out of memory', size });
  return pointer;
}
