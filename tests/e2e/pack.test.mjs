// What becomes of a page whose pack is missing, damaged or replaced; and navigation without a page load.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { build } from '../support/built.mjs';
import { launchChromium } from '../support/chromium.mjs';
import { eventually } from '../support/eventually.mjs';
import { Collector } from './collector.mjs';
import { allowAll, drained, forgeStateVersion, inspect, ready, stateVersion } from './shop.mjs';
import { Visit } from './visit.mjs';

const folder = mkdtempSync(join(tmpdir(), 'wayline-packs-'));
const pack = join(folder, 'pack.wayline');
const good = join(build, 'demo/pack.wayline');
let browser, context, collector, visit, page;

before(async () => {
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  cpSync(good, pack);
  collector = await new Collector({ pack }).start();
  context = await browser.createBrowserContext();
  visit = await Visit.open(context, collector.origin);
  page = visit.page;
  await page.evaluateOnNewDocument(() => {
    // Errors are told to listeners only; this one waits in the queue before the script is there.
    window.wayline = [['on', 'error', ({ code }) => (window.codes ??= []).push(code)]];
  });
});
afterEach(async () => {
  await context.close();
  await collector.dispose();
});

const told = (code) => eventually(`the error ${code}`, () => page.evaluate((wanted) => window.codes?.includes(wanted), code));
const heroText = () => page.$eval('[data-wayline-slot=hero]', (element) => element.innerText);

test('a truncated pack is refused with its code, and the page keeps what it has', async () => {
  const bytes = readFileSync(good);
  writeFileSync(pack, bytes.subarray(0, bytes.length >> 1));
  await visit.goto('/');
  await told('program.truncated');
  assert.match(await heroText(), /Drawn first/);
  assert.deepEqual(visit.problems, []);
});

test('after a good pack, a damaged one changes nothing: the last good one decides', async () => {
  await visit.goto('/');
  await ready(page);
  const { hash } = (await inspect(page)).pack;
  const bytes = Buffer.from(readFileSync(good));
  bytes[bytes.length >> 1] ^= 0xff;
  writeFileSync(pack, bytes);
  await page.reload({ waitUntil: 'load' });
  await ready(page);
  const used = (await inspect(page)).pack;
  assert.equal(used.hash, hash);
  assert.equal(used.source, 'cache');
  assert.deepEqual(visit.problems, []);
});

test('after a good pack, a missing one changes nothing either', async () => {
  await visit.goto('/');
  await ready(page);
  const { hash } = (await inspect(page)).pack;
  rmSync(pack);
  await page.reload({ waitUntil: 'load' });
  await ready(page);
  assert.equal((await inspect(page)).pack.hash, hash);
});

test('a state from a newer engine is refused with its code and left alone, and the page works', async () => {
  await visit.goto('/');
  await ready(page);
  await allowAll(page);
  await forgeStateVersion(page, 1_000_000);
  await page.reload({ waitUntil: 'load' });
  await told('state.from_future');
  await ready(page);
  await page.evaluate(() => window.wayline.track('Product Viewed', { category: 'skirts' }));
  assert.equal(await stateVersion(page), 1_000_000, 'the stored state is kept for the newer engine');
  assert.match(await heroText(), /\S/);
  assert.deepEqual(visit.problems, []);
});

test('navigation by pushState is a page view of its own', async () => {
  await visit.goto('/');
  await ready(page);
  await allowAll(page);
  await page.evaluate(() => history.pushState({}, '', '/sale?from=menu'));
  await page.evaluate(() => history.pushState({}, '', '/help'));
  await page.evaluate(() => history.back());
  await eventually('all pages are counted', async () => {
    await drained(page);
    return (await collector.events()).filter(({ type }) => type === 'page').length >= 3;
  });
  const pages = (await collector.events()).filter(({ type }) => type === 'page').toSorted((one, other) => one.sequence - other.sequence);
  assert.deepEqual(pages.slice(-3).map(({ body }) => new URL(body.context.page.url).pathname), ['/sale', '/help', '/sale']);
  assert.deepEqual(visit.problems, []);
});
