// A page that comes back from the back/forward cache as it was left, while the visitor went on elsewhere. Where a browser does not keep it, it is loaded anew, and the same holds.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.mjs';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { allow, atRest, call, codes, contentOf, drained, ready } from './page.mjs';
import { tag } from './site.mjs';
import { meetForEach } from './visit.mjs';

const slot = '<h1 data-wayline-slot="hero">Default</h1>';
const program = await compile();
let site, open;
const prepare = (fresh) => {
  fresh.page('/', slot, ['<script src="/wayline-snippet.js" data-write-key="test"></script>', '/probe.js', tag('data-patience="60000"')]);
  fresh.page('/plain', slot, ['/probe.js', tag()]);
  fresh.page('/blank', 'nothing of ours', ['/probe.js']);
};
meetForEach((met) => ({ site, open } = met), { program, files: ['wayline.js', 'wayline-snippet.js'], prepare });

const names = () => site.events.map(({ type, event }) => event ?? type);
const refuse = (_, response) => (response.writeHead(503).end(), true);

/** Leaves the page for one without Wayline, where `meanwhile` happens, and comes back. Resolves to whether the browser kept the page. */
async function leaveAndReturn(page, context, meanwhile) {
  const address = await page.run(() => {
    addEventListener('pageshow', ({ persisted }) => (window.kept = persisted));
    return location.href;
  });
  await page.follow(`${site.origin}/blank`);
  await meanwhile();
  await page.back(address);
  const isKept = await page.run(() => window.kept === true);
  context.diagnostic(`the browser ${isKept ? 'kept the page' : 'loaded the page again'}`);
  return isKept;
}

/** Keeps the device busy for so long. */
const occupy = (page, milliseconds) =>
  page.run((time) => new Promise((begun) => {
    const request = indexedDB.open('wayline:test');
    request.onsuccess = () => {
      const records = request.result.transaction('records', 'readwrite').objectStore('records');
      const end = performance.now() + time;
      const hold = () => (performance.now() < end ? (records.get('profile').onsuccess = hold) : request.result.close());
      hold();
      begun();
    };
  }), milliseconds);

test('what a page could not send is not sent by it once the consent was withdrawn elsewhere, however soon it is left again', async (context) => {
  site.misbehave = refuse;
  const page = await open('/plain');
  await allow(page);
  await call(page, 'track', 'Secret', {});
  let other;
  await leaveAndReturn(page, context, async () => {
    other = await open('/plain');
    await call(other, 'consent', { analytics: false });
    site.batches = [];
    site.misbehave = () => false;
    // The page can not learn of it before it is left.
    await occupy(other, 2_000);
  });
  await page.follow(`${site.origin}/blank`);
  await sleep(2_500);
  assert.deepEqual(names(), []);
});

test('who signed out elsewhere is prepared for by no page, though it was left as she was known', async (context) => {
  const page = await open();
  await allow(page);
  await call(page, 'identify', 'user-1', { name: 'Anna' });
  await drained(page);
  await atRest(page);
  const prepared = () => page.run(() => JSON.stringify({ ...localStorage }));
  await leaveAndReturn(page, context, async () => {
    assert.match(await prepared(), /Anna/);
    const other = await open('/plain');
    await call(other, 'reset');
    await occupy(other, 2_000);
  });
  await page.follow(`${site.origin}/blank`);
  assert.doesNotMatch(await prepared(), /Anna/);
});

test('a page that had no engine when it was left begins when it is shown again, and counts both views and what was called', async (context) => {
  const engine = site.files.get('/wayline.wasm');
  site.ship(await compile(packFiles({ consent: { purposes: ['personalization'] } }))).files.delete('/wayline.wasm');
  const page = await open('/plain', false);
  await eventually('it is told', async () => (await codes(page)).includes('engine.unavailable'));
  await call(page, 'track', 'Held', {});
  const isKept = await leaveAndReturn(page, context, async () => void site.files.set('/wayline.wasm', engine));
  await ready(page);
  assert.equal(await contentOf(page, 'hero'), '<p>Welcome, stranger.</p>');
  await drained(page);
  // A first page that is loaded again knows nothing of what was called before: nobody may have consented to it.
  const expected = isKept ? ['page', 'Held', 'page'] : ['page'];
  await eventually('all arrive', () => names().length >= expected.length);
  assert.deepEqual(names().slice(0, expected.length), expected);
});
