// What a page could not store before it was left: the next one does, once.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Device, consent, denied, granted, settled, track } from './device.mjs';

let device;

beforeEach(() => {
  device = new Device();
});

test('what was spilled although it had reached the device is not numbered, stored or sent anew', async () => {
  const before = await device.open();
  await before.send(consent(granted));
  const calls = [track('First'), track('Second')];
  await before.send(...calls);
  const kept = device.queued();
  before.spill.write([...calls, track('Third')]);
  const { send } = await device.open();
  await send(track('Fourth'));
  assert.deepEqual(device.log.filter((name) => ['First', 'Second', 'Third', 'Fourth'].includes(name)), ['First', 'Second', 'Third', 'Fourth']);
  assert.deepEqual(device.queued().slice(0, 3), kept);
  assert.deepEqual(device.sequences(), [1, 2, 3, 4, 5]);
});

test('what was spilled although it had reached the device is over, though the engine had refused the last of it', async () => {
  const before = await device.open();
  await before.send(consent(granted));
  const calls = [track('First'), track('page')];
  await before.send(...calls);
  before.spill.write(calls);
  const { send } = await device.open();
  await send(track('Next'));
  assert.deepEqual(device.sequences(), [1, 2, 3, 4]);
});

/** A page that waits for consent makes these calls, and is left while what it was granted for is on its way to the device, where it arrives. */
async function grantAndLeave(held) {
  const { send, pipeline, spill } = await device.open();
  await send(...held);
  const { commit } = device.disk;
  const leaveAfter = (work) => (stored) => [work(stored), spill.write(pipeline.unstored())][0];
  device.disk.commit = (work, durability) => commit(leaveAfter(work), durability);
  await send(consent(granted));
  device.disk.commit = commit;
  assert.equal(Object.keys(localStorage).length, 1);
}

test('more calls than the engine remembers, and such as it refuses, are not numbered, stored or sent anew when the next page finds them spilled', async () => {
  await grantAndLeave([track('page'), ...Array.from({ length: 300 }, () => track('Held')), track('page')]);
  const kept = device.queued();
  device.log = [];
  const { send } = await device.open();
  await send(track('Next'));
  assert.deepEqual(device.log.filter((entry) => /^[A-Z]/.test(entry) || entry === 'page'), ['Next']);
  assert.deepEqual(device.queued().slice(0, -1), kept);
  assert.deepEqual(device.sequences(), Array.from({ length: 304 }, (_, index) => index + 1));
});

test('two tabs that took up the same spill store it once', async () => {
  const first = await device.open();
  await first.send(consent(granted));
  const calls = [track('page'), ...Array.from({ length: 200 }, () => track('Spilled'))];
  const [one, other] = [await device.open(), await device.open()];
  first.spill.write(calls);
  const [key] = Object.keys(localStorage);
  const text = localStorage.getItem(key);
  one.pipeline.takeSpilled();
  localStorage.setItem(key, text); // as a tab sees it that hears late of its removal
  other.pipeline.takeSpilled();
  await Promise.all([one.send(track('One')), other.send(track('Other'))]);
  assert.deepEqual(device.sequences(), Array.from({ length: 204 }, (_, index) => index + 1));
});

test('what one page stored until it was left says nothing of what another one spilled', async () => {
  const first = await device.open();
  await first.send(consent(granted));
  const second = await device.open();
  first.spill.write([track('Unstored')]);
  await second.send(track('Stored'));
  const last = track('Stored last');
  await second.send(last);
  second.spill.write([last, track('Too late')]);
  device.log = [];
  const next = await device.open();
  await next.send(track('Next'));
  assert.deepEqual(device.events(), ['Unstored', 'Too late', 'Next']);
});

test('what earlier pages spilled is taken up, and forgotten when consent is withdrawn, here or in another tab', async () => {
  const { send, spill, pipeline } = await device.open();
  await send(consent(granted));
  spill.write([track('Spilled')]);
  const again = await device.open();
  await again.send(track('Here'));
  assert.ok(device.log.indexOf('Spilled') >= 0 && device.log.indexOf('Spilled') < device.log.indexOf('Here'), String(device.log));
  spill.write([track('Late')]);
  await again.send(consent(denied));
  assert.deepEqual(spill.take(), []);
  spill.write([track('Later')]);
  pipeline.purged(denied);
  assert.deepEqual(spill.take(), []);
});

test('a page that is left before its consent is stored: the next page takes up the choice and all that waited for it', async () => {
  const { send, pipeline, spill } = await device.open();
  await send(track('Held'));
  assert.deepEqual(pipeline.unstored(), []);
  let seen;
  const commit = device.disk.commit;
  device.disk.commit = async (...work) => (await settled(), (seen = pipeline.unstored()), commit(...work));
  const waiting = send(consent(granted));
  const names = (calls) => calls.map(({ message }) => message.event);
  assert.deepEqual(names(pipeline.unstored()), ['Held', 'Consent Updated']);
  spill.write(pipeline.unstored());
  await waiting;
  assert.deepEqual(names(seen), ['Held', 'Consent Updated'], 'while they are being stored, too');
  assert.deepEqual(pipeline.unstored(), []);
  // As if the tab had ended before its transaction.
  for (const key of device.texts.keys()) device.texts.remove(key);
  assert.equal(Object.keys(localStorage).length, 1);
  device.log = [];
  const next = await device.open();
  await next.send(track('Next'));
  assert.equal(next.pipeline.storing, true);
  assert.deepEqual(device.events(), ['Held', 'Consent Updated', 'Next']);
});

test('what was spilled is not for a page that may not store, nor for when it may', async () => {
  const { send, spill } = await device.open();
  await send(consent(granted));
  spill.write([track('Spilled'), track('Spilled')]);
  for (const key of device.texts.keys()) device.texts.remove(key);
  device.log = [];
  const next = await device.open();
  await next.send(track('Held'), consent(granted));
  assert.deepEqual(device.events(), ['Held', 'Consent Updated']);
});

test('what another page spills is stored though nothing is called here', async () => {
  const { send, spill, pipeline } = await device.open();
  await send(consent(granted));
  const there = await device.open();
  there.spill.write([track('Spilled')]);
  pipeline.takeSpilled();
  await settled();
  assert.deepEqual([device.events(), spill.isEmpty], [['Consent Updated', 'Spilled'], true]);
});

test('a choice that was spilled does not outlive a later denial', async () => {
  const { send, spill } = await device.open();
  spill.write([consent(granted)]);
  await send(consent(denied));
  const next = await device.open();
  await next.send(track('Next'));
  assert.equal(next.pipeline.storing, false);
});

test('what was taken up from the spill is spilled again when this page is left as quickly', async () => {
  const first = await device.open();
  await first.send(consent(granted));
  first.spill.write([track('Spilled')]);
  const next = await device.open();
  await Promise.resolve();
  assert.deepEqual(next.pipeline.unstored().map(({ message }) => message.event), ['Spilled']);
});
