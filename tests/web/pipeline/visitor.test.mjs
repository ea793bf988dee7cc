// The visitor of a page: what is sent of the steps, when the next timer is due, and what is asked without changing anything.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { Device, consent, granted, identify, large, seal, settled, track } from './device.mjs';

const hour = 3_600_000;
const one = { url: 'https://shop.test/', path: '/', title: '', referrer: '', search: '' };
const two = { ...one, url: 'https://shop.test/two', path: '/two' };

let device;

beforeEach(() => {
  device = new Device();
});

/** As if it had been made at that time. */
const later = (call, at) => ({ ...call, at, input: { ...call.input, at } });

/** A page whose visitor has just entered the journey of the pack; `entry` is the call that led there. */
async function entered() {
  const page = await device.open();
  const calls = [consent(granted), identify({ name: 'Anna' }), track('Product Viewed'), track('Product Viewed')];
  const entry = calls.at(-1);
  await page.send(...calls);
  return { ...page, entry };
}

test('what a step causes is sent as an event of its own, at its own time, with an id that comes from its cause', async () => {
  const { send, entry, visitor } = await entered();
  const order = track('Ordered');
  await send(order);
  const caused = device.stored().map(([importance, size, text]) => ({ ...JSON.parse(text), importance, isSize: size === Buffer.byteLength(text) })).filter(({ messageId }) => /\//.test(messageId));
  assert.deepEqual(caused.map(({ event, importance }) => [event, importance]),
    [['Journey Entered', 0], ['Stage Entered', 0], ['Goal Reached', 2], ['Journey Exited', 0]]);
  for (const [index, { messageId, type, timestamp, originalTimestamp, properties, anonymousId, userId, isSize, context }] of caused.entries()) {
    const cause = index < 2 ? entry : order;
    assert.match(messageId, new RegExp(`^${cause.id}/\\d$`));
    assert.deepEqual([type, properties.journey, anonymousId, userId, isSize], ['track', 'interest', visitor.id, 'u', true]);
    assert.deepEqual([timestamp, originalTimestamp], Array(2).fill(new Date(cause.at).toISOString()));
    assert.deepEqual([context.consent, context.page, context.wayline.bootId, context.wayline.monotonic], [{ categoryPreferences: granted }, one, 'boot', 1]);
  }
});

test('the next timer is known here and on the next page, until it is due', async () => {
  const { visitor, entry, send } = await entered();
  const next = await device.open();
  assert.deepEqual([visitor.timer, next.visitor.timer], [entry.at + hour, entry.at + hour]);
  await send(later(track('Before'), entry.at + hour - 1));
  assert.equal(visitor.timer, entry.at + hour);
  await send(later(track('Then'), entry.at + hour));
  assert.equal(visitor.timer, null);
  assert.equal(visitor.inspect().journeys.interest.stage, 'reminded');
});

test('who is known is known on the next page', async () => {
  await entered();
  const { visitor } = await device.open();
  assert.equal(visitor.user, 'u');
});

test('a decision is of the page and the slots that are asked for, and shows what a preview wants', async () => {
  const { visitor } = await entered();
  assert.deepEqual(Object.entries(visitor.decide(two, {}, ['note'])).map(([slot, { content }]) => [slot, content]), [['note', { text: 'Two.' }]]);
  assert.deepEqual(Object.keys(visitor.decide(one, {})), ['hero']);
  assert.equal(visitor.decide(one, {}).hero.experience, 'interest.tempted.hero');
  assert.deepEqual(visitor.decide(one, { greeting: 'only' }).hero.content, { html: '<p>Welcome, Anna.</p>' });
  assert.equal(visitor.decide(one, { greeting: 'only' }).hero.reason, 'forced');
  assert.equal(visitor.explain(two, {}, 'note').content.text, 'Two.');
  assert.equal(visitor.explain(one, { greeting: 'only' }, 'hero').reason, 'forced');
});

test('an arrival is foreseen at its time and on its page, and nothing comes of it', async () => {
  const { visitor, entry } = await entered();
  const before = visitor.share();
  const shown = (page, at) => Object.fromEntries(Object.entries(visitor.foresee(page, at)).map(([slot, { experience }]) => [slot, experience]));
  assert.deepEqual(shown(one, entry.at), { hero: 'interest.tempted.hero' });
  assert.deepEqual(shown(two, entry.at + 2 * hour), { hero: 'greeting', note: 'note-two' });
  assert.deepEqual(visitor.share(), before);
});

test('what is done with a fork of the visitor changes nothing here', async () => {
  const { visitor } = await entered();
  const before = visitor.share();
  const fork = visitor.fork();
  assert.equal(fork.snapshot(), before.state);
  fork.step(track('Ordered').input);
  assert.notEqual(fork.snapshot(), before.state);
  assert.deepEqual(visitor.share(), before);
  fork.dispose();
  const fresh = await new Device().open();
  fresh.visitor.fork().dispose();
});

test('what is wrong with a call is told with its name and kind', async () => {
  const { send } = await device.open();
  const tooLarge = large();
  await send(consent({ ...granted, nobody: true }), identify({ nobody: 1 }), track('page'), tooLarge);
  const told = device.problems.map(({ code, details }) => [code, details.name ?? details.id, details.call ?? details.size > 40_000]);
  assert.deepEqual(told, [['consent.undeclared', 'nobody', 'consent'], ['trait.undeclared', 'nobody', 'identify'], ['step.malformed', undefined, 'track'], ['event.too_large', tooLarge.id, true]]);
});

test('where no purpose is named for events everything is stored from the first call on, of one visitor', async () => {
  const { send, pipeline, visitor } = await device.open({ bytes: await compile(packFiles({ consent: { purposes: ['analytics', 'personalization'] } })) });
  const { id } = visitor;
  assert.equal(pipeline.storing, true);
  await send(track('First'));
  pipeline.refresh();
  await settled();
  await send(track('Second'));
  assert.deepEqual([visitor.id, device.queued().map(({ anonymousId }) => anonymousId)], [id, [id, id]]);
});

test('a state that the engine refuses is reported, and its visitor is one of whom nothing is known', async () => {
  const { send, pipeline, visitor } = await entered();
  const document = { ...device.document(), visitor: 'forged', user: null, state: { wayline: 'nonsense' } };
  device.texts.set('profile', seal(document));
  pipeline.refresh();
  await settled();
  assert.deepEqual([visitor.id, visitor.inspect().segments.keen, visitor.timer], ['forged', false, null]);
  assert.match(device.problems.at(-1).code, /^state\./);
  await send(consent(granted), track('After'));
  assert.deepEqual(device.document().visitor, 'forged');
});

test('of the calls that ended commits only the latest are kept beside the profile', async () => {
  const { send } = await device.open();
  await send(consent(granted));
  for (let commit = 0; commit < 40; commit++) await send(track('Counted'));
  assert.equal(device.document().ends.length, 1_000);
});
