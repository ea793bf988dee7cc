// Slots in a real browser (driver.mjs) under a strict policy with Trusted Types: every kind of content, undo, late slots, exposures, dismissals.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { eventually } from '../../support/eventually.mjs';
import { bundleForPage } from '../load.mjs';
import { launch, name } from './driver.mjs';
import { Site } from './site.mjs';

let browser, site, page;

// Runs inside the page: a manager that notes what it is told.
const setUp = `
  window.told = { exposed: [], dismissed: [], appeared: 0, problems: [] };
  window.matched = (experience, content, variant = 'a') => ({ content, experience, variant, journey: null, reason: 'matched' });
  window.manager = new sdk.SlotManager({
    exposed: (slot, decision) => {
      told.exposed.push([slot, decision.experience, decision.variant]);
      told.exposedAt = performance.now();
    },
    dismissed: (slot) => told.dismissed.push(slot),
    appeared: () => told.appeared++,
    problem: (error) => told.problems.push([error.code, error.details.what ?? error.details.slot]),
  });`;

before(async () => {
  browser = await launch();
  site = await new Site().start();
  site.files.set('/sdk.js', `${await bundleForPage('sdk', 'slots/slot-manager.ts')};addEventListener('DOMContentLoaded', () => {${setUp}});`);
  site.page('/', '<main><h1 data-wayline-slot="hero" class="plain">Default <b id="kept">text</b></h1><div data-wayline-slot="late"></div><p id="end">end</p></main>', ['/probe.js', '/sdk.js']);
  site.files.set('/x', '');
  site.page('/tall', `<div>${'<p>filler</p>'.repeat(200)}</div><div data-wayline-slot="below">below</div>`, ['/probe.js', '/sdk.js']);
});
after(async () => {
  await browser?.close();
  site?.stop();
});
beforeEach(async () => {
  page = await browser.tab();
  await page.open(site.origin);
});
afterEach(async () => {
  assert.deepEqual(await problems(), []);
  await page.close();
});

const show = (decisions, occasion = 'arrival') =>
  page.run((all, why) => manager.show(Object.fromEntries(Object.entries(all).map(([slot, [experience, content, variant]]) => [slot, matched(experience, content, variant)])), why), decisions, occasion);
const html = (slot) => page.run((name) => document.querySelector(`[data-wayline-slot=${name}]`).innerHTML, slot);
const told = () => page.run(() => window.told);
const problems = () => page.run(() => window.problems.splice(0));
const nothing = { hero: [null, null, null] };

test('html is rendered, and the default comes back as the same nodes', async () => {
  await page.run(() => { window.kept = document.getElementById('kept'); });
  await show({ hero: ['e', { html: '<p>Hello <a href="/sale">sale</a></p>' }] });
  assert.equal(await html('hero'), '<p>Hello <a href="/sale">sale</a></p>');
  await show(nothing);
  assert.equal(await html('hero'), 'Default <b id="kept">text</b>');
  assert.ok(await page.run(() => window.kept === document.getElementById('kept')));
});

test('text is text', async () => {
  await show({ hero: ['e', { text: '<b>5 < 6</b> & more' }] });
  assert.equal(await page.run(() => document.querySelector('h1').textContent), '<b>5 < 6</b> & more');
});

test('attributes are set and taken back', async () => {
  await show({ hero: ['e', { attributes: { class: 'festive', title: 'new' } }] });
  assert.equal(await page.run(() => { const element = document.querySelector('h1'); return `${element.className} ${element.title}`; }), 'festive new');
  await show(nothing);
  assert.equal(await page.run(() => { const element = document.querySelector('h1'); return `${element.className} ${element.hasAttribute('title')}`; }), 'plain false');
});

test('what could run script is left out and reported, the rest is shown', async () => {
  await page.run(() => { window.attacked = 0; });
  await show({ hero: ['e', { html: '<img src="/x" onerror="attacked++"><script>attacked++</script><a href=" java\tscript:attacked++">a</a><svg><a xlink:href="javascript:attacked++">b</a><a><set attributeName="href" to="javascript:attacked++"/><animate attributeName="href" values="javascript:attacked++"/>c</a></svg><iframe srcdoc="x"></iframe><p>ok</p><form onclick="attacked++"><input name="attributes"><input name="attributes"></form>' }] });
  assert.match(await html('hero'), /<p>ok<\/p>/);
  assert.doesNotMatch(await html('hero'), /onerror|script|iframe|<set|animate|onclick/i);
  await show({ hero: ['f', { attributes: { onclick: 'attacked++', href: 'javascript:attacked++', lang: 'pl' } }] });
  assert.equal(await page.run(() => { const element = document.querySelector('h1'); return `${element.lang} ${element.hasAttribute('onclick')} ${element.hasAttribute('href')}`; }), 'pl false false');
  await page.run(() => document.querySelector('h1').click());
  assert.equal(await page.run(() => attacked), 0);
  // The policy speaks of the handler while it is parsed, before it is taken out.
  const others = (await problems()).filter((text) => !text.startsWith('policy: script-src-attr'));
  assert.deepEqual(others, []);
  const codes = (await told()).problems;
  assert.ok(codes.length >= 8 && codes.every(([code]) => code === 'slot.unsafe_content'), JSON.stringify(codes));
});

test('what comes first in a content, and would be a document\'s head, is reported as well; so is a content that goes on behind a template', async () => {
  await show({ hero: ['e', { html: '<script>1</script><style>p { color: red }</style><!-- as it is written --><p>ok</p></template><p>lost</p>' }] });
  assert.equal(await html('hero'), '<!-- as it is written --><p>ok</p>');
  assert.deepEqual((await told()).problems.map(([, what]) => what).toSorted(), ['script', 'style', 'template']);
});

test('rows and cells fill the slots of a table', async () => {
  await page.run(() => {
    const table = document.body.appendChild(document.createElement('table'));
    for (const name of ['rows', 'cells']) {
      const body = table.appendChild(document.createElement('tbody'));
      (name === 'rows' ? body : body.insertRow()).dataset.waylineSlot = name;
    }
  });
  await show({ rows: ['e', { html: '<tr><td>one</td></tr><tr><td>two</td></tr>' }], cells: ['f', { html: '<td>three</td><td>four</td>' }] });
  assert.deepEqual(await page.run(() => [...document.querySelectorAll('tr')].map((row) => [...row.cells].map((cell) => cell.textContent))), [['one'], ['two'], ['three', 'four']]);
});

test('what is shown already is not touched', async () => {
  const content = { html: '<p>same</p>' };
  await show({ hero: ['e', content] });
  await page.run(() => { window.paragraph = document.querySelector('h1 p'); });
  await show({ hero: ['e', content] });
  assert.ok(await page.run(() => window.paragraph === document.querySelector('h1 p')));
});

test('a slot that appears late is filled at once; one that nothing was decided for asks', async () => {
  await show({ hero: ['e', { text: 'A' }], extra: ['f', { text: 'B' }] });
  await page.run(() => {
    const box = document.createElement('section');
    box.append(Object.assign(document.createElement('div'), { textContent: 'default' }), document.createElement('div'));
    box.children[0].dataset.waylineSlot = 'extra';
    box.children[1].dataset.waylineSlot = 'unknown';
    document.body.append(box);
  });
  assert.equal(await html('extra'), 'B');
  assert.equal((await told()).appeared, 1);
});

test('a change leaves alone what is in view, but not what asks for it, and not what may no longer be shown', async () => {
  await show({ hero: ['e', { text: 'first' }] });
  // Observers are told in the order in which they were made.
  await page.run(() => new Promise((done) => new IntersectionObserver(() => done()).observe(document.querySelector('h1'))));
  await show({ hero: ['f', { text: 'second' }] }, 'change');
  assert.equal(await html('hero'), 'first');
  await page.run(() => { document.querySelector('h1').dataset.waylineUpdate = 'live'; });
  await show({ hero: ['f', { text: 'second' }] }, 'change');
  assert.equal(await html('hero'), 'second');
  await page.run(() => { delete document.querySelector('h1').dataset.waylineUpdate; });
  await show(nothing, 'undo');
  assert.match(await html('hero'), /Default/);
});

test('an experience is exposed after a second in view, once, also when its variant is the default', async () => {
  const begin = await page.run(() => performance.now());
  await show({ hero: ['e', null, 'control'] });
  await eventually('the exposure', async () => (await told()).exposed.length > 0);
  const { exposed, exposedAt } = await told();
  assert.deepEqual(exposed, [['hero', 'e', 'control']]);
  assert.ok(exposedAt - begin >= 1_000, `${exposedAt - begin} ms`);
  await page.run(() => scrollBy(0, 10));
  await new Promise((next) => setTimeout(next, 1200));
  assert.equal((await told()).exposed.length, 1);
});

test('what was never scrolled into view is not exposed', async () => {
  await page.open(`${site.origin}/tall`);
  await show({ below: ['e', { text: 'seen' }] });
  await new Promise((next) => setTimeout(next, 1300));
  assert.deepEqual((await told()).exposed, []);
  await page.run(() => document.querySelector('[data-wayline-slot]').scrollIntoView());
  await eventually('the exposure', async () => (await told()).exposed.length > 0);
  assert.deepEqual((await told()).exposed, [['below', 'e', 'a']]);
});

/** Scrolls until so many pixels of the slot stand at the lower edge of the window. */
const showPixels = (pixels) => page.run((many) => scrollBy(0, document.querySelector('[data-wayline-slot]').getBoundingClientRect().top + many - innerHeight), pixels);
const pauseInPage = (milliseconds) => page.run((time) => new Promise((next) => setTimeout(next, time)), milliseconds);
const notSeen = async (why) => {
  await pauseInPage(1_300);
  assert.deepEqual((await told()).exposed, [], why);
};
async function openTall(windows) {
  await page.open(`${site.origin}/tall`);
  await page.run((height) => { document.querySelector('[data-wayline-slot]').style.height = height; }, windows === undefined ? '200px' : `${windows * 100}vh`);
  await show({ below: ['e', null, 'control'] });
}

test('less than half of it, or less than a second, is not seen', async () => {
  await openTall();
  await showPixels(80);
  await notSeen('less than half');
  // In one task after the other: how long the driver takes is not how long it was in view.
  await page.run(async () => {
    const scroll = (pixels) => scrollBy(0, document.querySelector('[data-wayline-slot]').getBoundingClientRect().top + pixels - innerHeight);
    scroll(160);
    await new Promise((next) => setTimeout(next, 400));
    scroll(80);
  });
  await notSeen('less than a second');
  await showPixels(120);
  await eventually('the exposure', async () => (await told()).exposed.length > 0);
});

for (const windows of [3, 12, 25]) {
  test(`what is ${windows} times as tall as the window is seen where it fills half of the window`, async () => {
    await openTall(windows);
    const height = await page.run(() => innerHeight);
    await showPixels(0.45 * height);
    await notSeen('less than half of the window');
    await showPixels(0.95 * height);
    await eventually('the exposure', async () => (await told()).exposed.length > 0);
  });
}

test('what stands on a page that nobody looks at is not seen; its second begins when somebody does', async () => {
  const look = (hidden) => page.run((away) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => away });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await show({ hero: ['e', null, 'control'] });
  await look(true);
  await notSeen('hidden');
  await look(false);
  await eventually('the exposure', async () => (await told()).exposed.length > 0);
});

test('a click on [data-wayline-dismiss] dismisses, and the default stays until the next arrival', async () => {
  const content = { html: '<p>offer <button data-wayline-dismiss>no</button></p>' };
  await show({ hero: ['e', content] });
  await page.run(() => document.querySelector('[data-wayline-dismiss]').click());
  assert.deepEqual((await told()).dismissed, ['hero']);
  await page.run(() => manager.dismiss('hero'));
  assert.match(await html('hero'), /Default/);
  await show({ hero: ['f', { text: 'next' }] }, 'change');
  assert.match(await html('hero'), /Default/);
  await show({ hero: ['f', { text: 'next' }] });
  assert.equal(await html('hero'), 'next');
});

test('json reaches the page by an event, with the decision', async () => {
  await page.run(() => document.addEventListener('wayline:content', (event) => { window.heard = [event.target.dataset.waylineSlot, event.detail?.content]; }));
  await show({ hero: ['e', { json: { colours: ['red'] } }] });
  assert.deepEqual(await page.run(() => heard), ['hero', { json: { colours: ['red'] } }]);
  assert.match(await html('hero'), /Default/);
});

test('a framework that renders over our content: it is put back once, then the slot is the framework\'s, and it is said', async () => {
  await show({ hero: ['e', { html: '<p>ours</p>' }] });
  const render = (text) => page.run((content) => { document.querySelector('h1').textContent = content; }, text);
  await render('theirs');
  assert.equal(await html('hero'), '<p>ours</p>');
  assert.deepEqual((await told()).problems, []);
  await render('theirs again');
  assert.equal(await html('hero'), 'theirs again');
  assert.deepEqual((await told()).problems, [['slot.overwritten', 'hero']]);
  await show({ hero: ['f', { html: '<p>other</p>' }] }, 'change');
  assert.equal(await html('hero'), 'theirs again', 'not fought over');
  await show(nothing);
  assert.equal(await html('hero'), 'theirs again', 'what the page rendered is its default');
  await show({ hero: ['e', { html: '<p>next</p>' }] });
  assert.equal(await html('hero'), '<p>next</p>', 'the next page is another matter');
});

test('what a framework rendered over once is the default that comes back', async () => {
  await show({ hero: ['e', { html: '<p>ours</p>' }] });
  await page.run(() => { document.querySelector('h1').textContent = 'theirs'; });
  assert.equal(await html('hero'), '<p>ours</p>');
  await show(nothing);
  assert.equal(await html('hero'), 'theirs');
});

test('a slot that is taken out and put back is the same slot, and a new element of its name is filled', async () => {
  await show({ hero: ['e', { html: '<p>ours</p>' }] });
  await page.run(() => { window.slot = document.querySelector('h1'); slot.remove(); });
  await page.run(() => document.body.append(slot));
  assert.equal(await html('hero'), '<p>ours</p>');
  await show(nothing);
  assert.equal(await html('hero'), 'Default <b id="kept">text</b>');
  await show({ hero: ['e', { html: '<p>ours</p>' }] });
  await page.run(() => {
    slot.remove();
    document.body.append(Object.assign(document.createElement('h2'), { textContent: 'fresh' }));
    document.querySelector('h2').dataset.waylineSlot = 'hero';
    document.querySelector('main').append(document.querySelector('h2'));
  });
  assert.equal(await html('hero'), '<p>ours</p>');
});

test('live regions do not shout: a slot in one is quiet, one that is live is polite, content never interrupts', async () => {
  const live = () => page.run(() => document.querySelector('h1').getAttribute('aria-live'));
  await page.run(() => document.querySelector('main').setAttribute('role', 'status'));
  await show({ hero: ['e', { html: '<p role="alert">now</p><p aria-live="assertive">at once</p>' }] });
  assert.equal(await live(), 'off');
  assert.deepEqual(await page.run(() => [...document.querySelectorAll('h1 p')].map((element) => element.getAttribute('aria-live'))), ['polite', 'polite']);
  await page.run(() => { document.querySelector('h1').dataset.waylineUpdate = 'live'; });
  await show({ hero: ['f', { text: 'changed' }] }, 'change');
  assert.equal(await live(), 'polite');
  await show(nothing);
  assert.equal(await live(), null);
});

test('content does not move by itself where the visitor asked for less motion', { skip: name !== 'chromium' && 'only Chromium can be asked for it here' }, async () => {
  const content = { html: '<video autoplay muted></video>' };
  const plays = () => page.run(() => document.querySelector('video').autoplay);
  await show({ hero: ['e', content] });
  assert.equal(await plays(), true);
  await page.reduceMotion();
  await show(nothing);
  await show({ hero: ['e', content] });
  assert.equal(await plays(), false);
});

test('a redirect goes once, and not in circles', async () => {
  site.page('/other', '<div data-wayline-slot="hero">other</div>', ['/probe.js', '/sdk.js']);
  const path = () => page.run(() => (document.readyState === 'complete' && window.manager !== undefined ? location.pathname : '')).catch(() => '');
  await show({ hero: ['e', { redirect: '/other' }] }).catch(() => undefined);
  await eventually('it goes', async () => (await path()) === '/other');
  await show({ hero: ['e', { redirect: '/' }] });
  await show({ hero: ['e', { redirect: 'javascript:document.title="attacked"' }] });
  await new Promise((next) => setTimeout(next, 300));
  assert.equal(await path(), '/other');
  assert.deepEqual((await told()).exposed, [], 'what did not go was not seen');
});
