// Entry of wayline/openfeature: a provider for OpenFeature's web SDK.
import {
  ErrorCode,
  OpenFeatureEventEmitter,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
  StandardResolutionReasons,
  type EvaluationContext,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/web-sdk';
import type { ClientEvents, WaylineClient } from '../client/wayline-client.js';
import type { Candidate, Content, Decision, Reason } from '../engine/decision.js';
import type { Json, JsonObject } from '../engine/json.js';

/** Errors after which the engine will not come to this page. */
const fatalCodes: ReadonlySet<string> = new Set([
  'engine.incompatible', 'pack.withdrawn', 'program.malformed', 'program.truncated', 'program.checksum', 'program.version', 'sdk.bad_configuration',
]);
/** Errors that another load of the page, or the network's return, may mend. */
const unavailableCodes: ReadonlySet<string> = new Set(['engine.unavailable', 'pack.unavailable', 'pack.untrusted']);

const { DEFAULT, DISABLED, SPLIT, STATIC, TARGETING_MATCH, ERROR } = StandardResolutionReasons;

/** OpenFeature's reason by ours; where it is absent the page's default stays, by the rules. */
const reasons: Readonly<Partial<Record<Reason, string>>> = { matched: TARGETING_MATCH, forced: STATIC, holdout: SPLIT, not_covered: SPLIT, paused: DISABLED };

/** A flag's value: what the slot or experience shows, or why it shows nothing. */
interface Found {
  readonly slot: string;
  readonly decision: Pick<Decision, 'content' | 'experience' | 'journey' | 'reason' | 'variant'>;
}

/**
 * Flags are slots, or experiences by their id. The value is the variant's `json`; of other contents the text, html, address or attributes. The targeting key is
 * the customer's id: it is given to identify() with the rest of the context as traits, and reset() follows when it is taken away.
 */
export class WaylineProvider implements Provider {
  readonly metadata = { name: 'wayline' } as const;
  readonly runsOn = 'client';
  readonly events = new OpenFeatureEventEmitter();
  readonly #client: WaylineClient;
  #stops: (() => void)[] = [];
  #isClosed = false;

  constructor(client: WaylineClient) {
    this.#client = client;
  }

  /** Resolves with the first decisions; rejects when there is no engine or pack, and is ready later if they come after all. */
  async initialize(context?: EvaluationContext): Promise<void> {
    try {
      await this.#running();
    } catch (cause) {
      void this.#client.ready.then(() => {
        if (this.#isClosed) return;
        this.#follow();
        this.events.emit(ProviderEvents.Ready);
      });
      // Held until the engine comes.
      await this.#identify(undefined, context?.targetingKey, context);
      throw cause;
    }
    this.#follow();
    await this.#identify(undefined, context?.targetingKey, context);
    this.#tellStaleLater();
  }

  async onContextChange(before: EvaluationContext, after: EvaluationContext): Promise<void> {
    await this.#identify(before.targetingKey, after.targetingKey, after);
  }

  async onClose(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** The context is the visitor's already; a value becomes the property `value`. */
  track(name: string, _context: EvaluationContext, details: TrackingEventDetails = {}): void {
    void this.#client.track(name, details as JsonObject);
  }

  resolveBooleanEvaluation(key: string, fallback: boolean): ResolutionDetails<boolean> {
    return this.#resolve(key, fallback, (value) => (typeof value === 'boolean' ? value : undefined));
  }

  resolveStringEvaluation(key: string, fallback: string): ResolutionDetails<string> {
    return this.#resolve(key, fallback, (value) => (typeof value === 'string' ? value : undefined));
  }

  resolveNumberEvaluation(key: string, fallback: number): ResolutionDetails<number> {
    return this.#resolve(key, fallback, (value) => (typeof value === 'number' ? value : undefined));
  }

  resolveObjectEvaluation<T extends JsonValue>(key: string, fallback: T): ResolutionDetails<T> {
    return this.#resolve(key, fallback, (value) => (typeof value === 'object' && value !== null ? (value as T) : undefined));
  }

  #follow(): void {
    const changed = new Set<string>();
    this.#stops.push(
      this.#client.on('decision', ({ slot, decision: { experience } }) => {
        if (changed.size === 0) queueMicrotask(() => this.#announce(changed));
        changed.add(slot);
        if (experience !== null) changed.add(experience);
      }),
      this.#client.on('error', (problem) => this.#tellStale(problem)),
    );
  }

  #tellStale({ code, message }: ClientEvents['error']): void {
    if (unavailableCodes.has(code)) this.events.emit(ProviderEvents.Stale, { message });
  }

  /** OpenFeature takes a provider for ready when initialize() has resolved: that the kept pack could not be refreshed is told after that. */
  #tellStaleLater(): void {
    const { pack, problems } = this.#client.inspect();
    const problem = pack?.source === 'cache' ? problems.find(({ code }) => unavailableCodes.has(code)) : undefined;
    if (problem === undefined) return;
    const timer = setTimeout(() => this.#tellStale(problem));
    this.#stops.push(() => clearTimeout(timer));
  }

  #resolve<T>(key: string, fallback: T, read: (value: Json | undefined) => T | undefined): ResolutionDetails<T> {
    const failed = (errorCode: ErrorCode, errorMessage: string): ResolutionDetails<T> => ({ value: fallback, reason: ERROR, errorCode, errorMessage });
    const { slots } = this.#client.inspect();
    if (slots === undefined) return failed(ErrorCode.PROVIDER_NOT_READY, 'no decision has been made yet');
    const found = slots.includes(key) ? { slot: key, decision: this.#client.decide(key) } : this.#experience(key, slots);
    if (found === undefined) return failed(ErrorCode.FLAG_NOT_FOUND, `no slot of the pack and no experience of this page is called ${key}`);
    const { experience, journey, reason, variant, content } = found.decision;
    const details = {
      reason: reasons[reason] ?? DEFAULT,
      flagMetadata: { slot: found.slot, reason, ...(experience === null ? {} : { experience }), ...(journey === null ? {} : { journey }) },
      ...(variant === null ? {} : { variant }),
    };
    if (content === null) return { ...details, value: fallback };
    const value = read(valueOf(content));
    return value === undefined ? { ...failed(ErrorCode.TYPE_MISMATCH, `the content of ${key} has another type`), flagMetadata: details.flagMetadata } : { ...details, value };
  }

  /** The slot that shows the experience, or the reason why none does. */
  #experience(id: string, slots: readonly string[]): Found | undefined {
    const { decisions } = this.#client.inspect();
    const shown = Object.entries(decisions).find(([, { experience }]) => experience === id);
    if (shown !== undefined) return { slot: shown[0], decision: shown[1] };
    for (const slot of slots) {
      const candidate = this.#client.explain(slot).candidates.find(({ experience }) => experience === id);
      if (candidate !== undefined) return { slot, decision: notShown(candidate) };
    }
    return undefined;
  }

  /**
   * Waits for the first decisions. The client's own promise never rejects: a page needs no such news, a provider does, also of a start that had failed
   * before it came. With a program in use the decisions come, whatever else is said of it.
   */
  async #running(): Promise<void> {
    let stop = (): void => undefined;
    const failing = new Promise<never>((_, reject) => {
      const hear = (problem: ClientEvents['error']): void => {
        const error = this.#client.inspect().pack === null ? endOfStart(problem) : undefined;
        if (error !== undefined) reject(error);
      };
      stop = this.#client.on('error', hear);
      this.#client.inspect().problems.forEach(hear);
    });
    await Promise.race([this.#client.ready, failing]).finally(() => stop());
  }

  async #identify(before: string | undefined, after: string | undefined, context: EvaluationContext = {}): Promise<void> {
    if (after !== undefined && after !== '') {
      const { targetingKey: _, ...traits } = context;
      await this.#client.identify(after, traits as JsonObject);
    } else if (before !== undefined && before !== '') {
      await this.#client.reset();
    }
  }

  #announce(changed: Set<string>): void {
    const flagsChanged = [...changed];
    changed.clear();
    this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged });
  }
}

/** The error of a start that the problem ended. */
function endOfStart({ code, message, details }: ClientEvents['error']): Error | undefined {
  // A kept program is followed by the server's, an option that is not understood by its default; what can not be verified is used all the same.
  if (details['source'] === 'cache' || details['reason'] === 'unverifiable' || (code === 'sdk.bad_configuration' && details['message'] === undefined)) return undefined;
  if (fatalCodes.has(code)) return new ProviderFatalError(message);
  return unavailableCodes.has(code) ? new ProviderNotReadyError(message) : undefined;
}

function valueOf({ json, text, html, redirect, attributes }: Content): Json | undefined {
  return json ?? text ?? html ?? redirect ?? attributes;
}

function notShown({ experience, journey, reason }: Candidate): Found['decision'] {
  return { content: null, experience, journey, reason, variant: null };
}
