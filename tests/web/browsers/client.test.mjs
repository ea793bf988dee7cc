// The script that ships, the wasm that ships and a small pack, in a real browser (driver.mjs) under the strictest policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.mjs';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { allow, atRest, call, codes, contentOf, drained, go, inspect, keep, kept, ready, stored, told } from './page.mjs';
import { Site, tag } from './site.mjs';
import { meetForEach } from './visit.mjs';

const tags = ['/probe.js', tag('data-patience="60000"')];
const slots = '<h1 data-wayline-slot="hero">Default</h1><p data-wayline-slot="note">no note</p>';
const program = await compile();
let site, page, open;
const prepare = (fresh) => {
  for (const path of ['/', '/two']) fresh.page(path, slots, tags);
};
const meet = async (met) => {
  ({ site, open } = met);
  page = await open();
};
meetForEach(meet, { program, prepare });

const hero = () => contentOf(page, 'hero');
const names = () => site.events.map(({ type, event }) => event ?? type);

test('a first visit is decided, in memory: nothing is stored of the visitor, nothing is sent', async () => {
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
  await call(page, 'track', 'Product Viewed', { category: 'dress' });
  assert.deepEqual(await call(page, 'track', 'Product Viewed', {}).then(({ stored: where }) => where), 'memory');
  const { records, events } = await stored(page);
  assert.deepEqual([records.includes('profile'), events.length, site.batches.length], [false, 0, 0]);
  assert.equal((await inspect(page)).segments.keen, true);
});

test('with consent, what happened on this page is kept and sent, each once', async () => {
  await call(page, 'track', 'Product Viewed', { category: 'dress' });
  const { stored: where, messageId } = await allow(page);
  assert.equal(where, 'indexeddb');
  await drained(page);
  assert.deepEqual(names().slice(0, 3), ['page', 'Product Viewed', 'Consent Updated']);
  assert.equal(site.events[2].messageId, messageId);
  assert.equal(new Set(site.events.map((event) => event.messageId)).size, site.events.length);
  assert.deepEqual(site.events.map(({ context: { wayline } }) => wayline.sequence), site.events.map((_, index) => index + 1));
  for (const { timestamp, anonymousId, context } of site.events) {
    assert.match(timestamp, /Z$/);
    assert.match(anonymousId, /^[0-9a-f-]{36}$/);
    assert.deepEqual([context.library.name, context.page.path, context.device.type], ['wayline', '/', 'desktop']);
  }
});

test('what waited for consent is numbered and stored once, though the page is left while it is on its way to the device', async () => {
  await page.run(() => {
    for (let index = 0; index < 200; index++) void window.wayline.track(index % 100 === 0 ? 'page' : 'Waited', { index });
    // The engine takes no event of the first name. Left when all is placed, and before the device has answered.
    const { commit } = IDBTransaction.prototype;
    window.left = new Promise((done) => {
      IDBTransaction.prototype.commit = function () {
        commit.call(this);
        if (![...this.objectStoreNames].includes('events')) return;
        dispatchEvent(new PageTransitionEvent('pagehide'));
        done(Object.keys(localStorage).filter((key) => key.includes(':spill:')).length);
      };
    });
    void window.wayline.consent({ analytics: true, personalization: true });
  });
  assert.equal(await page.run(() => window.left), 1, 'it was spilled');
  await go(page, `${site.origin}/two`);
  await call(page, 'track', 'Next');
  await drained(page);
  const numbers = new Map(site.events.map(({ messageId, context }) => [messageId, context.wayline.sequence]));
  // Two page views, 200 events, the choice, and the last event; what the page that was left has sent itself was sent again.
  assert.deepEqual([...numbers.values()].toSorted((left, right) => left - right), Array.from({ length: 204 }, (_, index) => index + 1));
  for (const { messageId, context } of site.events) assert.equal(context.wayline.sequence, numbers.get(messageId), 'under one number, also where it was sent twice');
});

test('a journey changes what the next page shows, offline as well, and its events follow', async () => {
  await allow(page);
  await call(page, 'track', 'Product Viewed', { category: 'dress' });
  await call(page, 'track', 'Product Viewed', { category: 'dress' });
  assert.equal(await hero(), '<p>Welcome, stranger.</p>', 'what is being looked at is not rewritten');
  await go(page, site.origin + '/two');
  assert.equal(await hero(), 'You like this.');
  await drained(page);
  assert.ok(names().includes('Journey Entered') && names().includes('Stage Entered'));
  const { decisions } = await inspect(page);
  assert.deepEqual([decisions.hero.journey, decisions.hero.reason], ['interest', 'matched']);
  await eventually('the exposure', () => names().includes('Experiment Viewed'));
});

test('a returning visitor is decided from the device when the pack and the wasm can not be had', async () => {
  await allow(page);
  await call(page, 'identify', 'user-1', { name: 'Anna' });
  await eventually('both are kept', async () => (await stored(page)).assets.length === 2);
  site.files.delete('/v1/pack');
  site.files.delete('/wayline.wasm');
  await go(page, site.origin + '/two');
  assert.equal(await hero(), '<p>Welcome, Anna.</p>');
  assert.equal((await inspect(page)).pack.source, 'cache');
  await drained(page);
  assert.equal(site.events.at(-1).userId, 'user-1');
});

test('the engine is that of the build, whatever its server calls it; another one is refused', async () => {
  const wasm = site.files.get('/wayline.wasm');
  const another = Buffer.concat([wasm, Buffer.from([0, 2, 1, 0x78])]); // a module too: a section that means nothing comes after it
  for (const [path, bytes] of [['/engine.bin', wasm], ['/engine.bin', another], ['/engine.wasm', another]]) {
    // Of its own, for this one's device has the engine already.
    const elsewhere = (await new Site().start()).ship(program, 'wayline.js');
    try {
      elsewhere.files.set(path, bytes).set('/page.js', "document.addEventListener('readystatechange', () => { window.before ??= window.wayline?.track?.('Before'); });");
      elsewhere.page('/', slots, ['/page.js', '/probe.js', tag(`data-wasm="${path}" data-patience="60000"`)]);
      const tab = await open(elsewhere.origin, bytes === wasm);
      if (bytes === another) {
        const [problem] = await eventually('it is refused', () => tab.run(() => (window.told.length > 0 ? window.told : undefined)));
        assert.equal(problem.code, 'engine.unavailable');
        assert.match(problem.details.message, /serve script and wasm of one build/);
        // Those that were made before it failed, and later ones.
        for (const made of [() => window.before, () => wayline.track('Afterwards')]) assert.equal((await tab.run(made)).stored, 'memory');
        assert.equal(await call(tab, 'share', 'token'), false);
      } else await eventually('it is kept', async () => (await stored(tab)).assets.length === 2);
      assert.equal(await contentOf(tab, 'hero'), bytes === another ? 'Default' : '<p>Welcome, stranger.</p>');
    } finally {
      elsewhere.stop();
    }
  }
});

test('what a server answers that has no engine yet, or another one, is told, and kept by no cache once it has the right one', async () => {
  const wasm = site.files.get('/wayline.wasm');
  for (const [bytes, told] of [[undefined, /status 404/], [Buffer.concat([wasm, Buffer.from([0, 2, 1, 0x78])]), /serve script and wasm of one build/]]) {
    const elsewhere = (await new Site().start()).ship(program, 'wayline.js').page('/', slots, tags);
    elsewhere.keeping = (path) => (path.endsWith('.wasm') ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (bytes === undefined) elsewhere.files.delete('/wayline.wasm');
    else elsewhere.files.set('/wayline.wasm', bytes);
    try {
      const tab = await open(elsewhere.origin, false);
      const [{ details }] = await eventually('it is refused', () => tab.run(() => (window.told?.length > 0 ? window.told : undefined)));
      assert.match(details.message, told);
      elsewhere.files.set('/wayline.wasm', wasm);
      await tab.open(elsewhere.origin);
      await eventually('it starts', async () => (await contentOf(tab, 'hero')) === '<p>Welcome, stranger.</p>');
    } finally {
      elsewhere.stop();
    }
  }
});

test('offline events wait on the device and arrive once, in their order', async () => {
  await allow(page);
  await drained(page);
  const before = site.events.length;
  site.offline = true;
  const ids = [];
  for (let index = 0; index < 30; index++) ids.push((await call(page, 'track', 'Product Viewed', { index })).messageId);
  assert.ok((await stored(page)).events.length >= 30);
  site.offline = false;
  await call(page, 'flush');
  await drained(page);
  const arrived = site.events.slice(before).filter(({ messageId }) => ids.includes(messageId));
  assert.deepEqual([...new Set(arrived.map(({ messageId }) => messageId))], ids);
  assert.ok(ids.every((id) => site.rows.has(id)));
});

test('a navigation without a load is a page of its own, with its referrer', async () => {
  await allow(page);
  await page.run(() => { document.title = 'Two'; history.pushState({}, '', '/two?a=1'); });
  await eventually('two pages', async () => (await drained(page), names().filter((name) => name === 'page').length === 2));
  const { context } = site.events.filter(({ type }) => type === 'page').at(-1);
  assert.deepEqual(context.page, { path: '/two', referrer: `${site.origin}/`, search: '?a=1', title: 'Two', url: `${site.origin}/two?a=1` });
});

test('a slot that a navigation without a load brings shows at once what is for the new page, and never what was for the old one', async () => {
  const rule = (id, path) => JSON.stringify({ id, slot: 'hero', page: { path }, variants: [{ id: 'a', content: { text: id } }] });
  const elsewhere = (await new Site().start()).ship(await compile({ ...packFiles(), 'rules/greeting.json': rule('one', '/'), 'rules/two.json': rule('two', '/two') }), 'wayline.js');
  try {
    elsewhere.page('/', slots, tags);
    const tab = await open(elsewhere.origin);
    assert.equal(await contentOf(tab, 'hero'), 'one');
    // As routers do it, the address first or the new slots first; what is shown is read before anything can be painted.
    const travel = (to, first) => tab.run(async (path, isFirst) => {
      const change = () => ['/two', path].forEach((each) => history.pushState({}, '', each));
      if (isFirst) change();
      const slot = document.createElement('h1');
      slot.dataset.waylineSlot = 'hero';
      slot.append('Default');
      document.querySelector('[data-wayline-slot=hero]').replaceWith(slot);
      if (!isFirst) change();
      const { experience } = wayline.decide('hero');
      await new Promise(queueMicrotask);
      return [experience, slot.textContent];
    }, to, first);
    assert.deepEqual(await travel('/', true), ['one', 'one'], 'back again in the same task');
    assert.deepEqual(await travel('/two', true), ['two', 'two']);
    assert.deepEqual(await travel('/three', false), [null, 'Default'], 'nothing is for this page');
    assert.deepEqual(await travel('/', true), ['one', 'one']);
    await eventually('the last is a page as well', async () => (await inspect(tab)).steps.at(-1).page.url === `${elsewhere.origin}/`);
    assert.equal(await contentOf(tab, 'hero'), 'one');
  } finally {
    elsewhere.stop();
  }
});

test('a navigation that the page intercepts is a page of its own, once', async () => {
  await allow(page);
  await page.run(() => {
    if (!('navigation' in window)) return history.pushState({}, '', '/two'); // what such a browser has in its stead
    navigation.addEventListener('navigate', (event) => event.intercept());
    return navigation.navigate('/two').finished.then(() => undefined);
  });
  await eventually('its slot is filled', async () => (await contentOf(page, 'note')) === 'Two.');
  await page.run(() => history.pushState({}, '', '/'));
  await eventually('three pages', async () => (await drained(page), names().filter((name) => name === 'page').length >= 3));
  assert.deepEqual(site.events.filter(({ type }) => type === 'page').map(({ context: { page: { path } } }) => path), ['/', '/two', '/']);
});

test('a page that comes back from the back/forward cache is looked at again, and goes on delivering', async () => {
  await allow(page);
  await eventually('the exposure', () => names().includes('Experiment Viewed'));
  await atRest(page);
  await page.run(() => { window.mark = 'same page'; });
  await go(page, site.origin + '/two');
  await page.back(`${site.origin}/`);
  await ready(page);
  assert.equal(await page.run(() => window.mark), 'same page', 'the browser kept the page: nothing of ours forbids it');
  const { messageId } = await call(page, 'track', 'Back', {});
  await eventually('the event', () => site.rows.has(messageId));
  // The second page was left at once: it may spill its view only after the first one is back and has looked for spills.
  const pages = () => new Map(site.events.filter(({ type }) => type === 'page').map((event) => [event.messageId, event.context.page.path]));
  await eventually('all page views', () => pages().size === 3);
  assert.deepEqual([...pages()].toSorted().map(([, path]) => path), ['/', '/two', '/']);
  assert.equal((await inspect(page)).storage, 'indexeddb');
});

test('tabs share one visitor: what happens in one changes the decision in the other', async () => {
  await allow(page);
  const other = await open('/two');
  assert.equal((await inspect(other)).visitor, (await inspect(page)).visitor);
  await call(page, 'track', 'Product Viewed', {});
  await call(page, 'track', 'Product Viewed', {});
  await eventually('the other tab decides anew', async () => (await call(other, 'decide', 'hero')).journey === 'interest', 1_500);
  const notes = () => Promise.all([page, other].map((tab) => tab.run(() => document.querySelector('[data-wayline-slot=note]').textContent)));
  assert.deepEqual(await notes(), ['no note', 'Two.'], 'each tab decides for its own page');
  await Promise.all(Array.from({ length: 20 }, (_, index) => call(index % 2 === 0 ? page : other, 'track', 'Tick', { index })));
  // Each tab knows at once of its own events only.
  await Promise.all([drained(page), drained(other)]);
  const sequences = [...new Map(site.events.map((event) => [event.messageId, event.context.wayline.sequence])).values()];
  assert.equal(new Set(sequences).size, sequences.length, 'no number twice');
  assert.equal(new Set(site.events.filter(({ event }) => event === 'Tick').map(({ messageId }) => messageId)).size, 20);
});

test('withdrawn consent purges the device and silences all tabs', async () => {
  await allow(page);
  const other = await open('/two');
  await drained(page);
  site.misbehave = (_, response) => (response.writeHead(503).end(), true);
  await call(page, 'track', 'Waiting', {});
  const before = (await inspect(other)).visitor;
  await call(page, 'consent', { analytics: false, personalization: false });
  assert.deepEqual((await stored(page)).events, []);
  assert.ok(!(await stored(page)).records.includes('profile'));
  await eventually('the other tab forgets', async () => (await inspect(other)).visitor !== before, 1_000);
  site.misbehave = () => false;
  const count = site.batches.length;
  await call(other, 'track', 'Afterwards', {});
  await call(other, 'flush');
  await new Promise((next) => setTimeout(next, 700));
  assert.equal(site.batches.length, count);
  await go(page, site.origin + '/two');
  assert.deepEqual((await stored(page)).events, []);
  assert.equal(site.batches.length, count);
});

test('nothing that a page does wrong escapes', async () => {
  await allow(page);
  await page.run(async () => {
    const cycle = {};
    cycle.self = cycle;
    wayline.on('change', () => { throw new Error('a listener of the page'); });
    await Promise.all([wayline.track(), wayline.track('x'.repeat(500)), wayline.track('Cycle', cycle), wayline.track('Big', { text: 'x'.repeat(40_000) }), wayline.identify(5), wayline.consent('yes'), wayline.dismiss('nowhere'), wayline.track('Fine')]);
    wayline.push(['constructor'], ['nonsense'], 'x', 5, null, undefined, {});
    wayline.decide('nowhere');
    wayline.explain(undefined);
  });
  const known = await codes(page);
  for (const code of ['event.not_json', 'event.too_large', 'sdk.bad_call', 'sdk.callback_failed']) assert.ok(known.includes(code), `${code} in ${known}`);
});

test('what is wrong with a call is told with the method that was called', async () => {
  await page.run(async () => {
    const cycle = {};
    cycle.self = cycle;
    await Promise.all([wayline.page('home'), wayline.track(''), wayline.track('Cycle', cycle), wayline.identify(17), wayline.consent({ analytics: 'yes' }), wayline.dismiss('nowhere')]);
    wayline.force({ greeting: 1 });
    wayline.push(['trak', 'Product Viewed']);
  });
  const wrong = (await told(page)).filter(({ details }) => details.method !== undefined).map(({ code, details }) => [code, details.method]);
  assert.deepEqual(wrong.filter(([code]) => code === 'sdk.bad_call').map(([, method]) => method), ['page', 'track', 'identify', 'consent', 'dismiss', 'force', 'trak']);
  assert.deepEqual(wrong.filter(([code]) => code !== 'sdk.bad_call'), [['event.not_json', 'track']]);
});

test('a page view counts, whatever the page says of it', async () => {
  await allow(page);
  const { messageId, stored: where } = await call(page, 'page', 'Home', { section: 'shoes' });
  assert.equal(where, 'indexeddb');
  await drained(page);
  assert.deepEqual(site.events.filter((event) => event.messageId === messageId).map(({ type, properties }) => [type, properties.path]), [['page', '/']]);
});

test('a tag that can not be used is told by the document, in one code, and the page goes on', async () => {
  site.files.set('/wrong.js', "window.wrong = []; document.addEventListener('wayline:error', ({ detail }) => wrong.push(detail));");
  const without = (attribute) => tag().replace(attribute, '');
  const tagsOf = {
    '/no-key': without('data-write-key="test"'), '/empty-key': tag().replace('"test"', '""'), '/no-pack': without('data-pack="/v1/pack"'), '/module': tag().replace('async', 'type="module"'),
    '/address': tag().replace('"/v1/pack"', '"https://"'),
  };
  for (const [path, wrong] of Object.entries(tagsOf)) {
    site.page(path, slots, ['/wrong.js', '/probe.js', wrong]);
    const tab = await open(path, false);
    const [detail] = await eventually(`${path} is told`, () => tab.run(() => (window.wrong.length > 0 ? window.wrong : undefined)));
    assert.equal(detail.code, 'sdk.bad_configuration', path);
    if (path !== '/address') assert.match(detail.message, /classic script with data-pack, data-endpoint and data-write-key/);
    assert.equal(await contentOf(tab, 'hero'), 'Default');
  }
});

test('what a tag says of an option and nobody understands is told, and the default holds', async () => {
  const shown = async (attributes) => {
    // Of its own, for this one's device has the pack already.
    const elsewhere = (await new Site().start()).ship(program, 'wayline.js').page('/', slots, ['/probe.js', tag(attributes)]);
    elsewhere.delay = (path) => (path === '/v1/pack' ? new Promise((next) => setTimeout(next, 3_300)) : undefined);
    try {
      const tab = await open(elsewhere.origin);
      return [await told(tab), await contentOf(tab, 'hero')];
    } finally {
      elsewhere.stop();
    }
  };
  assert.deepEqual(await shown('data-patience="60000" data-acknowledge="batch" data-auto-page="true" data-cfasync="false"'), [[], '<p>Welcome, stranger.</p>']);
  const problem = { code: 'sdk.bad_configuration', details: { autoPage: 'true', acknowledge: 'Batch', patience: 'a minute' } };
  assert.deepEqual(await shown('data-patience="a minute" data-acknowledge="Batch" data-auto-page="true"'), [[problem], 'Default'], 'three seconds, and then what is in view stays');
});

test('what a tag says wrong is told once, though the SDK begins again after an outage', async () => {
  const elsewhere = (await new Site().start()).ship(program, 'wayline.js').page('/', slots, ['/probe.js', tag('data-patience="a minute"')]);
  elsewhere.files.delete('/v1/pack');
  try {
    const tab = await open(elsewhere.origin, false);
    await eventually('there is no pack', async () => (await codes(tab)).includes('pack.unavailable'));
    elsewhere.ship(program);
    await tab.run(() => void dispatchEvent(new Event('online')));
    await ready(tab);
    assert.deepEqual(await codes(tab), ['sdk.bad_configuration', 'pack.unavailable']);
  } finally {
    elsewhere.stop();
  }
});

test('what goes wrong before anybody can listen is told all the same, and inspect() lists the last of it', async () => {
  for (const key of ['AAAA', '%']) {
    site.page('/signed', slots, ['/probe.js', tag(`data-pack-key="${key}"`)]);
    const tab = await open('/signed', false);
    await eventually('it is told', async () => (await codes(tab)).length > 0);
    assert.deepEqual(await codes(tab), ['sdk.bad_configuration']);
    assert.deepEqual((await inspect(tab)).problems, [{ code: 'sdk.bad_configuration', message: 'sdk.bad_configuration: a pack key is 32 bytes in base64', details: { message: 'a pack key is 32 bytes in base64' } }]);
    await tab.run(() => { for (let call = 0; call < 20; call++) wayline.push([`call ${call}`]); });
    assert.deepEqual((await inspect(tab)).problems.map(({ details }) => details.method), Array.from({ length: 10 }, (_, index) => `call ${19 - index}`));
  }
});

test('who asks for it is told that the page is ready, whether before or after, and once', async () => {
  site.files.set('/early.js', "window.heard = []; wayline.push(['on', 'ready', () => heard.push('early')]);");
  site.page('/', slots, ['/probe.js', '/early.js', tag()]);
  const tab = await open();
  const heard = await tab.run(async () => {
    const stop = wayline.on('ready', () => { stop(); heard.push('late'); });
    wayline.push(['on', 'ready', () => { throw new Error('a listener of the page'); }], ['on', 'ready', () => heard.push('pushed')]);
    heard.push('asked');
    await wayline.track('Something');
    return heard;
  });
  assert.deepEqual(heard, ['early', 'asked', 'late', 'pushed']);
  assert.deepEqual(await codes(tab), ['sdk.callback_failed']);
});

test('reset begins with a new visitor and still delivers what was stored', async () => {
  await allow(page);
  await drained(page);
  site.misbehave = (_, response) => (response.writeHead(503).end(), true);
  const { messageId } = await call(page, 'track', 'Before', {});
  const before = (await inspect(page)).visitor;
  await call(page, 'reset');
  const { visitor, consent } = await inspect(page);
  assert.notEqual(visitor, before);
  assert.equal(consent.analytics, true, 'the choice is the device\'s');
  site.misbehave = () => false;
  await call(page, 'flush');
  await eventually('the event of before', () => site.rows.has(messageId));
});

test('a state that was forged or damaged on the device costs the profile, not the page', async () => {
  await allow(page);
  await drained(page);
  const { profile } = (await kept(page)).records;
  await keep(page, 'records', { ...profile, text: profile.text.slice(0, 40) }, 'profile');
  await go(page, site.origin + '/two');
  assert.match(await hero(), /Welcome/);
  assert.ok((await codes(page)).includes('storage.corrupt'));
});

test('a pack that the server withdraws is deleted, and the next page shows its default', async () => {
  await allow(page);
  site.withdrawn = true;
  await go(page, site.origin + '/two');
  await eventually('it is said', async () => (await codes(page)).includes('pack.withdrawn'));
  await page.open(`${site.origin}/two`);
  await eventually('it is said again', async () => (await codes(page)).includes('pack.withdrawn'));
  assert.equal(await hero(), 'Default');
});
