import type { Inspection, WaylineClient } from '../client/wayline-client.js';
import { defaultExplanation, type Explanation } from '../engine/decision.js';
import type { Session } from '../engine/session.js';
import { changesOf, timeOf, type Change } from './moments.js';
import type { Moment, Recording } from './recording.js';

/** The visitor at one moment, past or present: what all sections show. */
export interface View {
  readonly live: boolean;
  /** Epoch milliseconds from which ages are counted. */
  readonly at: number;
  readonly inspection: Inspection & { readonly holdout?: unknown };
  /** Slots to show, in the order of the page where it is the page of now. */
  readonly slots: readonly string[];
  explain(slot: string): Explanation;
}

/** The slots of this page, in the order of the page. */
export function slotNames(): string[] {
  const names = [...document.querySelectorAll('[data-wayline-slot]')].map((slot) => slot.getAttribute('data-wayline-slot') ?? '');
  return [...new Set(names)].filter((name) => name !== '');
}

/** Which moment is looked at, and the visitor as of then. */
export class Timeline {
  readonly #changes = new WeakMap<Moment, readonly Change[]>();
  #moment: Moment | undefined;
  #session: Session | null = null;

  constructor(
    readonly recording: Recording,
    private readonly client: WaylineClient,
    private readonly moved: () => void,
  ) {}

  /** The moment looked at; undefined is now. */
  get moment(): Moment | undefined {
    return this.#moment;
  }

  /** Index of the moment looked at, the last one for now; -1 when there is none. */
  get index(): number {
    const { moments } = this.recording;
    const index = this.#moment === undefined ? -1 : moments.indexOf(this.#moment);
    return index < 0 ? moments.length - 1 : index;
  }

  /** Looks at the moment at `index`; at the last one, or one whose state is not known, at now. */
  go(index: number): void {
    const { moments } = this.recording;
    this.#session?.dispose();
    this.#session = index < moments.length - 1 ? this.recording.sessionAt(index) : null;
    this.#moment = this.#session === null ? undefined : moments[index];
    this.moved();
  }

  now(): void {
    this.go(this.recording.moments.length - 1);
  }

  changes(index: number): readonly Change[] {
    const moment = this.recording.moments[index];
    if (moment === undefined) return [];
    const known = this.#changes.get(moment) ?? changesOf(this.recording, this.client, index) ?? [];
    this.#changes.set(moment, known);
    return known;
  }

  view(): View {
    const inspection = this.client.inspect();
    const [session, moment] = [this.#session, this.#moment];
    if (session === null || moment === undefined) {
      return { live: true, at: Date.now(), inspection, slots: slotNames(), explain: (slot) => this.client.explain(slot) };
    }
    const at = timeOf(moment.input);
    const decisions = session.decide({ at });
    return {
      live: false,
      at,
      inspection: { ...inspection, ...session.inspect(at), decisions },
      slots: Object.keys(decisions),
      explain: (slot) => session.explain({ at }, slot) ?? defaultExplanation('no_candidate'),
    };
  }
}
