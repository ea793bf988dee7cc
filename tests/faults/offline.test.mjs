// T3: a day offline, as many events as the queue holds, three restarts of the browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount, counted, cut, drained, full, meetOnce } from './stage.mjs';

const hour = 3_600_000;
const restarts = 3;
/** All events of the device together fill the queue: each page that is opened, the last one too, says that it is seen, and mostly what it shows. */
const capacity = 10_000;
const events = amount(capacity - 2 * (restarts + 2), 400);
/** Milliseconds in which the queue must be empty. */
const drainTime = 60_000;
/** Milliseconds that no task of the page may take. */
const longTask = 50;

let site, device;
meetOnce((met) => ({ site, device } = met));

const trackMany = (page, count) =>
  page.evaluate(async (number) => {
    const ids = [];
    for (let left = number; left > 0; left -= 250) {
      const acceptances = await Promise.all(Array.from({ length: Math.min(250, left) }, () => window.wayline.track('Counted', {})));
      ids.push(...acceptances.filter(({ stored }) => stored === 'indexeddb').map(({ messageId }) => messageId));
    }
    return ids;
  }, count);

const watchTasks = (page) =>
  page.evaluate(() => {
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  });

test(`T3: offline for 24 h with ${events} events and ${restarts} restarts: all rows, in order, drained in under a minute, no long task`, async (context) => {
  site.misbehave = cut;
  const ids = [];
  for (let session = 0; session <= restarts; session++) {
    const page = await device.open();
    await page.setOfflineMode(true);
    const share = Math.floor((events * (session + 1)) / (restarts + 1)) - ids.length;
    ids.push(...(await trackMany(page, share)));
    await page.evaluate((milliseconds) => window.shiftClock(milliseconds), (24 * hour) / (restarts + 1));
    if (session < restarts) await device.close();
    else await page.close();
  }
  assert.equal(ids.length, events);
  site.misbehave = () => false;
  // What a closing browser sent all the same was cut off, and stored nowhere.
  site.batches.length = 0;
  const page = await device.open('/?back');
  await watchTasks(page);
  const begin = Date.now();
  await drained(page, 2 * drainTime);
  const took = Date.now() - begin;
  const tasks = await page.evaluate(() => window.tasks);
  context.diagnostic(`drained in ${took} ms; tasks over ${longTask} ms: ${tasks.map(Math.round).join(', ') || 'none'}`);
  assert.deepEqual(ids.filter((id) => !site.rows.has(id)), []);
  const rows = [...new Map(counted(site).map((event) => [event.messageId, event])).values()];
  const sequences = rows.map(({ context: { wayline } }) => wayline.sequence);
  assert.deepEqual(sequences, sequences.toSorted((one, other) => one - other));
  assert.ok(took < drainTime, `${took} ms`);
  // Beside other tests any task can take long, as the processor is not ours alone.
  if (full) assert.deepEqual(tasks, []);
});
