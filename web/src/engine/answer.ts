import type { Candidate, Content, Decision, Previews } from './decision.js';
import { deepFreeze, type DecisionOfProgram, type Learn, type Program } from './program.js';
import type { Effect, Enrolment, Notice } from './step.js';

// The compact answer of wasm/README.md. Words before the decisions: their number, and the bytes of JSON with the rest that follow them.
export const headerWords = 2;
/** Words of each decision: slot, experience, variant, reason, all indexes of the program. */
export const decisionWords = 4;
/** Beside a reason: the content is what an earlier answer told. */
const toldBit = 0x80000000;

/** What follows the decisions; each part only where there is something to say. */
export interface AnswerRest {
  /** For each decision. */
  readonly candidates?: readonly (readonly Candidate[])[];
  /** Of the slots that are explained. */
  readonly previews?: Previews;
  /** Of those decisions whose content depends on the visitor and was not told before, in their order. */
  readonly contents?: readonly Content[];
  readonly duplicate?: boolean;
  readonly effects?: readonly Effect[];
  /** All of them, where they are not those of the step before; and … */
  readonly journeys?: Readonly<Record<string, Enrolment>>;
  /** … those that changed, where they are. */
  readonly changed?: Readonly<Record<string, Enrolment>>;
  readonly notices?: readonly Notice[];
  /** By slot what a holdout does not see. */
  readonly withheld?: Readonly<Record<string, string>>;
}

/**
 * The decisions by the names of their slots. `words` are the decisions of the answer, `rest` what followed them; `told` the contents that the
 * session's steps told, by variant, which those of a step are added to.
 */
export function readDecisions(
  program: Program,
  words: ArrayLike<number>,
  rest: AnswerRest | undefined,
  learn: Learn,
  told?: Map<number, Content>,
): Record<string, Decision> {
  const decisions: Record<string, Decision> = {};
  let filled = 0;
  for (let at = 0, index = 0; at < words.length; at += decisionWords, index++) {
    const variant = words[at + 2]!;
    const reason = words[at + 3]!;
    let decision = program.decision(words[at + 1]!, variant, reason % toldBit, learn);
    if (decision.content === undefined) {
      const content = reason >= toldBit ? told!.get(variant)! : deepFreeze(rest!.contents![filled++]!);
      if (reason < toldBit) told?.set(variant, content);
      decision = { ...decision, content };
    }
    if (rest?.candidates !== undefined) decision = { ...decision, candidates: rest.candidates[index] } as DecisionOfProgram;
    const slot = program.facts.slots[words[at]!]!;
    const withheld = rest?.withheld?.[slot];
    if (withheld !== undefined) decision = { ...decision, withheld };
    decisions[slot] = decision as Decision;
  }
  return decisions;
}
