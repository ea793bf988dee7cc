// Delivery faults with a whole browser: killed, closed, many tabs. Oracle: ids that were accepted on the device against rows of the endpoint.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { counted, Device, drained, refuse, startSite, track } from '../../faults/stage.mjs';
import { eventually } from '../../support/eventually.mjs';

let site, device;

before(async () => {
  site = await startSite();
});
after(() => site.stop());
beforeEach(() => {
  site.rows.clear();
  site.batches.splice(0);
  site.misbehave = () => false;
  device = new Device(site);
});
afterEach(() => device.end());

const open = () => device.open();
const arrived = (ids) => eventually(`${ids.length} events arrive`, () => ids.every((id) => site.rows.has(id)), 30_000);

/** Each event was sent under its one id, however often: under another, no endpoint could know the copy. */
function assertOneIdEach(ids) {
  assert.deepEqual([...new Set(counted(site).map(({ messageId }) => messageId))].toSorted(), ids.toSorted());
}

test('browser killed with 100 events accepted and none delivered: none is lost', async () => {
  site.misbehave = refuse();
  const page = await open();
  const ids = await track(page, 100);
  assert.equal(ids.length, 100);
  await device.kill();
  site.misbehave = () => false;
  await open();
  await arrived(ids);
});

test('browser killed in the middle of a request that the server stored: nothing lost, nothing stored twice', async () => {
  const page = await open();
  let held = 0;
  site.misbehave = (_, response, body) => {
    held += body.batch.length;
    site.store(body);
    return true; // never answered
  };
  const ids = await track(page, 50);
  await eventually('a request is under way', () => held > 0);
  await device.kill();
  const answered = [];
  site.misbehave = (_, response, { batch }) => (answered.push(...batch.map(({ messageId }) => messageId)), false);
  const again = await open();
  await arrived(ids);
  await drained(again);
  assertOneIdEach(ids);
  assert.ok(ids.every((id) => answered.includes(id)), 'what was not confirmed was sent again, under the same ids');
});

test('5 tabs of 100 events against 503, closed, reopened: 500 rows, one request at a time', async () => {
  site.misbehave = refuse();
  const tabs = await Promise.all(Array.from({ length: 5 }, () => open()));
  const ids = (await Promise.all(tabs.map((tab) => track(tab, 100)))).flat();
  assert.equal(new Set(ids).size, 500);
  await device.close();
  let under = 0;
  let most = 0;
  site.misbehave = (_, response) => {
    most = Math.max(most, ++under);
    response.once('close', () => under--);
    return false;
  };
  await Promise.all([open(), open(), open()]);
  await arrived(ids);
  assert.equal(most, 1);
});

test('the tab that sends is closed: another takes over within 5 seconds', async () => {
  site.misbehave = () => true; // never answers
  const sending = await open();
  const other = await open();
  const ids = await track(sending, 20);
  await eventually('a request is under way', () => site.batches.length > 0);
  site.misbehave = () => false;
  const begin = Date.now();
  await sending.close();
  await arrived(ids);
  assert.ok(Date.now() - begin < 5_000, `${Date.now() - begin} ms`);
  await other.close();
});

test('events of the last moment before leaving travel by keepalive, each under its one id', async () => {
  const page = await open();
  await eventually('the page view is delivered', () => site.rows.size > 0);
  const ids = await track(page, 20);
  await page.goto(`${site.origin}/blank`, { waitUntil: 'load' });
  await arrived(ids);
  assertOneIdEach(ids);
});

test('calls that were not stored yet when the page is left are taken up by the next page', async () => {
  const page = await open();
  await page.evaluate(() => {
    for (let index = 0; index < 200; index++) void wayline.track('Counted', { index });
    location.href = '/blank';
  });
  await page.waitForNavigation({ waitUntil: 'load' }).catch(() => undefined);
  await open();
  await eventually('200 events arrive', () => new Set(counted(site).map(({ properties }) => properties.index)).size === 200, 30_000);
  const rows = new Set(counted(site).map(({ messageId }) => messageId));
  assert.equal(rows.size, 200, 'one id each');
});

test('calls that a page could not store are taken up by a tab that is open already', async () => {
  const other = await open();
  await eventually('its page view is delivered', () => other.evaluate(() => wayline.inspect().queue.delivered > 0));
  const page = await open();
  // Called after the SDK's own listener.
  await page.evaluate(() => addEventListener('pagehide', () => {
    for (let index = 0; index < 20; index++) void wayline.track('Counted', { index });
  }));
  await page.goto(`${site.origin}/blank`, { waitUntil: 'load' });
  await eventually('20 events arrive', () => new Set(counted(site).map(({ properties }) => properties.index)).size === 20);
  assert.equal(new Set(counted(site).map(({ messageId }) => messageId)).size, 20, 'one id each');
});

test('1,000 events offline, closed, reopened: 1,000 rows', async () => {
  const page = await open();
  await page.setOfflineMode(true);
  const ids = await track(page, 1_000);
  assert.equal(ids.length, 1_000);
  await device.close();
  await open();
  await arrived(ids);
  assertOneIdEach(ids);
});
