// T5: no room on the device. T6: damaged records, and a database that is not ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { name } from '../web/browsers/driver.mjs';
import { assertDelivered, codes, counted, drained, full, keep, kept, meetForEach, queueOf, ready, refuse, tag, told, track } from './stage.mjs';

let site, open, close;
const prepare = (fresh) => {
  fresh.files.set('/full.js', `
    const full = () => { throw new DOMException('no room', 'QuotaExceededError'); };
    IDBObjectStore.prototype.put = full;
    Storage.prototype.setItem = full;`);
  fresh.page('/full', '<h1 data-wayline-slot="hero">Default</h1>', ['/probe.js', '/full.js', tag()]);
};
meetForEach((met) => ({ site, open, close } = met), { prepare });

test('T5: the device takes nothing at all: nothing escapes, everything is delivered from memory, no drop', async () => {
  site.misbehave = refuse();
  const page = await open('/full');
  const ids = await track(page, 50, 'memory');
  assert.equal(ids.length, 50);
  await eventually('the page view and 50 events wait', async () => (await queueOf(page)).pending === 51);
  site.misbehave = () => false;
  await assertDelivered(site, ids);
  await drained(page);
  assert.ok((await codes(page)).includes('storage.failed'));
  assert.deepEqual((await queueOf(page)).droppedBy, {});
});

test('T5: more events than the queue holds, without a device: the drops are reported exactly', { skip: !full && 'only in a full run' }, async () => {
  site.misbehave = refuse();
  const page = await open('/full');
  const ids = [];
  for (let round = 0; round < 21; round++) ids.push(...(await track(page, 500, 'memory')));
  assert.equal(ids.length, 10_500);
  const { droppedBy } = await queueOf(page);
  site.misbehave = () => false;
  await drained(page, 120_000);
  const lost = ids.filter((id) => !site.rows.has(id)).length;
  // The first page view is the least important event, and goes first.
  assert.deepEqual(droppedBy, { capacity: lost + 1 });
  const reported = (await told(page)).filter(({ code }) => code === 'event.dropped').reduce((sum, { details }) => sum + details.count, 0);
  assert.equal(reported, lost + 1);
});

test('T5: the quota of Chromium itself is exceeded: nothing escapes and nothing is lost', { skip: name !== 'chromium' && 'only Chromium lets a quota be set' }, async () => {
  const blank = await open('/blank', false);
  const session = await blank.page.createCDPSession();
  // Room for the engine, the program and a few events. Set before the database opens, which asks once.
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: 600_000 });
  site.misbehave = refuse();
  const page = await open();
  const stored = await page.run(async () => {
    const acceptances = [];
    const some = (count) => Promise.all(Array.from({ length: count }, () => window.wayline.track('Counted', { text: 'x'.repeat(20_000) })));
    for (const count of [1, 1, 1, 50, 50]) acceptances.push(...(await some(count)));
    return acceptances;
  });
  const places = new Set(stored.map(({ stored: where }) => where));
  assert.deepEqual([...places].toSorted(), ['indexeddb', 'memory'], 'the quota was reached on the way');
  site.misbehave = () => false;
  await assertDelivered(site, stored.map(({ messageId }) => messageId));
  await drained(page);
  assert.deepEqual((await queueOf(page)).droppedBy, {});
});

/** Leaves the stored event at `torn` with half of its text, and the one at `flipped` with one letter changed. Resolves to their ids. */
async function damage(page, torn, flipped) {
  const events = Object.values((await kept(page)).events).filter(({ text }) => text.includes('Counted'));
  const [one, other] = [events[torn], events[flipped]];
  await keep(page, 'events', { ...one, text: one.text.slice(0, one.text.length / 2) });
  await keep(page, 'events', { ...other, text: other.text.replace('Counted', 'Couated') });
  return [one.id, other.id];
}

test('T6: one record truncated, one flipped: those are set aside, the rest is delivered', async () => {
  site.misbehave = refuse();
  const page = await open();
  const ids = await track(page, 20);
  const blank = await open('/blank', false);
  await close(page);
  const damaged = await damage(blank, 3, 11);
  site.batches.splice(0);
  site.misbehave = () => false;
  const again = await open();
  const whole = ids.filter((id) => !damaged.includes(id));
  await assertDelivered(site, whole);
  await drained(again);
  assert.deepEqual(damaged.filter((id) => site.rows.has(id)), []);
  assert.deepEqual(Object.values((await kept(blank)).aside).map(({ id, reason }) => [id, reason]), damaged.map((id) => [id, 'corrupt']));
  const reports = (await told(again)).filter(({ code }) => code === 'storage.corrupt').map(({ details }) => details.record);
  assert.deepEqual(reports.toSorted(), damaged.toSorted());
  assert.ok(counted(site).every(({ event }) => event === 'Counted'));
});

test('T6: a database of our name without our stores: it is made anew, and events are kept and delivered', async () => {
  const blank = await open('/blank', false);
  await blank.run(async () => {
    const request = indexedDB.open('wayline:test', 1);
    await new Promise((done) => {
      request.onupgradeneeded = () => request.result.createObjectStore('records');
      request.onsuccess = done;
    });
    request.result.close();
  });
  site.misbehave = refuse();
  const page = await open();
  const ids = await track(page, 20);
  assert.equal(ids.length, 20, 'kept on the device');
  await close(page);
  site.misbehave = () => false;
  await ready(await open());
  await assertDelivered(site, ids);
});
