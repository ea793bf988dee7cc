// T11: the page goes into the back/forward cache and comes back, ten times; and the visitor opts out while a batch waits to be sent again.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { eventually } from '../e2e/eventually.mjs';
import { amount, counted, drained, meetForEach, packWithConsent, ready, refuse } from './stage.mjs';

const returns = amount(10, 3);
/** Milliseconds in which a retry of the first failures would have come. */
const silence = amount(8_000, 4_000);

let site, visitor;
meetForEach((met) => ({ site, visitor } = met), { program: packWithConsent });

const call = (page, method, ...args) => page.evaluate((name, list) => window.wayline[name](...list), method, args);
const allow = (page) => call(page, 'consent', { analytics: true, personalization: true });

/** Back to Wayline's page, from the cache or by a load. */
async function goBack(page) {
  await page.evaluate(() => void setTimeout(() => history.back(), 0));
  const isBack = () => page.evaluate(() => location.pathname === '/' && document.readyState === 'complete').catch(() => false);
  await eventually('the page is back', isBack);
  await ready(page);
}

test(`T11: ${returns} times through the back/forward cache: delivery goes on each time`, async (context) => {
  const page = await visitor.open();
  await allow(page);
  await page.evaluate(() => {
    window.returned = 0;
    window.addEventListener('pageshow', ({ persisted }) => persisted && window.returned++);
  });
  const ids = [];
  for (let round = 0; round < returns; round++) {
    const { messageId } = await call(page, 'track', 'Counted', { round });
    ids.push(messageId);
    await page.open(`${site.origin}/blank`);
    await goBack(page);
    const { messageId: later } = await call(page, 'track', 'Counted', { round });
    ids.push(later);
    await eventually('both arrive', () => ids.every((id) => site.rows.has(id)), 30_000);
  }
  await drained(page);
  const kept = await page.evaluate(() => window.returned);
  context.diagnostic(`${kept ?? 0} of ${returns} returns came from the cache, the others were loads`);
  assert.deepEqual([...new Set(counted(site).map(({ messageId }) => messageId))].toSorted(), ids.toSorted());
});

test('T11: opt-out while a batch waits to be sent again: no request after it, in any tab', async () => {
  const page = await visitor.open();
  await allow(page);
  await drained(page);
  const other = await visitor.open();
  site.misbehave = refuse();
  await call(page, 'track', 'Counted', {});
  await call(other, 'track', 'Counted', {});
  await eventually('a batch has failed', () => counted(site).length > 0);
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
