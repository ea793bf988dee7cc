import { WaylineError } from '../errors/error.js';
import { Engine } from './engine.js';

/** The engine for who has the bytes of its module; a page's script compiles them while they come. */
export class EngineOfBytes extends Engine {
  /** Needs 'wasm-unsafe-eval' in a page's CSP, and nothing else. Rejects with engine.unavailable. */
  static async load(bytes: BufferSource): Promise<EngineOfBytes> {
    try {
      return new EngineOfBytes(await WebAssembly.compile(bytes));
    } catch (cause) {
      throw WaylineError.from(cause, 'engine.unavailable');
    }
  }
}
