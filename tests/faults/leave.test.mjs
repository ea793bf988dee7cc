// T11: the page goes into the back/forward cache and comes back, ten times; and the visitor opts out while a batch waits to be sent again.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { seededRandom } from '../support/random.mjs';
import { allow, amount, atRest, call, counted, drained, meetForEach, packWithConsent, queueOf, ready, refuse, tag } from './stage.mjs';

const returns = amount(10, 3);
const departures = amount(60, 12);
/** Milliseconds in which a retry of the first failures would have come. */
const silence = amount(8_000, 4_000);

let site, open;
// Without a slot, so that the page sends nothing by itself once it has come.
const prepare = (fresh) => {
  fresh.page('/plain', 'nothing to decide', ['/probe.js', tag()]);
  // Hears that the page is left before Wayline does.
  fresh.files.set('/first.js', "addEventListener('pagehide', () => window.leaving?.());");
  fresh.page('/hasty', 'nothing to decide', ['/probe.js', '/first.js', tag()]);
};
meetForEach((met) => ({ site, open } = met), { program: packWithConsent, prepare });

/** To a page without Wayline and back; resolves to whether the page came from the cache. */
async function leaveAndReturn(page) {
  await page.run(() => void (window.isTheSame = true));
  await page.follow(`${site.origin}/blank`);
  await page.back(`${site.origin}/plain`);
  await ready(page);
  return page.run(() => window.isTheSame === true);
}

test(`T11: ${returns} times through the back/forward cache: delivery goes on each time`, async (context) => {
  const page = await open('/plain');
  await allow(page);
  const ids = [];
  const track = async (round) => ids.push((await call(page, 'track', 'Counted', { round })).messageId);
  const arrived = () => eventually('all arrive', () => ids.every((id) => site.rows.has(id)), 30_000);
  let hurried = 0;
  for (let round = 0; round < returns; round++) {
    await atRest(page);
    assert.ok(await leaveAndReturn(page), 'a page at rest is kept by the cache');
    await track(round);
    await arrived();
    await track(round);
    // Left with an event that is not sent yet. Firefox keeps no page that is sending.
    hurried += await leaveAndReturn(page);
    await track(round);
    await arrived();
  }
  await drained(page);
  context.diagnostic(`${hurried} of ${returns} returns to a page that was left in haste came from the cache, the others were loads; of the pages at rest all`);
  assert.deepEqual([...new Set(counted(site).map(({ messageId }) => messageId))].toSorted(), ids.toSorted());
});

/** What a site does as its page is left: before Wayline hears of it, or after. A transaction that begins then is frozen in its midst by a cache that keeps the page. */
const habits = {
  'tracks before': (page, name) => page.run((event) => (window.leaving = () => void window.wayline.track('Counted', { name: event })), name),
  'tracks after': (page, name) => page.run((event) => addEventListener('pagehide', () => void window.wayline.track('Counted', { name: event })), name),
  'flushes after': (page) => page.run(() => addEventListener('pagehide', () => void window.wayline.flush())),
};

test(`T11: ${departures} times left for another page with something under way: no page holds up the next`, async () => {
  const random = seededRandom(11);
  const page = await open('/hasty');
  await allow(page);
  const names = [];
  const track = async (name) => {
    const { stored } = await call(page, 'track', 'Counted', { name });
    assert.equal(stored, 'indexeddb', `${name}: the device takes it at once`);
    names.push(name);
  };
  const confirmed = () => counted(site).filter(({ messageId }) => site.rows.has(messageId));
  for (let departure = 0; departure < departures; departure++) {
    const habit = Object.keys(habits)[departure % 4];
    await track(`${departure} on the page`);
    if (habit === undefined) {
      await sleep(100 + random() * 200); // so that it is left about when it begins to send
    } else {
      await atRest(page);
      await habits[habit](page, `${departure} ${habit}`);
      if (habit.startsWith('tracks')) names.push(`${departure} ${habit}`);
    }
    await page.follow(`${site.origin}/hasty?${departure}`);
    await ready(page);
    await track(`${departure} on the next page`);
    await eventually(`all of ${names} arrive`, () => {
      const arrived = new Set(confirmed().map(({ properties }) => properties.name));
      return names.every((name) => arrived.has(name));
    });
  }
  const ids = new Set(confirmed().map(({ messageId }) => messageId));
  assert.equal(ids.size, names.length, 'each under one id');
});

test('T11: opt-out while a batch waits to be sent again: no request after it, in any tab', async () => {
  const page = await open();
  await allow(page);
  await drained(page);
  const other = await open();
  const taken = site.batches.length;
  site.misbehave = refuse();
  await call(page, 'track', 'Counted', {});
  await call(other, 'track', 'Counted', {});
  // Any batch: when it was the other tab's page view, this alone is tried again, and the events above wait behind it.
  await eventually('a batch has failed', () => site.batches.length > taken);
  await call(page, 'consent', { analytics: false });
  await sleep(1_000); // within which the other tab must know
  const before = site.batches.length;
  site.misbehave = () => false;
  await call(page, 'flush');
  await call(other, 'flush');
  await sleep(silence);
  assert.equal(site.batches.length, before);
  for (const tab of [page, other]) assert.equal((await queueOf(tab)).pending, 0);
});
