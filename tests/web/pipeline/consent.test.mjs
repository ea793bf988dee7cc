// Consent given, withdrawn and not yet stored, here and in other tabs.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { Device, consent, denied, granted, identify, large, reset, settled, track } from './device.mjs';

let device;

beforeEach(() => {
  device = new Device();
});

test('withdrawn consent: silence, then the purge, then the note of it', async () => {
  const { send, pipeline, visitor } = await device.open();
  await send(consent(granted), track('Kept'), identify({ name: 'Anna' }));
  const { id } = visitor;
  device.log = [];
  const purge = device.disk.purge;
  device.disk.purge = (choices) => (device.log.push('purge'), purge(choices));
  const [{ stored }] = await send(consent(denied));
  assert.equal(stored, 'none');
  assert.deepEqual(device.log, ['withdraw', 'purged', 'purge', 'purged']);
  assert.deepEqual([pipeline.storing, device.profile(), device.texts.keys()], [false, null, ['setting:consent']]);
  assert.deepEqual(device.told.filter(({ kind }) => kind === 'purged'), Array(2).fill({ kind: 'purged', choices: denied }));
  assert.notEqual(visitor.id, id);
  assert.deepEqual([visitor.user, visitor.inspect().profile, visitor.consent], [null, {}, denied]);
});

test('consent that is withdrawn and given again at once has purged the device in between', async () => {
  const { send, visitor, pipeline } = await device.open();
  await send(consent(granted), identify({ name: 'Anna' }));
  const { id } = visitor;
  await send(consent(denied), consent(granted));
  assert.notEqual(visitor.id, id);
  assert.deepEqual([pipeline.storing, device.queued().map(({ event }) => event)], [true, ['Consent Updated']]);
  assert.doesNotMatch(device.profile(), /Anna/);
});

test('who leaves while the device refuses to know, and withdraws consent, is another one when it is given again', async () => {
  const { send, visitor } = await device.open();
  await send(consent(granted), identify({ name: 'Anna' }));
  device.broken.add('commit');
  const leave = reset();
  await send(leave);
  device.broken.clear();
  await send(consent(denied), consent(granted));
  assert.notEqual(visitor.id, leave.id);
});

test('a denial is told to who waits when the device knows it, and the next page knows it too', async () => {
  const { send, pipeline } = await device.open();
  const { writeSetting } = device.disk;
  device.disk.writeSetting = async (...setting) => (await settled(), writeSetting(...setting));
  await send(consent(denied));
  assert.equal(JSON.parse(device.texts.get('setting:consent')).text, JSON.stringify(denied));
  const next = await device.open();
  await next.send(consent(granted));
  assert.equal(pipeline.storing, false);
  pipeline.refresh();
  await settled();
  assert.equal(pipeline.storing, true, 'what is chosen in another tab later counts here');
});

test('a withdrawal that only the note of it survives is told to other tabs after the note', async () => {
  const { send } = await device.open();
  await send(consent(granted));
  device.log = [];
  device.broken.add('purge');
  const { writeSetting } = device.disk;
  device.disk.writeSetting = async (...setting) => (await settled(), device.log.push('note'), writeSetting(...setting));
  await send(consent(denied));
  assert.deepEqual(device.log, ['withdraw', 'purged', 'storage.failed', 'note', 'purged']);
});

test('what the device denies holds for a page that has granted before, and what is called there waits', async () => {
  const here = await device.open();
  await here.send(consent(granted));
  const there = await device.open();
  await there.send(consent(denied));
  device.log = [];
  const [{ stored }] = await here.send(track('Held'));
  assert.deepEqual([stored, here.pipeline.storing, here.visitor.consent, device.profile()], ['memory', false, denied, null]);
  await here.send(consent(granted));
  assert.deepEqual(device.events(), ['Held', 'Consent Updated']);
});

test('what the device denies holds for a page that has granted before, though the profile outlived the denial', async () => {
  const here = await device.open();
  await here.send(consent(granted));
  const there = await device.open();
  device.broken.add('purge');
  await there.send(consent(denied));
  assert.notEqual(device.profile(), null);
  const [{ stored }] = await here.send(track('Held'));
  assert.deepEqual([stored, here.pipeline.storing], ['memory', false]);
});

test('a page that finds its consent on the device has nothing to spill', async () => {
  const { send } = await device.open();
  await send(consent(granted));
  const next = await device.open();
  await settled();
  assert.deepEqual([next.pipeline.storing, next.pipeline.unstored()], [true, []]);
});

test('a withdrawal in another tab while a commit is on its way: its events are not sent', async () => {
  const { send, pipeline } = await device.open();
  await send(consent(granted));
  const { commit } = device.disk;
  device.disk.commit = async (...work) => {
    const result = await commit(...work);
    pipeline.purged(denied);
    return result;
  };
  const [{ stored }] = await send(track('Written'));
  assert.equal(stored, 'none');
  assert.deepEqual(device.events(), ['Consent Updated']);
});

test('a page that stores nothing goes on as it is when another tab withdraws, and hears it when it grants again', async () => {
  const { send, pipeline, visitor } = await device.open();
  await send(track('Held'));
  const { id } = visitor;
  pipeline.purged(denied);
  await send(consent(granted));
  assert.deepEqual([visitor.id, device.events()], [id, ['Held', 'Consent Updated']]);
  device.broken.add('commit');
  await send(consent(granted));
  pipeline.purged(denied);
  device.broken.clear();
  const other = await device.open();
  await other.send(consent(granted));
  await send(track('Here'));
  pipeline.refresh();
  await settled();
  assert.equal(pipeline.storing, true);
});

test('of what waits for consent the oldest goes first, and is counted, when it is more than a page holds', async () => {
  const { send } = await device.open();
  await send(...Array.from({ length: 1_001 }, (_, index) => track(`Held ${index}`)));
  assert.deepEqual(device.log.filter((entry) => /capacity/.test(entry)), ['1 capacity']);
  await send(consent(denied));
  assert.deepEqual(device.log.filter((entry) => /capacity/.test(entry)), ['1 capacity', '1 capacity']);
  await send(consent(granted));
  const held = device.events().filter((name) => /Held/.test(name));
  assert.deepEqual([held[0], held.at(-1), held.length], ['Held 3', 'Held 1000', 998]);
});

test('what waited for consent is numbered once, onto what another tab stored meanwhile', async () => {
  const here = await device.open();
  await here.send(track('page'), track('Held'));
  const there = await device.open();
  await there.send(consent(granted), track('There'));
  await here.send(consent(granted));
  assert.deepEqual(device.sequences().toSorted(), [1, 2, 3, 4, 5]);
});

test('the profile is gone and the choices are not: what earlier pages spilled is stored, and no choice waits to be spilled again', async () => {
  const before = await device.open();
  await before.send(consent(granted));
  before.spill.write([track('Spilled')]);
  device.texts.remove('profile');
  const { pipeline } = await device.open();
  await settled();
  assert.ok(device.events().includes('Spilled'), String(device.log));
  assert.deepEqual(pipeline.unstored(), []);
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
