import type { Json } from '../engine/json.js';
import { WaylineError } from '../errors/error.js';
import { within } from '../time/within.js';
import { requestTimeout } from './limits.js';

/** Sends the state of this device, and gives what all devices of the person know together: docs/identity.md. `url` is what `/profile` is appended to; `program` the hash of the one that the state is of. */
export async function exchangeProfile(url: string, writeKey: string, token: string, state: string, program = ''): Promise<Json> {
  return within(requestTimeout, async (signal) => {
    const headers = { authorization: `Basic ${btoa(`${writeKey}:${token}`)}`, 'content-type': 'text/plain' };
    const response = await fetch(`${url}/profile?program=${program}`, { method: 'POST', headers, body: state, credentials: 'omit', cache: 'no-store', signal });
    if (!response.ok) throw new WaylineError('delivery.refused', { status: response.status });
    return (await response.json()) as Json;
  });
}
