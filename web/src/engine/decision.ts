import type { Json, JsonObject } from './json.js';

/** Why a slot shows what it shows. `unavailable` is the SDK's own: there is no engine or program (yet). */
export type Reason =
  | 'matched'
  | 'no_candidate'
  | 'not_matched'
  | 'holdout'
  | 'not_covered'
  | 'capped'
  | 'pressure'
  | 'quiet_hours'
  | 'held'
  | 'dismissed'
  | 'consent'
  | 'excluded'
  | 'budget'
  | 'schedule'
  | 'outranked'
  | 'forced'
  | 'paused'
  | 'unavailable';

/** One kind of content per variant; interpolations are filled in and escaped for where they land. */
export interface Content {
  readonly html?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly redirect?: string;
  readonly json?: Json;
}

/** What a slot shows. `content` is null where the page's default stays. */
export interface Decision {
  readonly content: Content | null;
  readonly experience: string | null;
  readonly journey: string | null;
  readonly reason: Reason;
  readonly variant: string | null;
  /** For visitors of a holdout: the experience that others would see. That its slot was seen is an exposure of the variant `holdout`. */
  readonly withheld?: string;
}

/** A decision that shows an experience; `Data` is what the page knows its `json` to be. */
export interface Shown<Data = Json | undefined> extends Omit<Decision, 'content' | 'experience' | 'variant'> {
  readonly content: Omit<Content, 'json'> & { readonly json: Data };
  readonly experience: string;
  readonly variant: string;
}

/** An experience that could have filled the slot, and what became of it. */
export interface Candidate extends JsonObject {
  readonly experience: string;
  readonly journey: string | null;
  readonly reason: Reason;
  /** Whose hold silences it, and why, where it is `held`. */
  readonly heldBy?: string;
  readonly heldFor?: string;
}

/** The experiences of a slot on this page with their variants, whatever their conditions: what a preview may force. */
export type Previews = Readonly<Record<string, readonly string[]>>;

/** A decision and every candidate for it, best first. */
export interface Explanation extends Decision {
  readonly candidates: readonly Candidate[];
  readonly previews: Previews;
}

/** The default content stays, because `reason`. */
export function defaultDecision(reason: Reason): Decision {
  return { content: null, experience: null, journey: null, reason, variant: null };
}

/** The same, where nothing more is known. */
export function defaultExplanation(reason: Reason): Explanation {
  return { ...defaultDecision(reason), candidates: [], previews: {} };
}
