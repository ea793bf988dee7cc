import { asksForPrivacy, type Purposes } from '../consent/consent-choices.js';
import { exchangeProfile } from '../delivery/exchange-profile.js';
import { Outbox } from '../delivery/outbox.js';
import { curtainBeforePaint, type Curtain } from '../early/curtain.js';
import { decidedMark, type EarlyStart } from '../early/early-start.js';
import { Foresight } from '../early/foresight.js';
import type { HeadStart } from '../early/head-start.js';
import { defaultDecision, defaultExplanation, type Decision, type Explanation } from '../engine/decision.js';
import type { Json, JsonObject } from '../engine/json.js';
import { loadInBrowser, type ByteCache } from '../engine/load-in-browser.js';
import type { Session } from '../engine/session.js';
import type { Effect, StepInput } from '../engine/step.js';
import { WaylineError } from '../errors/error.js';
import { activation } from '../navigation/activation.js';
import { deviceContext } from '../navigation/device-context.js';
import type { PageContext } from '../navigation/page-context.js';
import { watchNavigation } from '../navigation/watch-navigation.js';
import { PackSource, type Pack } from '../pack/pack-source.js';
import { SlotManager, type Occasion } from '../slots/slot-manager.js';
import { openStorage, type Opening } from '../store/open-storage.js';
import type { Storage } from '../store/storage.js';
import { afterFirstPaint } from '../time/after-first-paint.js';
import { nextTask } from '../time/next-task.js';
import { Tabs } from '../tabs/tabs.js';
import { readCall, type Call } from './call.js';
import { Capture, checkedName } from './capture.js';
import { Emitter } from './emitter.js';
import { watchLifecycle } from './lifecycle.js';
import { lateDecision, longestTimer, maximumHeldCalls, maximumListedProblems, maximumListedSteps, tabDelay } from './limits.js';
import type { ClientOptions } from './options.js';
import { Pipeline, type Pending } from './pipeline.js';
import { loadPack, Programs, type LoadedPack } from './programs.js';
import { Spill } from './spill.js';
import { nothingStored, readStored } from './stored.js';
import { Visitor, type Variants } from './visitor.js';
import type { Acceptance, ClientEvents, Inspection, QueuedCall, QueuedMethod, WaylineClient } from './wayline-client.js';

/** Everything that exists once storage, engine and program are there. */
interface Running {
  readonly outbox: Outbox;
  readonly visitor: Visitor;
  readonly pipeline: Pipeline;
  readonly programs: Programs;
}

const queueable: readonly unknown[] = ['page', 'track', 'identify', 'consent', 'dismiss', 'on', 'flush', 'force', 'reset', 'share'] satisfies QueuedMethod[];
const nothing: Acceptance = { messageId: '', stored: 'none' };
const held = ({ id }: Call): Acceptance => ({ messageId: id, stored: 'memory' });

/** The SDK of one page: puts capture, pipeline, slots and delivery together. See WaylineClient for its promises to the page. */
export class Client implements WaylineClient {
  readonly ready: Promise<void>;
  readonly #options: ClientOptions;
  readonly #name: string;
  readonly #emitter = new Emitter<ClientEvents>((cause) => this.#listenerFailed(cause));
  readonly #device: JsonObject = deviceContext();
  readonly #report = ({ code, message, details }: WaylineError): void => {
    const problem = { code, message, details };
    this.#problems = [problem, ...this.#problems].slice(0, maximumListedProblems);
    this.#emitter.emit('error', problem);
  };
  readonly #capture = new Capture(this.#device, this.#report);
  readonly #spill: Spill;
  readonly #tabs: Tabs;
  readonly #slots: SlotManager;
  #storage: Storage | undefined;
  #running: Running | undefined;
  /** Captured before there was a pipeline. */
  #early: Pending[] = [];
  #decisions: Readonly<Record<string, Decision>> = {};
  readonly #steps: StepInput[] = [];
  #problems: readonly ClientEvents['error'][] = [];
  /** By a preview on this page. */
  #forced: Variants = {};
  /** Of the early calls those that another tab made: a page that stores finds on the device what they led to. */
  readonly #heard = new Set<Call>();
  /** Names of slots that were asked for. */
  readonly #met = new Set<string>();
  /** For whom the slots were filled. */
  #shownTo: Pick<Visitor, 'id' | 'user'> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tabNews: ReturnType<typeof setTimeout> | undefined;
  #becomeReady: () => void = () => undefined;
  #isReady = false;
  /** When this page last let time pass, in epoch milliseconds. */
  #ticked = 0;
  #starting = false;
  #started: Promise<void>;
  /** The page is left: what is called now is called last. */
  #left = false;
  /** A profile is on the device, so that its calls may be there too; known before the engine could tell. */
  #known = false;
  #reportingFailure = false;
  readonly #curtain: Curtain | undefined;
  /** The snippet showed what was decided beforehand. */
  readonly #prepared: boolean;
  /** Who left in another tab, for as long as the device does not say who came. */
  #gone: string | undefined;
  /** The page came back as it was left, and has not heard from the device since: who is known here may have left, or denied everything. */
  #isOld = false;
  /** Foresees only where a snippet shows it, and takes away everywhere what is outdated. */
  readonly #foresight: Foresight;

  constructor(options: ClientOptions, early?: EarlyStart) {
    this.#options = options;
    this.#name = `wayline:${options.writeKey}`;
    this.#spill = new Spill(this.#name);
    this.ready = new Promise((resolve) => (this.#becomeReady = resolve));
    this.#tabs = new Tabs(this.#name, (message) => {
      if (message.kind === 'purged') this.#running?.pipeline.purged(message.choices);
      else if (message.kind === 'settled') this.#running?.outbox.settledElsewhere(message.ids);
      else if (message.kind === 'reset') this.#personLeft();
      else this.#tabNews ??= setTimeout(() => this.#hearTabs(), tabDelay);
    });
    this.#prepared = this.#known = early?.decided === true;
    this.#curtain = early?.curtain ?? (options.hide === true ? curtainBeforePaint() : undefined);
    this.#foresight = new Foresight(options.writeKey, (page, at) => (early === undefined || options.autoPage === false ? undefined : this.#foresee(page, at)));
    this.#slots = new SlotManager({
      exposed: (slot, decision) => this.#exposed(slot, decision),
      dismissed: (slot) => void this.dismiss(slot),
      appeared: () => this.#running !== undefined && this.#decide('change'),
      problem: this.#report,
    }, early);
    watchLifecycle({
      hidden: () => this.#hide(),
      left: () => this.#leave(),
      returned: () => this.#return(),
      frozen: () => this.#running?.outbox.rest(),
      resumed: () => this.#hearTabs(),
      connected: () => this.#connected(),
    });
    // What the snippet decided is what the visitor waits for: a page that shows it is painted first.
    this.#started = this.#start(this.#prepared ? afterFirstPaint() : undefined, early?.begun);
  }

  page(properties?: JsonObject): Promise<Acceptance> {
    this.#forced = {};
    return this.#send('page', properties);
  }

  track(name: string, properties?: JsonObject): Promise<Acceptance> {
    return this.#send('track', name, properties);
  }

  identify(userId: string, traits?: JsonObject): Promise<Acceptance> {
    return this.#send('identify', userId, traits);
  }

  consent(purposes: Purposes): Promise<Acceptance> {
    const denied = asksForPrivacy() ? (this.#options.globalPrivacyControl ?? []) : [];
    return this.#send('consent', purposes, denied);
  }

  decide(slot: string): Decision {
    const known = this.#ask(({ visitor }) => (Object.hasOwn(this.#decisions, checkedName(slot)) ? this.#decisions : visitor.decide(this.#capture.here, this.#forced, [slot]))[slot]);
    return known ?? defaultDecision('unavailable');
  }

  explain(slot: string): Explanation {
    return this.#ask(({ visitor }) => visitor.explain(this.#capture.here, this.#forced, slot)) ?? defaultExplanation('unavailable');
  }

  async dismiss(slot: string): Promise<Acceptance> {
    const decision = this.decide(slot);
    this.#slots.dismiss(slot);
    return decision.reason === 'forced' ? nothing : this.#send('dismiss', slot, decision);
  }

  on<Type extends keyof ClientEvents>(type: Type, listener: (event: ClientEvents[Type]) => void): () => void {
    // Nobody knows on which side of the first decisions a page's own script comes.
    if (type === 'ready' && this.#isReady) queueMicrotask(() => this.#emitter.emit('ready', {}, [listener]));
    return this.#emitter.on(type, listener);
  }

  async flush(): Promise<void> {
    await this.#running?.outbox.flush();
  }

  async reset(): Promise<void> {
    await this.#send('reset');
  }

  force(variants: Variants): void {
    try {
      this.#forced = Capture.forced(variants);
    } catch (cause) {
      return this.#report(WaylineError.from(cause, 'sdk.bad_call', { method: 'force' }));
    }
    this.#decide('preview');
  }

  async share(token: string): Promise<boolean> {
    // Nobody waits where there is no engine, or nothing is decided.
    await Promise.race([this.ready, this.#started]);
    const { endpoint, writeKey } = this.#options;
    const running = this.#running;
    try {
      return (await running?.pipeline.share((state) => exchangeProfile(endpoint, writeKey, token, state, running.programs.status.hash))) === true;
    } catch (cause) {
      this.#report(WaylineError.from(cause, 'delivery.failed'));
      return false;
    }
  }

  inspect(): Inspection {
    const known = this.#ask(({ visitor }) => visitor.inspect()) ?? {};
    const queue = this.#running?.outbox.status ?? { pending: 0, inFlight: 0, delivered: 0, dropped: 0, droppedBy: {}, lastError: null, online: navigator.onLine };
    return { ...known, queue, pack: this.#running?.programs.status ?? null, storage: this.#storage?.kind ?? 'memory', decisions: { ...this.#decisions }, forced: this.#forced, steps: [...this.#steps], problems: this.#problems };
  }

  fork(state?: Json): Session | null {
    return this.#ask(({ visitor }) => visitor.fork(state)) ?? null;
  }

  /** What is no call is reported: it is the page's own mistake, and harms nothing else. */
  push(...calls: readonly QueuedCall[]): void {
    const methods = this as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;
    for (const [method, ...args] of calls.map(readCall)) {
      if (queueable.includes(method)) methods[method]!(...args);
      else this.#report(new WaylineError('sdk.bad_call', { method }));
    }
  }

  /** Calls that the page queued before the script was there: consent first, then this page's view, then the rest in its order. */
  replay(queued: readonly unknown[]): void {
    const activated = activation();
    if (activated !== undefined) return void activated.then(() => this.replay(queued));
    const calls = queued.map(readCall);
    const isConsent = ([method]: QueuedCall): boolean => ['consent', 'on'].includes(method);
    this.push(...calls.filter(isConsent));
    const { wrong } = this.#options;
    if (wrong) this.#report(new WaylineError('sdk.bad_configuration', wrong));
    const isAutomatic = this.#options.autoPage !== false;
    if (isAutomatic) void this.page();
    this.push(...calls.filter((call) => !isConsent(call)));
    // Last: it can not be watched where a page froze it.
    if (isAutomatic) watchNavigation(() => this.#depart(), () => void this.page());
  }

  /** The address has changed: what was decided is of another page. */
  #depart(): void {
    this.#decisions = {};
    this.#capture.leave();
    this.#slots.leave();
  }

  async #start(ahead?: Promise<unknown>, begun?: HeadStart): Promise<void> {
    this.#starting = true;
    // Who starts us sets its listeners in the same task.
    await ahead;
    const opening = openStorage(this.#name, this.#report);
    try {
      const engineLoading = loadInBrowser(this.#options.wasm, byteCache(opening), begun?.module);
      engineLoading.catch(() => undefined);
      const source = new PackSource(this.#options.pack, opening.open, this.#report, this.#options.packKeys, begun?.program);
      const caching = opening.ask(() => source.cached());
      const fetching = source.fetch(opening.isFirst ? undefined : caching.then((pack) => pack?.etag));
      fetching.catch(() => undefined);
      const asking = opening.ask(readStored);
      asking.catch(() => undefined);
      const [stored = nothingStored, cached] = opening.isFirst ? [] : await Promise.all([asking, caching]);
      this.#known = stored.profile !== undefined;
      const { engine, keep } = await engineLoading;
      await nextTask();
      const load = (pack: Pack): LoadedPack | undefined => loadPack(engine, pack, this.#report);
      const usable = cached && load(cached);
      const first = usable ?? load(await source.current(fetching, caching));
      if (first === undefined) return;
      const visitor = new Visitor(first.program, this.#device, this.#report, first.pack.loadedAt);
      visitor.synchronise({ text: stored.profile });
      await this.#preview(visitor, stored.choices);
      const storage = (this.#storage = await opening.open());
      const { profile, waiting } = (await asking) ?? nothingStored;
      this.#known = profile !== undefined;
      if (opening.isFirst) visitor.synchronise({ text: profile });
      await nextTask();
      const keeping = usable ? undefined : source.keep(first.pack);
      await nextTask();
      await activation();
      const programs = new Programs(source, load, first);
      this.#run(programs, storage, visitor, waiting);
      await Promise.all([keeping ?? programs.renew(first.pack, fetching), nextTask().then(keep)]);
    } catch (cause) {
      this.#foresight.outdated();
      this.#report(WaylineError.from(cause, 'engine.unavailable'));
    } finally {
      this.#curtain?.lift();
      this.#starting = false;
      // Whoever waits for a call goes on. What is held is taken up when the network comes back.
      if (this.#running === undefined) for (const { call, resolve } of this.#early) resolve(held(call));
    }
  }

  #run(programs: Programs, storage: Storage, visitor: Visitor, waiting: number): void {
    const { writeKey, endpoint: url, acknowledge = 'ids' } = this.#options;
    const outbox = new Outbox({
      storage,
      endpoint: { url, writeKey, acknowledge },
      name: this.#name,
      waiting,
      permitted: () => this.#running?.pipeline.storing === true,
      problem: this.#report,
      settled: (ids) => this.#tabs.tell({ kind: 'settled', ids }),
      changed: (status) => {
        this.#emitter.emit('queue', status);
        this.#emitter.emit('change', {});
      },
    });
    const advanced = (calls: readonly Call[], effects: readonly Effect[]): void => this.#advanced(calls, effects);
    const catchUp = (): Promise<boolean> => this.#catchUp(programs);
    const recall = (purposes: Purposes): Call => this.#capture.recall(purposes);
    const pipeline = new Pipeline({ visitor, storage, outbox, tabs: this.#tabs, spill: this.#spill, report: this.#report, advanced, catchUp, recall });
    this.#running = { outbox, visitor, pipeline, programs };
    this.#shownTo = { id: visitor.id, user: visitor.user };
    pipeline.start();
    this.#spill.watch(() => pipeline.takeSpilled());
    for (const pending of this.#early.splice(0)) if (!pipeline.storing || !this.#heard.has(pending.call)) pipeline.add(pending);
  }

  /**
   * Shows what the calls made so far lead to, before the device has taken them: their own turn comes in a transaction, says the same, and
   * may be long in coming. A redirect waits for it, since nothing that was said before a redirect may be lost.
   */
  async #preview(visitor: Visitor, choices: Purposes | undefined): Promise<void> {
    let session: Session | undefined;
    let decisions!: Readonly<Record<string, Decision>>;
    let arrival: Call | undefined;
    let calls: Call[];
    do {
      calls = this.#early.map(({ call }) => call);
      arrival = calls.filter(({ kind }) => kind === 'page').pop();
      // What an earlier page could not store comes first: it may have been a sign-out.
      if (arrival === undefined || this.#prepared || !this.#spill.isEmpty || calls.some(({ kind }) => kind === 'reset')) return;
      try {
        session = visitor.fork();
        // A task of its own: a browser compiles what it runs of the engine for the first time, which takes long.
        await nextTask();
        if (choices !== undefined) session.step(this.#capture.recall(choices).input);
        for (const { input } of calls) decisions = session.step(input).decisions;
        if (calls.at(-1) !== arrival) decisions = session.decide({ at: arrival.at, page: this.#capture.current });
      } catch {
        return; // The call that the engine refuses is reported in its turn.
      } finally {
        session?.dispose();
      }
      // It may be another page or person meanwhile, or one who may be known.
    } while (this.#early.slice(calls.length).some(({ call }) => call.kind !== 'track'));
    if (Object.values(decisions).some(({ content }) => content?.redirect !== undefined)) return;
    performance.mark(decidedMark);
    this.#slots.show(decisions, this.#isLate(arrival) ? 'change' : 'ahead');
    this.#curtain?.lift();
  }

  /** Whether the visitor has looked at the defaults for too long to see something else in their place. */
  #isLate({ bootId, monotonic }: Call): boolean {
    const waited = performance.now() - monotonic;
    return (this.#curtain?.expired === true && !this.#isReady) || (bootId === this.#capture.bootId && waited > (this.#options.patience ?? lateDecision));
  }

  async #send(method: 'page' | 'track' | 'identify' | 'consent' | 'dismiss' | 'reset', ...args: unknown[]): Promise<Acceptance> {
    const makers = this.#capture as unknown as Readonly<Record<typeof method, (...args: unknown[]) => Call>>;
    const activated = activation();
    // What is said of a page ahead of its time is said when somebody looks, after its view.
    if (activated !== undefined) await activated;
    if (method === 'reset') this.#tabs.tell({ kind: method });
    try {
      return await this.#add(makers[method](...args));
    } catch (cause) {
      this.#report(WaylineError.from(cause, 'sdk.bad_call', { method }));
      return nothing;
    }
  }

  #add(call: Call): Promise<Acceptance> {
    return new Promise((resolve) => {
      if (this.#running !== undefined) {
        const { pipeline } = this.#running;
        if (call.kind === 'page') this.#changeProgram();
        pipeline.add({ call, resolve });
        // By a listener of the page that is called after ours.
        if (this.#left && pipeline.unstored().includes(call)) this.#spill.write([call]);
      } else if (this.#early.length < maximumHeldCalls) {
        this.#early.push({ call, resolve });
        if (!this.#starting) resolve(held(call));
      } else {
        this.#report(new WaylineError('event.dropped', { reason: 'capacity', count: 1 }));
        resolve({ messageId: call.id, stored: 'none' });
      }
      // At once: the next page may read before this one is told that it is left.
      if (this.#running?.pipeline.isLeft ?? call.kind === 'reset') this.#foresight.renew();
    });
  }

  /** What the program of a newer tab decides is shown like any other change. */
  async #catchUp(programs: Programs): Promise<boolean> {
    const isNewer = await programs.catchUp();
    if (isNewer) this.#changeProgram();
    return isNewer;
  }

  #changeProgram(): void {
    this.#ask(({ programs, visitor }) => programs.change(visitor));
  }

  /** The visitor has changed: decide anew, show, tell, and set the clock for what is due next. */
  #advanced(calls: readonly Call[], effects: readonly Effect[]): void {
    this.#isOld = false;
    const arrival = calls.find(({ kind }) => kind === 'page');
    const late = arrival !== undefined && this.#isLate(arrival);
    const { id, user } = this.#running!.visitor;
    // Who is known from now on is who was here before; who is known by another id is not.
    const other = this.#shownTo!.id !== id || (this.#shownTo!.user ?? user) !== user;
    const undo = other || calls.some(({ input: { consent = {} } }) => Object.values(consent).includes(false));
    this.#shownTo = { id, user };
    if (other) this.#steps.length = 0;
    // The step that took leave belongs to nobody's story.
    for (const { kind, input } of calls) if (kind !== 'reset') this.#steps.push(input);
    this.#steps.splice(0, this.#steps.length - maximumListedSteps);
    this.#decide(arrival !== undefined && !late ? 'arrival' : 'change');
    this.#foresight.outdated();
    if (undo) this.#slots.show(this.#decisions, 'undo');
    for (const effect of effects) this.#emitter.emit('effect', { effect });
    this.#setTimer();
    if (this.#isReady || arrival === undefined) return;
    this.#isReady = true;
    // Forced before there was an engine: what was shown ahead knew nothing of it.
    if (Object.keys(this.#forced).length > 0) this.#slots.show(this.#decisions, 'preview');
    this.#curtain?.lift();
    performance.mark(decidedMark);
    this.#becomeReady();
    this.#emitter.emit('ready', {});
  }

  /** Nothing is foreseen for a visitor of whom nothing may be stored, or who leaves, nor with a program that the next page will not use. */
  #foresee(page: PageContext, at: number): Readonly<Record<string, Decision>> | undefined {
    return this.#ask(({ pipeline, programs, visitor }) => (pipeline.storing && visitor.mayStore() && visitor.id !== this.#gone && !this.#isOld && !programs.outdated && !pipeline.isLeft ? visitor.foresee(page, at) : undefined));
  }

  #decide(occasion: Occasion): void {
    const before = this.#decisions;
    const decisions = this.#ask(({ visitor }) => visitor.decide(this.#capture.here, this.#forced));
    if (decisions === undefined) return;
    this.#decisions = decisions;
    this.#slots.show(decisions, occasion);
    // A name that the pack does not know is reported, once.
    for (const slot of this.#slots.names()) {
      if (this.#met.has(slot)) continue;
      this.#met.add(slot);
      this.decide(slot);
    }
    for (const [slot, decision] of Object.entries(decisions)) {
      if (occasion === 'arrival' || JSON.stringify(before[slot]) !== JSON.stringify(decision)) this.#emitter.emit('decision', { slot, decision });
    }
    this.#emitter.emit('change', {});
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const due = this.#running?.visitor.timer ?? null;
    // A timer that a tick did not resolve waits for something else: ticking on would only keep all tabs busy.
    if (due === null || due <= this.#ticked) return;
    const wait = Math.min(longestTimer, Math.max(0, due - Date.now()));
    this.#timer = setTimeout(() => (wait === longestTimer ? this.#setTimer() : this.#tick()), wait);
  }

  #tick(): void {
    const call = this.#capture.tick();
    this.#ticked = call.at;
    void this.#add(call);
  }

  #exposed(slot: string, decision: Decision): void {
    const call = this.#capture.exposure(slot, decision);
    if (call === undefined) return;
    this.#emitter.emit('exposure', { slot, decision });
    void this.#add(call);
  }

  /** The device tells tabs that store, in a while; the memory of the others is their own. */
  #personLeft(): void {
    if (this.#running?.pipeline.storing === true) {
      this.#gone = this.#running.visitor.id;
      return this.#foresight.renew();
    }
    const call = this.#capture.reset();
    if (this.#running === undefined) this.#heard.add(call);
    void this.#add(call);
  }

  #hearTabs(): void {
    this.#tabNews = undefined;
    this.#running?.pipeline.refresh();
  }

  #hide(): void {
    // Chromium hides a page that is left, and the next one waits for both.
    if (this.#left) return;
    this.#running?.outbox.hide(false);
    this.#foresight.renew();
  }

  #leave(): void {
    this.#left = true;
    this.#foresight.renew();
    if (this.#running === undefined) {
      if (this.#known) this.#spill.write(this.#early.map(({ call }) => call));
      return;
    }
    const { pipeline, outbox } = this.#running;
    this.#spill.write(pipeline.unstored());
    outbox.rest();
    outbox.hide(true);
    this.#tabs.close();
  }

  #return(): void {
    this.#left = false;
    this.#isOld = true;
    this.#tabs.open();
    // Whether the person has left meanwhile is not on a device on which nothing is stored.
    if (this.#running?.pipeline.storing !== true) this.#personLeft();
    // Whatever kept it from the engine when it was left may be over.
    if (this.#running === undefined) this.#connected();
    else this.#running.pipeline.takeSpilled();
    this.#hearTabs();
    this.#setTimer();
    // The visitor looks at the page again, though nothing was loaded.
    if (this.#options.autoPage !== false) void this.page();
  }

  #connected(): void {
    if (this.#running !== undefined) this.#running.outbox.retryNow();
    else if (!this.#starting) this.#started = this.#start();
  }

  #ask<T>(question: (running: Running) => T): T | undefined {
    try {
      return this.#running === undefined ? undefined : question(this.#running);
    } catch (cause) {
      this.#report(WaylineError.from(cause, 'engine.crashed'));
      return undefined;
    }
  }

  #listenerFailed(cause: unknown): void {
    if (this.#reportingFailure) return;
    this.#reportingFailure = true;
    this.#report(WaylineError.from(cause, 'sdk.callback_failed'));
    this.#reportingFailure = false;
  }
}

function byteCache({ open, ask }: Opening): ByteCache {
  return {
    read: (name) => ask(async (storage) => (await storage.readAsset(name))?.bytes),
    write: async (name, bytes) => (await open()).writeAsset(name, { bytes, etag: '', savedAt: Date.now() }),
  };
}
