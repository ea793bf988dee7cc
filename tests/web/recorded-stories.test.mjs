// Whatever a visitor does, the panel's "save as test" writes a story that passes: random visits through the SDK's calls, saved and played.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { build, root, wayline } from '../support/built.mjs';
import { seededRandom } from '../support/random.mjs';
import { load } from './load.mjs';
import { LocalTexts } from './local-texts.mjs';

const visits = 60, callsOfAVisit = 45;
const folder = mkdtempSync(join(tmpdir(), 'wayline-recorded-'));
const origin = 'https://hazel.example';
let engine, programBytes, hide;

Object.assign(globalThis, { location: {}, document: { referrer: '', title: 'Hazel' }, sessionStorage: new LocalTexts() });
globalThis.addEventListener = (type, listener) => {
  if (type === 'pagehide') hide = listener;
};
const { Capture, Visitor, Recording, savedStory, Engine, Program } = await load('client/capture.ts', 'client/visitor.ts', 'panel/recording.ts', 'panel/save-form.ts', 'engine.ts');

before(async () => {
  cpSync(join(root, 'demo/pack'), folder, { recursive: true });
  rmSync(join(folder, 'tests'), { recursive: true });
  const made = spawnSync(wayline, ['build', folder, '-o', `${folder}.wayline`], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  engine = await Engine.load(readFileSync(join(build, 'web/wayline.wasm')));
  programBytes = readFileSync(`${folder}.wayline`);
  mock.timers.enable({ apis: ['Date'] });
});
after(() => {
  mock.timers.reset();
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.wayline`, { force: true });
});

/** The client as the panel sees it, over a visitor who is told what the SDK would tell; a new one for each page that is loaded. */
class PageClient {
  #told = () => undefined;
  #steps = [];
  #user;

  constructor(visitor, capture) {
    Object.assign(this, { visitor, capture });
    this.#user = visitor.user;
  }

  on(_, told) {
    this.#told = told;
  }

  inspect() {
    return { visitor: this.visitor.id, steps: [...this.#steps] };
  }

  fork(state) {
    return this.visitor.fork(state);
  }

  take(call) {
    const { id } = this.visitor;
    this.visitor.advance([call]);
    if (id !== this.visitor.id || (this.#user ?? this.visitor.user) !== this.visitor.user) this.#steps = [];
    this.#user = this.visitor.user;
    if (call.kind !== 'reset') this.#steps = [...this.#steps, call.input].slice(-50);
    this.#told();
  }
}

const paths = ['/', '/basket', '/checkout', '/order', '/help', '/account', '/blouses', '/sale', '/product/C11', '/product/żółw?colour=red&x=1', '/a%20b#c'];
const odd = [null, '', 0, -1.5, 1e21, true, [], ['a', { b: null }], {}, { a: { b: 'ü\u2028"\\' } }, 'x'.repeat(300), '2026-11-27', '\u0000', '🧵', 'http://', '//', 'about:blank'];
const named = ['product_id', 'category', 'price', 'rating', 'case_id', 'revenue', 'by', 'coupon_id', 'quantity', '', '__proto__', 'a.b', 'at', 'event'];
const plausible = { category: ['trousers', 'skirts', 'blouses', 'sale'], price: [20, 60, 90.5], rating: [1, 4, 5], case_id: ['c1', 'c2'], revenue: [80, 12.34], by: ['Ewa'], coupon_id: ['A', 'B', 'C'], quantity: [1, 2] };
const events = ['Product Viewed', 'Product Viewed', 'Product Viewed', 'Product Added', 'Product Added', 'Product Removed', 'Checkout Started', 'Order Completed', 'Product Reviewed', 'Case Opened', 'Case Closed',
  'Coupon Denied', 'Personal Shopper Requested', 'Consultation Completed', 'Signed In', 'Membership Upgraded', 'Newsletter Closed', 'Hold Placed', 'Hold Released', 'Handoff Acknowledged', 'Journey Entered', 'page', 'consent', '__proto__', ' '];
const traits = { first_name: ['Ada', 'Żaneta'], email: ['a@b.example'], tier: ['gold', 'none', 'Gold'], gold_until: ['2027-01-10', 'soon'], stylist: ['Ewa'], shoe_size: [38] };
const holds = { by: ['service', 'sales'], scope: ['everything', 'team:marketing', 'journey:abandoned-basket', 'all'], reason: ['asked for it'], expires: ['2d', 'never', '1s'] };
const pauses = [0, 0, 1, 40, 999, 1_000, 7_300, 60_000, 1_799_999, 3_600_000, 5_400_001, 86_400_000, 3 * 86_400_000];

class Visit {
  constructor(seed) {
    this.next = seededRandom(seed);
  }

  one(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  chance(part) {
    return this.next() < part;
  }

  some(source, part, wild = 0.15) {
    return Object.fromEntries(Object.keys(source).filter(() => this.chance(part)).map((name) => [name, this.chance(wild) ? this.one(odd) : this.one(source[name])]));
  }

  properties(event) {
    const said = event.startsWith('Hold') ? this.some(holds, 0.8, 0) : this.some(plausible, 0.6);
    if (this.chance(0.2) && !event.startsWith('Hold')) said[this.one(named)] = this.one(odd);
    return said;
  }

  traits() {
    const said = this.some(traits, 0.4);
    for (const name of Object.keys(said)) if (this.chance(0.3)) said[name] = { value: said[name], source: this.one(['crm', 'account', 'gossip']), ...(this.chance(0.5) && { observedAt: new Date(Date.now() - 86_400_000).toISOString() }) };
    return said;
  }

  go(client) {
    const { capture, visitor } = client;
    const shown = Object.entries(visitor.decide(capture.here, {}));
    const choices = () => Object.fromEntries(['analytics', 'personalization', 'service', 'horoscopes'].filter(() => this.chance(0.7)).map((purpose) => [purpose, this.chance(0.85)]));
    const event = this.one(events), [slot, decision] = this.one(shown.length > 0 ? shown : [['hero', { experience: null }]]);
    const call = this.one([
      () => capture.page(this.chance(0.2) ? { [this.one(['name', 'category', 'url', 'referrer', 'path', 'title'])]: this.chance(0.5) ? 'Sale' : this.one(odd) } : undefined),
      () => capture.track(event, this.properties(event)), () => capture.track(event, this.properties(event)), () => capture.track(event, this.properties(event)),
      () => capture.identify(this.one(['customer-7', 'customer-7', 'customer-8', 'ü"\n']), this.traits()),
      () => capture.consent(choices(), []),
      () => capture.exposure(slot, decision),
      () => (decision.experience === null ? undefined : capture.dismiss(slot, decision)),
      () => capture.tick(),
      () => (this.chance(0.2) ? capture.reset() : undefined),
    ])();
    if (call !== undefined) client.take(call);
  }

  /** Gives the client of the last page, and the recording. */
  play() {
    let at = Date.parse('2026-11-19T07:00:00.123Z') + Math.floor(this.next() * 2e9), client, recording;
    const device = this.one([{ type: 'desktop', language: 'pl' }, { type: 'mobile', utc_offset: 60, language: 'en' }, { type: 'desktop', language: 'pl', utc_offset: -300 }]);
    const program = Program.load(engine, programBytes);
    const visitor = new Visitor(program, device, () => undefined, 0);
    const opened = this.chance(0.5) ? 0 : Math.floor(this.next() * callsOfAVisit);
    globalThis.sessionStorage = new LocalTexts();
    const arrive = () => {
      Object.assign(document, { referrer: this.one(['', 'https://search.example/?q=1', origin]) });
      this.turn();
      client = new PageClient(visitor, new Capture(device, () => undefined));
      if (recording) recording = (hide(), new Recording(client));
      client.take(client.capture.page());
    };
    mock.timers.setTime(at);
    arrive();
    for (let number = 0; number < callsOfAVisit; number++) {
      if (number === opened) recording = new Recording(client);
      mock.timers.setTime((at += this.one(pauses)));
      if (this.chance(0.1)) arrive();
      else if (this.chance(0.1)) this.turn();
      this.go(client);
    }
    return { client, recording };
  }

  turn() {
    const { href, pathname, search } = new URL(this.one(paths), origin);
    Object.assign(location, { href, pathname, search });
  }
}

test('what random visits are saved as passes, and says so where the visitor was known before', () => {
  mkdirSync(join(folder, 'tests'));
  let seenAgain = 0;
  for (let seed = 1; seed <= visits; seed++) {
    const { client, recording } = new Visit(seed).play();
    const story = savedStory(`Visit ${seed}`, client, recording);
    if (story === undefined) continue;
    assert.equal(/^The visitor was known before/.test(story.notes[0]), !recording.fresh, `visit ${seed}`);
    if (story.notes.some((note) => note.includes('as it was seen here'))) seenAgain++;
    writeFileSync(join(folder, `tests/visit-${seed}.json`), story.text);
  }
  const { status, stdout, stderr } = spawnSync(wayline, ['test', folder], { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout.replace(/^ *pass .*\n/gm, '')}${stderr}`);
  const passed = stdout.match(/^ *pass /gm).length;
  assert.ok(passed > visits * 0.8 && seenAgain > passed * 0.4, `${passed} stories, of which ${seenAgain} come out as they were seen`);
});
