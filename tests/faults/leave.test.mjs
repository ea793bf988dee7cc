// T11: the page goes into the back/forward cache and comes back, ten times; and the visitor opts out while a batch waits to be sent again.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.mjs';
import { amount, atRest, counted, drained, meetForEach, packWithConsent, ready, refuse, tag } from './stage.mjs';

const returns = amount(10, 3);
/** Milliseconds in which a retry of the first failures would have come. */
const silence = amount(8_000, 4_000);

let site, visitor;
// Without a slot, so that the page sends nothing by itself once it has come.
const prepare = (fresh) => fresh.page('/plain', 'nothing to decide', [tag()]);
meetForEach((met) => ({ site, visitor } = met), { program: packWithConsent, prepare });

const call = (page, method, ...args) => page.evaluate((name, list) => window.wayline[name](...list), method, args);
const allow = (page) => call(page, 'consent', { analytics: true, personalization: true });

/** To a page without Wayline and back; resolves to whether the page came from the cache. */
async function leaveAndReturn(page) {
  await page.run(() => void (window.isTheSame = true));
  await page.follow(`${site.origin}/blank`);
  await page.back(`${site.origin}/plain`);
  await ready(page);
  return page.run(() => window.isTheSame === true);
}

test(`T11: ${returns} times through the back/forward cache: delivery goes on each time`, async (context) => {
  const page = await visitor.open('/plain');
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

test('T11: opt-out while a batch waits to be sent again: no request after it, in any tab', async () => {
  const page = await visitor.open();
  await allow(page);
  await drained(page);
  const other = await visitor.open();
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
  const queues = await Promise.all([page, other].map((tab) => tab.evaluate(() => window.wayline.inspect().queue.pending)));
  assert.deepEqual(queues, [0, 0]);
});
