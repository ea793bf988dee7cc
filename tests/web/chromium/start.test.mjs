// The first moments of a page: what is painted first, what waits behind the curtain, what the snippet hands to the script.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.mjs';
import { compile, packFiles, Program, runtime, Session } from '../../wasm/engine.mjs';
import * as visit from '../browsers/page.mjs';
import { strictPolicy, tag } from '../browsers/site.mjs';
import { meetForEach } from './visit.mjs';

const snippet = '<script src="/wayline-snippet.js" data-write-key="test"></script>';
const script = tag();
const slots = '<h1 data-wayline-slot="hero">Default</h1><p data-wayline-slot="note">no note</p><a href="/two?from=one">two</a><p data-wayline-slot="plain">as it was</p>';
const program = await compile();
let browser, site, page, problems;

const prepare = (fresh) => {
  for (const path of ['/', '/two']) fresh.page(path, slots, [snippet, script]);
  fresh.files.set('/errors.js', "window.errors = []; window.wayline = [['on', 'error', ({ code, details }) => errors.push([code, details])]];");
  fresh.page('/elsewhere', 'nothing of ours');
  fresh.page('/plain', slots, [script]);
  fresh.page('/hidden', slots, [snippet.replace('>', ' data-hide>'), script]);
  fresh.page('/begun', slots, [snippet.replace('>', ' data-pack="/v1/pack">'), script]);
  fresh.page('/async', slots, [script.replace('async', 'async data-hide')]);
};
const meet = (met) => {
  ({ browser, site, page, problems } = met);
  // Everything that the slots ever showed, from their first appearance on.
  return page.evaluateOnNewDocument(() => {
    window.seen = [];
    const look = () => {
      const hero = document.querySelector('[data-wayline-slot=hero]');
      if (hero === null) return;
      const text = getComputedStyle(hero).visibility === 'hidden' ? '(hidden)' : hero.textContent;
      if (seen.at(-1) !== text) seen.push(text);
    };
    const frame = () => (look(), requestAnimationFrame(frame));
    requestAnimationFrame(frame);
    window.shifts = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shifts += value))).observe({ type: 'layout-shift', buffered: true });
  });
};
meetForEach(meet, { program, files: ['wayline.js', 'wayline-snippet.js'], prepare });

const go = (path) => visit.go(page, site.origin + path);
const ready = () => visit.ready(page);
const call = (...call) => visit.call(page, ...call);
const allow = () => visit.allow(page);
const { inspect } = visit;
const hero = () => visit.contentOf(page, 'hero');
/** The texts that could be seen; a slot that the parser has not closed yet, or that waits, is hidden. */
const seen = async () => (await page.evaluate(() => window.seen)).filter((text) => text !== '(hidden)');
const prepared = () => page.evaluate(() => JSON.parse(localStorage.getItem('wayline:test:prepared')));
/** When the slots were decided and when anything was painted first, in milliseconds since the navigation. */
const times = () =>
  page.evaluate(async () => {
    const paint = () => performance.getEntriesByName('first-paint')[0]?.startTime;
    while (paint() === undefined) await new Promise((next) => setTimeout(next, 5));
    return { decided: performance.getEntriesByName('wayline:decided')[0].startTime, painted: paint(), shifts: window.shifts };
  });

/** Asserts that the page was decided before anything was painted, and that this is all that was ever seen of its hero; returns its times. */
async function decidedFirst(text) {
  const found = await times();
  assert.ok(found.decided < found.painted, `decided at ${found.decided} ms, painted at ${found.painted} ms`);
  assert.deepEqual(await seen(), [text]);
  return found;
}
/** Pages whose address ends so are never told that they were painted. */
const unpainted = (end) =>
  page.evaluateOnNewDocument((ending) => {
    const { observe } = PerformanceObserver.prototype;
    if (location.href.endsWith(ending)) PerformanceObserver.prototype.observe = function (options) {
      if (options.type !== 'paint') observe.call(this, options);
    };
  }, end);

test('a page that was left is decided before it is painted the next time, as a link and as an address', async () => {
  await go('/');
  await allow();
  await call('identify', 'user-1', { name: 'Anna' });
  for (const arrive of [() => go('/'), () => page.reload({ waitUntil: 'load' }), () => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click('a')])]) {
    await arrive();
    await ready();
    const { shifts } = await decidedFirst('Welcome, Anna.');
    assert.equal(shifts, 0);
    assert.equal(await hero(), '<p>Welcome, Anna.</p>');
  }
  assert.equal(await page.$eval('[data-wayline-slot=note]', (element) => element.textContent), 'Two.');
  assert.equal(await page.$eval('[data-wayline-slot=plain]', (element) => element.textContent), 'as it was');
  assert.deepEqual(problems, []);
});

test('the front page is decided before it is painted for who left another page, and types the site\'s name', async () => {
  await go('/two');
  await allow();
  await go('/');
  await decidedFirst('Welcome, stranger.');
  assert.deepEqual(problems, []);
});

test('a prepared page is painted before the script goes to work; one that nobody sees, or that paints nothing, does not hold it up for long', async () => {
  await go('/');
  await allow();
  await unpainted('unpainted');
  // When the device is asked for the first time, beside the paint.
  await page.evaluateOnNewDocument(() => {
    if (location.hash === '#hidden-unpainted') Object.defineProperty(Document.prototype, 'hidden', { get: () => true });
    if (location.hash === '#unwatched') PerformanceObserver.prototype.observe = () => { throw new Error('by the page'); };
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...args) {
      window.begun ??= performance.now();
      return open.apply(this, args);
    };
  });
  const begun = async (path) => {
    await page.goto(`${site.origin}/elsewhere`);
    await go(path);
    const { painted } = await decidedFirst('Welcome, stranger.');
    const { at, loaded } = await page.evaluate(() => ({ at: window.begun, loaded: performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/wayline.js')).responseEnd }));
    return { painted, at, waited: at - loaded };
  };
  const { painted, at } = await begun('/');
  assert.ok(at >= painted, `begun at ${at} ms, painted at ${painted} ms`);
  const { waited } = await begun('/#unpainted');
  assert.ok(waited >= 1_000, `${waited} ms`);
  for (const hash of ['#hidden-unpainted', '#unwatched']) {
    const { waited: atOnce } = await begun(`/${hash}`);
    assert.ok(atOnce < 1_000, `${hash}: ${atOnce} ms`);
  }
  assert.deepEqual(problems, []);
});

test('the script takes over: the default comes back as the same nodes, and exposures are counted', async () => {
  await go('/');
  await allow();
  await go('/');
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
  await eventually('the exposure', () => site.events.some(({ event }) => event === 'Experiment Viewed'));
  await call('dismiss', 'hero');
  assert.equal(await hero(), 'Default');
});

test('what is prepared follows what happens, and does not outlive the consent', async () => {
  await go('/');
  await new Promise((next) => setTimeout(next, 300));
  assert.equal(await prepared(), null, 'nothing is kept of a visitor who did not agree');
  await allow();
  const text = async () => (await prepared())?.[0].decisions.hero.content;
  await eventually('the page is prepared', async () => (await text())?.html === '<p>Welcome, stranger.</p>');
  await call('track', 'Product Viewed', {});
  await call('track', 'Product Viewed', {});
  await eventually('it is prepared anew', async () => (await text())?.text === 'You like this.');
  await call('consent', { analytics: false, personalization: false });
  await new Promise((next) => setTimeout(next, 300));
  assert.equal(await prepared(), null);
});

test('a page without the snippet prepares nothing, and takes away what it makes outdated: who leaves it is not shown on the next', async () => {
  await go('/plain');
  await allow();
  for (const call of [['reset'], ['consent', { personalization: false }], ['track', 'Product Viewed', {}]]) {
    const left = await page.evaluate(async ([method, ...args]) => {
      localStorage.setItem('wayline:test:prepared', '[]');
      const done = window.wayline[method](...args);
      const atOnce = localStorage.getItem('wayline:test:prepared');
      await done;
      return [atOnce, localStorage.getItem('wayline:test:prepared')];
    }, call);
    assert.deepEqual(left, [call[0] === 'reset' ? null : '[]', null], call[0]);
  }
  await new Promise((next) => setTimeout(next, 300));
  assert.equal(await prepared(), null, 'nothing is prepared in its place');
});

test('what was prepared otherwise than the engine decides stays for this page: what is looked at is not rewritten', async () => {
  await go('/');
  await allow();
  await page.goto(`${site.origin}/elsewhere`);
  await page.evaluate((origin) => {
    const decision = { content: { html: '<p>Prepared<script>document.title = "attacked"</script></p>' }, experience: 'greeting', journey: null, reason: 'matched', variant: 'only' };
    localStorage.setItem('wayline:test:prepared', JSON.stringify([{ url: `${origin}/`, referrer: '', from: 0, until: 9e15, decisions: { hero: decision } }]));
  }, site.origin);
  await go('/');
  assert.equal(await hero(), '<p>Prepared</p>');
  assert.deepEqual(await seen(), ['Prepared']);
  assert.equal((await call('decide', 'hero')).content.html, '<p>Welcome, stranger.</p>');
});

for (const forged of ['nonsense', '5', '[null]', '[{"url":"ORIGIN/","referrer":"","from":0,"until":9e15,"decisions":null}]', '[{"url":"ORIGIN/","referrer":"","from":0,"until":9e15,"decisions":{"hero":{"experience":"e","content":{"html":7,"attributes":5}}}}]']) {
  test(`a forged preparation, ${forged.slice(0, 40)}, harms nothing`, async () => {
    await go('/two');
    await page.evaluate((text) => localStorage.setItem('wayline:test:prepared', text), forged.replace('ORIGIN', site.origin));
    await go('/');
    assert.deepEqual(problems, []);
    await eventually('the page is decided', async () => (await call('decide', 'hero')).experience === 'greeting');
  });
}

test('what a page says of itself counts in all that is decided for it, until the next page or person', async () => {
  const attributes = { 'profile.name': { type: 'string', source: 'account', purpose: 'personalization' }, 'page.category': { type: 'string', source: 'shop' } };
  const shoes = { id: 'shoes', owner: 'marketing', slot: 'hero', priority: 5, page: { path: '/**' }, if: { '==': [{ var: 'page.category' }, 'shoes'] }, variants: [{ id: 'only', content: { text: 'Shoes.' } }] };
  site.ship(await compile({ ...packFiles({ attributes }), 'rules/shoes.json': JSON.stringify(shoes) }));
  site.files.set('/queue.js', "window.wayline = [['page', { category: 'shoes' }]];");
  site.page('/shoes', slots, ['/queue.js', tag('data-auto-page="false"')]);
  await go('/shoes');
  assert.equal((await call('decide', 'hero')).experience, 'shoes');
  assert.equal((await call('explain', 'hero')).experience, 'shoes');
  await call('track', 'Nothing', {});
  await allow();
  assert.deepEqual(await seen(), ['Default', 'Shoes.'].slice(-(await seen()).length));
  assert.equal((await call('decide', 'hero')).experience, 'shoes');
  await call('reset');
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
  await call('page', { category: 'shoes' });
  assert.equal((await call('decide', 'hero')).experience, 'shoes');
  await call('page');
  assert.equal((await call('decide', 'hero')).experience, 'greeting');
});

test('what a page says of itself counts in the steps of the calls that are made there, as it does natively, and is sent once', async () => {
  const files = {
    ...packFiles({ attributes: { 'profile.name': { type: 'string', source: 'account', purpose: 'personalization' }, 'page.category': { type: 'string', source: 'shop' } } }),
    'journeys/interest.json': JSON.stringify({
      id: 'interest', owner: 'marketing', status: 'live', version: 1, priority: 50, goal: { on: 'Ordered' }, start: 'tempted',
      enter: { on: 'Product Viewed', if: { '==': [{ var: 'page.category' }, 'shoes'] } },
      stages: { tempted: { team: 'marketing', system: 'shop', needs: [] } },
    }),
  };
  const shoes = await compile(files);
  site.ship(shoes);
  site.page('/shoes', slots, [tag('data-auto-page="false"')]);
  await page.goto(`${site.origin}/shoes`, { waitUntil: 'load' });
  const isIn = async () => (await inspect(page)).journeys.interest.status === 'active';
  await page.evaluate(() => void wayline.page({ category: 'hats' }));
  await ready();
  await allow();
  await call('track', 'Product Viewed', {});
  assert.equal(await isIn(), false);
  await call('page', { category: 'shoes' });
  await call('identify', 'user-1', {});
  await call('page');
  await call('track', 'Product Viewed', {});
  assert.equal(await isIn(), false, 'what was said of the page before does not count');
  await call('page', { category: 'shoes' });
  await call('track', 'Product Viewed', {});
  assert.equal(await isIn(), true);
  const { steps, visitor } = await inspect(page);
  const session = Session.create(Program.load(await runtime(), shoes), visitor);
  const answers = steps.map((step) => session.step(step));
  assert.equal(answers.at(-1).journeys.interest.status, 'active', 'what was recorded leads to the same');
  await visit.drained(page);
  const sent = site.events.filter(({ event }) => event === 'Product Viewed');
  assert.deepEqual(sent.map(({ context: { page: where } }) => Object.keys(where)), Array(3).fill(['path', 'referrer', 'search', 'title', 'url']));
});

for (const [what, said] of [['too much', { list: Array(1_000).fill('0123456789') }], ['too many values', { list: Array(1_500).fill(1) }], ['too deep', JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)]]) {
  test(`a page that says ${what} is told so once, and all that is made there counts for its address`, async () => {
    site.page('/wordy', '<h1 data-wayline-slot="hero">Default</h1>', ['/errors.js', tag('data-auto-page="false"')]);
    await page.goto(`${site.origin}/wordy`, { waitUntil: 'load' });
    await page.evaluate((properties) => void wayline.page(properties), said);
    await ready();
    await allow();
    await call('track', 'Product Viewed', {});
    await call('track', 'Product Viewed', {});
    assert.equal(await hero(), '<p>Welcome, stranger.</p>');
    assert.equal((await inspect(page)).journeys.interest.status, 'active');
    assert.deepEqual(await page.evaluate(() => errors), [['step.too_large', { call: 'page' }]]);
    await visit.drained(page);
    const [sent] = site.events.filter(({ type }) => type === 'page');
    assert.deepEqual(sent.properties.list ?? sent.properties.a, said.list ?? said.a, 'the endpoint takes it');
  });
}

test('a page says almost as much as the engine takes', async () => {
  site.page('/wordy', '<h1 data-wayline-slot="hero">Default</h1>', ['/errors.js', tag('data-auto-page="false"')]);
  await page.goto(`${site.origin}/wordy`, { waitUntil: 'load' });
  const room = (text) => ({ text: text.repeat(15_300 / Buffer.byteLength(text)) });
  for (const said of [room('a'), room('ł'), { list: Array(500).fill(1) }, JSON.parse(`${'{"a":'.repeat(29)}1${'}'.repeat(29)}`)]) {
    await page.evaluate((properties) => void wayline.page(properties), said);
    await ready();
    await call('track', 'Product Viewed', {});
  }
  assert.deepEqual(await page.evaluate(() => errors), []);
  assert.equal((await inspect(page)).steps.filter(({ track, page: where }) => track !== undefined && (where.text ?? where.list ?? where.a) !== undefined).length, 4);
});

test('a first visit that asks for it shows one content only, the decided one unless it comes too late', async () => {
  await go('/hidden');
  const text = await eventually('the slot is shown', async () => (await seen())[0]);
  assert.ok(['Welcome, stranger.', 'Default'].includes(text), text);
  await call('track', 'Nothing', {});
  assert.deepEqual(await seen(), [text]);
  assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
  assert.deepEqual(problems, []);
});

// Tasks of the start: the second is the last before the first page is decided ahead, with the calls that were there when it was asked for.
for (const task of [1, 2]) {
  test(`who is introduced in task ${task} of the start is not greeted as a stranger`, async () => {
    await page.evaluateOnNewDocument((last) => {
      const post = scheduler.postTask.bind(scheduler);
      let tasks = 0;
      scheduler.postTask = (...work) => {
        if (++tasks === last) {
          void window.wayline.consent({ analytics: true, personalization: true });
          void window.wayline.identify('user-1', { name: 'Anna' });
          window.introduced = true;
        }
        return post(...work);
      };
    }, task);
    await go('/hidden');
    await eventually('the slot is shown', async () => (await seen())[0]);
    await call('track', 'Nothing', {});
    assert.ok(await page.evaluate(() => window.introduced));
    assert.ok(!(await seen()).includes('Welcome, stranger.'), String(await seen()));
    assert.match((await call('decide', 'hero')).content.html, /Anna/);
  });
}

for (const path of ['/hidden', '/async']) {
  test(`a decision that does not come: ${path} shows its default after 300 ms at the latest, and a later one does not rewrite it`, async () => {
    let answer;
    site.delay = (pathname) => (pathname === '/v1/pack' ? new Promise((done) => (answer = done)) : undefined);
    await page.goto(site.origin + path, { waitUntil: 'load' });
    await eventually('the default is shown', async () => (await seen()).at(-1) === 'Default');
    await new Promise((next) => setTimeout(next, 300));
    answer();
    await ready();
    assert.equal((await call('decide', 'hero')).experience, 'greeting');
    assert.equal(await hero(), 'Default');
  });
}

test('a snippet that is told of the pack asks for it and for the engine before the script is there, once', async () => {
  const asked = [];
  let arrive;
  site.delay = (pathname) => {
    asked.push(pathname);
    return pathname === '/wayline.js' ? new Promise((done) => (arrive = done)) : undefined;
  };
  await page.goto(`${site.origin}/begun`, { waitUntil: 'domcontentloaded' });
  await eventually('both are asked for', () => asked.includes('/v1/pack') && asked.includes('/wayline.wasm'));
  arrive();
  await ready();
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
  assert.deepEqual(asked.filter((path) => path === '/v1/pack' || path === '/wayline.wasm').sort(), ['/v1/pack', '/wayline.wasm']);
  assert.deepEqual(problems, []);
});

test('the snippet works in the text of a page whose policy names its hash', async () => {
  const asked = [];
  site.delay = (pathname) => void asked.push(pathname);
  const text = site.files.get('/wayline-snippet.js').toString();
  site.files.delete('/wayline-snippet.js');
  site.page('/', slots, [`<script data-write-key="test" data-pack="/v1/pack" data-wasm="/wayline.wasm">${text}</script>`, script]);
  site.policy = strictPolicy.replace("'self'", `'self' 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  await go('/');
  assert.deepEqual(asked.filter((path) => path === '/v1/pack' || path === '/wayline.wasm').sort(), ['/v1/pack', '/wayline.wasm']);
  await allow();
  await go('/');
  await decidedFirst('Welcome, stranger.');
  assert.deepEqual(problems, []);
});

test('what the snippet asked for in vain is asked for again', async () => {
  let failed = 0;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const early = /pack$|[.]wasm/.test(request.url()) && failed < 2;
    if (early) failed++;
    return early ? request.abort('connectionreset') : request.continue();
  });
  await go('/begun');
  assert.equal(failed, 2);
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
});

test('what the snippet was answered does not outlast the outage that it was answered in', async () => {
  site.files.delete('/v1/pack');
  await page.goto(`${site.origin}/begun`, { waitUntil: 'load' });
  await eventually('there is no pack', async () => (await inspect(page)).problems.some(({ code }) => code === 'pack.unavailable'));
  site.ship(program);
  await page.evaluate(() => void dispatchEvent(new Event('online')));
  await ready();
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
});

test('a visitor whose localStorage was cleared by the site is known again, and decided by what the device has when the network has nothing', async () => {
  await go('/begun');
  await allow();
  await call('identify', 'user-1', { name: 'Anna' });
  site.files.delete('/v1/pack');
  for (let visit = 0; visit < 2; visit++) {
    await page.evaluate(() => localStorage.clear());
    await go('/begun');
    await eventually('the visitor is greeted', async () => (await hero()) === '<p>Welcome, Anna.</p>');
  }
});

test('a page that was decided beforehand counts, though it is left before the device has answered', async () => {
  await go('/');
  await allow();
  await page.evaluateOnNewDocument(() => {
    if (location.pathname === '/two') IDBFactory.prototype.open = () => new EventTarget();
  });
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click('a')]);
  await page.waitForFunction(() => window.wayline.inspect !== undefined);
  await page.evaluate(() => void window.wayline.track('Product Viewed', {}));
  await go('/');
  await ready();
  const names = () => site.events.map(({ event, properties }) => event ?? properties.path);
  await eventually('what happened on it arrives', () => names().includes('/two') && names().includes('Product Viewed'));
});

test('a page that was decided beforehand counts, with what is called on it, though it is left before it was painted', async () => {
  await go('/');
  await allow();
  await unpainted('/two?from=one');
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click('a')]);
  await page.evaluate(() => window.wayline.push(['track', 'Product Viewed', {}]));
  assert.equal((await inspect(page)).visitor, undefined, 'the engine is not there');
  await go('/');
  const names = () => site.events.map(({ event, properties }) => event ?? properties.path);
  await eventually('what happened on it arrives', () => names().includes('/two') && names().includes('Product Viewed'));
});

test('a first page that is left while its database is made holds up no other', async () => {
  // Every second such page did.
  for (let time = 0; time < 8; time++) {
    const other = await browser.createBrowserContext();
    const tab = await other.newPage();
    await tab.evaluateOnNewDocument(() => {
      const open = IDBFactory.prototype.open;
      if (location.pathname === '/') IDBFactory.prototype.open = function (...what) {
        location.href = '/two';
        return open.apply(this, what);
      };
    });
    await tab.goto(`${site.origin}/`);
    await eventually('the next page comes', () => tab.url().endsWith('/two'));
    await visit.ready(tab);
    assert.equal((await visit.inspect(tab)).storage, 'indexeddb');
    await other.close();
  }
});

test('a snippet of another build is undone, and the page works', async () => {
  const text = site.files.get('/wayline-snippet.js').toString();
  await go('/');
  await allow();
  site.files.set('/wayline-snippet.js', Buffer.from(text.replaceAll('"0.1.0"', '"0.0.9"')));
  assert.notEqual(site.files.get('/wayline-snippet.js').toString(), text);
  await go('/');
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
  await call('dismiss', 'hero');
  assert.equal(await hero(), 'Default');
  assert.deepEqual(problems, []);
});
