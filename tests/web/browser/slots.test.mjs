// Slots in real Chromium under a strict policy with Trusted Types: every kind of content, undo, late slots, exposures, dismissals.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { launchChromium } from '../../e2e/chromium.mjs';
import { bundleForPage } from '../load.mjs';
import { Site, watchProblems } from './site.mjs';

let browser, site, page, problems;

// Runs inside the page: a manager that notes what it is told.
const setUp = `
  window.told = { exposed: [], dismissed: [], appeared: [], problems: [] };
  window.matched = (experience, content, variant = 'a') => ({ content, experience, variant, journey: null, reason: 'matched' });
  window.manager = new sdk.SlotManager({
    exposed: (slot, decision) => told.exposed.push([slot, decision.experience, decision.variant]),
    dismissed: (slot) => told.dismissed.push(slot),
    appeared: (slots) => told.appeared.push(slots),
    problem: (error) => told.problems.push([error.code, error.details.what ?? error.details.slot]),
  });`;

before(async () => {
  browser = await launchChromium();
  site = await new Site().start();
  site.files.set('/sdk.js', `${await bundleForPage('sdk', 'slots/slot-manager.ts')};addEventListener('DOMContentLoaded', () => {${setUp}});`);
  site.page('/', '<main><h1 data-wayline-slot="hero" class="plain">Default <b id="kept">text</b></h1><div data-wayline-slot="late"></div><p id="end">end</p></main>', ['/sdk.js']);
  site.files.set('/x', '');
  site.page('/tall', `<div>${'<p>filler</p>'.repeat(200)}</div><div data-wayline-slot="below">below</div>`, ['/sdk.js']);
});
after(async () => {
  await browser?.close();
  site?.stop();
});
beforeEach(async () => {
  page = await browser.newPage();
  problems = await watchProblems(page);
  await page.goto(site.origin, { waitUntil: 'load' });
});
afterEach(async () => {
  assert.deepEqual(problems, []);
  await page.close();
});

const show = (decisions, occasion = 'arrival') =>
  page.evaluate(([all, why]) => manager.show(Object.fromEntries(Object.entries(all).map(([slot, [experience, content, variant]]) => [slot, matched(experience, content, variant)])), why), [decisions, occasion]);
const html = (slot) => page.$eval(`[data-wayline-slot=${slot}]`, (element) => element.innerHTML);
const told = () => page.evaluate(() => told);
const nothing = { hero: [null, null, null] };

test('html is rendered, and the default comes back as the same nodes', async () => {
  await page.evaluate(() => { window.kept = document.getElementById('kept'); });
  await show({ hero: ['e', { html: '<p>Hello <a href="/sale">sale</a></p>' }] });
  assert.equal(await html('hero'), '<p>Hello <a href="/sale">sale</a></p>');
  await show(nothing);
  assert.equal(await html('hero'), 'Default <b id="kept">text</b>');
  assert.ok(await page.evaluate(() => window.kept === document.getElementById('kept')));
});

test('text is text', async () => {
  await show({ hero: ['e', { text: '<b>5 < 6</b> & more' }] });
  assert.equal(await page.$eval('h1', (element) => element.textContent), '<b>5 < 6</b> & more');
});

test('attributes are set and taken back', async () => {
  await show({ hero: ['e', { attributes: { class: 'festive', title: 'new' } }] });
  assert.equal(await page.$eval('h1', (element) => `${element.className} ${element.title}`), 'festive new');
  await show(nothing);
  assert.equal(await page.$eval('h1', (element) => `${element.className} ${element.hasAttribute('title')}`), 'plain false');
});

test('what could run script is left out and reported, the rest is shown', async () => {
  await page.evaluate(() => { window.attacked = 0; });
  await show({ hero: ['e', { html: '<img src="/x" onerror="attacked++"><script>attacked++</script><a href=" java\tscript:attacked++">a</a><svg><a xlink:href="javascript:attacked++">b</a><a><set attributeName="href" to="javascript:attacked++"/><animate attributeName="href" values="javascript:attacked++"/>c</a></svg><iframe srcdoc="x"></iframe><p>ok</p>' }] });
  assert.match(await html('hero'), /<p>ok<\/p>/);
  assert.doesNotMatch(await html('hero'), /onerror|script|iframe|<set|animate/i);
  await show({ hero: ['f', { attributes: { onclick: 'attacked++', href: 'javascript:attacked++', lang: 'pl' } }] });
  assert.equal(await page.$eval('h1', (element) => `${element.lang} ${element.hasAttribute('onclick')} ${element.hasAttribute('href')}`), 'pl false false');
  await page.click('h1');
  assert.equal(await page.evaluate(() => attacked), 0);
  // The policy speaks of the handler while it is parsed, before it is taken out.
  const handlers = problems.splice(0).filter((text) => !text.includes('Executing inline event handler'));
  assert.deepEqual(handlers, []);
  const codes = (await told()).problems;
  assert.ok(codes.length >= 8 && codes.every(([code]) => code === 'slot.unsafe_content'), JSON.stringify(codes));
});

test('what is shown already is not touched', async () => {
  const content = { html: '<p>same</p>' };
  await show({ hero: ['e', content] });
  await page.evaluate(() => { window.paragraph = document.querySelector('h1 p'); });
  await show({ hero: ['e', content] });
  assert.ok(await page.evaluate(() => window.paragraph === document.querySelector('h1 p')));
});

test('a slot that appears late is filled at once; one that nothing was decided for asks', async () => {
  await show({ hero: ['e', { text: 'A' }], extra: ['f', { text: 'B' }] });
  await page.evaluate(() => {
    const box = document.createElement('section');
    box.append(Object.assign(document.createElement('div'), { textContent: 'default' }), document.createElement('div'));
    box.children[0].dataset.waylineSlot = 'extra';
    box.children[1].dataset.waylineSlot = 'unknown';
    document.body.append(box);
  });
  assert.equal(await html('extra'), 'B');
  assert.deepEqual((await told()).appeared.at(-1).includes('unknown'), true);
});

test('a change leaves alone what is in view, but not what asks for it, and not what may no longer be shown', async () => {
  await show({ hero: ['e', { text: 'first' }] });
  await new Promise((next) => setTimeout(next, 200));
  await show({ hero: ['f', { text: 'second' }] }, 'change');
  assert.equal(await html('hero'), 'first');
  await page.$eval('h1', (element) => { element.dataset.waylineUpdate = 'live'; });
  await show({ hero: ['f', { text: 'second' }] }, 'change');
  assert.equal(await html('hero'), 'second');
  await page.$eval('h1', (element) => { delete element.dataset.waylineUpdate; });
  await show(nothing, 'undo');
  assert.match(await html('hero'), /Default/);
});

test('an experience is exposed after a second in view, once, also when its variant is the default', async () => {
  await show({ hero: ['e', null, 'control'] });
  await new Promise((next) => setTimeout(next, 700));
  assert.deepEqual((await told()).exposed, []);
  await new Promise((next) => setTimeout(next, 600));
  assert.deepEqual((await told()).exposed, [['hero', 'e', 'control']]);
  await page.evaluate(() => scrollBy(0, 10));
  await new Promise((next) => setTimeout(next, 1200));
  assert.equal((await told()).exposed.length, 1);
});

test('what was never scrolled into view is not exposed', async () => {
  await page.goto(`${site.origin}/tall`, { waitUntil: 'load' });
  await show({ below: ['e', { text: 'seen' }] });
  await new Promise((next) => setTimeout(next, 1300));
  assert.deepEqual((await told()).exposed, []);
  await page.evaluate(() => document.querySelector('[data-wayline-slot]').scrollIntoView());
  await new Promise((next) => setTimeout(next, 1300));
  assert.deepEqual((await told()).exposed, [['below', 'e', 'a']]);
});

test('a click on [data-wayline-dismiss] dismisses, and the default stays until the next arrival', async () => {
  const content = { html: '<p>offer <button data-wayline-dismiss>no</button></p>' };
  await show({ hero: ['e', content] });
  await page.click('[data-wayline-dismiss]');
  assert.deepEqual((await told()).dismissed, ['hero']);
  await page.evaluate(() => manager.dismiss('hero'));
  assert.match(await html('hero'), /Default/);
  await show({ hero: ['f', { text: 'next' }] }, 'change');
  assert.match(await html('hero'), /Default/);
  await show({ hero: ['f', { text: 'next' }] });
  assert.equal(await html('hero'), 'next');
});

test('json reaches the page by an event, with the decision', async () => {
  await page.evaluate(() => document.addEventListener('wayline:content', (event) => { window.heard = [event.target.dataset.waylineSlot, event.detail?.content]; }));
  await show({ hero: ['e', { json: { colours: ['red'] } }] });
  assert.deepEqual(await page.evaluate(() => heard), ['hero', { json: { colours: ['red'] } }]);
  assert.match(await html('hero'), /Default/);
});

test('a framework that renders over our content: it is put back once, then the slot is the framework\'s, and it is said', async () => {
  await show({ hero: ['e', { html: '<p>ours</p>' }] });
  const render = (text) => page.evaluate((content) => { document.querySelector('h1').textContent = content; }, text);
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
  await page.evaluate(() => { document.querySelector('h1').textContent = 'theirs'; });
  assert.equal(await html('hero'), '<p>ours</p>');
  await show(nothing);
  assert.equal(await html('hero'), 'theirs');
});

test('a slot that is taken out and put back is the same slot, and a new element of its name is filled', async () => {
  await show({ hero: ['e', { html: '<p>ours</p>' }] });
  await page.evaluate(() => { window.slot = document.querySelector('h1'); slot.remove(); });
  await page.evaluate(() => document.body.append(slot));
  assert.equal(await html('hero'), '<p>ours</p>');
  await show(nothing);
  assert.equal(await html('hero'), 'Default <b id="kept">text</b>');
  await show({ hero: ['e', { html: '<p>ours</p>' }] });
  await page.evaluate(() => {
    slot.remove();
    document.body.append(Object.assign(document.createElement('h2'), { textContent: 'fresh' }));
    document.querySelector('h2').dataset.waylineSlot = 'hero';
    document.querySelector('main').append(document.querySelector('h2'));
  });
  assert.equal(await html('hero'), '<p>ours</p>');
});

test('live regions do not shout: a slot in one is quiet, one that is live is polite, content never interrupts', async () => {
  const live = () => page.$eval('h1', (element) => element.getAttribute('aria-live'));
  await page.evaluate(() => document.querySelector('main').setAttribute('role', 'status'));
  await show({ hero: ['e', { html: '<p role="alert">now</p><p aria-live="assertive">at once</p>' }] });
  assert.equal(await live(), 'off');
  assert.deepEqual(await page.$$eval('h1 p', (elements) => elements.map((element) => element.getAttribute('aria-live'))), ['polite', 'polite']);
  await page.$eval('h1', (element) => { element.dataset.waylineUpdate = 'live'; });
  await show({ hero: ['f', { text: 'changed' }] }, 'change');
  assert.equal(await live(), 'polite');
  await show(nothing);
  assert.equal(await live(), null);
});

test('content does not move by itself where the visitor asked for less motion', async () => {
  const content = { html: '<video autoplay muted></video>' };
  const plays = () => page.$eval('video', (element) => element.autoplay);
  await show({ hero: ['e', content] });
  assert.equal(await plays(), true);
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await show(nothing);
  await show({ hero: ['e', content] });
  assert.equal(await plays(), false);
});

test('a redirect goes once, and not in circles', async () => {
  site.page('/other', '<div data-wayline-slot="hero">other</div>', ['/sdk.js']);
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), show({ hero: ['e', { redirect: '/other' }] })]);
  assert.equal(new URL(page.url()).pathname, '/other');
  await show({ hero: ['e', { redirect: '/' }] });
  await show({ hero: ['e', { redirect: 'javascript:document.title="attacked"' }] });
  await new Promise((next) => setTimeout(next, 300));
  assert.equal(new URL(page.url()).pathname, '/other');
  assert.deepEqual((await told()).exposed, [], 'what did not go was not seen');
});
