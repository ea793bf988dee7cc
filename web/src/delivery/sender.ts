import { WaylineError } from '../errors/error.js';
import type { ReportProblem, Storage, StoredEvent } from '../store/storage.js';
import { retryDelay } from './backoff.js';
import { coalescingDelay, growth, longestRetryAfter, maximumBatchBytes, maximumBatchEvents, maximumEventAge } from './limits.js';
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

/**
 * Empties the queue, one batch at a time, from the oldest on; one tab at a time. Delivery C2, C3, C5, C6. Whether an endpoint is down or stumbles over an event can
 * not be told from one failure: each is waited for longer, then one event probes, further and further ahead in the queue, so that bad ones in a row are left behind
 * in a few steps. What fails alone is a suspect, and holds up no other from then on.
 */
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
  /** Most events of the next batch, or how far ahead the next probe is. */
  #count = maximumBatchEvents;
  /** Ids from here on had no turn yet. What was sent or passed over has its next one when all had theirs. */
  #from = '';
  /** Ids of events that failed alone, which go alone again, the last one first. Once one is taken the fault was the endpoint's, and all go with the others. */
  #suspects: string[] = [];
  /** A suspect goes as soon as the endpoint has taken another event, for what fails then is at fault, or when there is no other. */
  #isDue = false;
  /** Of suspects, in a row. */
  #tries = 0;
  #nextTry: ReturnType<typeof setTimeout> | undefined;

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
    this.#isDue = true;
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
    await this.#pause(signal);
    for (let taken = false; !signal.aborted && permitted(); ) {
      const batch = await this.#next(taken);
      if (batch === undefined || signal.aborted || !permitted()) return;
      this.#listener.inFlight(batch.map(({ id }) => id));
      const outcome = await postBatch(endpoint, batch, false, signal);
      this.#listener.inFlight([]);
      const wait = await this.settle(batch, outcome, taken);
      taken = outcome.kind === 'answered' && wait === 0;
      if (wait > 0 && !signal.aborted) await this.#rest(wait);
      await this.#pause(signal);
    }
  }

  /** Waits for what is left of a Retry-After; nothing cuts it short but the end of sending. A probe follows. */
  async #pause(signal: AbortSignal): Promise<void> {
    const left = Math.max(this.#until, Number((await this.#options.storage.readSetting(pauseSetting)) ?? 0)) - Date.now();
    if (!(left > 0) || left > longestRetryAfter || signal.aborted) return;
    if (this.#failures === 0) this.#failures = this.#count = 1;
    await this.#rest(left);
    return this.#pause(signal);
  }

  async #next(taken: boolean): Promise<readonly StoredEvent[] | undefined> {
    return (taken ? await this.#suspect() : undefined) ?? (await this.#others()) ?? this.#suspect();
  }

  async #others(): Promise<readonly StoredEvent[] | undefined> {
    const isProbe = this.#failures > 0;
    for (const from of [this.#from, '']) {
      if (isProbe && from === '') this.#count = 1;
      const batch = await this.#options.storage.oldest(Math.min(this.#count, maximumBatchEvents), this.#batchBytes, new Set(this.#suspects), from);
      const last = batch.at(-1);
      if (last === undefined) continue;
      // Right behind it: no id goes on with a blank.
      this.#from = `${last.id} `;
      return isProbe ? [last] : batch;
    }
    return undefined;
  }

  async #suspect(): Promise<readonly StoredEvent[] | undefined> {
    for (let id; this.#isDue && (id = this.#suspects.at(-1)) !== undefined; this.#suspects.pop()) {
      const batch = await this.#options.storage.oldest(1, this.#batchBytes, new Set(), id);
      if (batch[0]?.id === id) return batch;
      // It is in the queue no more.
    }
    return undefined;
  }

  async #remember(until: number): Promise<void> {
    this.#until = until;
    await this.#options.storage.writeSetting(pauseSetting, String(until)).catch((cause: unknown) => this.#listener.problem(WaylineError.from(cause, 'storage.failed')));
  }

  /** Does what the outcome of a request demands; resolves to the milliseconds to wait before the next. `taken`: right before it the endpoint took an event. */
  async settle(batch: readonly StoredEvent[], outcome: Outcome, taken = false): Promise<number> {
    const { id } = batch[0]!;
    // No other batch holds one.
    const isSuspect = id === this.#suspects.at(-1);
    const refuse = (code: string): Promise<number> => this.settle(batch, { kind: 'answered', delivered: [], refused: [{ id, code }] });
    switch (outcome.kind) {
      case 'answered': {
        const { delivered } = outcome;
        const refused = outcome.refused.map((refusal) => refusal.id);
        if (delivered.length > 0) await this.#options.storage.remove(delivered);
        await this.#setAside(outcome.refused);
        if (delivered.length + refused.length === 0) return this.#failed(batch, isSuspect, 200);
        if (this.#failures > 0) {
          this.#isDue = true;
          this.#count = 1;
        }
        this.#failures = 0;
        this.#count *= growth;
        if (isSuspect && delivered.length > 0) {
          this.#suspects = [];
          this.#tries = 0;
        }
        this.#listener.settled(delivered, refused);
        return 0;
      }
      case 'too_large': {
        this.#batchBytes = batch.length === 1 ? maximumBatchBytes : Math.floor(batch.reduce((sum, { size }) => sum + size, 0) / 2);
        if (batch.length === 1) return refuse('too_large');
        this.#from = id;
        return 0;
      }
      case 'failed': {
        const { status, retryAfter, refusesUs } = outcome;
        if (retryAfter > 0) await this.#remember(Date.now() + retryAfter);
        return status === 400 && taken && isSuspect ? refuse('unacceptable') : this.#failed(batch, isSuspect, status, refusesUs ? 'delivery.refused' : undefined);
      }
    }
  }

  async #setAside(refused: readonly { readonly id: string; readonly code: string }[]): Promise<void> {
    for (const { id, code } of refused) {
      await this.#options.storage.setAside([id], code);
      this.#listener.problem(new WaylineError('event.rejected', { id, code }));
    }
  }

  #failed(batch: readonly StoredEvent[], isSuspect: boolean, status: number, code: 'delivery.failed' | 'delivery.refused' = 'delivery.failed'): number {
    // An endpoint that wants to be left alone says nothing of the event.
    const isAlone = batch.length === 1 && status !== 408 && status !== 429;
    const again = isAlone && isSuspect;
    const wait = Math.max(retryDelay(again ? this.#tries++ : this.#failures, this.#random), 1);
    this.#listener.problem(new WaylineError(code, { status, wait }));
    if (again) {
      // Nor does such an event say anything of the endpoint: it waits by itself, behind the other suspects.
      this.#suspects.unshift(this.#suspects.pop()!);
      this.#isDue = false;
    } else {
      if (isAlone) this.#suspects.push(batch[0]!.id);
      this.#count = this.#failures++ > 0 ? growth * this.#count : 1;
    }
    if (isAlone) {
      clearTimeout(this.#nextTry);
      this.#nextTry = setTimeout(() => {
        this.#isDue = true;
        void this.drain();
      }, wait);
    }
    return again ? 0 : wait;
  }

  async #rest(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
