// The state of a person who is known, exchanged with what her other devices know.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { Device, consent, denied, granted, identify, settled, track } from './device.mjs';

let device;

beforeEach(() => {
  device = new Device();
});

/** A page that knows the person, and what it announces to the slots. */
async function known() {
  const announced = [];
  const page = await device.open({ advanced: (visitor, calls) => announced.push(calls.length) });
  await page.send(consent(granted), identify({ name: 'Anna' }));
  await settled();
  announced.length = 0;
  device.log = [];
  return { ...page, announced };
}

/** As another device of hers makes it of a state. */
async function elsewhere(state, ...calls) {
  const other = new Device();
  const page = await other.open();
  await page.send(consent(granted), identify({ name: 'Anna' }));
  page.visitor.adopt(page.visitor.share().revision, JSON.parse(state));
  await page.send(...calls);
  return JSON.parse(page.visitor.share().state);
}

/** In a browser of its own: its calls are not in this one's localStorage. */
async function answering(state, ...calls) {
  const local = globalThis.localStorage;
  try {
    return await elsewhere(state, ...calls);
  } finally {
    globalThis.localStorage = local;
  }
}

test('what other devices know is stored, shown and told to other tabs, and is there after a reload', async () => {
  const { pipeline, visitor, announced } = await known();
  const seen = [];
  const { commit } = device.disk;
  device.disk.commit = (work, durability) => (seen.push(durability), commit(work, durability));
  assert.equal(await pipeline.share((state) => answering(state, track('Product Viewed'), track('Product Viewed'))), true);
  assert.equal(visitor.inspect().segments.keen, true);
  assert.deepEqual([announced, seen, device.log], [[0], ['strict'], ['changed']]);
  const next = await device.open();
  assert.deepEqual([next.visitor.id, next.visitor.inspect().segments.keen], [visitor.id, true]);
});

test('what this tab stores after an exchange goes on from it', async () => {
  const { pipeline, visitor, send, announced } = await known();
  await pipeline.share((state) => answering(state, track('Product Viewed')));
  announced.length = 0;
  pipeline.refresh();
  await settled();
  assert.deepEqual(announced, [], 'what it stored itself is no news');
  await send(track('Product Viewed'));
  assert.equal(visitor.inspect().segments.keen, true);
});

test('what happens while the answer is under way is not lost: it is asked again, three times at most', async () => {
  const { pipeline, visitor, send } = await known();
  let asked = 0;
  const meddled = (times) => async (state) => {
    if (asked++ < times) await send(track('Product Viewed'));
    return JSON.parse(state);
  };
  assert.equal(await pipeline.share(meddled(2)), true);
  assert.deepEqual([asked, visitor.inspect().segments.keen], [3, true]);
  asked = 0;
  assert.equal(await pipeline.share(meddled(Infinity)), false);
  assert.equal(asked, 3);
});

test('what another tab stored meanwhile is asked with, and shown', async () => {
  const { pipeline, visitor, announced } = await known();
  const there = await device.open();
  await there.send(track('Product Viewed'));
  const states = [];
  const share = async (state) => {
    states.push(state);
    if (states.length === 1) await there.send(track('Product Viewed'));
    return JSON.parse(state);
  };
  assert.equal(await pipeline.share(share), true);
  assert.deepEqual(states.map((state) => state.match(/Product Viewed/g)?.length > 0), [true, true]);
  assert.deepEqual([visitor.inspect().segments.keen, announced], [true, [0, 0, 0]]);
});

test('a consent that was withdrawn on another device is withdrawn here, and a choice that was made there is kept here', async () => {
  const { pipeline, visitor } = await known();
  assert.equal(await pipeline.share((state) => answering(state, consent({ personalization: false }))), true);
  const partly = { analytics: true, personalization: false };
  assert.deepEqual([visitor.consent, JSON.parse(device.texts.get('setting:consent')).text], [partly, JSON.stringify(partly)]);
  const withdrawn = async (state) => {
    const document = JSON.parse(state);
    return { ...document, consent: Object.fromEntries(Object.entries(document.consent).map(([purpose, choice]) => [purpose, typeof choice === 'boolean' ? false : { ...choice, granted: false }])) };
  };
  const { purge } = device.disk;
  device.disk.purge = async (choices) => (await settled(), purge(choices));
  assert.equal(await pipeline.share(withdrawn), true);
  assert.deepEqual([pipeline.storing, visitor.consent, device.profile(), device.texts.keys()], [false, denied, null, ['setting:consent']]);
});

test('nothing is exchanged of who has not consented, of nobody, or of a state of a newer program', async () => {
  let asked = 0;
  const exchange = async (state) => (asked++, JSON.parse(state));
  const { pipeline, send } = await device.open();
  await send(identify({ name: 'Anna' }));
  assert.equal(await pipeline.share(exchange), false);
  await send(consent(granted));
  assert.equal(await pipeline.share(exchange), true);
  const newer = await device.open({ bytes: await compile(packFiles({ retention: '60d' })), since: 2 });
  await newer.send(track('There'));
  assert.equal(await pipeline.share(exchange), false);
  const stranger = await new Device().open();
  await stranger.send(consent(granted), track('Here'));
  assert.equal(await stranger.pipeline.share(exchange), false);
  assert.equal(asked, 1);
});

test('an answer that comes after the consent was withdrawn is not taken, and one that the engine refuses holds up no call', async () => {
  const { pipeline, send } = await known();
  const withdrawn = async (state) => {
    pipeline.purged(denied);
    return JSON.parse(state);
  };
  assert.equal(await pipeline.share(withdrawn), false);
  await settled();
  assert.deepEqual([pipeline.storing, device.log.includes('changed')], [false, false]);
  await send(consent(granted), identify({ name: 'Anna' }));
  await assert.rejects(pipeline.share(async () => ({ wayline: 'nonsense' })));
  const [{ stored }] = await send(track('After'));
  assert.equal(stored, 'indexeddb');
});
