// Entry of wayline.mjs, for bundlers: createClient and the types of the API.
import { checkedOptions } from './client/checked-options.js';
import { Client } from './client/client.js';
import type { ClientOptions } from './client/options.js';
import type { QueuedCall, WaylineClient } from './client/wayline-client.js';
import type { Shown } from './engine/decision.js';
import type { ErrorCode } from './errors/codes.js';

export type { ClientOptions } from './client/options.js';
export type { Acceptance, ClientEvents, Inspection, PackStatus, QueuedCall, QueuedMethod, WaylineClient } from './client/wayline-client.js';
export type { QueueStatus } from './delivery/outbox.js';
export type { Candidate, Content, Decision, Explanation, Previews, Reason, Shown } from './engine/decision.js';
export type { Json, JsonObject } from './engine/json.js';
export type { Session } from './engine/session.js';
export type { InspectedHold, InspectedJourney, InspectedStage, InspectedTrait, SessionInspection } from './engine/session-inspection.js';
export type { Effect, Enrolment, Notice, StepInput, StepOutput } from './engine/step.js';
export type { ErrorCode } from './errors/codes.js';
export { WaylineError } from './errors/error.js';

declare global {
  interface Window {
    /** With the script tag: the calls that wait for it, then the client. */
    wayline?: QueuedCall[] | WaylineClient;
  }
  interface GlobalEventHandlersEventMap {
    /** A slot has changed; null for the page's default. */
    'wayline:content': CustomEvent<Shown | null>;
  }
  interface DocumentEventMap {
    /** A tag can not be used, or what it brings is not there. */
    'wayline:error': CustomEvent<{ readonly code: ErrorCode; readonly message: string }>;
  }
}

let client: Client | undefined;

/**
 * Starts the SDK on this page, in the browser: a server has no page. Called again, as by a component that is mounted twice, it gives the client that runs
 * already: two would take each other's contents for the page's own. Throws sdk.bad_configuration.
 */
export function createClient(options: ClientOptions): WaylineClient {
  if (client === undefined) {
    client = new Client(checkedOptions(options, document.baseURI));
    client.replay([]);
  }
  return client;
}
