import { WaylineError } from '../errors/error.js';
import type { Decision, Explanation } from '../engine/decision.js';
import type { Json, JsonObject } from '../engine/json.js';
import type { Program } from '../engine/program.js';
import type { SessionInspection } from '../engine/session-inspection.js';
import { Session } from '../engine/session.js';
import type { Effect, StepOutput } from '../engine/step.js';
import { maximumEventSize } from '../store/limits.js';
import type { ReportProblem, StoredEvent, StoredProfile } from '../store/storage.js';
import { uniqueId } from '../store/unique-id.js';
import { isChoice, isConsent, isReset, type Call, type MessageCore } from './call.js';
import { maximumEnds } from './limits.js';
import { readProfileDocument, writeProfileDocument, type ProfileDocument } from './profile-document.js';
import { isConversion, storedMessage, type MessageContext } from './message.js';
import type { PageContext } from '../navigation/page-context.js';

/** Of a preview: experience to variant. */
export type Variants = Readonly<Record<string, string>>;

export interface Advance {
  readonly events: readonly StoredEvent[];
  readonly effects: readonly Effect[];
}

/** One visitor, in memory: the engine's session and the identity around it. Knows no storage: documents go in and out. */
export class Visitor {
  id = uniqueId();
  user: string | null = null;
  /** When the next timer is due, in epoch milliseconds. */
  timer: number | null = null;
  consent: Readonly<Record<string, boolean>> = {};
  /** The stored document, where its state is of a newer program or engine: it is neither taken over nor changed, until use() brings what knows it. */
  outdated: ProfileDocument | undefined;
  #program: Program;
  /** Made when it is first needed: mostly of what is stored. */
  #made: Session | undefined;
  /** Of the stored document that this state goes on from: they follow the disk, so that a commit that failed changes nothing but memory. */
  #generation = 0;
  #owner: string | undefined;
  /** Of the document that was handed out last. */
  #written = 0;
  #sequence = 0;
  #ends = '';
  /** Raised by whatever changes the state, whether it reached the device or not. */
  #revision = 0;
  /** Calls of which something was reported: it is not again when they are stepped again, once consent lets them be stored. */
  readonly #reported = new WeakSet<Call>();

  constructor(
    program: Program,
    private readonly device: JsonObject,
    private readonly report: ReportProblem,
    /** The server's last word on the program, in epoch milliseconds. */
    private since: number,
  ) {
    this.#program = program;
  }

  /** Whether the purpose that the site names for its events, if any, is granted by these choices. */
  mayStore(choices: Readonly<Record<string, boolean>> = this.consent): boolean {
    const purpose = this.#program.facts.eventsPurpose;
    return purpose === '' || choices[purpose] === true;
  }

  /** Goes on with another program; what it does not know of the state is dropped. */
  use(program: Program, since: number): void {
    this.#replace(program, this.id, this.#state());
    this.#program.dispose();
    this.#program = program;
    this.since = since;
    // Whether it knows what was left alone is seen when that is read again.
    if (this.outdated) this.outdated = this.#owner = undefined;
  }

  /** A session of its own over the same program: what is done there changes nothing here. */
  fork(state: Json = this.#made === undefined ? null : this.#state()): Session {
    return Session.create(this.#program, this.id, state);
  }

  /** A new visitor, of whom nothing is known. `id` keeps the identity when the page's inputs are to be stepped again. */
  forget(id: string = uniqueId()): void {
    this.#generation = 0;
    this.#become(id, null);
  }

  /** Takes over what is stored if it is not what this tab stored last. True when it was. */
  synchronise(stored: StoredProfile): boolean {
    if (stored === 'unreadable') return false;
    if (stored.text === undefined) {
      if (this.#generation === 0) return false;
      this.forget();
      return true;
    }
    const document = readProfileDocument(stored.text);
    if (document === undefined) {
      this.report(new WaylineError('storage.corrupt', { record: 'profile' }));
      return false;
    }
    if (document.generation === this.#generation && document.visitor === this.#owner) return false;
    const isSame = document.visitor === this.id;
    this.outdated = document.program !== this.#program.facts.hash && document.since > this.since ? document : undefined;
    if (this.outdated && !isSame) return false;
    // Where a commit failed this tab is ahead: its own numbers ascend all the same.
    this.#sequence = Math.max(document.sequence, isSame ? this.#sequence : 0);
    this.#ends = document.ends;
    this.#generation = document.generation;
    this.id = this.#owner = document.visitor;
    this.user = document.user;
    if (this.outdated) return false;
    this.#restore(document);
    return true;
  }

  /** Whether a call is the last of those that a commit brought to the device, or the sign-out with which this visitor began. */
  readonly isEnd = ({ id }: Call): boolean => (this.id + this.#ends).includes(id);

  /** Steps through the calls in order; a call that the engine refuses is reported and its message still sent. */
  advance(calls: readonly Call[]): Advance {
    const events: StoredEvent[] = [];
    const effects: Effect[] = [];
    for (const call of calls) {
      const isKnown = this.#reported.has(call);
      const tell: ReportProblem = (error) => {
        this.#reported.add(call);
        if (!isKnown) this.report(error);
      };
      const { effects: caused, duplicate } = this.#step(call, tell);
      if (call.kind === 'identify') this.user = call.input.identify ?? null;
      if (isReset(call) && call.id !== this.id) this.#goOnAs(call.id);
      const context: MessageContext = { ...call, device: this.device, anonymousId: this.id, userId: this.user, consent: this.consent };
      const add = (message: MessageCore, itself: Pick<MessageContext, 'id' | 'at' | 'importance'>): void => {
        const event = storedMessage(message, this.#sequence + 1, { ...context, ...itself });
        if (event.size > maximumEventSize) return tell(new WaylineError('event.too_large', { id: event.id, size: event.size }));
        this.#sequence++;
        events.push(event);
      };
      // A page that was left before it knew what was on the device spilled it all the same.
      if (call.message && !duplicate) add(call.message, call);
      for (const effect of caused) {
        const at = Date.parse(effect.at);
        if (effect.type === 'timer') this.timer = at;
        else add({ type: 'track', event: effect.event, properties: effect.properties }, { id: effect.id, at, importance: isConversion(effect.event) ? 2 : 0 });
      }
      effects.push(...caused);
    }
    return { events, effects };
  }

  /** The document to store with the commit that this call ends, if any does. One whose state is left alone counts on, unless it is another visitor's: then undefined. */
  document(end = ''): string | undefined {
    const counts = { generation: (this.#written = this.#generation + 1), sequence: this.#sequence, ends: (this.#ends = (this.#ends + end).slice(-maximumEnds)) };
    if (this.outdated?.visitor === this.id) return JSON.stringify({ ...this.outdated, ...counts });
    if (this.outdated) return undefined;
    return writeProfileDocument({ visitor: this.id, user: this.user, program: this.#program.facts.hash, since: this.since, ...counts }, this.#session.snapshot());
  }

  /** The document that was handed out last is on the device. Without this word the state in memory stays ahead of it. */
  committed(): void {
    this.#generation = this.#written;
    this.#owner = this.id;
  }

  /** The state, to be exchanged with the person's other devices. */
  share(): { readonly state: string; readonly revision: number } {
    return { state: this.#session.snapshot(), revision: this.#revision };
  }

  /** Goes on with what became of a shared state. False when this one has gone on by itself. Throws when the engine refuses it. */
  adopt(revision: number, state: Json): boolean {
    if (this.#revision !== revision) return false;
    this.#replace(this.#program, this.id, state);
    return true;
  }

  /** What an arrival on `page` would show, decided beside the state, which stays as it is. */
  foresee(page: PageContext, at: number): Readonly<Record<string, Decision>> {
    const session = this.fork();
    try {
      session.step({ at, page, device: this.device });
      return session.decide({ at, page });
    } finally {
      session.dispose();
    }
  }

  decide(page: JsonObject, force: Variants, slots?: readonly string[]): Readonly<Record<string, Decision>> {
    return this.#session.decide({ at: Date.now(), page, slots, force });
  }

  explain(page: JsonObject, force: Variants, slot: string): Explanation | undefined {
    return this.#session.explain({ at: Date.now(), page, force }, slot);
  }

  inspect(): SessionInspection {
    return this.#session.inspect(Date.now());
  }

  /**
   * Somebody else may be at the device now. What is left of the person before is the engine's decision; to the endpoint it is another visitor,
   * named by the call, so that it is the same one wherever the call is stepped again. Of messages it knows that call's, which is the latest.
   */
  #goOnAs(id: string): void {
    this.#become(id, { ...(this.#state() as JsonObject), visitor: id, messages: [] });
  }

  #become(id: string, state: Json): void {
    this.id = id;
    this.user = null;
    this.#sequence = 0;
    this.#ends = '';
    this.outdated = undefined;
    this.#replace(this.#program, id, state);
  }

  #step(call: Call, tell: ReportProblem): Pick<StepOutput, 'effects' | 'duplicate'> {
    this.#revision++;
    if (this.timer !== null && this.timer <= call.at) this.timer = null;
    try {
      const output = this.#session.step(call.input);
      // Choices that are recalled may be of an earlier pack: nobody made them here.
      if (!isConsent(call) || isChoice(call)) for (const { code, name } of output.notices ?? []) tell(new WaylineError(code, { name, call: call.kind }));
      if (isConsent(call)) this.consent = this.inspect().consent;
      return output;
    } catch (cause) {
      tell(WaylineError.from(cause, 'engine.crashed', { call: call.kind }));
      return { effects: [] };
    }
  }

  #restore(document: ProfileDocument): void {
    try {
      this.#replace(this.#program, this.id, document.state);
    } catch (cause) {
      const error = WaylineError.from(cause, 'state.malformed');
      this.report(error);
      if (error.code === 'state.from_future') this.outdated = document;
      this.#replace(this.#program, this.id, null);
    }
  }

  get #session(): Session {
    return (this.#made ??= Session.create(this.#program, this.id));
  }

  #state(): Json {
    return JSON.parse(this.#session.snapshot()) as Json;
  }

  #replace(program: Program, id: string, state: Json): void {
    const session = Session.create(program, id, state);
    this.#made?.dispose();
    this.#made = session;
    this.#revision++;
    const { consent, timer } = this.inspect();
    this.consent = consent;
    this.timer = timer === null ? null : Date.parse(timer);
  }
}
