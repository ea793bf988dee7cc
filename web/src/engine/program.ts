import type { Engine } from './engine.js';
import { Handle } from './handle.js';

/** What a program says about itself. */
export interface ProgramFacts {
  readonly site: string;
  /** 16 hexadecimal digits; programs of the same hash decide the same. */
  readonly hash: string;
  /** The consent that must be granted before events are stored or sent; empty when none is needed. */
  readonly eventsPurpose: string;
}

/** A compiled pack inside the wasm. */
export class Program {
  readonly facts: ProgramFacts;
  readonly #handle: Handle;

  private constructor(
    readonly engine: Engine,
    id: number,
  ) {
    this.#handle = new Handle(this, id, () => engine.release((raw) => raw.wayline_program_release(id)));
    this.facts = engine.outputValue() as unknown as ProgramFacts;
  }

  /** Verifies and copies `bytes`. Throws program.malformed, program.truncated, program.checksum or program.version. */
  static load(engine: Engine, bytes: Uint8Array): Program {
    const id = engine.callWithBytes(bytes, (raw, pointer, size) => raw.wayline_program_load(pointer, size));
    if (id === 0) throw engine.outputError();
    return new Program(engine, id);
  }

  /** @internal */
  get id(): number {
    return this.#handle.id;
  }

  /** Sessions of the program go on; new ones can not be made. */
  dispose(): void {
    this.#handle.dispose();
  }
}
