import { WaylineError } from '../errors/error.js';
import type { Outbox } from '../delivery/outbox.js';
import type { Json } from '../engine/json.js';
import type { Effect } from '../engine/step.js';
import type { PageContext } from '../navigation/page-context.js';
import { consentSetting, type ReportProblem, type Storage, type StorageKind, type StoredProfile } from '../store/storage.js';
import type { Tabs } from '../tabs/tabs.js';
import { readPurposes, type Purposes } from '../consent/consent-choices.js';
import { isChoice, isConsent, isReset, type Call } from './call.js';
import { maximumCallsAtOnce, maximumExchanges, maximumHeldCalls } from './limits.js';
import { lasting, type Spill } from './spill.js';
import type { Advance, Visitor } from './visitor.js';
import type { Acceptance } from './wayline-client.js';

/** A captured call, and who waits for it. */
export interface Pending {
  readonly call: Call;
  readonly resolve: (acceptance: Acceptance) => void;
}

export interface PipelineOptions {
  readonly visitor: Visitor;
  readonly storage: Storage;
  readonly outbox: Outbox;
  readonly tabs: Tabs;
  readonly spill: Spill;
  readonly report: ReportProblem;
  /** The visitor has advanced by these calls, or was exchanged by another tab's (none). Called before anything reaches the disk. */
  readonly advanced: (calls: readonly Call[], effects: readonly Effect[]) => void;
  /** Another tab stored a state of a newer program: takes that program from the device. False when it is not there. */
  readonly catchUp: () => Promise<boolean>;
  /** Makes the call that tells the engine of choices made elsewhere. */
  readonly recall: (purposes: Purposes) => Call;
}

/**
 * The one way in which the visitor changes: call after call, step and store in one transaction. Without the consent that the site asks for,
 * calls are stepped in memory and held; once it is given they are stepped again, onto what is stored; when it is withdrawn all is purged.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #hasDatabase: boolean;
  readonly #waiting: Pending[] = [];
  #processing: readonly Pending[] = [];
  /** What waits for consent. On a page that stores: by what the person left, while the device does not say so. */
  #held: Call[] = [];
  #storing: boolean;
  /** A choice of consent was made on this page, and the device does not say so yet. */
  #chosen = false;
  #scheduled = false;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#hasDatabase = options.storage.kind === 'indexeddb';
    this.#storing = options.visitor.mayStore();
  }

  /** Whether this page may write to the device and send. */
  get storing(): boolean {
    return this.#storing;
  }

  /** The person leaves, or another one signs in: the next page is another one's. */
  get isLeft(): boolean {
    const { user } = this.#options.visitor;
    return this.unstored().some((call) => isReset(call) || (user !== null && (call.input.identify ?? user) !== user));
  }

  add(pending: Pending): void {
    this.#waiting.push(pending);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#serially(async () => {
      this.#scheduled = false;
      while (this.#waiting.length > 0) await this.#process(this.#nextBatch());
    });
  }

  /** Calls that are not on the device yet, though they may be: by the choices made so far, or by one that is among them. */
  unstored(): Call[] {
    const calls = [...new Set([...this.#held, ...[...this.#processing, ...this.#waiting].map(({ call }) => call)])];
    return this.#storing || this.#grants(calls) ? calls : [];
  }

  /** Another tab stored something: takes it over. */
  refresh(): void {
    this.#serially(async () => {
      const { visitor, outbox, catchUp } = this.#options;
      if (!this.#storing) return this.#adoptConsent();
      await this.#takeOver();
      if (visitor.outdated && (await catchUp())) await this.#takeOver();
      outbox.wake();
    });
  }

  /**
   * Goes on with what `exchange` makes of the state of the person who is known here. Whatever happens meanwhile counts: then it is asked again.
   * False when nothing was exchanged: nobody is known, or nothing may leave the device.
   */
  async share(exchange: (state: string) => Promise<Json>): Promise<boolean> {
    const { visitor } = this.#options;
    for (let attempt = 0; attempt < maximumExchanges; attempt++) {
      const asked = await this.#inTurn(async () => {
        if (!this.#storing) return undefined;
        await this.#takeOver();
        return visitor.user === null || visitor.outdated ? undefined : visitor.share();
      });
      if (asked === undefined) return false;
      const answer = await exchange(asked.state);
      if (await this.#inTurn(() => this.#adopt(asked.revision, answer))) return true;
    }
    return false;
  }

  async #adopt(revision: number, state: Json): Promise<boolean> {
    const { visitor, storage, tabs } = this.#options;
    let adopted = false;
    const result = await storage.commit((stored) => {
      if (this.#synchronise(stored)) queueMicrotask(() => this.#announce([], []));
      adopted = this.#storing && visitor.adopt(revision, state);
      return { events: [], profile: adopted && visitor.mayStore() ? visitor.document() : undefined };
    }, 'strict');
    if (!adopted) return false;
    // The choice that was made last, on whichever device, is the person's.
    if (!visitor.mayStore()) {
      await this.#withdraw();
      return true;
    }
    if (result.kept === storage.kind) visitor.committed();
    await this.#keepChoices(visitor.consent);
    tabs.tell({ kind: 'changed' });
    this.#announce([], []);
    return true;
  }

  /** Another tab withdraws the consent by these choices, and purges the device. */
  purged(choices: Purposes): void {
    if (!this.#storing) return;
    this.#stopStoring();
    this.#chosen = false;
    this.#serially(async () => void this.#beginAnew(choices));
  }

  #serially(work: () => Promise<void>): void {
    this.#tail = this.#tail.then(work).catch((cause: unknown) => this.#options.report(WaylineError.from(cause, 'storage.failed')));
  }

  /** As #serially, for who waits for the outcome. */
  #inTurn<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve, reject) => this.#serially(() => work().then(resolve, reject)));
  }

  /** The next calls that one transaction may hold; a change of consent or visitor stands alone. */
  #nextBatch(): Pending[] {
    const alone = ({ call }: Pending): boolean => isConsent(call) || isReset(call);
    const end = this.#waiting.findIndex(alone);
    const size = end === 0 ? 1 : Math.min(end < 0 ? this.#waiting.length : end, maximumCallsAtOnce);
    return this.#waiting.splice(0, size);
  }

  async #process(batch: readonly Pending[]): Promise<void> {
    this.#processing = batch;
    const calls = batch.map(({ call }) => call);
    let kept: StorageKind | 'none' = 'none';
    this.#chosen ||= calls.some(isChoice);
    try {
      kept = this.#storing ? await this.#store(calls) : this.#hold(calls);
      if (calls.some(isConsent)) kept = await this.#followConsent(kept);
      // Without where it was: nobody may have consented.
      if (!this.#hasDatabase) this.#options.spill.write(calls.filter(isReset).map((call) => ({ ...call, page: {} as PageContext, input: { logout: true, at: call.at, id: call.id } })), lasting);
    } catch (cause) {
      this.#options.report(WaylineError.from(cause, 'storage.failed'));
    } finally {
      this.#processing = [];
      for (const { call, resolve } of batch) resolve({ messageId: call.id, stored: kept });
    }
  }

  /**
   * Steps and stores in one transaction, onto what other tabs stored before. Of those that were held only the last was not stepped yet. When
   * a newer program wrote the state it is fetched first; should it not be there, the events are stored and the state is left to who knows it.
   */
  async #store(calls: readonly Call[], mayWait = true): Promise<StorageKind | 'none'> {
    const { visitor, spill, storage, tabs, outbox } = this.#options;
    // What a step may cause, a goal or a handoff, is known only inside the transaction, when its durability is settled.
    const durability = calls.some(({ importance }) => importance > 0) ? 'strict' : 'relaxed';
    let advance: Advance = { events: [], effects: [] };
    let denial: Purposes | undefined;
    let waits: unknown = mayWait;
    const result = await storage.commit((stored) => {
      this.#synchronise(stored);
      waits &&= visitor.outdated;
      // Another tab may have withdrawn the consent a moment ago: then what it purged is not written again.
      denial = this.#denial(stored);
      if (waits || denial !== undefined) return { events: [] };
      if (calls.some(isReset)) this.#held = [...calls];
      let news = calls.filter(spill.keeps);
      const listed = this.unstored();
      for (const end of listed.filter(visitor.isEnd)) {
        // What was spilled up to there is on the device already, or was done by who left.
        news = news.filter((call) => listed.indexOf(call) > listed.indexOf(end) || (end.id !== visitor.id && end.spill !== call.spill));
      }
      advance = visitor.advance(news);
      if (!visitor.mayStore()) {
        denial = visitor.consent;
        return { events: [] };
      }
      queueMicrotask(() => this.#announce(calls === this.#held ? news.slice(-1) : news, advance.effects));
      return { events: advance.events, profile: visitor.document(news.at(-1)?.id), choices: this.#chosen ? JSON.stringify(visitor.consent) : undefined };
    }, durability);
    if (waits) {
      await this.#options.catchUp();
      return this.#store(calls, false);
    }
    if (denial !== undefined) {
      if (calls.some(isChoice)) return 'none';
      this.#stopStoring();
      return this.#beginAnew(denial, calls.filter((call) => !isConsent(call)));
    }
    // Another tab withdrew the consent meanwhile; its purge takes what this wrote.
    if (!this.#storing) return 'none';
    if (result.kept === storage.kind) {
      visitor.committed();
      this.#held = [];
      this.#chosen = false;
    }
    outbox.accepted(advance.events, result);
    tabs.tell({ kind: 'changed' });
    return result.kept;
  }

  /** Shows what another tab stored. */
  async #takeOver(): Promise<void> {
    if (this.#synchronise({ text: await this.#options.storage.readProfile() })) this.#announce([], []);
  }

  /** Takes over what another tab stored, for whoever is there now: who left here has left, unless that is another page's to store by now. */
  #synchronise(stored: StoredProfile): boolean {
    const { visitor, spill } = this.#options;
    const changed = visitor.synchronise(stored);
    if (changed) visitor.advance(this.#held.filter((call) => isReset(call) && spill.keeps(call)));
    return changed;
  }

  /** Steps in memory, and keeps the calls for when consent comes. */
  #hold(calls: readonly Call[]): 'memory' {
    const { visitor, outbox } = this.#options;
    const { effects } = visitor.advance(calls);
    this.#held.push(...calls);
    // Who left has not consented, and takes along what came before.
    if (calls.some(isReset)) this.#held = [];
    const surplus = this.#held.splice(0, Math.max(0, this.#held.length - maximumHeldCalls));
    if (surplus.length > 0) outbox.drop(surplus.length, 'capacity');
    // At once: who follows a grant begins the visitor anew, to be stored.
    this.#announce(calls, effects);
    return 'memory';
  }

  #announce(calls: readonly Call[], effects: readonly Effect[]): void {
    try {
      this.#options.advanced(calls, effects);
    } catch (cause) {
      this.#options.report(WaylineError.from(cause, 'slot.render_failed'));
    }
  }

  /** What the device denies, where nobody has chosen otherwise on this page since. */
  #denial(stored: StoredProfile): Purposes | undefined {
    const choices = this.#chosen || stored === 'unreadable' ? undefined : readPurposes(stored.choices);
    return choices !== undefined && !this.#options.visitor.mayStore(choices) ? choices : undefined;
  }

  /** A visitor in memory, of whom nothing is known but these choices, and these calls. */
  #beginAnew(choices: Purposes, calls: readonly Call[] = []): 'memory' {
    this.#options.visitor.forget();
    return this.#hold([this.#options.recall(choices), ...calls]);
  }

  /** After a step that changed the consent: begins to store, or purges. */
  async #followConsent(stored: StorageKind | 'none'): Promise<StorageKind | 'none'> {
    const { visitor } = this.#options;
    if (this.#storing && !visitor.mayStore()) return this.#withdraw();
    // A choice that an earlier page could not store is older than this one.
    if (!visitor.mayStore()) {
      this.#options.spill.take();
      if (this.#chosen) await this.#keepChoices(visitor.consent);
    }
    if (visitor.mayStore() === this.#storing) return stored;
    this.#storing = true;
    visitor.forget(visitor.id);
    // They stay listed until they are on the device: the page may be left before.
    const kept = await this.#store(this.#held);
    if (this.#storing) this.#held = [];
    return kept;
  }

  /**
   * Silence first, then the purge with the note of it, or the note alone: whatever of the device fails or wherever the tab dies, nothing is sent on.
   * The other tabs are told again after it, for one may have taken over meanwhile what is not there any more. Delivery C11.
   */
  async #withdraw(): Promise<'none'> {
    const { visitor, storage, tabs } = this.#options;
    const choices = visitor.consent;
    this.#stopStoring();
    tabs.tell({ kind: 'purged', choices });
    this.#chosen = !(await this.#attempt(storage.purge(JSON.stringify(choices))));
    if (this.#chosen) await this.#keepChoices(choices);
    tabs.tell({ kind: 'purged', choices });
    this.#beginAnew(choices);
    return 'none';
  }

  async #keepChoices(choices: Purposes): Promise<void> {
    if (await this.#attempt(this.#options.storage.writeSetting(consentSetting, JSON.stringify(choices)))) this.#chosen = false;
  }

  /** A device that refuses a write is reported, and holds up neither a withdrawal nor who waits for it. Whether it did not refuse. */
  #attempt(write: Promise<void>): Promise<boolean> {
    const refused = (cause: unknown): false => (this.#options.report(WaylineError.from(cause, 'storage.failed')), false);
    return write.then(() => true, refused);
  }

  #stopStoring(): void {
    this.#storing = false;
    this.#held = [];
    this.#options.spill.take();
    this.#options.outbox.withdraw();
  }

  /** Tells the engine of the choices on the device, made in another tab or on an earlier page. */
  async #adoptConsent(): Promise<void> {
    const { visitor, storage, recall } = this.#options;
    const choices = readPurposes(await storage.readSetting(consentSetting));
    // A profile that says otherwise than a denial outlived a purge that failed.
    if (this.#chosen || choices === undefined || (this.#storing && visitor.mayStore(choices))) return;
    this.#hold([recall(choices)]);
    await this.#followConsent('memory');
  }

  /** At start: choices of earlier pages that no stored profile carries, or that deny what it says; then what those pages could not store. */
  start(): void {
    this.#serially(async () => {
      const spilled = this.#takeUp();
      await this.#adoptConsent();
      this.#drop(spilled);
      this.#options.outbox.wake();
    });
  }

  /** Takes up the calls of pages that were left before they were stored. */
  takeSpilled(): void {
    this.#drop(this.#takeUp());
  }

  /** They come before this page's, and are listed at once: this page may be left as quickly. */
  #takeUp(): readonly Pending[] {
    const spilled = this.#options.spill.take(this.#hasDatabase).map((call) => ({ call, resolve: () => undefined }));
    this.#waiting.unshift(...spilled);
    this.#schedule();
    return spilled;
  }

  /** What was spilled is not for a page that may not store, unless it holds the choice that allows it. */
  #drop(spilled: readonly Pending[]): void {
    if (this.#storing || this.#grants(spilled.map(({ call }) => call))) return;
    this.#waiting.splice(this.#waiting.indexOf(spilled[0]!), spilled.length);
  }

  #grants(calls: readonly Call[]): boolean {
    return this.#options.visitor.mayStore(Object.assign({}, ...calls.map(({ input }) => input.consent)) as Purposes);
  }
}
