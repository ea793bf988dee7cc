// Pages that make it hard: what they took away, put in the way of names, or did twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.mjs';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { name } from './driver.mjs';
import { call, codes, contentOf, drained, go, inspect } from './page.mjs';
import { tag } from './site.mjs';
import { meetForEach } from './visit.mjs';

const slot = '<h1 data-wayline-slot="hero">Default</h1>';
const snippet = '<script src="/wayline-snippet.js" data-write-key="test"></script>';
const files = packFiles({ consent: { purposes: ['personalization'] } });
const program = await compile(files);
const ruleOf = (id, slotName, html) => JSON.stringify({ id, owner: 'marketing', slot: slotName, page: { path: '/**' }, variants: [{ id: 'only', content: { html } }] });

let site, tabs, open;
meetForEach((met) => ({ site, tabs, open } = met), { program, files: ['wayline.js', 'wayline-snippet.js'], prepare: (fresh) => fresh.page('/', slot, ['/probe.js', tag()]) });

const sent = () => site.events.map(({ type, event }) => event ?? type);
const greeting = '<p>Welcome, stranger.</p>';

const refusal = "throw new DOMException('denied', 'SecurityError');";
const prototypes = 'prototypes with more in them';
const hard = {
  'no storage, as in a frame that is sandboxed': `for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) Object.defineProperty(window, name, { get() { ${refusal} } });`,
  'no locks, as in a frame that is sandboxed': "LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));",
  'locks that throw': `LockManager.prototype.request = () => { ${refusal} };`,
  'no channel between tabs': `window.BroadcastChannel = class { constructor() { ${refusal} } };`,
  'a history that is frozen': 'Object.freeze(history);',
  'a clock with parts of milliseconds, as one that was set by a server\'s': 'const { now } = Date; Date.now = () => now() + 0.25;',
  [prototypes]: "for (const { prototype } of [Array, String, Object]) prototype.extra = () => 'more'; Array.prototype.toJSON = () => 'list';",
};
for (const [what, script] of Object.entries(hard)) {
  const skip = what === prototypes && name === 'webkit' && "its driver speaks through the page's own prototypes";
  test(`${what}: the page is decided, and what happens on it is delivered once`, { skip }, async () => {
    site.files.set('/hard.js', `${script} wayline.push(['track', 'Queued', {}]);`);
    site.page('/', slot, ['/probe.js', '/hard.js', tag()]);
    const page = await open();
    assert.equal(await contentOf(page, 'hero'), greeting);
    assert.notEqual((await call(page, 'track', 'Later', {})).stored, 'none');
    await eventually('all is delivered', () => sent().includes('Later'));
    await drained(page);
    for (const kind of ['page', 'Queued', 'Later']) assert.equal(sent().filter((other) => other === kind).length, 1, kind);
    assert.deepEqual(site.events.map(({ messageId }) => messageId).filter((id) => !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(\/1)?$/.test(id)), []);
  });
}

test('who visits with a clock that has parts of milliseconds is known on the next page', async () => {
  site.files.set('/clock.js', 'const { now } = Date; Date.now = () => now() + 0.25;');
  site.page('/', slot, ['/probe.js', '/clock.js', tag()]);
  const page = await open();
  await drained(page);
  const { visitor } = await inspect(page);
  await go(page, site.origin);
  await drained(page);
  assert.equal((await inspect(page)).visitor, visitor);
  assert.deepEqual(await codes(page), []);
});

test('a frame without an address of its own is decided, nothing escapes there, and what is called as it goes is delivered', async () => {
  site.policy = '';
  const inner = `<script src="/probe.js"></script>${tag()}${slot}`;
  site.page('/', `<iframe width="600" height="400" srcdoc="${inner.replaceAll('"', '&quot;')}"></iframe>`, ['/probe.js']);
  const page = await open('/', false);
  const inFrame = (work) => page.run(`(() => { const { contentWindow: frame } = document.querySelector('iframe'); return (${work})(frame); })()`);
  await eventually('it is decided', () => inFrame((frame) => frame.document.querySelector('h1')?.textContent === 'Welcome, stranger.'));
  await eventually('it arrives', () => sent().includes('page'));
  await new Promise((later) => setTimeout(later, 500));
  const went = await inFrame((frame) => {
    const { problems } = frame;
    frame.addEventListener('pagehide', () => void frame.wayline.track('Going', {}), { capture: true });
    document.querySelector('iframe').remove();
    return problems;
  });
  assert.deepEqual(went, []);
  site.page('/next', slot, ['/probe.js', tag()]);
  await go(page, `${site.origin}/next`);
  await eventually('the call arrives', () => sent().includes('Going'));
});

test('an address that is longer than the engine takes is prepared for by its beginning, and nothing of it is told', async () => {
  site.policy = '';
  site.page('/', slot, ['/probe.js', snippet, tag()]);
  const page = await open();
  await page.run(() => {
    history.pushState({}, '', `/?${'x'.repeat(50_000)}`);
    const link = document.body.appendChild(document.createElement('a'));
    link.href = `/two?${'y'.repeat(50_000)}`;
    document.addEventListener('click', (event) => event.preventDefault());
    link.click();
  });
  await drained(page);
  await new Promise((later) => setTimeout(later, 500));
  assert.deepEqual(await codes(page), []);
});

test('a slot that comes with a navigation to a long address never shows what was for the page before', async () => {
  site.page('/two', slot, ['/probe.js', tag('data-patience="60000"')]);
  const page = await open('/two');
  const shown = await page.run(async () => {
    history.pushState({}, '', `/?${'x'.repeat(3_000)}`);
    const note = document.createElement('p');
    Object.assign(note, { textContent: 'Default' }).dataset.waylineSlot = 'note';
    const seen = [];
    new MutationObserver(() => seen.push(note.textContent)).observe(note, { childList: true });
    document.body.append(note);
    await new Promise((later) => setTimeout(later, 500));
    return seen;
  });
  assert.deepEqual(shown, []);
});

test('a page whose images and forms go by the names of what is asked of the document', async () => {
  site.page('/', `<img name="title"><form name="referrer"></form><div id="wayline"></div>${slot}`, ['/probe.js', tag().replace('async', 'defer')]);
  const page = await open();
  assert.equal(await contentOf(page, 'hero'), greeting);
});

test('slots that go by the names of what every object has', async () => {
  site.page('/', `${slot}<p data-wayline-slot="constructor">Default</p><p data-wayline-slot="__proto__">Default</p>`, ['/probe.js', tag()]);
  const page = await open();
  assert.equal(await contentOf(page, 'hero'), greeting);
  for (const name of ['constructor', '__proto__']) {
    assert.equal(await contentOf(page, name), 'Default');
    assert.equal((await call(page, 'decide', name)).reason, 'unavailable');
  }
  assert.deepEqual([...new Set(await codes(page))], ['step.unknown_slot']);
});

const ahead = "Object.defineProperty(document, 'prerendering', { get: () => window.ahead }); window.ahead = true; wayline.push(['track', 'Queued', {}]);";

/** Opens a page that the browser renders ahead, calls on it, and goes there a second later, once what must hold until then was checked. */
async function lookAt(attributes, calls, unseen = () => undefined) {
  site.files.set('/ahead.js', ahead);
  site.page('/ahead', slot, ['/probe.js', '/ahead.js', tag(attributes)]);
  const page = await open('/ahead', false);
  await eventually('the client is there', () => page.run(() => window.wayline?.inspect !== undefined));
  await page.run(calls);
  await new Promise((later) => setTimeout(later, 1_000));
  assert.deepEqual([await contentOf(page, 'hero'), (await inspect(page)).steps, sent()], ['Default', [], []]);
  await unseen();
  const since = await page.run(() => {
    const now = Date.now();
    window.ahead = false;
    document.dispatchEvent(new Event('prerenderingchange'));
    return now;
  });
  await page.run(() => wayline.ready);
  assert.equal(await contentOf(page, 'hero'), greeting);
  await drained(page);
  const times = (await inspect(page)).steps.map(({ at }) => at - since);
  assert.ok(times.every((at) => at >= 0), `all of it is of now: ${times} ms`);
}

test('a page that is rendered ahead counts when it is looked at, and not before, its view first', async () => {
  await lookAt('', () => {
    void wayline.track('Called', {});
    void wayline.reset();
    void wayline.track('After', {});
  });
  await eventually('all arrive', () => sent().includes('After'));
  assert.deepEqual(sent().filter((name) => name !== 'Experiment Viewed'), ['page', 'Queued', 'Called', 'After']);
});

test('a page that is rendered ahead and calls page() itself then is decided as one that was just come to', async () => {
  await lookAt('data-auto-page="false" data-patience="500"', () => void wayline.page());
  await eventually('all arrive', () => sent().includes('page'));
  assert.deepEqual(sent().filter((name) => name !== 'Experiment Viewed'), ['Queued', 'page']);
});

test('whoever signs out on a page that is rendered ahead leaves the other tabs when it is looked at, and not before', async () => {
  // Nothing is stored, so that nobody hears of it from the device.
  site.ship(await compile());
  const other = await open();
  await call(other, 'consent', { personalization: true });
  await call(other, 'identify', 'user-1', { name: 'Anna' });
  const user = async () => (await inspect(other)).user;
  await lookAt('', () => void wayline.reset(), async () => assert.equal(await user(), 'user-1'));
  await eventually('nobody is known', async () => (await user()) === null, 3_000);
});

test('the tag twice, of one build or of two: one page view, and one client', async () => {
  site.files.set('/older.js', site.files.get('/wayline.js'));
  site.page('/', slot, ['/probe.js', tag(), tag(), tag().replace('/wayline.js', '/older.js')]);
  const page = await open();
  await drained(page);
  await call(page, 'track', 'Later', {});
  await eventually('it is delivered', () => sent().includes('Later'));
  assert.equal(sent().filter((name) => name === 'page').length, 1);
});

test('the snippet twice: what the page had is what comes back', async () => {
  site.policy = '';
  site.page('/', slot, ['/probe.js', snippet, snippet, tag()]);
  const page = await open();
  await drained(page);
  await go(page, site.origin);
  assert.equal(await contentOf(page, 'hero'), greeting);
  await call(page, 'dismiss', 'hero');
  assert.equal(await contentOf(page, 'hero'), 'Default');
});

const own = '<div data-wayline-slot="hero">Inner</div>';
const other = '<p data-wayline-slot="note"></p>';
for (const [what, html, shown] of [['its own slot', own, own], ['a slot whose content holds its own', other, `<p data-wayline-slot="note">${own}</p>`]]) {
  test(`a content that holds ${what} is shown once, by the script and by the snippet`, async () => {
    site.ship(await compile({ ...files, 'rules/greeting.json': ruleOf('greeting', 'hero', html), 'rules/note.json': ruleOf('note-two', 'note', own) }));
    site.page('/', slot, ['/probe.js', snippet, tag()]);
    const page = await open();
    for (let visit = 0; visit < 2; visit++) {
      await eventually('it is shown', async () => (await contentOf(page, 'hero')) === shown);
      await drained(page);
      await go(page, site.origin);
    }
  });
}

test('an element that becomes a slot, another slot and none, shows what is meant for each, and its own default', async () => {
  site.page('/', `${slot}<h2>Late</h2>`, ['/probe.js', tag()]);
  const page = await open();
  const rename = (selector, name) => page.run(async (which, waylineSlot) => {
    const { dataset } = document.querySelector(which);
    if (waylineSlot === null) delete dataset.waylineSlot;
    else Object.assign(dataset, { waylineSlot });
    // Set again to what it is: nothing changes.
    if (waylineSlot !== null) Object.assign(dataset, { waylineSlot });
    await new Promise((next) => setTimeout(next, 0));
    return document.querySelector(which).innerHTML;
  }, selector, name);
  assert.equal(await rename('h2', 'hero'), greeting);
  assert.equal(await rename('h1', 'nowhere'), 'Default');
  assert.equal(await rename('h1', 'hero'), greeting);
  await page.run(() => (document.querySelector('h1').firstChild.mark = 'the same node'));
  assert.equal(await rename('h1', 'hero'), greeting);
  assert.equal(await page.run(() => document.querySelector('h1').firstChild.mark), 'the same node');
  assert.equal(await rename('h1', null), 'Default');
  assert.equal(await rename('h2', null), 'Late');
});

test('the database is deleted under an open page: it is made anew', async () => {
  const page = await open();
  await drained(page);
  await page.run(() => new Promise((done) => { indexedDB.deleteDatabase('wayline:test').onsuccess = done; }).then(() => undefined));
  assert.equal((await call(page, 'track', 'Later', {})).stored, 'indexeddb');
  await eventually('it is delivered', () => sent().includes('Later'));
});

test('a login page in the place of the pack: the last good program goes on', async () => {
  const page = await open();
  await eventually('it is kept', async () => (await inspect(page)).pack !== null);
  await drained(page);
  site.files.set('/v1/pack', '<!doctype html><title>Log in to this network</title>');
  await go(page, site.origin);
  assert.equal(await contentOf(page, 'hero'), greeting);
  // The page is decided by what the device has; what the network answers is learnt afterwards.
  await eventually('it is told', async () => (await codes(page)).length > 0);
  assert.deepEqual(await codes(page), ['program.malformed']);
  assert.equal(await contentOf(page, 'hero'), greeting);
});

const unreadable = {
  'whose parts throw': "new Proxy([], { get() { throw 'no'; } })",
  'that is revoked': '(({ proxy, revoke }) => (revoke(), proxy))(Proxy.revocable([], {}))',
  'whose method throws': "[{ toString() { throw 'no'; } }]",
  'whose method is no text': '[Symbol(), Object.create(null)]',
};
for (const [what, entry] of Object.entries(unreadable)) {
  test(`a queued call ${what} is told, and takes with it neither the page's view nor any other call`, async () => {
    site.files.set('/hard.js', `wayline.push(${entry}, ['track', 'Queued', {}]);`);
    site.page('/', slot, ['/probe.js', '/hard.js', tag()]);
    const page = await open();
    assert.equal(await contentOf(page, 'hero'), greeting);
    assert.deepEqual(await codes(page), ['sdk.bad_call']);
    await page.run(() => void history.pushState({}, '', '/next'));
    await eventually('a navigation is a page', () => sent().filter((kind) => kind === 'page').length === 2);
    assert.equal(sent().filter((kind) => kind === 'Queued').length, 1);
  });
}

test('a name that throws when it is read is told, and nothing escapes', async () => {
  const page = await open();
  const answers = await page.run(async () => {
    const name = { toString() { throw 'no'; } };
    wayline.push(['dismiss', name]);
    return [wayline.decide(name).reason, (await wayline.dismiss(name)).stored];
  });
  assert.deepEqual(answers, ['unavailable', 'none']);
  assert.deepEqual([...new Set(await codes(page))], ['sdk.bad_call']);
});

test('a listener that throws what can not be read is told each time, and stops nothing', async () => {
  const page = await open();
  await page.run(() => wayline.on('change', () => { throw Object.create(null); }));
  for (const name of ['One', 'Two']) assert.equal((await call(page, 'track', name, {})).stored, 'indexeddb');
  await drained(page);
  const told = await codes(page);
  assert.ok(told.length > 1 && told.every((code) => code === 'sdk.callback_failed'), told.join());
});
