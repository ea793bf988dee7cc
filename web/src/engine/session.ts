import type { Content, Decision, Explanation, Previews } from './decision.js';
import type { Engine, Work } from './engine.js';
import { Handle } from './handle.js';
import type { Json, JsonObject } from './json.js';
import type { Program } from './program.js';
import type { RawExports } from './raw-exports.js';
import type { SessionInspection } from './session-inspection.js';
import type { Effect, StepInput, StepOutput } from './step.js';

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
  /** A preview: experience to variant, shown on their pages. */
  readonly force?: Readonly<Record<string, string>>;
}

const createSession: Work = (raw, program, pointer, size) => raw.wayline_session_create(program, pointer, size);
const step: Work = (raw, session, pointer, size) => raw.wayline_session_step(session, pointer, size);
const decide: Work = (raw, session, pointer, size) => raw.wayline_session_decide(session, pointer, size);
const inspect: Work = (raw, session, pointer, size) => raw.wayline_session_inspect(session, pointer, size);

const noEffects: readonly Effect[] = Object.freeze([]);
const noJourneys: StepOutput['journeys'] = Object.freeze({});

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Frozen two levels deep. */
function freezeEach<T extends object>(object: T): T {
  for (const part of Object.values(object)) Object.freeze(part);
  return Object.freeze(object);
}

/** One visitor inside the wasm: state that only steps change. */
export class Session {
  readonly restoration: Restoration;
  readonly #engine: Engine;
  readonly #program: Program;
  readonly #handle: Handle;
  /** As of the latest step; its answers share it, so it is frozen. */
  #journeys = noJourneys;
  /** Contents that steps told, by variant. */
  readonly #told = new Map<number, Content>();
  readonly #learn = (experience: number, variant: number): Json => {
    this.#tell((raw, id) => raw.wayline_session_variant(id, experience, variant));
    return this.#engine.outputValue();
  };

  private constructor(program: Program, id: number) {
    const { engine } = program;
    this.#program = program;
    this.#engine = engine;
    this.#handle = new Handle(this, id, () => engine.release((raw) => raw.wayline_session_release(id)));
    this.restoration = engine.outputValue() as unknown as Restoration;
  }

  /** `state` is a parsed snapshot, or null for a new visitor. Throws state.malformed or state.from_future. */
  static create(program: Program, visitor: string, state: Json = null): Session {
    const { engine } = program;
    const id = engine.callWithValue({ visitor, state }, program.id, createSession);
    if (id === 0) throw engine.outputError();
    return new Session(program, id);
  }

  /** Advances the state by one event. Throws step.malformed; the state is then as it was. */
  step(input: StepInput): StepOutput {
    return this.#stepOutput(this.#ask(input as unknown as Json, step));
  }

  /** @internal The step that `work` has the engine take; it returns the place of the answer, 0 after an error. */
  stepBy(work: (engine: Engine, id: number) => number): StepOutput {
    const place = work(this.#engine, this.#handle.id);
    if (place === 0) throw this.#engine.outputError();
    return this.#stepOutput(place);
  }

  /** Decides without changing anything; all slots that the page can fill when none are named. */
  decide(input: DecideInput): Readonly<Record<string, Decision>> {
    return this.#decide(input).decisions;
  }

  /** Decides one slot and says what became of each candidate. */
  explain(input: DecideInput, slot: string): Explanation | undefined {
    const { decisions, previews = {} } = this.#decide({ ...input, slots: [slot], explain: true } as DecideInput);
    const decision = decisions[slot];
    return decision === undefined ? undefined : ({ ...decision, previews } as Explanation);
  }

  inspect(at: number | string): SessionInspection {
    this.#ask({ at }, inspect);
    return this.#engine.outputValue() as unknown as SessionInspection;
  }

  /** The canonical JSON text of the state: what the next session is created from. */
  snapshot(): string {
    this.#tell((raw, id) => raw.wayline_session_snapshot(id));
    return this.#engine.outputText();
  }

  /** 16 hexadecimal digits over every decision that this session made: two runs that agree decided the same. */
  digest(): string {
    this.#tell((raw, id) => raw.wayline_session_digest(id));
    return this.#engine.outputText();
  }

  dispose(): void {
    this.#handle.dispose();
  }

  /** Has the engine write what it is asked for as its output. */
  #tell(work: (raw: RawExports, id: number) => number): void {
    const { id } = this.#handle;
    if (this.#engine.call((raw) => work(raw, id)) !== 0) throw this.#engine.outputError();
  }

  #stepOutput(place: number): StepOutput {
    const { words, rest } = this.#engine.answerAt(place);
    // The engine tells of them once, whatever becomes of the rest.
    if (rest?.journeys !== undefined) this.#journeys = freezeEach(rest.journeys);
    if (rest?.changed !== undefined) this.#journeys = Object.freeze({ ...this.#journeys, ...freezeEach(rest.changed) });
    const decisions = this.#program.decisions(words, rest, this.#learn, this.#told);
    if (rest === undefined) return { decisions, effects: noEffects, journeys: this.#journeys };
    const output: Mutable<StepOutput> = { decisions, effects: rest.effects ?? noEffects, journeys: this.#journeys };
    if (rest.notices !== undefined) output.notices = rest.notices;
    if (rest.duplicate === true) output.duplicate = true;
    return output;
  }

  #decide(input: DecideInput): { decisions: Record<string, Decision>; previews: Previews | undefined } {
    const { words, rest } = this.#engine.answerAt(this.#ask({ ...input }, decide));
    return { decisions: this.#program.decisions(words, rest, this.#learn), previews: rest?.previews };
  }

  /** Where the answer is. */
  #ask(input: Json, work: Work): number {
    const place = this.#engine.callWithValue(input, this.#handle.id, work);
    if (place === 0) throw this.#engine.outputError();
    return place;
  }
}
