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
import { readProfileDocument, writeProfileDocument } from './profile-document.js';
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
  /** The stored state is of a newer program: it is neither taken over nor written, until use() brings that program. */
  outdated = false;
  #program: Program;
  /** Made when it is first needed: mostly of what is stored. */
  #made: Session | undefined;
  /** Of the stored document that this state goes on from: they follow the disk, so that a commit that failed changes nothing but memory. */
  #generation = 0;
  #owner = '';
  /** Of the document that was handed out last. */
  #written = 0;
  #sequence = 0;
  /** Raised by whatever changes the state, whether it reached the device or not. */
  #revision = 0;
  /** The stored state is of a newer engine: it is left as it is. */
  #untouchable = false;
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
    this.outdated = false;
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
    this.outdated = document.program !== this.#program.facts.hash && document.since > this.since;
    if (this.outdated) return false;
    this.id = this.#owner = document.visitor;
    this.user = document.user;
    this.#generation = document.generation;
    this.#sequence = document.sequence;
    this.#restore(document.state);
    return true;
  }

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

  /** The document to store, or undefined when the stored one must be left alone. */
  document(): string | undefined {
    this.#written = this.#generation;
    if (this.#untouchable || this.outdated) return undefined;
    const head = { visitor: this.id, user: this.user, generation: ++this.#written, sequence: this.#sequence, program: this.#program.facts.hash, since: this.since };
    return writeProfileDocument(head, this.#session.snapshot());
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
    const state = this.#state() as { readonly messages: readonly Json[] };
    this.#become(id, { ...state, visitor: id, messages: state.messages.slice(-1) });
  }

  #become(id: string, state: Json): void {
    this.id = id;
    this.user = null;
    this.#sequence = 0;
    this.#untouchable = this.outdated = false;
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

  #restore(state: Json): void {
    this.#untouchable = false;
    try {
      this.#replace(this.#program, this.id, state);
    } catch (cause) {
      const error = WaylineError.from(cause, 'state.malformed');
      this.report(error);
      this.#untouchable = error.code === 'state.from_future';
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
