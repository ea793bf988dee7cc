/**
 * The shop's side of Wayline's public API. Until wayline.js has loaded, `window.wayline` is a plain array and calls
 * wait in it; afterwards it is the client. The shop never needs to know which.
 */
export interface Inspection {
  readonly consent: Readonly<Record<string, boolean>>;
  readonly journeys: Readonly<Record<string, InspectedJourney>>;
}

interface InspectedJourney {
  readonly status: string | null;
  readonly stage: string | null;
  /** The hand-off that waits for its acknowledgement. */
  readonly handoff?: { readonly id: string };
}

export interface WaylineClient {
  readonly ready: Promise<void>;
  track(name: string, properties?: Properties): Promise<void>;
  identify(userId: string, traits?: Properties): Promise<void>;
  consent(purposes: Readonly<Record<string, boolean>>): Promise<void>;
  reset(): Promise<void>;
  inspect(): Inspection;
}

export type Property = string | number | boolean | readonly Property[] | { readonly [key: string]: Property };
export type Properties = Readonly<Record<string, Property>>;

type Call =
  | readonly ['track', string, Properties]
  | readonly ['identify', string, Properties]
  | readonly ['consent', Readonly<Record<string, boolean>>]
  | readonly ['reset'];

declare global {
  interface Window {
    wayline?: Call[] | WaylineClient;
  }
}

/** How long a page waits for an event to be stored before it moves on; storing takes a few milliseconds. */
const storeLimit = 800;

function client(): WaylineClient | Call[] {
  window.wayline ??= [];
  return window.wayline;
}

export async function track(name: string, properties: Properties = {}): Promise<void> {
  const wayline = client();
  if (Array.isArray(wayline)) wayline.push(['track', name, properties]);
  else await wayline.track(name, properties);
}

export async function identify(userId: string, traits: Properties): Promise<void> {
  const wayline = client();
  if (Array.isArray(wayline)) wayline.push(['identify', userId, traits]);
  else await wayline.identify(userId, traits);
}

export async function consent(purposes: Readonly<Record<string, boolean>>): Promise<void> {
  const wayline = client();
  if (Array.isArray(wayline)) wayline.push(['consent', purposes]);
  else await wayline.consent(purposes);
}

export async function reset(): Promise<void> {
  const wayline = client();
  if (Array.isArray(wayline)) wayline.push(['reset']);
  else await wayline.reset();
}

/** The id of the hand-off that a journey waits for; empty when it waits for none. */
export function pendingHandoff(journey: string): string {
  const wayline = client();
  return Array.isArray(wayline) ? '' : (wayline.inspect().journeys[journey]?.handoff?.id ?? '');
}

/** Waits until `work` is done or the limit has passed: a page must never hang on its statistics. */
export async function settled(work: Promise<void>): Promise<void> {
  await Promise.race([
    work.catch(() => undefined),
    new Promise<void>((resolve) => {
      setTimeout(resolve, storeLimit);
    }),
  ]);
}
