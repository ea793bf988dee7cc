import { WaylineError } from '../errors/error.js';
import type { CommitResult, ReportProblem, Storage, StoredEvent } from '../store/storage.js';
import { LastChance } from './last-chance.js';
import { flushTimeout } from './limits.js';
import type { Endpoint } from './post-batch.js';
import { Sender } from './sender.js';

export interface QueueStatus {
  /** Events stored and not yet confirmed by the endpoint, of all tabs. */
  readonly pending: number;
  /** Of those, how many this tab has in a request now. */
  readonly inFlight: number;
  /** Confirmed to this tab since the page began. */
  readonly delivered: number;
  /** Lost on purpose since the page began: full queue, age, refusal, no consent. */
  readonly dropped: number;
  readonly droppedBy: Readonly<Record<string, number>>;
  /** Code of the last error of delivery; null once a batch went through again. */
  readonly lastError: string | null;
  readonly online: boolean;
}

export interface OutboxOptions {
  readonly storage: Storage;
  readonly endpoint: Endpoint;
  readonly name: string;
  /** Events that earlier pages and other tabs left in the storage. */
  readonly waiting: number;
  readonly permitted: () => boolean;
  readonly problem: ReportProblem;
  readonly changed: (status: QueueStatus) => void;
  /** Events left the queue by this tab's doing. */
  readonly settled: (ids: readonly string[]) => void;
  /** For tests; Math.random otherwise. */
  readonly random?: () => number;
}

/** The way out of the device for stored events, and the ledger of what became of them. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #sender: Sender;
  readonly #lastChance: LastChance;
  readonly #droppedBy: Record<string, number> = {};
  #leaving = new AbortController();
  #pending: number;
  #inFlight: ReadonlySet<string> = new Set();
  #delivered = 0;
  #lastError: string | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
    const { endpoint } = options;
    this.#pending = options.waiting;
    this.#sender = new Sender(options, {
      settled: (delivered, refused) => this.#settled(delivered, refused),
      dropped: (count, reason) => this.drop(count, reason),
      inFlight: (ids) => {
        this.#inFlight = new Set(ids);
        this.#tell();
      },
      problem: (error) => this.#failed(error),
    });
    this.#lastChance = new LastChance(endpoint, (batch, outcome) => {
      // Whatever else happened, the events are still stored and the sender will meet the same answer.
      if (outcome.kind === 'answered') void this.#sender.settle(batch, outcome).catch((cause: unknown) => this.#failed(WaylineError.from(cause, 'storage.failed')));
    });
  }

  get status(): QueueStatus {
    const dropped = Object.values(this.#droppedBy).reduce((sum, count) => sum + count, 0);
    const online = (globalThis.navigator as Navigator | undefined)?.onLine ?? true;
    return { pending: this.#pending, inFlight: this.#inFlight.size, delivered: this.#delivered, dropped, droppedBy: { ...this.#droppedBy }, lastError: this.#lastError, online };
  }

  /** Events were committed to the storage by this tab. */
  accepted(events: readonly StoredEvent[], result: CommitResult): void {
    this.#lastChance.add(events);
    // Whoever was told that they are stored must find them here; refresh() then counts what other tabs did as well.
    this.#pending += events.length;
    if (result.evicted > 0) this.drop(result.evicted, 'capacity');
    this.wake();
  }

  /** Events may wait: at start, after other tabs stored some, after consent. */
  wake(): void {
    void this.refresh();
    this.#sender.wake();
  }

  /** Another tab delivered these. */
  settledElsewhere(ids: readonly string[]): void {
    this.#lastChance.remove(ids);
    void this.refresh();
  }

  /** The network is back. */
  retryNow(): void {
    this.#tell();
    this.#sender.retryNow();
    this.#sender.wake();
  }

  /** Sends what is stored now. Resolves when nothing is left, or when it has waited long enough for the tab that sends. */
  async flush(): Promise<void> {
    this.#sender.retryNow();
    await Promise.race([this.#sender.drain(), new Promise((resolve) => setTimeout(resolve, flushTimeout))]);
    await this.refresh();
  }

  /**
   * The page is hidden, or left (`leaving`): requests under way are then cut off and their events sent once more. Should it be shown again, what it knows of them
   * is old: another page may have delivered them, or purged them with the consent.
   */
  hide(leaving: boolean): void {
    if (!this.#options.permitted()) return;
    this.#lastChance.send((id) => !leaving && this.#inFlight.has(id), this.#leaving.signal);
    if (leaving) this.#lastChance.clear();
  }

  /** Lets other tabs send. */
  rest(): void {
    this.#sender.stop();
  }

  /** Consent was withdrawn: aborts every request and forgets this page's copies. The storage is purged by its owner. */
  withdraw(): void {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.#sender.stop();
    this.#lastChance.clear();
    if (this.#pending > 0) this.drop(this.#pending, 'consent');
    this.#pending = 0;
    this.#tell();
  }

  /** Counts events that will never be delivered. */
  drop(count: number, reason: string): void {
    this.#droppedBy[reason] = (this.#droppedBy[reason] ?? 0) + count;
    this.#options.problem(new WaylineError('event.dropped', { count, reason }));
    this.#tell();
  }

  async refresh(): Promise<void> {
    try {
      const count = await this.#options.storage.count();
      if (count !== this.#pending) {
        this.#pending = count;
        this.#tell();
      }
    } catch (cause) {
      this.#failed(WaylineError.from(cause, 'storage.failed'));
    }
  }

  #settled(delivered: readonly string[], refused: readonly string[]): void {
    const ids = [...delivered, ...refused];
    this.#lastChance.remove(ids);
    this.#options.settled(ids);
    this.#delivered += delivered.length;
    if (delivered.length > 0) this.#lastError = null;
    if (refused.length > 0) this.#droppedBy['refused'] = (this.#droppedBy['refused'] ?? 0) + refused.length;
    this.#tell();
    void this.refresh();
  }

  #failed(error: WaylineError): void {
    this.#lastError = error.code;
    this.#options.problem(error);
    this.#tell();
  }

  #tell(): void {
    this.#options.changed(this.status);
  }
}
