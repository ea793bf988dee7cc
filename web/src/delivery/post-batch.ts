import { requestTimeout } from './limits.js';
import { retryAfter } from './backoff.js';
import { bootId, monotonic } from '../store/boot.js';
import type { StoredEvent } from '../store/storage.js';
import { within } from '../time/within.js';

/** Where and as whom to send. */
export interface Endpoint {
  /** Address that `/batch` is appended to. */
  readonly url: string;
  readonly writeKey: string;
  /** `ids`: an event is delivered when the answer names it. `batch`: a 2xx stands for all, for Segment-compatible servers without verdicts. */
  readonly acknowledge: 'ids' | 'batch';
}

export interface Refusal {
  readonly id: string;
  readonly code: string;
}

/** What became of one request. */
export type Outcome =
  | { readonly kind: 'answered'; readonly delivered: readonly string[]; readonly refused: readonly Refusal[] }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'failed'; readonly status: number; readonly retryAfter: number; readonly refusesUs: boolean };

/** The body of a batch. The key travels inside, as beacons can not carry headers. Both clocks of this moment date the events. Delivery C10. */
function batchBody(events: readonly StoredEvent[], writeKey: string): string {
  const batch = events.map((event) => event.text).join(',');
  return `{"batch":[${batch}],"sentAt":"${new Date().toISOString()}","wayline":{"bootId":"${bootId}","monotonic":${monotonic()}},"writeKey":${JSON.stringify(writeKey)}}`;
}

/** Sends one batch once. Never rejects. The content type is one that needs no CORS preflight. */
export async function postBatch(endpoint: Endpoint, events: readonly StoredEvent[], keepalive: boolean, signal: AbortSignal): Promise<Outcome> {
  const request = async (attempt: AbortSignal): Promise<Outcome> => {
    const response = await fetch(`${endpoint.url}/batch`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: batchBody(events, endpoint.writeKey),
      keepalive,
      credentials: 'omit',
      cache: 'no-store',
      signal: attempt,
    });
    return judge(response, events, endpoint.acknowledge);
  };
  return signal.aborted ? failure(0) : within(requestTimeout, request, signal).catch(() => failure(0));
}

async function judge(response: Response, events: readonly StoredEvent[], acknowledge: Endpoint['acknowledge']): Promise<Outcome> {
  const { status, ok } = response;
  if (ok || status === 400) {
    const text = await response.text();
    const verdicts = readVerdicts(text, events);
    // Only a 2xx delivers; a 400 may still refuse single events for good.
    if (verdicts !== undefined) return { kind: 'answered', delivered: ok ? verdicts.delivered : [], refused: verdicts.refused };
    // A page, as of a network that wants a login, is nobody's word on events.
    if (ok && acknowledge === 'batch' && !/^\s*</.test(text)) return { kind: 'answered', delivered: events.map(({ id }) => id), refused: [] };
  }
  if (status === 413) return { kind: 'too_large' };
  const wait = retryAfter(response.headers.get('retry-after'), Date.now());
  const passing = ok || status === 408 || status === 429 || status >= 500;
  return { kind: 'failed', status, retryAfter: wait, refusesUs: !passing };
}

/** The verdicts on events of this batch; undefined when the body has none. The body is untrusted. */
function readVerdicts(text: string, events: readonly StoredEvent[]): { delivered: string[]; refused: Refusal[] } | undefined {
  let results: unknown;
  try {
    results = (JSON.parse(text) as { results?: unknown } | null)?.results;
  } catch {
    return undefined;
  }
  if (!Array.isArray(results)) return undefined;
  const sent = new Set(events.map(({ id }) => id));
  const delivered: string[] = [];
  const refused: Refusal[] = [];
  for (const result of results as unknown[]) {
    const { messageId, status, code, retryable } = (result ?? {}) as Record<string, unknown>;
    if (typeof messageId !== 'string' || !sent.has(messageId)) continue;
    if (status === 'accepted' || status === 'duplicate') delivered.push(messageId);
    else if (status === 'rejected' && retryable !== true) refused.push({ id: messageId, code: typeof code === 'string' ? code : '' });
  }
  return { delivered, refused };
}

function failure(status: number): Outcome {
  return { kind: 'failed', status, retryAfter: 0, refusesUs: false };
}
