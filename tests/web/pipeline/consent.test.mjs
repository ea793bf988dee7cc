// Consent given, withdrawn and not yet stored, here and in other tabs.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { Device, consent, denied, granted, large, track } from './device.mjs';

let device;

beforeEach(() => {
  device = new Device();
});

test('withdrawn consent: silence, then the purge, then the note of it', async () => {
  const { send, pipeline } = await device.open();
  await send(consent(granted), track('Kept'));
  device.log = [];
  const purge = device.disk.purge;
  device.disk.purge = (choices) => (device.log.push('purge'), purge(choices));
  const [{ stored }] = await send(consent(denied));
  assert.equal(stored, 'none');
  assert.deepEqual(device.log, ['withdraw', 'purged', 'purge', 'purged']);
  assert.deepEqual([pipeline.storing, device.profile(), device.texts.keys()], [false, null, ['setting:consent']]);
});

for (const method of ['commit', 'writeSetting', 'purge']) {
  test(`withdrawn consent stays withdrawn on a device whose ${method} fails`, async () => {
    const { send, pipeline } = await device.open();
    await send(consent(granted), track('Kept'));
    device.log = [];
    device.broken.add(method);
    await send(consent(denied));
    assert.equal(pipeline.storing, false);
    assert.ok(device.log.includes('withdraw') && device.log.includes('purged'), String(device.log));
    // The purge leaves the note of it, so that the setting is written by itself only after a purge that failed.
    assert.equal(device.log.includes('storage.failed'), method !== 'writeSetting', String(device.log));
    device.broken.clear();
    const again = await device.open();
    const [{ stored }] = await again.send(track('Later'));
    assert.deepEqual([stored, again.pipeline.storing, device.profile()], ['memory', false, null]);
  });
}

test('a tab whose withdrawal no disk took does not take over the old grant from there', async () => {
  const { send, pipeline } = await device.open();
  await send(consent(granted), track('Kept'));
  device.broken.add('writeSetting').add('purge');
  await send(consent(denied));
  pipeline.refresh();
  const [{ stored }] = await send(track('Silent'));
  assert.deepEqual([stored, pipeline.storing], ['memory', false]);
});

test('a tab that takes over a grant while another withdraws it writes nothing after the purge, and learns of the denial', async () => {
  const other = await device.open();
  const { send } = await device.open();
  await send(consent(granted), track('Kept'));
  let isRead, goOn;
  const read = new Promise((resolve) => (isRead = resolve));
  const withdrawn = new Promise((resolve) => (goOn = resolve));
  const readSetting = device.disk.readSetting;
  device.disk.readSetting = async (name) => {
    const text = await readSetting(name);
    if (name === 'consent') {
      isRead();
      await withdrawn;
    }
    return text;
  };
  other.pipeline.refresh();
  await read;
  await send(consent(denied));
  // As the other tab hears it while it reads.
  other.pipeline.purged(denied);
  goOn();
  const [{ stored }] = await other.send(track('Afterwards'));
  assert.deepEqual([stored, other.pipeline.storing, other.visitor.consent, device.profile()], ['memory', false, denied, null]);
  assert.deepEqual(device.texts.keys(), ['setting:consent']);
  await other.send(consent(granted));
  assert.deepEqual([other.pipeline.storing, other.visitor.consent], [true, granted]);
  const next = await device.open();
  await next.send(track('Next'));
  assert.deepEqual([next.pipeline.storing, next.visitor.consent], [true, granted]);
});

test('what was held does not go out of sight while a grant stores it', async () => {
  const seen = [];
  const { send } = await device.open({ advanced: (visitor) => seen.push(visitor.inspect().segments.keen) });
  await send(track('Product Viewed'), track('Product Viewed'));
  const commit = device.disk.commit;
  device.disk.commit = async (...work) => {
    await new Promise((answer) => setTimeout(answer));
    return commit(...work);
  };
  await send(consent(granted));
  assert.deepEqual([seen.length > 1, new Set(seen)], [true, new Set([true])]);
});

test('what is wrong with a call that waits for consent is told once, and of a choice only where it was made', async () => {
  const { send } = await device.open();
  await send(track('page'), large(), consent({ ...denied, nobody: true }));
  const problems = ['step.malformed', 'event.too_large', 'consent.undeclared'];
  assert.deepEqual(device.log.filter((entry) => entry.includes('.')), problems);
  await send(consent(granted));
  assert.deepEqual(device.log.filter((entry) => entry.includes('.')), problems);
  await send(consent(denied));
  device.log = [];
  // What a newer pack does not declare any more was chosen when there was something to choose.
  const fewer = await device.open({ bytes: await compile(packFiles({ consent: { purposes: ['analytics'], events: 'analytics' }, attributes: { 'profile.name': { type: 'string', source: 'account' } } })) });
  await fewer.send(track('Held'));
  assert.deepEqual([fewer.visitor.consent, device.log], [{ analytics: false }, ['wake']]);
});

test('a choice that no disk took is noted with the first commit that succeeds', async () => {
  const { send } = await device.open();
  await send(consent(denied));
  device.broken.add('commit').add('writeSetting');
  await send(consent(granted));
  device.broken.clear();
  const [{ stored }] = await send(track('Kept'));
  assert.deepEqual([stored, JSON.parse(device.texts.get('setting:consent')).text], ['indexeddb', JSON.stringify(granted)]);
});

test('a tab that hears of a withdrawal is silent at once, and does not write again', async () => {
  const { send, pipeline, visitor } = await device.open();
  await send(consent(granted), track('Kept'));
  const before = visitor.id;
  pipeline.purged(denied);
  assert.equal(pipeline.storing, false);
  const [{ stored }] = await send(track('Later'));
  assert.equal(stored, 'memory');
  assert.notEqual(visitor.id, before);
  assert.equal(visitor.consent.analytics, false);
});
