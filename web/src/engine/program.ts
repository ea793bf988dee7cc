import { type AnswerRest, decisionWords, toldBit } from './answer.js';
import { type Content, type Decision, defaultDecision, type Reason } from './decision.js';
import type { Engine } from './engine.js';
import { Handle } from './handle.js';
import type { Json } from './json.js';

/** The index of nothing. */
const none = 0xffffffff;

/** What a program says about itself. */
export interface ProgramFacts {
  readonly site: string;
  /** 16 hexadecimal digits; programs of the same hash decide the same. */
  readonly hash: string;
  /** The consent that must be granted before events are stored or sent; empty when none is needed. */
  readonly eventsPurpose: string;
  /** By their indexes. */
  readonly slots: readonly string[];
  readonly reasons: readonly Reason[];
}

/** A decision whose content, where it depends on the visitor, is not known to the program. */
type DecisionOfProgram = Omit<Decision, 'content'> & { readonly content?: Decision['content'] };

/** What the engine tells of a variant; writes over its output. */
type Learn = (experience: number, variant: number) => Json;

/** A compiled pack inside the wasm. */
export class Program {
  readonly facts: ProgramFacts;
  readonly #handle: Handle;
  // Decisions are of few kinds: each is made once and shared, so they are frozen.
  readonly #defaults: DecisionOfProgram[];
  readonly #shown = new Map<number, DecisionOfProgram>();

  private constructor(
    readonly engine: Engine,
    id: number,
  ) {
    this.#handle = new Handle(this, id, () => engine.release((raw) => raw.wayline_program_release(id)));
    this.facts = engine.outputValue() as unknown as ProgramFacts;
    this.#defaults = this.facts.reasons.map((reason) => Object.freeze(defaultDecision(reason)));
  }

  /** Verifies and copies `bytes`. Throws program.malformed, program.truncated, program.checksum or program.version. */
  static load(engine: Engine, bytes: Uint8Array): Program {
    const id = engine.callWithGift(bytes, (raw, pointer, size) => raw.wayline_program_load(pointer, size));
    if (id === 0) throw engine.outputError();
    return new Program(engine, id);
  }

  /** @internal */
  get id(): number {
    return this.#handle.id;
  }

  /**
   * @internal The decisions by the names of their slots. `words` are the decisions of an answer, `rest` what followed them; `told` the contents
   * that the session's steps told, by variant, which those of a step are added to.
   */
  decisions(words: ArrayLike<number>, rest: AnswerRest | undefined, learn: Learn, told?: Map<number, Content>): Record<string, Decision> {
    const decisions: Record<string, Decision> = {};
    let filled = 0;
    for (let at = 0, index = 0; at < words.length; at += decisionWords, index++) {
      const variant = words[at + 2]!;
      const reason = words[at + 3]!;
      let decision = this.#decision(words[at + 1]!, variant, reason % toldBit, learn);
      if (decision.content === undefined) {
        const content = reason >= toldBit ? told!.get(variant)! : deepFreeze(rest!.contents![filled++]!);
        if (reason < toldBit) told?.set(variant, content);
        decision = { ...decision, content };
      }
      if (rest?.candidates !== undefined) decision = { ...decision, candidates: rest.candidates[index] } as DecisionOfProgram;
      const slot = this.facts.slots[words[at]!]!;
      const withheld = rest?.withheld?.[slot];
      if (withheld !== undefined) decision = { ...decision, withheld };
      decisions[slot] = decision as Decision;
    }
    return decisions;
  }

  /** Sessions of the program go on; new ones can not be made. */
  dispose(): void {
    this.#handle.dispose();
  }

  /** A decision by the indexes of the program; `learn` is asked once for what a variant shows. */
  #decision(experience: number, variant: number, reason: number, learn: Learn): DecisionOfProgram {
    if (experience === none) return this.#defaults[reason]!;
    // A preview shows a variant for another reason.
    const key = variant * this.facts.reasons.length + reason;
    const known = this.#shown.get(key);
    if (known !== undefined) return known;
    const decision = deepFreeze({ ...(learn(experience, variant) as unknown as DecisionOfProgram), reason: this.facts.reasons[reason]! });
    this.#shown.set(key, decision);
    return decision;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
