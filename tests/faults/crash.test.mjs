// T1: the page's process or the whole browser killed at random moments of a flush. Nothing that was accepted is lost, nothing stored twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seededRandom } from '../support/random.mjs';
import { amount, counted, Device, drained, startSite } from './stage.mjs';

const points = amount(20, 4);
const events = amount(1_000, 200);
/** A batch takes this long to be stored, so that a flush is long enough to be hit. */
const answerTime = amount(200, 100);
/** The moments of the faults: from the first call to the end of the flush. */
const longest = amount(2_000, 300);

let site;
before(async () => {
  site = await startSite();
});
after(() => site.stop());

/** Tracks, telling us of every acceptance as it comes; resolves when the page is gone. */
async function trackAndTell(page, accepted) {
  await page.exposeFunction('accept', (id) => void accepted.push(id));
  const work = page.evaluate((count) => {
    const tell = ({ messageId, stored }) => stored === 'indexeddb' && window.accept(messageId);
    for (let index = 0; index < count; index++) void window.wayline.track('Counted', { index }).then(tell);
  }, events);
  await work.catch(() => undefined);
}

async function round(moment, fault) {
  const device = new Device(site);
  site.rows.clear();
  site.batches.splice(0);
  site.misbehave = (_, response, body) => {
    setTimeout((answer) => response.end(answer), answerTime, site.store(body));
    return true;
  };
  try {
    const accepted = [];
    const page = await device.open();
    const tracking = trackAndTell(page, accepted);
    await new Promise((resolve) => setTimeout(resolve, moment));
    await fault(device, page);
    await tracking;
    const rows = site.rows.size;
    site.misbehave = () => false;
    const again = await device.open();
    await assertNothingLost(accepted, again);
    return { accepted: accepted.length, rows };
  } finally {
    await device.end();
  }
}

/** Events whose acceptance was on its way to us when the page died are stored as well: more rows than ids that we heard of are right. */
async function assertNothingLost(accepted, page) {
  await drained(page);
  assert.deepEqual(accepted.filter((id) => !site.rows.has(id)), [], 'accepted and lost');
  const byIndex = new Map();
  for (const { messageId, properties } of counted(site)) {
    byIndex.set(properties.index, (byIndex.get(properties.index) ?? new Set()).add(messageId));
  }
  assert.deepEqual([...byIndex].filter(([, ids]) => ids.size > 1), [], 'stored twice');
}

for (const [name, fault] of [
  ['the renderer crashes', (device, page) => device.crash(page)],
  ['the browser is killed', (device) => device.kill()],
]) {
  test(`T1: ${name} at ${points} random moments of a flush of ${events} events: 0 lost, 0 duplicate rows`, async (context) => {
    const random = seededRandom(20260131);
    for (let point = 0; point < points; point++) {
      const moment = Math.round(random() * longest);
      const { accepted, rows } = await round(moment, fault);
      context.diagnostic(`after ${moment} ms: ${accepted} accepted, ${rows} rows before the fault`);
    }
  });
}
