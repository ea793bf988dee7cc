// Call after call through the pipeline with the engine that ships, over a device whose writes fail in turn.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { bytesOf, compile, packFiles } from '../wasm/engine.mjs';
import { load } from './load.mjs';
import { LocalTexts } from './local-texts.mjs';

const { Pipeline, Visitor, Spill, Engine, Program, KeyValueStorage, ResilientStorage, memoryTexts, uniqueId, seal } = await load(
  'client/pipeline.ts', 'client/visitor.ts', 'client/spill.ts', 'engine.ts', 'store/key-value-storage.ts', 'store/resilient-storage.ts', 'store/unique-id.ts', 'store/sealed.ts');

const engine = await Engine.load(bytesOf('wayline.wasm'));
const program = await compile();
const page = { url: 'https://shop.test/', path: '/', title: '', referrer: '', search: '' };
const granted = { analytics: true, personalization: true };
const denied = { analytics: false, personalization: false };

let texts, disk, broken, log;

/** The methods named in `broken` reject, as on a full or broken disk; what they were to do is not done. */
const breakable = (storage) => new Proxy(storage, {
  get: (target, name) => {
    if (broken.has(name)) return async () => { throw new Error(`${name} failed`); };
    const value = target[name];
    return typeof value === 'function' ? value.bind(target) : value;
  },
});

beforeEach(() => {
  globalThis.localStorage = new LocalTexts();
  texts = memoryTexts();
  broken = new Set();
  disk = breakable(new KeyValueStorage('indexeddb', texts, () => {}));
  log = [];
});

const call = (kind, input, message, importance = 1) => {
  const id = uniqueId();
  const at = Date.now();
  return { kind, id, at, monotonic: 1, bootId: 'boot', page, importance, input: { ...input, at, id }, ...(message === undefined ? {} : { message }) };
};
const large = () => ({ ...track('Large'), message: { type: 'track', event: 'Large', properties: { text: 'x'.repeat(40_000) } } });
const track = (event) => call('track', { track: event, properties: {}, page }, { type: 'track', event, properties: {} });
const identify = (traits) => call('identify', { identify: 'u', traits }, { type: 'identify', userId: 'u', traits });
const consent = (purposes) => call('consent', { consent: purposes }, { type: 'track', event: 'Consent Updated', properties: {} }, 2);

/** A page over the device as it is now. */
async function open({ bytes = program, since = 1, catchUp = async () => false, advanced = () => {} } = {}) {
  const report = (error) => log.push(error.code);
  const storage = new ResilientStorage(disk, report);
  const visitor = new Visitor(Program.load(engine, bytes), {}, report, since);
  visitor.synchronise({ text: await storage.readProfile() });
  const outbox = {
    accepted: (events) => log.push(...events.map(({ text }) => JSON.parse(text).event)),
    withdraw: () => log.push('withdraw'),
    wake: () => log.push('wake'),
    drop: (count, reason) => log.push(`${count} ${reason}`),
  };
  const spill = new Spill('test');
  const tabs = { tell: ({ kind }) => log.push(kind) };
  const recall = (purposes) => call('consent', { consent: purposes }, undefined, 2);
  const pipeline = new Pipeline({ visitor, storage, outbox, tabs, spill, report, advanced: () => advanced(visitor), catchUp: () => catchUp(visitor), recall });
  pipeline.start();
  const send = (...calls) => Promise.all(calls.map((each) => new Promise((resolve) => pipeline.add({ call: each, resolve }))));
  return { pipeline, visitor, storage, spill, send };
}
const profile = () => texts.get('profile');
const document = () => JSON.parse(JSON.parse(profile()).text);
/** The messages in the queue, in their order. */
const queued = (from = texts) =>
  from.keys().filter((key) => key.startsWith('event:')).sort().map((key) => JSON.parse(JSON.parse(JSON.parse(from.get(key)).text)[2]));
const sequences = () => queued().map(({ context }) => context.wayline.sequence);

test('withdrawn consent: silence, then the purge, then the note of it', async () => {
  const { send, pipeline } = await open();
  await send(consent(granted), track('Kept'));
  log = [];
  const purge = disk.purge;
  disk = Object.assign(disk, { purge: (choices) => (log.push('purge'), purge(choices)) });
  const [{ stored }] = await send(consent(denied));
  assert.equal(stored, 'none');
  assert.deepEqual(log, ['withdraw', 'purged', 'purge', 'purged']);
  assert.deepEqual([pipeline.storing, profile(), texts.keys()], [false, null, ['setting:consent']]);
});

for (const method of ['commit', 'writeSetting', 'purge']) {
  test(`withdrawn consent stays withdrawn on a device whose ${method} fails`, async () => {
    const { send, pipeline } = await open();
    await send(consent(granted), track('Kept'));
    log = [];
    broken.add(method);
    await send(consent(denied));
    assert.equal(pipeline.storing, false);
    assert.ok(log.includes('withdraw') && log.includes('purged'), String(log));
    // The purge leaves the note of it, so that the setting is written by itself only after a purge that failed.
    assert.equal(log.includes('storage.failed'), method !== 'writeSetting', String(log));
    broken.clear();
    const again = await open();
    const [{ stored }] = await again.send(track('Later'));
    assert.deepEqual([stored, again.pipeline.storing, profile()], ['memory', false, null]);
  });
}

test('a tab whose withdrawal no disk took does not take over the old grant from there', async () => {
  const { send, pipeline } = await open();
  await send(consent(granted), track('Kept'));
  broken.add('writeSetting').add('purge');
  await send(consent(denied));
  pipeline.refresh();
  const [{ stored }] = await send(track('Silent'));
  assert.deepEqual([stored, pipeline.storing], ['memory', false]);
});

test('a tab that takes over a grant while another withdraws it writes nothing after the purge, and learns of the denial', async () => {
  const other = await open();
  const { send } = await open();
  await send(consent(granted), track('Kept'));
  let isRead, goOn;
  const read = new Promise((resolve) => (isRead = resolve));
  const withdrawn = new Promise((resolve) => (goOn = resolve));
  const readSetting = disk.readSetting;
  disk.readSetting = async (name) => {
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
  assert.deepEqual([stored, other.pipeline.storing, other.visitor.consent, profile()], ['memory', false, denied, null]);
  assert.deepEqual(texts.keys(), ['setting:consent']);
  await other.send(consent(granted));
  assert.deepEqual([other.pipeline.storing, other.visitor.consent], [true, granted]);
  const next = await open();
  await next.send(track('Next'));
  assert.deepEqual([next.pipeline.storing, next.visitor.consent], [true, granted]);
});

test('what was held does not go out of sight while a grant stores it', async () => {
  const seen = [];
  const { send } = await open({ advanced: (visitor) => seen.push(visitor.inspect().segments.keen) });
  await send(track('Product Viewed'), track('Product Viewed'));
  const commit = disk.commit;
  disk.commit = async (...work) => {
    await new Promise((answer) => setTimeout(answer));
    return commit(...work);
  };
  await send(consent(granted));
  assert.deepEqual([seen.length > 1, new Set(seen)], [true, new Set([true])]);
});

test('what is wrong with a call that waits for consent is told once, and of a choice only where it was made', async () => {
  const { send } = await open();
  await send(track('page'), large(), consent({ ...denied, nobody: true }));
  const problems = ['step.malformed', 'event.too_large', 'consent.undeclared'];
  assert.deepEqual(log.filter((entry) => entry.includes('.')), problems);
  await send(consent(granted));
  assert.deepEqual(log.filter((entry) => entry.includes('.')), problems);
  await send(consent(denied));
  log = [];
  // What a newer pack does not declare any more was chosen when there was something to choose.
  const fewer = await open({ bytes: await compile(packFiles({ consent: { purposes: ['analytics'], events: 'analytics' }, attributes: { 'profile.name': { type: 'string', source: 'account' } } })) });
  await fewer.send(track('Held'));
  assert.deepEqual([fewer.visitor.consent, log], [{ analytics: false }, ['wake']]);
});

test('a choice that no disk took is noted with the first commit that succeeds', async () => {
  const { send } = await open();
  await send(consent(denied));
  broken.add('commit').add('writeSetting');
  await send(consent(granted));
  broken.clear();
  const [{ stored }] = await send(track('Kept'));
  assert.deepEqual([stored, JSON.parse(texts.get('setting:consent')).text], ['indexeddb', JSON.stringify(granted)]);
});

const reset = () => call('reset', { logout: true }, undefined, 2);

test('who leaves is another visitor, of whom consent and device are known, and nothing else', async () => {
  const { send, visitor } = await open();
  await send(consent(granted), track('Product Viewed'), track('Product Viewed'), identify({ name: 'Anna' }));
  const before = visitor.id;
  const leave = reset();
  await send(leave);
  const { user, profile: traits, segments, consent: choices } = visitor.inspect();
  assert.deepEqual([visitor.id, visitor.user, user, traits, segments.keen, choices], [leave.id, null, null, {}, false, granted]);
  assert.notEqual(visitor.id, before);
  assert.doesNotMatch(profile(), /Anna|"u"/);
  await send(track('After'));
  assert.equal(JSON.parse(JSON.parse(profile()).text).sequence, 1, 'the next visitor\'s events are counted from one');
});

test('who leaves without consent takes along what was held, and one call is one visitor however often it is stepped', async () => {
  const { send, visitor, pipeline } = await open();
  await send(track('Held'));
  const leave = reset();
  await send(leave, leave);
  assert.equal(visitor.id, leave.id);
  await send(consent(granted), track('After'));
  assert.equal(pipeline.storing, true);
  assert.deepEqual([visitor.id, log.filter((entry) => /^[A-Z]/.test(entry))], [leave.id, ['Consent Updated', 'After']]);
});

test('who leaves while the device can not be written stays gone, here and on the next page, whatever is stored next', async () => {
  const here = await open();
  await here.send(consent(granted), identify({ name: 'Anna' }));
  const there = await open();
  broken.add('commit');
  const leave = reset();
  await here.send(leave, track('Product Viewed'), track('Product Viewed'));
  broken.clear();
  assert.match(profile(), /Anna/);
  assert.deepEqual([here.pipeline.unstored(), here.pipeline.isLeft], [[leave], true]);
  await there.send(track('There'));
  here.pipeline.refresh();
  assert.equal(await here.pipeline.share(), false, 'nobody is known');
  assert.deepEqual([here.visitor.id, here.visitor.inspect().profile], [leave.id, {}]);
  here.spill.write(here.pipeline.unstored());
  const next = await open();
  await next.send(track('Next'));
  assert.equal(next.visitor.id, leave.id);
  assert.doesNotMatch(profile(), /Anna/);
});

test('a sign-out that the device refused is stored with the first commit that succeeds, and with it what came after', async () => {
  const { send, pipeline, visitor } = await open();
  await send(consent(granted), identify({ name: 'Anna' }));
  broken.add('commit');
  const leave = reset();
  await send(leave, track('Product Viewed'), track('Product Viewed'));
  broken.clear();
  await send(track('After'));
  assert.deepEqual([visitor.id, visitor.inspect().segments.keen, pipeline.unstored()], [leave.id, true, []]);
  const next = await open();
  assert.deepEqual([next.visitor.id, next.visitor.inspect().segments.keen, next.visitor.inspect().profile], [leave.id, true, {}]);
});

test('what was spilled with a sign-out that reached the device gives the next person nothing of the one before', async () => {
  const before = await open();
  await before.send(consent(granted), identify({ name: 'Anna' }));
  const [hers, leave, next] = [track('Product Viewed'), reset(), track('Product Viewed')];
  await before.send(hers, leave);
  const { state } = JSON.parse(JSON.parse(profile()).text);
  assert.deepEqual(state.messages, [], 'of her messages none is known any more');
  // As the page listed them while they were on their way.
  before.spill.write([hers, leave, next]);
  log = [];
  const after = await open();
  await after.send(track('Here'));
  assert.deepEqual(log.filter((entry) => /^[A-Z]/.test(entry)), ['Product Viewed', 'Here']);
  assert.deepEqual([after.visitor.id, after.visitor.inspect().segments.keen], [leave.id, false]);
});

test('what was spilled before a sign-out that is done already is over, however much it was and however often somebody left', async () => {
  const before = await open();
  await before.send(consent(granted));
  const calls = [...Array.from({ length: 60 }, () => track('Hers')), reset(), identify({ name: 'Anna' }), track('Hers'), reset()];
  await before.send(...calls);
  before.spill.write([...calls, track('Next')]);
  log = [];
  const after = await open();
  await after.send(track('Here'));
  assert.deepEqual(log.filter((entry) => /^[A-Z]/.test(entry)), ['Next', 'Here']);
  assert.equal(after.visitor.id, calls.at(-1).id);
  assert.doesNotMatch(profile(), /Anna/);
});

test('a page that comes back leaves to the next one what that has taken up, and does itself what nobody took', async () => {
  for (const isTaken of [true, false]) {
    const first = await open();
    await first.send(consent(granted));
    const { commit } = disk;
    let shown;
    const frozen = new Promise((resolve) => (shown = resolve));
    disk.commit = async (...work) => {
      disk.commit = commit;
      await frozen;
      return commit(...work);
    };
    const waiting = first.send(identify({ name: 'Anna' }), track('Hers'), reset(), track('Next'), identify({ name: 'Berta' }));
    await new Promise((answer) => setTimeout(answer));
    first.spill.write(first.pipeline.unstored());
    log = [];
    if (isTaken) {
      const second = await open();
      await second.send(track('There'), reset());
    }
    // As the events come: the page takes up first, then its transaction begins anew.
    first.pipeline.takeSpilled();
    shown();
    await waiting;
    await first.send(track('Back'));
    const names = ['Hers', 'Next', ...(isTaken ? ['There'] : []), 'Back'];
    assert.deepEqual(log.filter((entry) => names.includes(entry)), names);
    assert.equal(first.visitor.user, isTaken ? null : 'u');
    assert.equal(/Berta/.test(profile()), !isTaken);
  }
});

test('while somebody leaves, nothing is decided ahead for the next page', async () => {
  const { send, pipeline } = await open();
  await send(consent(granted));
  const leaving = send(reset());
  assert.equal(pipeline.isLeft, true);
  await leaving;
  assert.equal(pipeline.isLeft, false);
});

test('a tab that hears of a withdrawal is silent at once, and does not write again', async () => {
  const { send, pipeline, visitor } = await open();
  await send(consent(granted), track('Kept'));
  const before = visitor.id;
  pipeline.purged(denied);
  assert.equal(pipeline.storing, false);
  const [{ stored }] = await send(track('Later'));
  assert.equal(stored, 'memory');
  assert.notEqual(visitor.id, before);
  assert.equal(visitor.consent.analytics, false);
});

test('steps whose commits fail stay in memory, one after the other, and reach the device with the first commit that succeeds', async () => {
  const { send, visitor } = await open();
  await send(consent(granted));
  broken.add('commit');
  const messages = [];
  for (const name of ['Product Viewed', 'Product Viewed']) messages.push(...(await send(track(name))));
  assert.deepEqual(messages.map(({ stored }) => stored), ['memory', 'memory']);
  assert.equal(visitor.inspect().segments.keen, true);
  broken.clear();
  await send(track('After'));
  assert.equal(visitor.inspect().segments.keen, true);
  const again = await open();
  assert.equal(again.visitor.inspect().segments.keen, true);
  assert.equal(again.visitor.id, visitor.id);
});

test('no sequence is given twice when commits fail, nor to what is too large to be stored', async () => {
  const { send, storage } = await open();
  await send(consent(granted), large());
  for (const failing of [true, true, false]) {
    if (failing) broken.add('commit');
    else broken.clear();
    await send(track('Counted'));
  }
  const sequences = [];
  for (let batch; (batch = await storage.oldest(100, 1e9)).length > 0; await storage.remove(batch.map(({ id }) => id))) {
    sequences.push(...batch.map(({ text }) => JSON.parse(text).context.wayline.sequence));
  }
  assert.deepEqual(sequences.toSorted(), [1, 2, 3, 4]);
});

test('what was spilled although it had reached the device is not numbered, stored or sent anew', async () => {
  const before = await open();
  await before.send(consent(granted));
  const calls = [track('First'), track('Second')];
  await before.send(...calls);
  const kept = queued();
  before.spill.write([...calls, track('Third')]);
  const { send } = await open();
  await send(track('Fourth'));
  assert.deepEqual(log.filter((name) => ['First', 'Second', 'Third', 'Fourth'].includes(name)), ['First', 'Second', 'Third', 'Fourth']);
  assert.deepEqual(queued().slice(0, 3), kept);
  assert.deepEqual(sequences(), [1, 2, 3, 4, 5]);
});

/** A page that waits for consent makes these calls, and is left while what it was granted for is on its way to the device, where it arrives. */
async function grantAndLeave(held) {
  const { send, pipeline, spill } = await open();
  await send(...held);
  const { commit } = disk;
  const leaveAfter = (work) => (stored) => [work(stored), spill.write(pipeline.unstored())][0];
  disk.commit = (work, durability) => commit(leaveAfter(work), durability);
  await send(consent(granted));
  disk.commit = commit;
  assert.equal(Object.keys(localStorage).length, 1);
}

test('more calls than the engine remembers, and such as it refuses, are not numbered, stored or sent anew when the next page finds them spilled', async () => {
  await grantAndLeave([track('page'), ...Array.from({ length: 300 }, () => track('Held')), track('page')]);
  const kept = queued();
  log = [];
  const { send } = await open();
  await send(track('Next'));
  assert.deepEqual(log.filter((entry) => /^[A-Z]/.test(entry) || entry === 'page'), ['Next']);
  assert.deepEqual(queued().slice(0, -1), kept);
  assert.deepEqual(sequences(), Array.from({ length: 304 }, (_, index) => index + 1));
});

test('two tabs that took up the same spill store it once', async () => {
  const first = await open();
  await first.send(consent(granted));
  const calls = [track('page'), ...Array.from({ length: 200 }, () => track('Spilled'))];
  const [one, other] = [await open(), await open()];
  first.spill.write(calls);
  const [key] = Object.keys(localStorage);
  const text = localStorage.getItem(key);
  one.pipeline.takeSpilled();
  localStorage.setItem(key, text); // as a tab sees it that hears late of its removal
  other.pipeline.takeSpilled();
  await Promise.all([one.send(track('One')), other.send(track('Other'))]);
  assert.deepEqual(sequences(), Array.from({ length: 204 }, (_, index) => index + 1));
});

test('what one page stored until it was left says nothing of what another one spilled', async () => {
  const first = await open();
  await first.send(consent(granted));
  const second = await open();
  first.spill.write([track('Unstored')]);
  await second.send(track('Stored'));
  const last = track('Stored last');
  await second.send(last);
  second.spill.write([last, track('Too late')]);
  log = [];
  const next = await open();
  await next.send(track('Next'));
  assert.deepEqual(log.filter((entry) => /^[A-Z]/.test(entry)), ['Unstored', 'Too late', 'Next']);
});

test('the numbers of a tab ascend, though its commits fail while another tab\'s succeed', async () => {
  const first = await open();
  await first.send(consent(granted));
  const second = await open();
  broken.add('commit');
  await first.send(track('In memory'), track('In memory'), track('In memory'));
  broken.clear();
  await second.send(track('There'));
  await first.send(track('Again'));
  const overflow = await first.storage.oldest(10, 1e9);
  const numbers = overflow.map(({ text }) => JSON.parse(text).context.wayline.sequence);
  assert.deepEqual(numbers, [2, 3, 4]);
  assert.deepEqual(queued().map(({ event, context }) => [event, context.wayline.sequence]), [['Consent Updated', 1], ['There', 2], ['Again', 5]]);
});

test('a call that can not be stepped takes no other with it: all who wait are answered', async () => {
  const { send } = await open();
  await send(consent(granted));
  const impossible = { ...track('Impossible'), at: 9e15 };
  const answers = await send(impossible, track('Beside'));
  assert.equal(answers.length, 2);
  const [{ stored }] = await send(track('After'));
  assert.equal(stored, 'indexeddb');
});

test('what earlier pages spilled is taken up, and forgotten when consent is withdrawn, here or in another tab', async () => {
  const { send, spill, pipeline } = await open();
  await send(consent(granted));
  spill.write([track('Spilled')]);
  const again = await open();
  await again.send(track('Here'));
  assert.ok(log.indexOf('Spilled') >= 0 && log.indexOf('Spilled') < log.indexOf('Here'), String(log));
  spill.write([track('Late')]);
  await again.send(consent(denied));
  assert.deepEqual(spill.take(), []);
  spill.write([track('Later')]);
  pipeline.purged(denied);
  assert.deepEqual(spill.take(), []);
});

test('a page that is left before its consent is stored: the next page takes up the choice and all that waited for it', async () => {
  const { send, pipeline, spill } = await open();
  await send(track('Held'));
  assert.deepEqual(pipeline.unstored(), []);
  let seen;
  const commit = disk.commit;
  disk.commit = (...work) => ((seen = pipeline.unstored()), commit(...work));
  const waiting = send(consent(granted));
  const names = (calls) => calls.map(({ message }) => message.event);
  assert.deepEqual(names(pipeline.unstored()), ['Held', 'Consent Updated']);
  spill.write(pipeline.unstored());
  await waiting;
  assert.deepEqual(names(seen), ['Held', 'Consent Updated'], 'while they are being stored, too');
  assert.deepEqual(pipeline.unstored(), []);
  // As if the tab had ended before its transaction.
  for (const key of texts.keys()) texts.remove(key);
  assert.equal(Object.keys(localStorage).length, 1);
  log = [];
  const next = await open();
  await next.send(track('Next'));
  assert.equal(next.pipeline.storing, true);
  assert.deepEqual(log.filter((entry) => /^[A-Z]/.test(entry)), ['Held', 'Consent Updated', 'Next']);
});

const newer = await compile(packFiles({ attributes: {
  'profile.name': { type: 'string', source: 'account', purpose: 'personalization' }, 'profile.town': { type: 'string', source: 'account', purpose: 'personalization' } } }));

test('a tab with an older program does not thin what a newer one stored: it takes that program first', async () => {
  const before = await open();
  await before.send(consent(granted));
  const after = await open({ bytes: newer, since: 2 });
  await after.send(identify({ name: 'Anna', town: 'Gdynia' }));
  assert.match(profile(), /Gdynia/);
  let times = 0;
  const old = await open({ since: 1, catchUp: async (visitor) => (times++, visitor.use(Program.load(engine, newer), 2), true) });
  await old.send(track('Old'), track('Older'));
  assert.match(profile(), /Gdynia/);
  assert.equal(times, 1);
  assert.equal(JSON.parse(JSON.parse(profile()).text).sequence, 4, 'both events went onto what the newer tab left');
});

test('tabs with an older program that can not have the newer one leave the state alone, and count on with all others', async () => {
  const old = await open({ since: 1 });
  await old.send(consent(granted));
  const older = await open({ since: 1 });
  const after = await open({ bytes: newer, since: 2 });
  await after.send(identify({ town: 'Gdynia' }));
  const { state } = document();
  for (const tab of [old, older, old]) assert.equal((await tab.send(track('Old')))[0].stored, 'indexeddb');
  assert.deepEqual(document().state, state);
  await after.send(track('New'));
  assert.match(profile(), /Gdynia/);
  assert.deepEqual(sequences(), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(new Set(queued().map(({ anonymousId }) => anonymousId)), new Set([after.visitor.id]));
});

test('a tab with an older program that can not have the newer one stores its events, and nothing of another visitor\'s state', async () => {
  const before = await open({ since: 1 });
  await before.send(consent(granted));
  const after = await open({ bytes: newer, since: 2 });
  await after.send(reset());
  const stored = profile();
  await before.send(track('Old'));
  const fresh = await open({ since: 1 });
  await fresh.send(track('Old'));
  assert.equal(profile(), stored);
  const visitors = queued().filter(({ event }) => event === 'Old').map(({ anonymousId }) => anonymousId);
  assert.deepEqual([visitors.length, new Set([...visitors, after.visitor.id]).size], [2, 3]);
});

test('a tab that could not have the newer program goes on with the state as soon as it has it', async () => {
  const old = await open({ since: 1 });
  await old.send(consent(granted));
  const after = await open({ bytes: newer, since: 2 });
  await after.send(identify({ town: 'Gdynia' }));
  await old.send(track('Old'));
  old.visitor.use(Program.load(engine, newer), 2);
  await old.send(track('Later'));
  assert.equal(old.visitor.inspect().profile.town?.value ?? old.visitor.inspect().profile.town, 'Gdynia');
  assert.deepEqual(sequences(), [1, 2, 3, 4]);
});

test('a state of a newer engine is kept, and what is stored beside it is counted on, page by page', async () => {
  const first = await open();
  await first.send(consent(granted));
  const future = { ...document(), state: { ...document().state, wayline: 999 } };
  texts.set('profile', JSON.stringify(seal(JSON.stringify(future))));
  for (let view = 0; view < 2; view++) await (await open()).send(track('Kept'));
  assert.deepEqual(document().state, future.state);
  assert.deepEqual(sequences(), [1, 2, 3]);
});

test('a choice that was spilled does not outlive a later denial', async () => {
  const { send, spill } = await open();
  spill.write([consent(granted)]);
  await send(consent(denied));
  const next = await open();
  await next.send(track('Next'));
  assert.equal(next.pipeline.storing, false);
});

test('what may cause a goal is stored with strict durability, what is only seen is not', async () => {
  const { send } = await open();
  await send(consent(granted));
  const seen = [];
  const commit = disk.commit;
  disk.commit = (work, durability) => (seen.push(durability), commit(work));
  await send(track('Ordered'));
  await send(call('page', { page }, { type: 'page' }, 0));
  assert.deepEqual(seen, ['strict', 'relaxed']);
});

test('what was taken up from the spill is spilled again when this page is left as quickly', async () => {
  const first = await open();
  await first.send(consent(granted));
  first.spill.write([track('Spilled')]);
  const next = await open();
  await Promise.resolve();
  assert.deepEqual(next.pipeline.unstored().map(({ message }) => message.event), ['Spilled']);
});

for (const method of ['commit', 'readProfile', 'readSetting', 'writeSetting', 'removeOlderThan', 'oldest', 'size', 'purge']) {
  test(`a device whose ${method} fails holds up no call: each is answered, and its event goes to the outbox`, async () => {
    const { send } = await open();
    await send(consent(granted));
    broken.add(method);
    const tab = method === 'readProfile' ? { send } : await open();
    const [{ stored }] = await tab.send(track('Tracked'));
    assert.equal(stored, method === 'commit' ? 'memory' : 'indexeddb');
    assert.ok(log.includes('Tracked'), String(log));
    await tab.send(consent(denied));
    const [{ stored: after }] = await tab.send(track('Silent'));
    assert.equal(after, 'memory');
    assert.ok(!log.includes('Silent'));
  });
}
