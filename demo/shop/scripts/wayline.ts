/**
 * The shop's side of Wayline's public API. Until wayline.js has loaded, `window.wayline` is a plain array and calls
 * wait in it; afterwards it is the client. The shop never needs to know which.
 */
import type { JsonObject, QueuedCall, WaylineClient } from 'wayline';

/** Milliseconds that a page waits for an event to be stored before it moves on; storing takes a few. */
const storeLimit = 800;

function client(): WaylineClient | QueuedCall[] {
  window.wayline ??= [];
  return window.wayline;
}

export async function track(name: string, properties: JsonObject = {}): Promise<void> {
  const wayline = client();
  if (Array.isArray(wayline)) wayline.push(['track', name, properties]);
  else await wayline.track(name, properties);
}

export async function identify(userId: string, traits: JsonObject): Promise<void> {
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
  return Array.isArray(wayline) ? '' : (wayline.inspect().journeys?.[journey]?.handoff?.id ?? '');
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
