import type { StoredEvent } from '../store/storage.js';
import { envelopeBytes, maximumKeepaliveBytes } from './limits.js';
import { postBatch, type Endpoint, type Outcome } from './post-batch.js';

/**
 * The events of this page that no server has confirmed, mirrored in memory so that they can be sent while the page is being hidden or
 * left, when reading a database is too late. The stored copies stay until they are confirmed. Delivery C4.
 */
export class LastChance {
  readonly #events = new Map<string, StoredEvent>();
  readonly #sending = new Set<string>();
  readonly #endpoint: Endpoint;
  readonly #settle: (batch: readonly StoredEvent[], outcome: Outcome) => void;
  #mirrored = 0;
  #inFlight = 0;

  constructor(endpoint: Endpoint, settle: (batch: readonly StoredEvent[], outcome: Outcome) => void) {
    this.#endpoint = endpoint;
    this.#settle = settle;
  }

  add(events: readonly StoredEvent[]): void {
    this.remove(events.map(({ id }) => id));
    for (const event of events) {
      this.#events.set(event.id, event);
      this.#mirrored += event.size;
    }
    // More could not be sent at once anyway; the oldest are the likeliest to be sent already.
    for (const event of this.#events.values()) {
      if (this.#mirrored <= maximumKeepaliveBytes) break;
      this.#forget(event);
    }
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) {
      const event = this.#events.get(id);
      if (event !== undefined) this.#forget(event);
    }
  }

  clear(): void {
    this.#events.clear();
    this.#mirrored = 0;
  }

  /** Sends what fits, except the events for which `skip` is true. */
  send(skip: (id: string) => boolean, signal: AbortSignal): void {
    const batch: StoredEvent[] = [];
    let bytes = envelopeBytes;
    for (const event of this.#events.values()) {
      if (skip(event.id) || this.#sending.has(event.id)) continue;
      if (this.#inFlight + bytes + event.size + 1 > maximumKeepaliveBytes) break;
      bytes += event.size + 1;
      batch.push(event);
    }
    if (batch.length === 0) return;
    this.#inFlight += bytes;
    for (const { id } of batch) this.#sending.add(id);
    void postBatch(this.#endpoint, batch, true, signal).then((outcome) => {
      this.#inFlight -= bytes;
      for (const { id } of batch) this.#sending.delete(id);
      this.#settle(batch, outcome);
    });
  }

  #forget(event: StoredEvent): void {
    this.#events.delete(event.id);
    this.#mirrored -= event.size;
  }
}
