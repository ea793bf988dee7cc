// One visitor, from the first page to an offline visit and back, in real Chromium against the real collector.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from '../support/built.mjs';
import { launchChromium } from '../support/chromium.mjs';
import { Collector } from './collector.mjs';
import { allowAll, drained, follow, inspect, personalised, ready, stored, waiting } from './shop.mjs';
import { Visit } from './visit.mjs';

const screenshots = join(build, 'screenshots');
mkdirSync(screenshots, { recursive: true });

let collector, browser, visit, page;
const shoot = (name) => page.screenshot({ path: join(screenshots, `${name}.png`) });
const path = () => new URL(page.url()).pathname;

before(async () => {
  collector = await new Collector().start();
  browser = await launchChromium();
  visit = await Visit.open(browser, collector.origin);
  page = visit.page;
});

after(async () => {
  await browser?.close();
  await collector?.dispose();
});

/** Paths of the pages that were looked at after consent, in order: what the collector must have in the end. */
const looked = [];
/** Ids seen waiting on the device at any time. */
const accepted = new Set();
const note = async () => (await waiting(page)).forEach((id) => accepted.add(id));

test('before consent nothing leaves the page', async () => {
  await visit.arrive();
  assert.deepEqual(visit.sent, []);
  assert.deepEqual(await collector.events(), []);
  await shoot('1-first-visit');
});

test('three products of one kind change what a page shows', async () => {
  await allowAll(page);
  await follow(page, '.nav-blouses');
  looked.push('/blouses');
  for (const position of [1, 2, 3]) {
    await follow(page, `.card:nth-of-type(${position}) a`);
    looked.push(path());
    assert.match(path(), /^\/product\//);
    await note();
    if (position < 3) {
      await follow(page, '.crumbs a');
      looked.push('/blouses');
    }
  }
  await follow(page, '.masthead .wordmark');
  looked.push('/');
  assert.notDeepEqual(await personalised(page), []);
  await shoot('2-personalised');
});

test('after a reload it is still so', async () => {
  const shown = await personalised(page);
  await page.reload({ waitUntil: 'load' });
  await ready(page);
  looked.push('/');
  assert.deepEqual(await personalised(page), shown);
});

test('with the network and the collector gone, the shop opens and goes on being personalised', async () => {
  await drained(page);
  await stored(page, '/product/C5');
  const shown = await personalised(page);
  await visit.away(true);
  await collector.stop();
  await page.reload({ waitUntil: 'load' });
  await ready(page);
  looked.push('/');
  assert.deepEqual(await personalised(page), shown);
  assert.equal((await inspect(page)).pack.source, 'cache');
  await follow(page, '.nav-blouses');
  looked.push('/blouses');
  await follow(page, '.card a');
  looked.push(path());
  await follow(page, '.masthead .wordmark');
  looked.push('/');
  assert.notDeepEqual(await personalised(page), []);
  await note();
  assert.ok((await inspect(page)).queue.pending >= 4);
  await shoot('3-offline');
});

test('back online, the collector has exactly its events, each once', async () => {
  await collector.start();
  await visit.away(false);
  await drained(page);
  const rows = await collector.events();
  const ids = rows.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'no id twice');
  assert.deepEqual([...accepted].filter((id) => !ids.includes(id)), [], 'every event that was stored on the device has arrived');
  assert.deepEqual(ids.filter((id) => !visit.sent.includes(id)), [], 'nothing arrived that this page did not send');
  const visitors = new Set(rows.map(({ visitor }) => visitor));
  assert.equal(visitors.size, 1);

  const sequence = rows.map((row) => row.sequence).sort((one, other) => one - other);
  assert.deepEqual(sequence, sequence.map((_, index) => sequence[0] + index), 'the sequence has no gap');

  const inOrder = rows.toSorted((one, other) => one.sequence - other.sequence);
  const pages = inOrder.filter(({ type }) => type === 'page').map(({ body }) => new URL(body.context.page.url).pathname);
  assert.deepEqual(pages.slice(-looked.length), looked, 'every page that was looked at, in order');
  const products = inOrder.filter(({ event }) => event === 'Product Viewed').map(({ body }) => `/product/${body.properties.product_id}`);
  assert.deepEqual(products, looked.filter((each) => each.startsWith('/product/')));
  assert.ok(rows.some(({ event }) => event === 'Experiment Viewed'), 'an exposure');
  assert.ok(rows.some(({ event }) => event === 'Journey Entered'), 'a journey');
});

test('nothing went wrong in the page on the way', () => assert.deepEqual(visit.problems, []));
