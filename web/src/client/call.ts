import type { JsonObject } from '../engine/json.js';
import type { StepInput } from '../engine/step.js';
import type { PageContext } from '../navigation/page-context.js';
import type { StoredEvent } from '../store/storage.js';
import type { QueuedCall, QueuedMethod } from './wayline-client.js';

/** The part of a Segment message that depends on the call. */
export interface MessageCore extends JsonObject {
  readonly type: 'page' | 'track' | 'identify';
}

/** One input captured on this page: plain data, so that it can be spilled and taken up by the next page. */
export interface Call {
  readonly kind: 'page' | 'track' | 'identify' | 'consent' | 'exposure' | 'dismiss' | 'tick' | 'reset';
  /** UUIDv7, given at capture: the message's id and the step's. */
  readonly id: string;
  /** Epoch milliseconds of capture. */
  readonly at: number;
  /** Milliseconds since the page began, from a clock that nobody sets. */
  readonly monotonic: number;
  /** Names the page load that captured it. */
  readonly bootId: string;
  /** Names the writing that it was taken from, if it was spilled. */
  readonly spill?: string;
  readonly page: PageContext;
  /** What the engine is told. */
  readonly input: StepInput;
  /** What the endpoint is told; absent when it learns of it in another way, or not at all. */
  readonly message?: MessageCore;
  readonly importance: StoredEvent['importance'];
}

export function isConsent({ kind }: Call): boolean {
  return kind === 'consent';
}

/** Made on a page, rather than recalled from the device or another tab. */
export function isChoice(call: Call): boolean {
  return isConsent(call) && call.message !== undefined;
}

export function isReset({ kind }: Call): boolean {
  return kind === 'reset';
}

/** What a page queued: its copy, for it may throw when it is read. What is no call is named by its type. */
export function readCall(queued: unknown): QueuedCall {
  try {
    const [method, ...args] = queued as QueuedCall;
    return [String(method).slice(0, 50) as QueuedMethod, ...args];
  } catch {
    return [typeof queued as QueuedMethod];
  }
}
