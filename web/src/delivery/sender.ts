import { WaylineError } from '../errors/error.js';
import type { ReportProblem, Storage, StoredEvent } from '../store/storage.js';
import { retryDelay } from './backoff.js';
import { coalescingDelay, longestRetryAfter, maximumBatchBytes, maximumBatchEvents, maximumEventAge, maximumSuspects } from './limits.js';
import { postBatch, type Endpoint, type Outcome } from './post-batch.js';
import { takeTurn } from './turn.js';

/** What the sender tells its owner. */
export interface SenderListener {
  /** Events left the queue: delivered, or refused by the endpoint for good. */
  settled(delivered: readonly string[], refused: readonly string[]): void;
  dropped(count: number, reason: 'age'): void;
  /** A request begins with these events, or has ended (none). */
  inFlight(ids: readonly string[]): void;
  problem: ReportProblem;
}

export interface SenderOptions {
  readonly storage: Storage;
  readonly endpoint: Endpoint;
  /** The same for all tabs that share the storage. */
  readonly name: string;
  /** Asked before each request; false stops sending until the next wake(). */
  readonly permitted: () => boolean;
  /** For tests; Math.random otherwise. */
  readonly random?: () => number;
}

/** Epoch milliseconds before which the endpoint asked to be left alone, by any tab or page. */
const pauseSetting = 'pause';

/** Empties the queue, one batch at a time, oldest first; one tab at a time. Delivery C2, C3, C5, C6. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #listener: SenderListener;
  readonly #random: () => number;
  #stopping = new AbortController();
  #draining: Promise<void> | undefined;
  #coalescing: ReturnType<typeof setTimeout> | undefined;
  #again = false;
  #endRest: (() => void) | undefined;
  #failures = 0;
  /** The pause, also where the device does not keep it. */
  #until = 0;
  #batchBytes = maximumBatchBytes;
  /** Events that failed alone, which batches go without. When the endpoint has taken another, each is tried alone once more: what it refuses then is at fault. */
  #suspects = new Set<string>();
  /** Of those the ones that failed then as well: they wait for the next drain. */
  readonly #stuck = new Set<string>();
  /** The endpoint has taken an event just now, and a suspect is next. */
  #retrying = false;

  constructor(options: SenderOptions, listener: SenderListener) {
    this.#options = options;
    this.#listener = listener;
    this.#random = options.random ?? Math.random;
  }

  /** There may be something to send: soon. */
  wake(): void {
    if (this.#stopping.signal.aborted) this.#stopping = new AbortController();
    this.#coalescing ??= setTimeout(() => void this.drain(), coalescingDelay);
  }

  /** Sends now, without waiting for a retry's time. Resolves when the queue is empty or sending was stopped. */
  drain(): Promise<void> {
    clearTimeout(this.#coalescing);
    this.#coalescing = undefined;
    this.#again = true;
    this.#draining ??= this.#run().finally(() => (this.#draining = undefined));
    return this.#draining;
  }

  /** Ends the wait for a retry, as far as it is ours: the network is back, or a person asked. */
  retryNow(): void {
    this.#endRest?.();
  }

  /**
   * Aborts what is in flight and lets another tab take over; wake() starts again. Until then no turn is taken, whoever asks: a site that flushes as the page
   * is left does so after this.
   */
  stop(): void {
    clearTimeout(this.#coalescing);
    this.#coalescing = undefined;
    this.#again = false;
    this.#stopping.abort();
    this.retryNow();
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const { signal } = this.#stopping;
      try {
        await takeTurn(`${this.#options.name}:send`, signal, () => this.#empty(signal));
      } catch (cause) {
        this.#listener.problem(WaylineError.from(cause, 'delivery.failed'));
        return;
      }
    }
  }

  async #empty(signal: AbortSignal): Promise<void> {
    const { storage, permitted, endpoint } = this.#options;
    const aged = await storage.removeOlderThan(Date.now() - maximumEventAge);
    if (aged > 0) this.#listener.dropped(aged, 'age');
    this.#stuck.clear();
    this.#retrying = false;
    await this.#pause(signal);
    while (!signal.aborted && permitted()) {
      const batch = await this.#next();
      if (batch.length === 0 || signal.aborted || !permitted()) return;
      this.#listener.inFlight(batch.map(({ id }) => id));
      const outcome = await postBatch(endpoint, batch, false, signal);
      this.#listener.inFlight([]);
      const wait = await this.settle(batch, outcome);
      if (wait > 0 && !signal.aborted) await this.#rest(wait);
      await this.#pause(signal);
    }
  }

  /** Waits for what is left of a Retry-After; nothing cuts it short but the end of sending. A probe follows. */
  async #pause(signal: AbortSignal): Promise<void> {
    const left = Math.max(this.#until, Number((await this.#options.storage.readSetting(pauseSetting)) ?? 0)) - Date.now();
    if (!(left > 0) || left > longestRetryAfter || signal.aborted) return;
    this.#failures ||= 1;
    await this.#rest(left);
    return this.#pause(signal);
  }

  /** Without suspects; when there is nothing else, or too many failed, they are tried again from the first. */
  async #next(): Promise<readonly StoredEvent[]> {
    // After a failure one small probe: a server that recovers is not met by full batches.
    const count = this.#retrying || this.#failures > 0 ? 1 : maximumBatchEvents;
    const oldest = (): Promise<readonly StoredEvent[]> => this.#options.storage.oldest(count, this.#batchBytes, this.#suspects);
    let batch = await oldest();
    if (batch.length === 0 || this.#suspects.size >= this.#stuck.size + maximumSuspects) {
      this.#suspects = new Set(this.#stuck);
      batch = await oldest();
    }
    return batch;
  }

  async #remember(until: number): Promise<void> {
    this.#until = until;
    await this.#options.storage.writeSetting(pauseSetting, String(until)).catch((cause: unknown) => this.#listener.problem(WaylineError.from(cause, 'storage.failed')));
  }

  /** Does what the outcome of a request demands; resolves to the milliseconds to wait before the next. */
  async settle(batch: readonly StoredEvent[], outcome: Outcome): Promise<number> {
    switch (outcome.kind) {
      case 'answered': {
        const refused = outcome.refused.map(({ id }) => id);
        if (outcome.delivered.length > 0) await this.#options.storage.remove(outcome.delivered);
        await this.#setAside(outcome.refused);
        if (outcome.delivered.length + refused.length === 0) return this.#backOff(200);
        this.#failures = 0;
        if (outcome.delivered.length > 0) this.#retrySuspects();
        this.#listener.settled(outcome.delivered, refused);
        return 0;
      }
      case 'too_large':
        return this.#divide(batch, 'too_large');
      case 'failed': {
        const { status, retryAfter, refusesUs } = outcome;
        if (status === 400 && (batch.length > 1 || this.#retrying)) return this.#divide(batch, 'unacceptable');
        if (retryAfter > 0) await this.#remember(Date.now() + retryAfter);
        // It may be the event that the endpoint refuses or stumbles over, which then must not hold up all others.
        if (batch.length === 1 && (refusesUs || status >= 500)) {
          this.#suspects.add(batch[0]!.id);
          if (this.#retrying) this.#stuck.add(batch[0]!.id);
        }
        return this.#backOff(status, refusesUs ? 'delivery.refused' : 'delivery.failed');
      }
    }
  }

  async #divide(batch: readonly StoredEvent[], code: string): Promise<number> {
    const [first] = batch;
    if (first === undefined || batch.length > 1) {
      this.#batchBytes = Math.floor(batch.reduce((sum, { size }) => sum + size, 0) / 2);
      return 0;
    }
    this.#batchBytes = maximumBatchBytes;
    this.#retrying = false;
    await this.#setAside([{ id: first.id, code }]);
    this.#listener.settled([], [first.id]);
    return 0;
  }

  /** The endpoint takes events again, or still. */
  #retrySuspects(): void {
    this.#retrying = this.#suspects.size > this.#stuck.size;
    if (this.#retrying) this.#batchBytes = maximumBatchBytes;
    this.#suspects = new Set(this.#stuck);
  }

  async #setAside(refused: readonly { readonly id: string; readonly code: string }[]): Promise<void> {
    for (const { id, code } of refused) {
      await this.#options.storage.setAside([id], code);
      this.#listener.problem(new WaylineError('event.rejected', { id, code }));
    }
  }

  #backOff(status: number, code: 'delivery.failed' | 'delivery.refused' = 'delivery.failed'): number {
    const wait = Math.max(retryDelay(this.#failures, this.#random), 1);
    this.#failures++;
    this.#listener.problem(new WaylineError(code, { status, wait }));
    return wait;
  }

  async #rest(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#retrying = false;
  }
}
