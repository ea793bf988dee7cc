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

export interface InspectedStage {
  readonly id: string;
  readonly team: string;
  readonly system: string;
  readonly momentOfTruth: boolean;
}

/** A journey of the program, and where the visitor is in it. Times are ISO 8601. */
export interface InspectedJourney {
  readonly owner: string;
  readonly stages: readonly InspectedStage[];
  /** Null, as `stage` is, where the visitor never entered it; then nothing of what follows is there. */
  readonly status: Enrolment['status'] | null;
  readonly stage: string | null;
  /** Passes begun, this one included. */
  readonly count?: number;
  readonly enteredAt?: string;
  /** When the stage was entered. */
  readonly stageAt?: string;
  /** Once ended. */
  readonly outcome?: string;
  /** A person was asked to take over by then, and has not acknowledged it yet. */
  readonly handoff?: { readonly id: string; readonly to: string; readonly due: string };
  readonly heldBy?: string;
  /** The journey that started it, and why. */
  readonly startedBy?: string;
  readonly reason?: string;
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
  readonly journeys: Readonly<Record<string, InspectedJourney>>;
  readonly holds: readonly InspectedHold[];
  readonly slots: readonly string[];
  /** When the next timer is due, ISO 8601; null when none is. */
  readonly timer: string | null;
}
