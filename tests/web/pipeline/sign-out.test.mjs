// Who leaves is another visitor, also where the device refuses to know of it.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Device, consent, granted, identify, reset, settled, track } from './device.mjs';

let device;

beforeEach(() => {
  device = new Device();
});

test('who leaves is another visitor, of whom consent and device are known, and nothing else', async () => {
  const { send, visitor } = await device.open();
  const last = identify({ name: 'Anna' });
  await send(consent(granted), track('Product Viewed'), track('Product Viewed'), last);
  const before = visitor.id;
  const leave = reset();
  await send(leave);
  const { user, profile: traits, segments, consent: choices } = visitor.inspect();
  assert.deepEqual([visitor.id, visitor.user, user, traits, segments.keen, choices], [leave.id, null, null, {}, false, granted]);
  assert.notEqual(visitor.id, before);
  assert.equal(visitor.inspect().visitor, leave.id);
  for (const trace of ['Anna', '"u"', before, last.id]) assert.ok(!device.profile().includes(trace), trace);
  await send(track('After'));
  assert.equal(device.document().sequence, 1, 'the next visitor\'s events are counted from one');
});

test('who leaves without consent takes along what was held, and one call is one visitor however often it is stepped', async () => {
  const { send, visitor, pipeline } = await device.open();
  await send(track('Held'));
  const leave = reset();
  await send(leave, leave);
  assert.equal(visitor.id, leave.id);
  await send(consent(granted), track('After'));
  assert.equal(pipeline.storing, true);
  assert.deepEqual([visitor.id, device.events()], [leave.id, ['Consent Updated', 'After']]);
});

test('who leaves while the device can not be written stays gone, here and on the next page, whatever is stored next', async () => {
  const here = await device.open();
  await here.send(consent(granted), identify({ name: 'Anna' }));
  const there = await device.open();
  device.broken.add('commit');
  const leave = reset();
  await here.send(leave, track('Product Viewed'), track('Product Viewed'));
  device.broken.clear();
  assert.match(device.profile(), /Anna/);
  assert.deepEqual([here.pipeline.unstored(), here.pipeline.isLeft], [[leave], true]);
  await there.send(track('There'));
  here.pipeline.refresh();
  await settled();
  assert.equal(here.visitor.id, leave.id);
  assert.equal(await here.pipeline.share(), false, 'nobody is known');
  assert.deepEqual([here.visitor.id, here.visitor.inspect().profile], [leave.id, {}]);
  here.spill.write(here.pipeline.unstored());
  const next = await device.open();
  await next.send(track('Next'));
  assert.equal(next.visitor.id, leave.id);
  assert.doesNotMatch(device.profile(), /Anna/);
});

test('a sign-out that the device refused is stored with the first commit that succeeds, and with it what came after', async () => {
  const { send, pipeline, visitor } = await device.open();
  await send(consent(granted), identify({ name: 'Anna' }));
  device.broken.add('commit');
  const leave = reset();
  await send(leave, track('Product Viewed'), track('Product Viewed'));
  device.broken.clear();
  await send(track('After'));
  assert.deepEqual([visitor.id, visitor.inspect().segments.keen, pipeline.unstored()], [leave.id, true, []]);
  const next = await device.open();
  assert.deepEqual([next.visitor.id, next.visitor.inspect().segments.keen, next.visitor.inspect().profile], [leave.id, true, {}]);
});

test('who came after a sign-out that the device refused and the next page stored is not taken for who left', async () => {
  const here = await device.open();
  await here.send(consent(granted), identify({ name: 'Anna' }));
  device.broken.add('commit');
  const leave = reset();
  await here.send(leave);
  device.broken.clear();
  here.spill.write([leave]);
  const next = await device.open();
  await next.send(identify({ name: 'Berta' }), track('Product Viewed'), track('Product Viewed'));
  here.pipeline.refresh();
  await settled();
  const { profile, segments } = here.visitor.inspect();
  assert.deepEqual([here.visitor.id, here.visitor.user, profile.name?.value, segments.keen], [leave.id, 'u', 'Berta', true]);
  await here.send(track('After'));
  assert.match(device.profile(), /Berta/);
});

test('what was spilled with a sign-out that reached the device gives the next person nothing of the one before', async () => {
  const before = await device.open();
  await before.send(consent(granted), identify({ name: 'Anna' }));
  const [hers, leave, next] = [track('Product Viewed'), reset(), track('Product Viewed')];
  await before.send(hers, leave);
  const { state } = device.document();
  assert.deepEqual(state.messages, [], 'of her messages none is known any more');
  // As the page listed them while they were on their way.
  before.spill.write([hers, leave, next]);
  device.log = [];
  const after = await device.open();
  await after.send(track('Here'));
  assert.deepEqual(device.events(), ['Product Viewed', 'Here']);
  assert.deepEqual([after.visitor.id, after.visitor.inspect().segments.keen], [leave.id, false]);
});

test('what was spilled before a sign-out that is done already is over, however much it was and however often somebody left', async () => {
  const before = await device.open();
  await before.send(consent(granted));
  const calls = [...Array.from({ length: 60 }, () => track('Hers')), reset(), identify({ name: 'Anna' }), track('Hers'), reset()];
  await before.send(...calls);
  before.spill.write([...calls, track('Next')]);
  device.log = [];
  const after = await device.open();
  await after.send(track('Here'));
  assert.deepEqual(device.events(), ['Next', 'Here']);
  assert.equal(after.visitor.id, calls.at(-1).id);
  assert.doesNotMatch(device.profile(), /Anna/);
});

test('what was spilled apart from the sign-out that followed it is over, too', async () => {
  const before = await device.open();
  await before.send(consent(granted));
  const [hers, leave] = [track('Hers'), reset()];
  await before.send(hers, leave);
  before.spill.write([hers]);
  before.spill.write([leave, track('Next')]);
  device.log = [];
  const after = await device.open();
  await after.send(track('Here'));
  assert.deepEqual(device.events(), ['Next', 'Here']);
});

test('a page that comes back leaves to the next one what that has taken up, and does itself what nobody took', async () => {
  for (const isTaken of [true, false]) {
    const first = await device.open();
    await first.send(consent(granted));
    const { commit } = device.disk;
    let shown;
    const frozen = new Promise((resolve) => (shown = resolve));
    device.disk.commit = async (...work) => {
      device.disk.commit = commit;
      await frozen;
      return commit(...work);
    };
    const waiting = first.send(identify({ name: 'Anna' }), track('Hers'), reset(), track('Next'), identify({ name: 'Berta' }));
    await new Promise((answer) => setTimeout(answer));
    first.spill.write(first.pipeline.unstored());
    device.log = [];
    if (isTaken) {
      const second = await device.open();
      await second.send(track('There'), reset());
    }
    // As the events come: the page takes up first, then its transaction begins anew.
    first.pipeline.takeSpilled();
    shown();
    await waiting;
    await first.send(track('Back'));
    const names = ['Hers', 'Next', ...(isTaken ? ['There'] : []), 'Back'];
    assert.deepEqual(device.log.filter((entry) => names.includes(entry)), names);
    assert.equal(first.visitor.user, isTaken ? null : 'u');
    assert.equal(/Berta/.test(device.profile()), !isTaken);
  }
});

test('while somebody leaves, nothing is decided ahead for the next page', async () => {
  const { send, pipeline } = await device.open();
  await send(consent(granted));
  const leaving = send(reset());
  assert.equal(pipeline.isLeft, true);
  await leaving;
  assert.equal(pipeline.isLeft, false);
});
