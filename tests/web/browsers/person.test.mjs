// reset(): somebody signs out on a device that others use too. What stays is the engine's decision (design 7.2.8); the person is gone from every tab.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.mjs';
import { compile } from '../../wasm/engine.mjs';
import { allow, atRest, call, contentOf, drained, go, inspect, ready, stored, storedProfile } from './page.mjs';
import { tag } from './site.mjs';
import { meetForEach } from './visit.mjs';

const program = await compile();
let site, tabs, open;
/** Notes whatever the slot shows. */
const watch = `window.seen = [];
new MutationObserver(() => seen.push(document.querySelector('[data-wayline-slot=hero]')?.textContent)).observe(document, { childList: true, subtree: true });`;
const prepare = (fresh) => {
  fresh.files.set('/watch.js', watch);
  fresh.page('/watched', '<h1 data-wayline-slot="hero">Default</h1>', ['/watch.js', '/probe.js', tag('data-patience="60000"')]);
  for (const path of ['/', '/second']) {
    fresh.page(path, '<h1 data-wayline-slot="hero">Default</h1>', ['/watch.js', '<script src="/wayline-snippet.js" data-write-key="test"></script>', '/probe.js', tag('data-patience="60000"')]);
  }
};
meetForEach((met) => ({ site, tabs, open } = met), { program, files: ['wayline.js', 'wayline-snippet.js'], prepare });

/** All that a page of the site can read of the visitor, but for the events that wait to be delivered. */
const readable = (tab) =>
  tab.run(() => {
    const session = window.wayline.fork();
    const state = session.snapshot();
    session.dispose();
    return [document.body.innerHTML, JSON.stringify(window.wayline.inspect()), JSON.stringify(window.wayline.explain('hero')), state, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })].join('\n');
  });
const anna = /Anna|user-1/;

test('after reset nothing of the person is readable in any tab, and the next visitor is another one', async () => {
  const first = await open();
  await allow(first);
  await call(first, 'identify', 'user-1', { name: 'Anna' });
  for (let view = 0; view < 2; view++) await call(first, 'track', 'Product Viewed', {});
  await drained(first);
  const others = [await open(), await open()];
  const before = await inspect(first);
  assert.equal(await contentOf(others[0], 'hero'), 'You like this.');
  assert.match(await readable(others[0]), anna);
  await call(first, 'reset');
  for (const tab of tabs) {
    await eventually('nobody is known', async () => (await inspect(tab)).user === null, 3_000);
    await eventually('the slot forgets', async () => (await contentOf(tab, 'hero')) === '<p>Welcome, stranger.</p>', 3_000);
    assert.doesNotMatch(await readable(tab), anna);
    const { visitor, consent, segments, journeys, profile } = await inspect(tab);
    assert.notEqual(visitor, before.visitor);
    assert.equal(visitor, (await inspect(first)).visitor, 'the same in all tabs');
    assert.deepEqual([consent, segments.keen, journeys.interest.status, profile], [before.consent, false, null, {}]);
  }
  assert.doesNotMatch(await storedProfile(first), anna);
  const { messageId } = await call(others[1], 'track', 'Afterwards', {});
  await eventually('what comes next is delivered', () => site.rows.has(messageId));
  const event = site.events.find((each) => each.messageId === messageId);
  assert.deepEqual([event.anonymousId, event.userId, event.context.consent.categoryPreferences], [(await inspect(first)).visitor, undefined, before.consent]);
  await go(first, site.origin);
  assert.equal(await contentOf(first, 'hero'), '<p>Welcome, stranger.</p>');
  assert.doesNotMatch(await readable(first), anna);
});

test('whoever signs in by another id finds nothing of the person before in any tab, also in view, though nobody signed out', async () => {
  const first = await open();
  await allow(first);
  await call(first, 'identify', 'user-1', { name: 'Anna' });
  await go(first, site.origin);
  const other = await open();
  for (const tab of tabs) assert.equal(await contentOf(tab, 'hero'), '<p>Welcome, Anna.</p>');
  await call(first, 'identify', 'user-1', { name: 'Anna Maria' });
  assert.equal(await contentOf(first, 'hero'), '<p>Welcome, Anna.</p>', 'the same person: what is in view stays');
  await call(first, 'identify', 'user-2', { name: 'Bob' });
  assert.equal(await contentOf(first, 'hero'), '<p>Welcome, Bob.</p>', 'at once');
  await eventually('the other tab follows', async () => (await contentOf(other, 'hero')) === '<p>Welcome, Bob.</p>', 3_000);
  for (const tab of tabs) assert.doesNotMatch(await readable(tab), anna);
  await go(first, site.origin);
  assert.equal(await contentOf(first, 'hero'), '<p>Welcome, Bob.</p>');
});

test('whoever signs in by another id as the page is left is not shown what was prepared for the person before', async () => {
  const tab = await open();
  await allow(tab);
  await call(tab, 'identify', 'user-1', { name: 'Anna' });
  await drained(tab);
  await go(tab, site.origin);
  assert.match((await tab.run(() => window.seen)).join(), anna);
  await tab.run(() => {
    addEventListener('pagehide', () => void window.wayline.identify('user-2'));
  });
  await go(tab, site.origin);
  await eventually('the other one is known', async () => (await inspect(tab)).user === 'user-2');
  assert.equal(await contentOf(tab, 'hero'), '<p>Welcome, stranger.</p>');
  assert.doesNotMatch((await tab.run(() => window.seen)).join(), anna, 'not for a moment');
});

test('who left is prepared for in no tab, however long the device takes to say so', async () => {
  const first = await open();
  await allow(first);
  await call(first, 'identify', 'user-1', { name: 'Anna' });
  const other = await open();
  // The tab prepares the next page a fifth of a second after a change; meanwhile the device is kept busy.
  await call(other, 'track', 'Changed', {});
  await other.run(() => new Promise((begun) => {
    const request = indexedDB.open('wayline:test');
    request.onsuccess = () => {
      const records = request.result.transaction('records', 'readwrite').objectStore('records');
      const end = performance.now() + 1_500;
      const hold = () => (performance.now() < end ? (records.get('profile').onsuccess = hold) : request.result.close());
      hold();
      begun();
    };
  }));
  const left = call(first, 'reset');
  await new Promise((next) => setTimeout(next, 600));
  assert.doesNotMatch(await other.run(() => JSON.stringify({ ...localStorage })), anna);
  await left;
});

test('a person who did not consent to events leaves nothing either, in no tab, also when the next one consents', async () => {
  const first = await open();
  await call(first, 'consent', { personalization: true });
  const other = await open();
  for (const tab of tabs) {
    await call(tab, 'identify', 'user-1', { name: 'Anna' });
    await eventually('she is known', async () => (await inspect(tab)).user === 'user-1');
  }
  await call(other, 'reset');
  for (const tab of tabs) {
    await eventually('nobody is known', async () => (await inspect(tab)).user === null, 3_000);
    assert.doesNotMatch(await readable(tab), anna);
  }
  await allow(first);
  await call(first, 'track', 'Mine', {});
  await drained(first);
  await eventually('the next one is heard of', () => site.events.some(({ event }) => event === 'Mine'));
  assert.doesNotMatch(JSON.stringify(site.batches), anna);
  assert.equal(new Set(site.events.map(({ anonymousId }) => anonymousId)).size, 1);
});

test('reset on a page that is left at once is done by the next', async () => {
  const tab = await open();
  await allow(tab);
  await call(tab, 'identify', 'user-1', { name: 'Anna' });
  await drained(tab);
  await tab.run(() => {
    addEventListener('pagehide', () => void window.wayline.reset());
  });
  await go(tab, `${site.origin}/watched`);
  await eventually('nobody is known', async () => (await inspect(tab)).user === null);
  assert.equal(await contentOf(tab, 'hero'), '<p>Welcome, stranger.</p>');
  assert.doesNotMatch((await tab.run(() => window.seen)).join(), anna, 'not for a moment');
  assert.doesNotMatch((await storedProfile(tab)) + (await readable(tab)), anna);
  assert.ok((await stored(tab)).records.includes('profile'));
});

test('who signs out on a page that stores nothing is gone from the page before, though the browser kept it as it was', async (context) => {
  const tab = await open();
  await call(tab, 'consent', { personalization: true });
  await call(tab, 'identify', 'user-1', { name: 'Anna' });
  await call(tab, 'page');
  await eventually('she is greeted', async () => (await contentOf(tab, 'hero')) === '<p>Welcome, Anna.</p>');
  await tab.run(() => addEventListener('pageshow', ({ persisted }) => (window.kept = persisted)));
  await go(tab, `${site.origin}/second`);
  await call(tab, 'reset');
  await tab.back(`${site.origin}/`);
  await ready(tab);
  context.diagnostic(`the browser ${(await tab.run(() => window.kept)) ? 'kept the page' : 'loaded the page again'}`);
  await eventually('nobody is known', async () => (await inspect(tab)).user === null, 3_000);
  await eventually('the slot forgets', async () => !anna.test(await readable(tab)), 3_000);
});

test('who signs in as the page is left, and out on the next, is not signed in again by the way back, nor is it counted twice', async (context) => {
  const tab = await open();
  await allow(tab);
  await atRest(tab);
  // Before Wayline hears that the page is left: what it is about to store then is frozen in its midst, and what it spilled is taken up by the next page.
  await tab.run(() => {
    addEventListener('pageshow', ({ persisted }) => (window.kept = persisted));
    addEventListener('pagehide', () => {
      void window.wayline.identify('user-1', { name: 'Anna' });
      void window.wayline.track('Signed In');
    }, { capture: true, once: true });
  });
  await tab.follow(`${site.origin}/second`);
  await ready(tab);
  await eventually('she is known', async () => (await inspect(tab)).user === 'user-1');
  await call(tab, 'reset');
  await atRest(tab);
  await tab.back(`${site.origin}/`);
  await ready(tab);
  context.diagnostic(`the browser ${(await tab.run(() => window.kept)) ? 'kept the page' : 'loaded the page again'}`);
  await call(tab, 'track', 'Afterwards');
  await drained(tab);
  assert.equal((await inspect(tab)).user, null);
  assert.doesNotMatch((await storedProfile(tab)) + (await readable(tab)), anna);
  assert.equal(site.events.filter(({ event }) => event === 'Signed In').length, 1);
});

const refused = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'UnknownError'); };";

for (const [what, isAllowed] of [['and is stored otherwise', true], ['of a person who has not consented there', false]]) {
  test(`who signs out on a page whose database does not open stays signed out once it does: a page ${what}`, async () => {
    site.files.set('/refused.js', refused);
    site.page('/refused', '<h1 data-wayline-slot="hero">Default</h1>', ['/probe.js', '/refused.js', tag()]);
    const tab = await open();
    await allow(tab);
    await call(tab, 'identify', 'user-1', { name: 'Anna' });
    await drained(tab);
    await go(tab, `${site.origin}/refused`);
    if (isAllowed) await allow(tab);
    await call(tab, 'reset');
    const spilled = () => tab.run(() => Object.entries(localStorage).filter(([key]) => key.includes(':spill:')).map(([, text]) => text).join());
    assert.match(await spilled(), /reset/);
    assert.doesNotMatch(await spilled(), /http|refused|Anna/, 'it says nothing of the visitor');
    await go(tab, `${site.origin}/refused`);
    await call(tab, 'track', 'Meanwhile', {});
    await go(tab, `${site.origin}/watched`);
    await eventually('nobody is known', async () => (await inspect(tab)).user === null);
    await call(tab, 'track', 'Afterwards', {});
    assert.doesNotMatch((await tab.run(() => window.seen)).join(), anna, 'not for a moment');
    assert.doesNotMatch((await storedProfile(tab)) + (await readable(tab)), anna);
    await go(tab, `${site.origin}/watched`);
    await call(tab, 'identify', 'user-2', { name: 'Bob' });
    await go(tab, `${site.origin}/watched`);
    assert.equal((await inspect(tab)).user, 'user-2', 'nobody leaves twice');
  });
}

test('who withdraws consent on a page whose database does not open stays unknown once it does, and what waited there is delivered', async () => {
  site.files.set('/refused.js', refused);
  site.page('/refused', '<h1 data-wayline-slot="hero">Default</h1>', ['/probe.js', '/refused.js', tag()]);
  site.misbehave = (_, response) => (response.writeHead(503).end(), true);
  const tab = await open();
  await allow(tab);
  await call(tab, 'track', 'Before', {});
  await go(tab, `${site.origin}/refused`);
  await allow(tab);
  assert.equal((await call(tab, 'track', 'Meanwhile', {})).stored, 'localstorage');
  const names = () => site.events.map(({ event }) => event);
  site.batches = [];
  site.misbehave = () => false;
  await go(tab, `${site.origin}/`);
  await eventually('both arrive', () => ['Before', 'Meanwhile'].every((name) => names().includes(name)));
  await drained(tab);

  await go(tab, `${site.origin}/refused`);
  await allow(tab);
  await call(tab, 'consent', { analytics: false, personalization: false });
  site.batches = [];
  await go(tab, `${site.origin}/`);
  assert.equal((await call(tab, 'track', 'After', {})).stored, 'memory');
  await new Promise((later) => setTimeout(later, 1_000));
  assert.deepEqual(names(), []);
});
