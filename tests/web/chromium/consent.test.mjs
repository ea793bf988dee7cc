// wayline-consent.js beside the script that ships, with consent platforms that behave as the real ones do.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import { root } from '../../support/built.mjs';
import { eventually } from '../../support/eventually.mjs';
import { compile } from '../../wasm/engine.mjs';
import * as visit from '../browsers/page.mjs';
import { tag } from '../browsers/site.mjs';
import { meetForEach } from './visit.mjs';

const google = 'data-google="analytics=analytics_storage personalization=personalization_storage,ad_personalization"';
const tcf = 'data-tcf="analytics=1,8 personalization=1,5"';
const slots = '<h1 data-wayline-slot="hero">Default</h1>';
const program = await compile();
const hosts = await bundle();
let site, page, problems;

/** The platforms as one script of the page, so that they too live under its policy. */
async function bundle() {
  const contents = "export { installGtag } from './google.mjs'; export { installTcfStub, Platform } from './tcf.mjs';";
  const { outputFiles } = await build({ stdin: { contents, resolveDir: join(root, 'tests/web/hosts') }, bundle: true, write: false, format: 'iife', globalName: 'hosts', footer: { js: 'hosts.installGtag(window); hosts.installTcfStub(window);' } });
  return outputFiles[0].text;
}

const pages = {
  '/google': ['/hosts.js', '/denied.js', tag(), `<script async src="/wayline-consent.js" ${google}></script>`],
  '/tcf': ['/hosts.js', tag(), `<script async src="/wayline-consent.js" ${tcf}></script>`],
  '/tcf-first': ['/hosts.js', `<script src="/wayline-consent.js" ${tcf}></script>`, tag()],
  '/gpc': ['/hosts.js', tag(), `<script async src="/wayline-consent.js" ${google} data-gpc="analytics"></script>`],
  '/wrong': [tag(), '<script src="/wayline-consent.js" data-tcf="analytics=one"></script>'],
};

const prepare = (fresh) => {
  fresh.files.set('/hosts.js', hosts);
  // What Google asks every page to begin with.
  fresh.files.set('/denied.js', "gtag('consent', 'default', { ad_storage: 'denied', analytics_storage: 'denied', ad_user_data: 'denied', ad_personalization: 'denied', personalization_storage: 'denied', wait_for_update: 500 });");
  for (const [path, scripts] of Object.entries(pages)) fresh.page(path, slots, scripts);
};
const meet = (met) => {
  ({ site, page, problems } = met);
  return page.evaluateOnNewDocument(() => {
    window.told = [];
    window.wayline = [['on', 'error', ({ code }) => told.push(code)]];
    document.addEventListener('wayline:error', ({ detail }) => told.push(detail.message));
  });
};
meetForEach(meet, { program, files: ['wayline.js', 'wayline-consent.js'], prepare });

const go = (path) => visit.go(page, site.origin + path);
const inspect = () => visit.inspect(page);
const consented = (expected) => eventually(`consent becomes ${JSON.stringify(expected)}`, async () => JSON.stringify((await inspect()).consent) === JSON.stringify(expected));
const update = (types) => page.evaluate((given) => window.gtag('consent', 'update', given), types);
/** Names of the events that came, each once: what a page that was left had not heard confirmed is sent again. */
const names = () => [...new Map(site.events.map(({ messageId, type, event }) => [messageId, event ?? type])).values()];
const sent = (name) => eventually(`${name} arrives`, () => names().includes(name));
const drained = () => visit.drained(page);
async function stored() {
  const { records, events } = await visit.stored(page);
  return { profile: records.includes('profile'), events: events.length };
}

const granted = { analytics: true, personalization: true };
const denied = { analytics: false, personalization: false };
const all = { analytics_storage: 'granted', personalization_storage: 'granted', ad_personalization: 'granted' };

/** Decided in memory; nothing of the visitor on the device or on its way. */
async function nothingLeaves() {
  assert.equal(await visit.contentOf(page, 'hero'), '<p>Welcome, stranger.</p>');
  assert.deepEqual(await stored(), { profile: false, events: 0 });
  assert.deepEqual(site.batches, []);
}

test('Google: before the update nothing is stored or sent; then everything is; on later pages the default withdraws nothing', async () => {
  await go('/google');
  await nothingLeaves();
  await update(all);
  await consented(granted);
  await sent('Consent Updated');
  const { visitor } = await inspect();
  await go('/google');
  assert.deepEqual((await inspect()).consent, granted);
  await update(all);
  // As long as the page's default waits for an update, and set later: it fires after that wait.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
  await drained();
  assert.deepEqual([(await inspect()).visitor, (await stored()).profile, names().filter((name) => name === 'Consent Updated').length], [visitor, true, 1]);
  assert.deepEqual([problems, await page.evaluate(() => told)], [[], []]);
});

test('Google: an update that denies silences and purges', async () => {
  await go('/google');
  await update(all);
  await consented(granted);
  await sent('Consent Updated');
  await drained();
  await update({ analytics_storage: 'denied' });
  await consented({ analytics: false, personalization: true });
  await eventually('the device is purged', async () => !(await stored()).profile);
  const before = site.batches.length;
  await page.evaluate(() => window.wayline.track('Product Viewed', {}));
  assert.deepEqual([site.batches.length, await stored()], [before, { profile: false, events: 0 }]);
});

for (const path of ['/tcf', '/tcf-first']) {
  test(`TCF on ${path}: nothing leaves while the platform asks; what the visitor chooses holds`, async () => {
    await go(path);
    await page.evaluate(() => { window.platform = new hosts.Platform(window); });
    await nothingLeaves();
    await page.evaluate(() => window.platform.choose([1, 5, 8]));
    await consented(granted);
    await sent('page');
    await drained();
    await page.evaluate(() => window.platform.choose([]));
    await consented(denied);
    await eventually('the device is purged', async () => !(await stored()).profile);
    assert.deepEqual([problems, await page.evaluate(() => told)], [[], []]);
  });
}

test('Global Privacy Control outweighs what another platform grants', async () => {
  await page.evaluateOnNewDocument(() => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }));
  await go('/gpc');
  await update(all);
  await consented({ analytics: false, personalization: true });
  await nothingLeaves();
});

test('a tag that says what no platform means is reported, and the page goes on', async () => {
  await go('/wrong');
  assert.deepEqual(await page.evaluate(() => told), ['sdk.bad_configuration: data-tcf takes numbers, not "one"']);
  await nothingLeaves();
});
