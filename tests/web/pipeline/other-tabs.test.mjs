// What other tabs store, and what is told to the page: once, and nothing that is no news.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { Device, consent, denied, granted, identify, reset, settled, track, use, view } from './device.mjs';

let device;

beforeEach(() => {
  device = new Device();
});

/** A page that notes what is announced to it. */
async function watching(options) {
  const announced = [];
  const page = await device.open({ ...options, advanced: (visitor, calls, effects) => announced.push([calls.map(({ id }) => id), effects.map(({ event }) => event)]) });
  await settled();
  return { ...page, announced };
}

test('each call is announced once with what it caused: before consent, with it, and after', async () => {
  const { send, announced } = await watching();
  const [held, choice, first, second] = [track('Product Viewed'), consent(granted), view(), track('Product Viewed')];
  for (const each of [held, choice]) await send(each);
  await send(first, second);
  assert.deepEqual(announced.map(([calls]) => calls), [[held.id], [choice.id], [choice.id], [first.id, second.id]]);
  assert.ok(announced.at(-1)[1].includes('Journey Entered'), JSON.stringify(announced));
});

test('a page whose slots can not be filled is told so, and goes on', async () => {
  const { send } = await device.open({ advanced: () => { throw new Error('no such element'); } });
  await send(consent(granted));
  const [{ stored }] = await send(track('Stored'));
  assert.deepEqual([stored, device.log.includes('slot.render_failed')], ['indexeddb', true]);
});

test('what another tab stored is shown when it is told, once, and is seen to', async () => {
  const here = await watching();
  await here.send(consent(granted));
  const there = await device.open();
  await there.send(track('Product Viewed'), track('Product Viewed'));
  assert.ok(device.log.includes('changed'), 'it is told');
  device.log = [];
  here.announced.length = 0;
  for (let time = 0; time < 2; time++) here.pipeline.refresh();
  await settled();
  assert.deepEqual([here.announced, here.visitor.inspect().segments.keen, device.log], [[[[], []]], true, ['wake', 'wake']]);
});

test('a device that can not be read when another tab stored something is reported, and holds up no call', async () => {
  const { send, pipeline } = await device.open();
  await send(consent(granted));
  device.broken.add('readProfile');
  pipeline.refresh();
  const [{ stored }] = await send(track('Stored'));
  assert.deepEqual([stored, device.log.includes('storage.failed')], ['indexeddb', true]);
});

test('a tab that hears of a newer program\'s state takes that program, and shows the state; of its own program\'s it takes nothing', async () => {
  const newer = await compile(packFiles({ retention: '60d' }));
  let times = 0;
  const catchUp = async (visitor) => {
    times++;
    await settled();
    use(visitor, newer, 2);
    return true;
  };
  const here = await watching({ catchUp });
  await here.send(consent(granted));
  await (await device.open()).send(track('Product Viewed'));
  here.pipeline.refresh();
  await settled();
  assert.equal(times, 0);
  await (await device.open({ bytes: newer, since: 2 })).send(track('Product Viewed'));
  here.announced.length = 0;
  here.pipeline.refresh();
  await settled();
  await settled();
  assert.deepEqual([times, here.visitor.inspect().segments.keen, here.announced], [1, true, [[[], []]]]);
});

test('a tab that can not have the newer program shows its own state, and is told nothing', async () => {
  const here = await watching({ catchUp: async () => false });
  await here.send(consent(granted), track('Product Viewed'));
  const newer = await device.open({ bytes: await compile(packFiles({ retention: '60d' })), since: 2 });
  await newer.send(track('Product Viewed'));
  here.announced.length = 0;
  here.pipeline.refresh();
  await settled();
  assert.deepEqual([here.announced, here.visitor.inspect().segments.keen], [[], false]);
  await newer.send(reset());
  here.pipeline.refresh();
  await settled();
  assert.deepEqual(here.announced, []);
});

test('of one program, the server\'s later word on it makes no tab older', async () => {
  const later = await device.open({ since: 2 });
  await later.send(consent(granted));
  const { send } = await device.open({ since: 1 });
  await send(track('Product Viewed'), track('Product Viewed'));
  const next = await device.open({ since: 1 });
  assert.equal(next.visitor.inspect().segments.keen, true);
});

test('who finds that the device has forgotten the visitor forgets too', async () => {
  const { send, pipeline, visitor, announced } = await watching();
  await send(consent(granted), identify({ name: 'Anna' }));
  const { id } = visitor;
  announced.length = 0;
  device.texts.remove('profile');
  pipeline.refresh();
  await settled();
  assert.deepEqual(announced, [[[], []]]);
  assert.notEqual(visitor.id, id);
  assert.deepEqual([visitor.user, visitor.inspect().profile], [null, {}]);
});

test('a profile that is none is reported, and neither taken over nor in the way', async () => {
  const { send, pipeline, visitor, announced } = await watching();
  await send(consent(granted), track('Product Viewed'));
  const { id } = visitor;
  announced.length = 0;
  device.texts.set('profile', device.texts.get('setting:consent'));
  pipeline.refresh();
  await settled();
  assert.deepEqual([visitor.id, announced, device.log.includes('storage.corrupt')], [id, [], true]);
  await send(track('Product Viewed'));
  const next = await device.open();
  assert.deepEqual([next.visitor.id, next.visitor.inspect().segments.keen], [id, true]);
});

test('the next page is another one\'s while somebody leaves or another signs in, and not while the same goes on', async () => {
  const { send, pipeline } = await device.open();
  await send(consent(granted));
  const leaves = async (call) => {
    const sent = send(call);
    const { isLeft } = pipeline;
    await sent;
    return isLeft;
  };
  const signIn = (user) => {
    const call = identify({});
    return { ...call, input: { ...call.input, identify: user } };
  };
  assert.equal(await leaves(track('Nobody')), false);
  assert.equal(await leaves(signIn('anna')), false, 'she was here before');
  assert.equal(await leaves(track('Hers')), false);
  assert.equal(await leaves(signIn('anna')), false);
  assert.equal(await leaves(signIn('berta')), true);
  assert.equal(await leaves(reset()), true);
});

test('who leaves while nothing is stored takes along what was held, also from a page that is left while the next one grants', async () => {
  const { send, pipeline } = await device.open();
  await send(track('Hers'));
  await send(reset());
  const waiting = send(consent(granted));
  assert.deepEqual(pipeline.unstored().map(({ kind }) => kind), ['consent']);
  await waiting;
  await send(consent(denied));
  assert.deepEqual(pipeline.unstored(), []);
});
