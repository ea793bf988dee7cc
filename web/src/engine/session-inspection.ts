import type { Json, JsonObject } from './json.js';
import type { Enrolment } from './step.js';

/** A trait as it is stored, and whether rules may read it now. */
export interface InspectedTrait {
  readonly value: Json;
  readonly source?: string;
  readonly observedAt?: string;
  readonly purpose?: string;
  readonly readable: boolean;
}

/** A hold that a person placed. */
export interface InspectedHold {
  readonly by: string;
  /** `everything`, `team:<name>` or `journey:<id>`. */
  readonly scope: string;
  readonly reason: string;
  readonly at: string;
  readonly expires: string | null;
}

/** What the engine knows about the visitor, for panels and diagnostics. */
export interface SessionInspection {
  readonly visitor: string;
  readonly user: string | null;
  readonly site: string;
  readonly consent: Readonly<Record<string, boolean>>;
  readonly profile: Readonly<Record<string, InspectedTrait>>;
  readonly segments: Readonly<Record<string, boolean>>;
  readonly intents: Readonly<Record<string, number>>;
  readonly computed: JsonObject;
  readonly journeys: Readonly<Record<string, Enrolment & JsonObject>>;
  readonly holds: readonly InspectedHold[];
  readonly slots: readonly string[];
  /** When the next timer is due, ISO 8601; null when none is. */
  readonly timer: string | null;
}
