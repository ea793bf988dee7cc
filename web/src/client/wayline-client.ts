import type { QueueStatus } from '../delivery/outbox.js';
import type { Decision, Explanation } from '../engine/decision.js';
import type { Json, JsonObject } from '../engine/json.js';
import type { Session } from '../engine/session.js';
import type { SessionInspection } from '../engine/session-inspection.js';
import type { Effect, StepInput } from '../engine/step.js';
import type { ErrorCode } from '../errors/codes.js';
import type { ErrorDetails } from '../errors/error.js';
import type { StorageKind } from '../store/storage.js';

/** What became of an event on this device. */
export interface Acceptance {
  readonly messageId: string;
  /** `none`: it was not kept; the `error` event says why. `memory`: it ends with the page if it can not be delivered before. */
  readonly stored: StorageKind | 'none';
}

/** The program in use. */
export interface PackStatus {
  readonly hash: string;
  readonly source: 'network' | 'cache';
  /** Epoch milliseconds. */
  readonly loadedAt: number;
}

/** Everything that a panel shows. Before the engine is there, `visitor` and all that it knows are absent. */
export interface Inspection extends Partial<SessionInspection> {
  readonly queue: QueueStatus;
  readonly pack: PackStatus | null;
  readonly storage: StorageKind;
  readonly decisions: Readonly<Record<string, Decision>>;
  /** By force(), on this page. */
  readonly forced: Readonly<Record<string, string>>;
  /** What this page told the engine, the last of it, oldest first. */
  readonly steps: readonly StepInput[];
  /** What went wrong on this page, the last of it, newest first: also before anybody listened. */
  readonly problems: readonly ClientEvents['error'][];
}

/** What a client tells its listeners. */
export interface ClientEvents {
  /** The engine runs, and the first decisions are made. Told to each listener once, also to one that comes later. */
  readonly ready: Record<string, never>;
  readonly decision: { readonly slot: string; readonly decision: Decision };
  readonly effect: { readonly effect: Effect };
  readonly exposure: { readonly slot: string; readonly decision: Decision };
  readonly queue: QueueStatus;
  /** What went wrong, and what the engine did not take: a trait of another type, a history without room. */
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };
  /** Anything changed: inspect() gives something new. */
  readonly change: Record<string, never>;
}

/**
 * The SDK of one page. No method throws and no promise rejects: what goes wrong is told to `on('error')`, and the page keeps its default
 * content. Promises of events resolve when the event is stored on the device.
 */
export interface WaylineClient {
  /** Resolves when the first decisions are made; never, if the engine or the program can not be had. */
  readonly ready: Promise<void>;
  page(properties?: JsonObject): Promise<Acceptance>;
  track(name: string, properties?: JsonObject): Promise<Acceptance>;
  identify(userId: string, traits?: JsonObject): Promise<Acceptance>;
  /** The visitor's choices by purpose. Purposes not named keep theirs. */
  consent(purposes: Readonly<Record<string, boolean>>): Promise<Acceptance>;
  /** What the slot shows; its reason is `unavailable` until `ready`. */
  decide(slot: string): Decision;
  explain(slot: string): Explanation;
  /** Takes the slot's experience away, as a click on [data-wayline-dismiss] does. */
  dismiss(slot: string): Promise<Acceptance>;
  /** Returns what removes the listener. */
  on<Type extends keyof ClientEvents>(type: Type, listener: (event: ClientEvents[Type]) => void): () => void;
  /** Sends what is stored, now. */
  flush(): Promise<void>;
  /**
   * Somebody signs out, or leaves a shared device: forgets the person in all tabs and begins with a new visitor. The choices of consent are the
   * device's and stay; events already stored are still delivered.
   */
  reset(): Promise<void>;
  /** A preview: shows these variants, by experience, on this page only; `{}` ends it. What is forced is never exposed, counted or stored. */
  force(variants: Readonly<Record<string, string>>): void;
  /**
   * Exchanges what this device knows of the person, who was identified, with what their other devices know. `token` is made by the site's own
   * server (docs/identity.md). False when nothing was exchanged; the page goes on as it is, and `on('error')` says why.
   */
  share(token: string): Promise<boolean>;
  inspect(): Inspection;
  /** A session to try things in, which changes nothing here: of the visitor as now, of a parsed snapshot, or of a new visitor (null). Null before the engine runs. Dispose of it. */
  fork(state?: Json): Session | null;
  /** A call as an array, the way calls are queued before the script is there: push(['track', 'Name', {}]). */
  push(...calls: readonly QueuedCall[]): void;
}

/** What a page may call before the script is there. */
export type QueuedMethod = 'page' | 'track' | 'identify' | 'consent' | 'dismiss' | 'on' | 'flush' | 'force' | 'reset' | 'share';

/** A method's name and its arguments. */
export type QueuedCall = readonly [method: QueuedMethod, ...args: readonly unknown[]];
