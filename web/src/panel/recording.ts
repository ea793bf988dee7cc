import type { WaylineClient } from '../client/wayline-client.js';
import type { Json } from '../engine/json.js';
import type { Session } from '../engine/session.js';
import type { StepInput } from '../engine/step.js';
import { inSession } from './in-session.js';

/** One step, and the visitor's state after it as canonical JSON; null where the panel came too late to know. */
export interface Moment {
  readonly input: StepInput;
  readonly after: string | null;
}

/** The tab's memory of a recording, which goes on over the pages of a site. */
interface Stored {
  readonly visitor: string;
  readonly before: string | null;
  readonly fresh: boolean;
  readonly moments: readonly Moment[];
}

const memoryKey = 'wayline:recording';
/** Moments kept: an afternoon of clicking. A state has a few thousand characters, and the tab's memory five million. */
const keptMoments = 150;

export const parseState = (state: string | null): Json => (state === null ? null : (JSON.parse(state) as Json));

/** What this visitor did in this tab since the panel was first opened, step by step with the state after each. */
export class Recording {
  #visitor = '';
  #before: string | null = null;
  #fresh = false;
  #moments: Moment[] = [];
  /** Id of the last step before the recording began. */
  #seen: string | undefined;

  constructor(private readonly client: WaylineClient) {
    this.#recall();
    addEventListener('pagehide', () => this.#remember());
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) this.#recall();
    });
    client.on('change', () => this.#observe());
    this.#observe();
  }

  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** Whether the first moment is the first of the visitor's life. */
  get fresh(): boolean {
    return this.#fresh;
  }

  /** The state before the moment at `index`; undefined where it is not known. */
  before(index: number): string | null | undefined {
    if (index > 0) return this.#moments[index - 1]?.after ?? undefined;
    return this.#fresh ? null : (this.#before ?? undefined);
  }

  /** A session in the state after the moment, to look into; null where that is not known. */
  sessionAt(index: number): Session | null {
    const state = this.#moments[index]?.after ?? null;
    return state === null ? null : this.client.fork(parseState(state));
  }

  /** Begins again, from now. */
  restart(): void {
    const last = this.#moments.at(-1);
    this.#before = last?.after ?? null;
    this.#fresh = false;
    this.#moments = [];
    this.#seen = last?.input.id ?? this.#seen;
  }

  /** Takes up the steps that came since the last look. Called while the state is still the one that they left. */
  #observe(): void {
    const { visitor, steps } = this.client.inspect();
    if (visitor === undefined) return;
    const changed = visitor !== this.#visitor;
    if (changed) this.#begin(visitor);
    const last = this.#moments.at(-1)?.input.id ?? this.#seen;
    const known = steps.map(({ id }) => id).lastIndexOf(last);
    const news = steps.slice(known + 1);
    if (news.length > 0) this.#add(news);
    else if (changed) this.#before = this.#stateNow();
  }

  /** Another visitor than before, or the first that is recorded. Nothing is kept of who was here. */
  #begin(visitor: string): void {
    this.restart();
    this.#visitor = visitor;
    this.#before = null;
    this.#remember();
  }

  #add(news: readonly StepInput[]): void {
    const now = this.#stateNow();
    if (now === null) return;
    const first = this.#moments.length === 0 && this.#before === null;
    const start = first ? null : (this.before(this.#moments.length) ?? null);
    const replayed = this.#replay(start, news);
    const agrees = replayed.at(-1) === now;
    if (first) this.#fresh = agrees;
    this.#moments.push(...news.map((input, index) => ({ input, after: index === news.length - 1 ? now : agrees ? (replayed[index] ?? null) : null })));
    const surplus = this.#moments.length - keptMoments;
    if (surplus > 0) this.#forget(surplus);
  }

  /** The states after each of these steps, taken one after the other from `start`. */
  #replay(start: string | null, inputs: readonly StepInput[]): string[] {
    const session = this.client.fork(parseState(start));
    if (session === null) return [];
    return inSession(session, () => inputs.map((input) => this.#stateAfter(session, input)));
  }

  #stateAfter(session: Session, input: StepInput): string {
    try {
      session.step(input);
    } catch {
      // The engine refused it then, too: it changed nothing.
    }
    return session.snapshot();
  }

  #stateNow(): string | null {
    const session = this.client.fork();
    return session === null ? null : inSession(session, () => session.snapshot());
  }

  #remember(): void {
    // What does not fit is left at the old end; with nothing left, the storage is forbidden, and the next page begins a recording of its own.
    while (!this.#stored() && this.#moments.length > 0) this.#forget(Math.ceil(this.#moments.length / 2));
  }

  #stored(): boolean {
    const stored: Stored = { visitor: this.#visitor, before: this.#before, fresh: this.#fresh, moments: this.#moments };
    try {
      sessionStorage.setItem(memoryKey, JSON.stringify(stored));
      return true;
    } catch {
      return false;
    }
  }

  /** The oldest moments go; the recording then begins with the state that they left. */
  #forget(count: number): void {
    this.#before = this.#moments[count - 1]?.after ?? null;
    this.#fresh = false;
    this.#moments.splice(0, count);
  }

  #recall(): void {
    try {
      const stored = JSON.parse(sessionStorage.getItem(memoryKey) ?? 'null') as Stored | null;
      if (stored === null) return;
      this.#visitor = stored.visitor;
      this.#before = stored.before;
      this.#fresh = stored.fresh;
      this.#moments = [...stored.moments];
    } catch {
      // Not ours, or cut short: the recording begins here.
    }
  }
}
