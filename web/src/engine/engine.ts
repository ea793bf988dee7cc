import { WaylineError } from '../errors/error.js';
import type { ErrorCode } from '../errors/codes.js';
import type { Json } from './json.js';
import { compileModule, instantiate, type WasmSource } from './module.js';
import type { RawExports } from './raw-exports.js';
import { decodeWire } from './wire-decoder.js';
import { WireEncoder } from './wire-encoder.js';

const textDecoder = new TextDecoder();

/** One instance of the wasm: calls into it and copies across the boundary. Programs and sessions are made by Program and Session. */
export class Engine {
  readonly #raw: RawExports;
  readonly #encoder = new WireEncoder();
  #input = 0;
  #capacity = 0;
  #crashed = false;

  constructor(module: WebAssembly.Module) {
    this.#raw = instantiate(module);
  }

  static async load(source: WasmSource): Promise<Engine> {
    return new Engine(await compileModule(source));
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

  #grow(raw: RawExports, size: number): void {
    if (this.#capacity > 0) raw.wayline_release(this.#input, this.#capacity);
    this.#capacity = 0;
    this.#input = raw.wayline_allocate(size);
    if (this.#input === 0) throw new WaylineError('engine.crashed', { message: 'out of memory', size });
    this.#capacity = size;
  }
}
