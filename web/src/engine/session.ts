import type { Decision, Explanation } from './decision.js';
import type { Engine } from './engine.js';
import { Handle } from './handle.js';
import type { Json, JsonObject } from './json.js';
import type { Program } from './program.js';
import type { RawExports } from './raw-exports.js';
import type { SessionInspection } from './session-inspection.js';
import type { StepInput, StepOutput } from './step.js';

/** What became of the state that a session was created from. */
export interface Restoration {
  readonly restored: boolean;
  /** What the program no longer knows, one sentence each. */
  readonly dropped: readonly string[];
}

/** When and what to decide. */
export interface DecideInput {
  /** ISO 8601 with zone, or epoch milliseconds. */
  readonly at: number | string;
  /** The page to decide for; the page of the latest step when absent. */
  readonly page?: JsonObject;
  readonly slots?: readonly string[] | undefined;
}

/** One visitor inside the wasm: state that only steps change. */
export class Session {
  readonly restoration: Restoration;
  readonly #engine: Engine;
  readonly #handle: Handle;

  private constructor(engine: Engine, id: number) {
    this.#engine = engine;
    this.#handle = new Handle(this, id, () => engine.release((raw) => raw.wayline_session_release(id)));
    this.restoration = engine.outputValue() as unknown as Restoration;
  }

  /** `state` is a parsed snapshot, or null for a new visitor. Throws state.malformed or state.from_future. */
  static create(program: Program, visitor: string, state: Json = null): Session {
    const { engine, id: programId } = program;
    const id = engine.callWithValue({ visitor, state }, (raw, pointer, size) => raw.wayline_session_create(programId, pointer, size));
    if (id === 0) throw engine.outputError();
    return new Session(engine, id);
  }

  /** Advances the state by one event. Throws step.malformed; the state is then as it was. */
  step(input: StepInput): StepOutput {
    return this.#ask(input as unknown as Json, 'wayline_session_step') as unknown as StepOutput;
  }

  /** Decides without changing anything; all slots that the page can fill when none are named. */
  decide(input: DecideInput): Readonly<Record<string, Decision>> {
    const output = this.#ask({ ...input }, 'wayline_session_decide') as unknown as { decisions: Record<string, Decision> };
    return output.decisions;
  }

  /** Decides one slot and says what became of each candidate. */
  explain(input: DecideInput, slot: string): Explanation | undefined {
    const output = this.#ask({ ...input, slots: [slot], explain: true }, 'wayline_session_decide');
    return (output as unknown as { decisions: Record<string, Explanation> }).decisions[slot];
  }

  inspect(at: number | string): SessionInspection {
    return this.#ask({ at }, 'wayline_session_inspect') as unknown as SessionInspection;
  }

  /** The canonical JSON text of the state: what the next session is created from. */
  snapshot(): string {
    const { id } = this.#handle;
    if (this.#engine.call((raw) => raw.wayline_session_snapshot(id)) !== 0) throw this.#engine.outputError();
    return this.#engine.outputText();
  }

  /** 16 hexadecimal digits over every decision that this session made: two runs that agree decided the same. */
  digest(): string {
    const { id } = this.#handle;
    if (this.#engine.call((raw) => raw.wayline_session_digest(id)) !== 0) throw this.#engine.outputError();
    return this.#engine.outputText();
  }

  dispose(): void {
    this.#handle.dispose();
  }

  #ask(input: Json, name: 'wayline_session_step' | 'wayline_session_decide' | 'wayline_session_inspect'): Json {
    const id = this.#handle.id;
    const ask = (raw: RawExports, pointer: number, size: number): number => raw[name](id, pointer, size);
    if (this.#engine.callWithValue(input, ask) !== 0) throw this.#engine.outputError();
    return this.#engine.outputValue();
  }
}
