// A device whose writes fail in turn, pages over it with the pipeline and the engine that ship, and the calls that they make.
import { bytesOf, compile } from '../../wasm/engine.mjs';
import { load } from '../load.mjs';
import { LocalTexts } from '../local-texts.mjs';

const { Pipeline, Visitor, Spill, Engine, Program, KeyValueStorage, ResilientStorage, memoryTexts, uniqueId, seal: sealed } = await load(
  'client/pipeline.ts', 'client/visitor.ts', 'client/spill.ts', 'engine.ts', 'store/key-value-storage.ts', 'store/resilient-storage.ts', 'store/unique-id.ts', 'store/sealed.ts');

const engine = await Engine.load(bytesOf('wayline.wasm'));
const shop = await compile();
const page = { url: 'https://shop.test/', path: '/', title: '', referrer: '', search: '' };

export const granted = { analytics: true, personalization: true };
export const denied = { analytics: false, personalization: false };

/** `importance`: 0 to 2, as a client gives it. */
export const call = (kind, input, message, importance = 1) => {
  const id = uniqueId();
  const at = Date.now();
  return { kind, id, at, monotonic: 1, bootId: 'boot', page, importance, input: { ...input, at, id }, ...(message === undefined ? {} : { message }) };
};
export const view = () => call('page', { page }, { type: 'page' }, 0);
export const track = (event) => call('track', { track: event, properties: {}, page }, { type: 'track', event, properties: {} });
/** More than one event may have. */
export const large = () => ({ ...track('Large'), message: { type: 'track', event: 'Large', properties: { text: 'x'.repeat(40_000) } } });
export const identify = (traits) => call('identify', { identify: 'u', traits }, { type: 'identify', userId: 'u', traits });
export const consent = (purposes) => call('consent', { consent: purposes }, { type: 'track', event: 'Consent Updated', properties: {} }, 2);
export const reset = () => call('reset', { logout: true }, undefined, 2);

/** Whatever a page does without a call of its own is done. */
export const settled = () => new Promise((done) => setTimeout(done));

export const seal = (document) => JSON.stringify(sealed(JSON.stringify(document)));
export const use = (visitor, bytes, since) => visitor.use(Program.load(engine, bytes), since);

/** One at a time: its calls that wait for the next page are in the localStorage of this process. */
export class Device {
  /** What is stored. */
  texts = memoryTexts();
  /** Methods of the storage that reject, as on a full or broken disk; what they were to do is not done. */
  broken = new Set();
  /** What its pages reported, told other tabs, and handed to the outbox: the codes, kinds and names, in their order. */
  log = [];
  /** What its pages reported, whole. */
  problems = [];
  /** What its pages told other tabs. */
  told = [];

  constructor() {
    globalThis.localStorage = new LocalTexts();
    this.disk = new Proxy(new KeyValueStorage('indexeddb', this.texts, () => {}), {
      get: (target, name) => {
        if (this.broken.has(name)) return async () => { throw new Error(`${name} failed`); };
        const value = target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** A page over the device as it is now. */
  async open({ bytes = shop, since = 1, catchUp = async () => false, advanced = () => {} } = {}) {
    const report = (error) => (this.problems.push(error), this.log.push(error.code));
    const storage = new ResilientStorage(this.disk, report);
    const visitor = new Visitor(Program.load(engine, bytes), {}, report, since);
    visitor.synchronise({ text: await storage.readProfile() });
    const outbox = {
      accepted: (events) => this.log.push(...events.map(({ text }) => JSON.parse(text).event)),
      withdraw: () => this.log.push('withdraw'),
      wake: () => this.log.push('wake'),
      drop: (count, reason) => this.log.push(`${count} ${reason}`),
    };
    const spill = new Spill('test');
    const tabs = { tell: (message) => (this.told.push(message), this.log.push(message.kind)) };
    const recall = (purposes) => call('consent', { consent: purposes }, undefined, 2);
    const pipeline = new Pipeline({ visitor, storage, outbox, tabs, spill, report, advanced: (calls, effects) => advanced(visitor, calls, effects), catchUp: () => catchUp(visitor), recall });
    pipeline.start();
    const send = (...calls) => Promise.all(calls.map((each) => new Promise((resolve) => pipeline.add({ call: each, resolve }))));
    return { pipeline, visitor, storage, spill, send };
  }

  /** As it is stored: sealed. */
  profile() {
    return this.texts.get('profile');
  }

  document() {
    return JSON.parse(JSON.parse(this.profile()).text);
  }

  /** What is in the queue, in its order: importance, size and text. */
  stored() {
    const keys = this.texts.keys().filter((key) => key.startsWith('event:')).sort();
    return keys.map((key) => JSON.parse(JSON.parse(this.texts.get(key)).text));
  }

  /** The messages in the queue. */
  queued() {
    return this.stored().map(([, , text]) => JSON.parse(text));
  }

  sequences() {
    return this.queued().map(({ context }) => context.wayline.sequence);
  }

  /** The events in the log. */
  events() {
    return this.log.filter((entry) => /^[A-Z]/.test(entry));
  }
}
