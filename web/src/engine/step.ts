import type { ErrorCode } from '../errors/codes.js';
import type { Decision } from './decision.js';
import type { JsonObject } from './json.js';

/** One input of the engine, the shape of a line of `wayline run`: exactly one of page, track, identify, consent, tick, exposure, dismiss, logout. */
export interface StepInput {
  /** ISO 8601 with zone, or epoch milliseconds. */
  readonly at: string | number;
  /** Message id; a second step with the same id changes nothing. */
  readonly id?: string;
  readonly page?: JsonObject;
  readonly track?: string;
  readonly properties?: JsonObject;
  readonly identify?: string;
  readonly traits?: JsonObject;
  readonly consent?: Readonly<Record<string, boolean>>;
  readonly tick?: boolean;
  /** What was seen. The variant `holdout` says that the default was, in place of the experience that a holdout withholds. */
  readonly exposure?: { readonly slot: string; readonly journey?: string; readonly experience: string; readonly variant: string };
  readonly dismiss?: { readonly slot: string; readonly experience: string };
  /** Somebody signs out: what was known of the person is forgotten, consent and device stay. */
  readonly logout?: boolean;
  /** A preview: experience to variant, shown on their pages and never measured. */
  readonly force?: Readonly<Record<string, string>>;
  /** Merged into the `device` root. */
  readonly device?: JsonObject;
  /** Slots to decide after the step; a page step decides all those that its page can fill. */
  readonly decide?: readonly string[];
}

/** Something the step asks the host to do. */
export type Effect =
  | { readonly type: 'track'; readonly event: string; readonly id: string; readonly at: string; readonly properties: JsonObject }
  | { readonly type: 'timer'; readonly at: string };

/** What a step did not take as it was sent, or could not keep: a code of the catalogue, and the trait or event. */
export interface Notice {
  readonly code: ErrorCode;
  readonly name: string;
}

/** Where a visitor is in a journey. */
export interface Enrolment {
  readonly stage: string | null;
  readonly status: 'active' | 'held' | 'completed' | 'exited';
  readonly outcome?: string;
}

export interface StepOutput {
  readonly decisions: Readonly<Record<string, Decision>>;
  readonly effects: readonly Effect[];
  readonly journeys: Readonly<Record<string, Enrolment>>;
  readonly duplicate?: boolean;
  readonly notices?: readonly Notice[];
}
