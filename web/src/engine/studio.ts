import type { Engine } from './engine.js';
import type { Json, JsonObject } from './json.js';
import type { RawStudioExports } from './raw-exports.js';
import { callWithTexts } from './texts.js';

/** A finding of the compiler; lines and columns start at 1. */
export interface StudioDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
  readonly hint: string;
}

export interface Compilation {
  /** Undefined when a diagnostic is an error. */
  readonly program: Uint8Array | undefined;
  readonly diagnostics: readonly StudioDiagnostic[];
}

/** What is to be explained: the condition of an experience, to the visitor of a snapshot, at a time in epoch milliseconds; on another page than the latest step's, where one is given. */
export interface Explained {
  readonly experience: string;
  readonly at: number;
  readonly state: Json;
  readonly page?: JsonObject;
}

/** The tools inside wayline-studio.wasm. The engine must have been loaded from that file. */
export class Studio {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** One line of `wayline eval`: JSON text `{"rule","data"}` in, `{"result"}` or `{"error"}` out. */
  eval(line: string): string {
    const sizes = [0];
    callWithTexts(this.#engine, [line], sizes, (raw, pointer) => (raw as RawStudioExports).wayline_studio_eval(pointer, sizes[0]!));
    return this.#engine.outputText();
  }

  /** Compiles a pack given as texts by path. */
  compile(files: Readonly<Record<string, string>>): Compilation {
    const input: Json = { files };
    const status = this.#engine.callWithValue(input, 0, (raw, _, pointer, size) => (raw as RawStudioExports).wayline_studio_compile(pointer, size));
    if (status !== 0) throw this.#engine.outputError();
    const diagnostics = this.#engine.outputValue() as unknown as readonly StudioDiagnostic[];
    const program = this.#engine.call((raw) => {
      const studio = raw as RawStudioExports;
      return new Uint8Array(raw.memory.buffer, studio.wayline_studio_program_pointer(), studio.wayline_studio_program_size()).slice();
    });
    return { program: program.length === 0 ? undefined : program, diagnostics };
  }

  /** The condition as a tree, one line for each part with its value, the predicate that decided marked: the text of `wayline explain --tree`. Empty without a condition. */
  explain(program: Uint8Array, { experience, at, state, page }: Explained): string {
    const input: Json = { experience, at, state, ...(page && { page }) };
    const status = this.#engine.callWithGift(program, (_, gift, giftSize) =>
      this.#engine.callWithValue(input, 0, (raw, __, pointer, size) => (raw as RawStudioExports).wayline_studio_explain(gift, giftSize, pointer, size)),
    );
    if (status !== 0) throw this.#engine.outputError();
    return this.#engine.outputText();
  }
}
