import type { Candidate, Content, Previews } from './decision.js';
import type { Effect, Enrolment, Notice } from './step.js';

// The compact answer of wasm/README.md. Words before the decisions: their number, and the bytes of JSON with the rest that follow them.
export const headerWords = 2;
/** Words of each decision: slot, experience, variant, reason, all indexes of the program. */
export const decisionWords = 4;
/** Beside a reason: the content is what an earlier answer told. */
export const toldBit = 0x80000000;

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
