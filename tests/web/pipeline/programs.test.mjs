// Tabs with an older and a newer program over one state.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { Device, consent, granted, identify, reset, seal, settled, track, use } from './device.mjs';

let device;

beforeEach(() => {
  device = new Device();
});

const newer = await compile(packFiles({ attributes: {
  'profile.name': { type: 'string', source: 'account', purpose: 'personalization' }, 'profile.town': { type: 'string', source: 'account', purpose: 'personalization' } } }));

test('a tab with an older program does not thin what a newer one stored: it takes that program first', async () => {
  const before = await device.open();
  await before.send(consent(granted));
  const after = await device.open({ bytes: newer, since: 2 });
  await after.send(identify({ name: 'Anna', town: 'Gdynia' }));
  assert.match(device.profile(), /Gdynia/);
  let times = 0;
  const old = await device.open({ since: 1, catchUp: async (visitor) => (times++, await settled(), use(visitor, newer, 2), true) });
  await old.send(track('Old'), track('Older'));
  assert.match(device.profile(), /Gdynia/);
  assert.deepEqual([times, device.document().since], [1, 2]);
  assert.equal(device.document().sequence, 4, 'both events went onto what the newer tab left');
});

test('tabs with an older program that can not have the newer one leave the state alone, and count on with all others', async () => {
  const old = await device.open({ since: 1 });
  await old.send(consent(granted));
  const older = await device.open({ since: 1 });
  const after = await device.open({ bytes: newer, since: 2 });
  await after.send(identify({ town: 'Gdynia' }));
  const { state } = device.document();
  for (const tab of [old, older, old]) assert.equal((await tab.send(track('Old')))[0].stored, 'indexeddb');
  assert.deepEqual(device.document().state, state);
  await after.send(track('New'));
  assert.match(device.profile(), /Gdynia/);
  assert.deepEqual(device.sequences(), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(new Set(device.queued().map(({ anonymousId }) => anonymousId)), new Set([after.visitor.id]));
});

test('a tab with an older program that can not have the newer one stores its events, and nothing of another visitor\'s state', async () => {
  const before = await device.open({ since: 1 });
  await before.send(consent(granted));
  const after = await device.open({ bytes: newer, since: 2 });
  await after.send(reset());
  const stored = device.profile();
  await before.send(track('Old'));
  const fresh = await device.open({ since: 1 });
  await fresh.send(track('Old'));
  assert.equal(device.profile(), stored);
  const visitors = device.queued().filter(({ event }) => event === 'Old').map(({ anonymousId }) => anonymousId);
  assert.deepEqual([visitors.length, new Set([...visitors, after.visitor.id]).size], [2, 3]);
});

test('who leaves on a tab that can not have the newer program is another one for all', async () => {
  const before = await device.open({ since: 1 });
  await before.send(consent(granted));
  const after = await device.open({ bytes: newer, since: 2 });
  await after.send(identify({ town: 'Gdynia' }));
  const leave = reset();
  await before.send(leave);
  assert.doesNotMatch(device.profile(), /Gdynia/);
  await after.send(track('New'));
  assert.deepEqual([device.document().visitor, after.visitor.id, after.visitor.inspect().profile], [leave.id, leave.id, {}]);
});

test('of two programs of one age neither leaves the state alone', async () => {
  const one = await device.open();
  await one.send(consent(granted), track('Product Viewed'));
  const other = await device.open({ bytes: newer });
  await other.send(track('Product Viewed'));
  await one.send(track('Here'));
  const next = await device.open();
  assert.deepEqual([next.visitor.inspect().segments.keen, device.document().sequence >= 4], [true, true]);
});

test('a tab that could not have the newer program goes on with the state as soon as it has it', async () => {
  const old = await device.open({ since: 1 });
  await old.send(consent(granted));
  const after = await device.open({ bytes: newer, since: 2 });
  await after.send(identify({ town: 'Gdynia' }));
  await old.send(track('Old'));
  use(old.visitor, newer, 2);
  await old.send(track('Later'));
  assert.equal(old.visitor.inspect().profile.town?.value ?? old.visitor.inspect().profile.town, 'Gdynia');
  assert.deepEqual(device.sequences(), [1, 2, 3, 4]);
});

test('a state of a newer engine is kept, and what is stored beside it is counted on, page by page', async () => {
  const first = await device.open();
  await first.send(consent(granted));
  const future = { ...device.document(), state: { ...device.document().state, wayline: 999 } };
  device.texts.set('profile', seal(future));
  for (let view = 0; view < 2; view++) await (await device.open()).send(track('Kept'));
  assert.deepEqual(device.document().state, future.state);
  assert.deepEqual(device.sequences(), [1, 2, 3]);
});
