// What the fault tests share: a site that misbehaves, browsers whose profile outlives them, pages whose clock can be set, and the oracle.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../e2e/chromium.mjs';
import { eventually } from '../e2e/eventually.mjs';
import { bytesOf, compile, packFiles } from '../wasm/engine.mjs';
import { Site } from '../web/browser/site.mjs';
import { root } from '../web/load.mjs';

/** `--full` of tests/faults/run: the counts of the fault table; otherwise a few of each, for every run of the tests. */
export const full = process.env.WAYLINE_FAULTS === 'full';
/** How many: in a full run, or else. */
export const amount = (whole, short) => (full ? whole : short);

/** mulberry32: the moments of the faults differ from round to round and are the same in every run. */
export function seededRandom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const tag = (attributes = '') => `<script async src="/wayline.js" data-pack="/v1/pack" data-endpoint="/v1" data-write-key="test" ${attributes}></script>`;

/** Packs: one whose events need no consent, and one whose events need `analytics`. */
export const packWithoutConsent = await compile(packFiles({ consent: { purposes: ['personalization'] } }));
export const packWithConsent = await compile();

/** The site of these tests: `/` runs Wayline, `/blank` does not. */
export async function startSite(program = packWithoutConsent) {
  const site = await new Site().start();
  site.files.set('/wayline.js', readFileSync(join(root, 'build/web/wayline.js')));
  site.files.set('/wayline.wasm', Buffer.from(bytesOf('wayline.wasm')));
  site.files.set('/clock.js', readFileSync(new URL('clock.js', import.meta.url)));
  site.files.set('/v1/pack', Buffer.from(program));
  site.page('/', '<h1 data-wayline-slot="hero">Default</h1>', ['/clock.js', tag()]);
  site.page('/blank', 'nothing of ours');
  return site;
}

/** Milliseconds for a browser to start on a machine that is busy with other tests. */
const launchTime = 120_000;

/** A browser with a profile on disk that outlives it. */
export class Device {
  #folder = mkdtempSync(join(tmpdir(), 'wayline-faults-'));
  #browser;

  constructor(site) {
    this.site = site;
  }

  /** A new tab; where Wayline runs, once it is ready. */
  async open(path = '/') {
    this.#browser ??= await launchChromium({ userDataDir: this.#folder, timeout: launchTime });
    const page = await this.#browser.newPage({ type: 'window' }); // a tab would hide the others
    await page.goto(this.site.origin + path, { waitUntil: 'load' });
    if (!path.startsWith('/blank')) await ready(page);
    return page;
  }

  /** Kills the tab's process: none of its code runs any more. */
  async crash(page) {
    const session = await page.createCDPSession();
    const crashed = new Promise((done) => page.once('error', done));
    session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  /** SIGKILL to the whole browser. */
  async kill() {
    const child = this.#browser.process();
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    this.#browser.disconnect();
    this.#browser = undefined;
    rmSync(join(this.#folder, 'SingletonLock'), { force: true });
  }

  async close() {
    await this.#browser?.close();
    this.#browser = undefined;
  }

  async end() {
    await this.close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Tabs of a browser that many tests share; storage is apart because each test has a site, and so an origin, of its own. */
export class Visitor {
  #tabs = [];

  constructor(browser, site) {
    this.browser = browser;
    this.site = site;
  }

  async open(path = '/') {
    const tab = await this.browser.tab();
    this.#tabs.push(tab);
    tab.evaluate = (...call) => tab.run(...call);
    tab.gone = async () => {
      this.#tabs = this.#tabs.filter((other) => other !== tab);
      await tab.close();
    };
    await this.go(tab, path);
    return tab;
  }

  async go(tab, path) {
    await tab.open(this.site.origin + path);
    if (!path.startsWith('/blank')) await ready(tab);
  }

  async end() {
    for (const tab of this.#tabs.splice(0)) await tab.close();
  }
}

export const ready = (page) =>
  page.evaluate(async () => {
    while (!window.wayline?.ready) await new Promise((next) => setTimeout(next, 5));
    await window.wayline.ready;
  });

/** Tracks `count` events at once. Resolves to the ids that the page was told are stored in `where`. */
export const track = (page, count, where = 'indexeddb') =>
  page.evaluate(async (number, place) => {
    const acceptances = await Promise.all(Array.from({ length: number }, (_, index) => window.wayline.track('Counted', { index })));
    return acceptances.filter(({ stored }) => stored === place).map(({ messageId }) => messageId);
  }, count, where);

export const queueOf = (page) => page.evaluate(() => window.wayline.inspect().queue);
export const drained = (page, milliseconds = 30_000) => eventually('the queue is empty', async () => (await queueOf(page)).pending === 0, milliseconds);

/** The events named Counted in all requests, copies included. */
export const counted = (site) => site.batches.flatMap(({ batch }) => batch).filter(({ event }) => event === 'Counted');

/** The oracle: every accepted id has its row, and no event came under two ids. */
export async function assertDelivered(site, ids, milliseconds = 30_000) {
  await eventually(`${ids.length} events arrive`, () => ids.every((id) => site.rows.has(id)), milliseconds);
  const accepted = new Set(ids);
  const foreign = counted(site).filter(({ messageId }) => !accepted.has(messageId));
  assert.deepEqual(foreign.map(({ messageId }) => messageId), [], 'no event under an id that its caller does not know');
}

/** Answers with this status and stores nothing. */
export const refuse = (status = 503, headers = {}) => (_, response) => (response.writeHead(status, headers).end(), true);
/** What being offline looks like to a page, without telling the browser. */
export const cut = (request) => (request.socket.destroy(), true);
