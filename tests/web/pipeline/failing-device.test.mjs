// No call is lost, held up or numbered twice while the device fails.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Device, consent, denied, granted, large, track, view } from './device.mjs';

let device;

beforeEach(() => {
  device = new Device();
});

test('steps whose commits fail stay in memory, one after the other, and reach the device with the first commit that succeeds', async () => {
  const { send, visitor } = await device.open();
  await send(consent(granted));
  device.broken.add('commit');
  const messages = [];
  for (const name of ['Product Viewed', 'Product Viewed']) messages.push(...(await send(track(name))));
  assert.deepEqual(messages.map(({ stored }) => stored), ['memory', 'memory']);
  assert.equal(visitor.inspect().segments.keen, true);
  device.broken.clear();
  await send(track('After'));
  assert.equal(visitor.inspect().segments.keen, true);
  const again = await device.open();
  assert.equal(again.visitor.inspect().segments.keen, true);
  assert.equal(again.visitor.id, visitor.id);
});

test('no sequence is given twice when commits fail, nor to what is too large to be stored', async () => {
  const { send, storage } = await device.open();
  await send(consent(granted), large());
  for (const failing of [true, true, false]) {
    if (failing) device.broken.add('commit');
    else device.broken.clear();
    await send(track('Counted'));
  }
  const sequences = [];
  for (let batch; (batch = await storage.oldest(100, 1e9, new Set())).length > 0; await storage.remove(batch.map(({ id }) => id))) {
    sequences.push(...batch.map(({ text }) => JSON.parse(text).context.wayline.sequence));
  }
  assert.deepEqual(sequences.toSorted(), [1, 2, 3, 4]);
});

test('the numbers of a tab ascend, though its commits fail while another tab\'s succeed', async () => {
  const first = await device.open();
  await first.send(consent(granted));
  const second = await device.open();
  device.broken.add('commit');
  await first.send(track('In memory'), track('In memory'), track('In memory'));
  device.broken.clear();
  await second.send(track('There'));
  await first.send(track('Again'));
  const overflow = await first.storage.oldest(10, 1e9, new Set());
  const numbers = overflow.map(({ text }) => JSON.parse(text).context.wayline.sequence);
  assert.deepEqual(numbers, [2, 3, 4]);
  assert.deepEqual(device.queued().map(({ event, context }) => [event, context.wayline.sequence]), [['Consent Updated', 1], ['There', 2], ['Again', 5]]);
});

test('a call that can not be stepped takes no other with it: all who wait are answered', async () => {
  const { send } = await device.open();
  await send(consent(granted));
  const impossible = { ...track('Impossible'), at: 9e15 };
  const answers = await send(impossible, track('Beside'));
  assert.deepEqual(answers.map(({ messageId, stored }) => [messageId === impossible.id, stored]), [[true, 'memory'], [false, 'memory']]);
  assert.deepEqual([device.events(), device.log.includes('storage.failed')], [['Consent Updated', 'Beside'], true]);
  const [{ stored }] = await send(track('After'));
  assert.equal(stored, 'indexeddb');
});

test('where not even memory takes anything, all who wait are answered, and it is reported', async () => {
  const { send, storage } = await device.open();
  await send(consent(granted));
  storage.commit = async () => { throw new Error('commit failed'); };
  device.log = [];
  const answers = await send(track('Lost'), track('Lost'));
  assert.deepEqual([answers.map(({ stored }) => stored), device.log], [['none', 'none'], ['storage.failed']]);
});

test('what may cause a goal is stored with strict durability, what is only seen is not', async () => {
  const { send } = await device.open();
  await send(consent(granted));
  const seen = [];
  const commit = device.disk.commit;
  device.disk.commit = (work, durability) => (seen.push(durability), commit(work));
  await send(track('Ordered'));
  await send(view());
  await send(view(), track('Ordered'));
  assert.deepEqual(seen, ['strict', 'relaxed', 'strict']);
});

for (const method of ['commit', 'readProfile', 'readSetting', 'writeSetting', 'removeOlderThan', 'oldest', 'size', 'purge']) {
  test(`a device whose ${method} fails holds up no call: each is answered, and its event goes to the outbox`, async () => {
    const { send } = await device.open();
    await send(consent(granted));
    device.broken.add(method);
    const tab = method === 'readProfile' ? { send } : await device.open();
    const [{ stored }] = await tab.send(track('Tracked'));
    assert.equal(stored, method === 'commit' ? 'memory' : 'indexeddb');
    assert.ok(device.log.includes('Tracked'), String(device.log));
    await tab.send(consent(denied));
    const [{ stored: after }] = await tab.send(track('Silent'));
    assert.equal(after, 'memory');
    assert.ok(!device.log.includes('Silent'));
  });
}
