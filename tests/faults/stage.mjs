// What the fault tests share: a site that misbehaves, devices and tabs on it, pages whose clock can be set, and the oracle.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { compile, packFiles } from '../wasm/engine.mjs';
import { ready, run } from '../web/browsers/page.mjs';
import { Site, tag } from '../web/browsers/site.mjs';
import { meetForEach as meetTabsForEach } from '../web/browsers/visit.mjs';
import { Device as DeviceOfAnybody } from './device.mjs';

export { tag };
export * from '../web/browsers/page.mjs';

/** `--full` of tests/faults/run: the counts of the fault table; otherwise a few of each, for every run of the tests. */
export const full = process.env.WAYLINE_FAULTS === 'full';
/** How many: in a full run, or else. */
export const amount = (whole, short) => (full ? whole : short);

/** Packs: one whose events need no consent, and one whose events need `analytics`. */
const packWithoutConsent = await compile(packFiles({ consent: { purposes: ['personalization'] } }));
export const packWithConsent = await compile();

/** The pages of these tests: `/` runs Wayline, `/blank` does not. */
function addPages(site) {
  site.files.set('/clock.js', readFileSync(new URL('clock.js', import.meta.url)));
  site.page('/', '<h1 data-wayline-slot="hero">Default</h1>', ['/probe.js', '/clock.js', tag()]);
  site.page('/blank', 'nothing of ours', ['/probe.js']);
}

export async function startSite() {
  const site = (await new Site().start()).ship(packWithoutConsent, 'wayline.js');
  addPages(site);
  return site;
}

/** A device that visits the site. */
export class Device extends DeviceOfAnybody {
  constructor(site) {
    super();
    this.site = site;
  }

  /** A new window, as a tab would hide the others; where Wayline runs, once it is ready. */
  async open(path = '/') {
    const page = await this.openAt(this.site.origin + path, { type: 'window' });
    if (!path.startsWith('/blank')) await ready(page);
    return page;
  }
}

/** Gives each test of a file a site of its own, which `prepare` may complete, and tabs on it; they share a browser. */
export function meetForEach(meet, { program = packWithoutConsent, prepare = () => undefined } = {}) {
  const addAllPages = (site) => {
    addPages(site);
    prepare(site);
  };
  meetTabsForEach(meet, { program, prepare: addAllPages });
}

/** Gives the tests of a file a site and a device that visits it. */
export function meetOnce(meet) {
  let site, device;
  before(async () => {
    site = await startSite();
    device = new Device(site);
    meet({ site, device });
  });
  after(async () => {
    await device.end();
    site.stop();
  });
}

/** Tracks `count` events at once. Resolves to the ids that the page was told are stored in `where`. */
export const track = (page, count, where = 'indexeddb') =>
  run(page, async (number, place) => {
    const acceptances = await Promise.all(Array.from({ length: number }, (_, index) => window.wayline.track('Counted', { index })));
    return acceptances.filter(({ stored }) => stored === place).map(({ messageId }) => messageId);
  }, count, where);

export const queueOf = (page) => run(page, () => window.wayline.inspect().queue);

/** The events named Counted in all requests, copies included. */
export const counted = (site) => site.events.filter(({ event }) => event === 'Counted');

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
