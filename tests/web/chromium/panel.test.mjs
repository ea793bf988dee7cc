// How the panel comes to a page that does not name it, under the page's strictest policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inPanel, openTab, press, shown } from '../../e2e/panel.mjs';
import { eventually } from '../../support/eventually.mjs';
import { compile } from '../../wasm/engine.mjs';
import * as visit from '../browsers/page.mjs';
import { tag } from '../browsers/site.mjs';
import { meetForEach } from './visit.mjs';

const program = await compile();
let site, page, problems, asked;

const prepare = (fresh) => {
  for (const path of ['/', '/two']) fresh.page(path, '<h1 data-wayline-slot="hero">Default</h1>', [tag()]);
};
const meet = (met) => {
  ({ site, page, problems } = met);
  asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
};
meetForEach(meet, { program, files: ['wayline.js', 'wayline-panel.js'], prepare });

const go = (path) => visit.go(page, site.origin + path);
const isOpen = async () => (await shown(page, '.drawer')).length === 1;
const isThere = () => page.evaluate(() => document.querySelector('[data-wayline-panel]') !== null);
const shortcut = async () => {
  await page.keyboard.down('Alt');
  await page.keyboard.down('Shift');
  await page.keyboard.press('KeyW');
  await page.keyboard.up('Shift');
  await page.keyboard.up('Alt');
};

test('nobody asks: it is not fetched', async () => {
  await go('/');
  assert.deepEqual([await isThere(), asked.includes('/wayline-panel.js')], [false, false]);
});

test('?wayline opens it, it stays open on the next pages of the tab, and closed it stays closed', async () => {
  await go('/?wayline');
  await eventually('the panel is open', isOpen);
  await page.evaluate(() => window.wayline.consent({ analytics: true }));
  await go('/two');
  await eventually('the panel is open on the next page', isOpen);
  await openTab(page, 'timeline');
  const titles = (await shown(page, '.moment-title')).toReversed();
  assert.deepEqual(titles.filter((title) => title !== 'saw hero'), ['/?wayline', 'allows analytics', '/two']);
  await press(page, 'Close the panel');
  await go('/');
  await eventually('the panel is there', isThere);
  assert.equal(await isOpen(), false);
  assert.deepEqual(problems, []);
});

test('Alt+Shift+W brings it, and sends it away again; what happened before it came is in its timeline', async () => {
  await go('/');
  await page.evaluate(() => window.wayline.track('Product Viewed', { category: 'dress' }));
  await page.evaluate(() => window.wayline.track('Product Viewed', { category: 'dress' }));
  await shortcut();
  await eventually('the panel is open', isOpen);
  await openTab(page, 'timeline');
  assert.deepEqual((await shown(page, '.moment-title')).toReversed().slice(0, 3), ['/', 'Product Viewed', 'Product Viewed']);
  assert.match((await shown(page, '.moment')).at(-3), /interest not entered → tempted/);
  await shortcut();
  await eventually('the panel is closed', async () => !(await isOpen()));
  assert.deepEqual(problems, []);
});

test('a visitor of whom nothing may be stored is shown all the same, from memory', async () => {
  await go('/?wayline');
  await eventually('the panel is open', isOpen);
  await openTab(page, 'profile');
  await openTab(page, 'slots');
  assert.match((await shown(page, '.card'))[0], /^hero/);
  assert.deepEqual(site.batches, []);
});

test('a slot that the pack does not know is told as such, and reported once for each name', async () => {
  site.page('/', '<h1 data-wayline-slot="hero">Default</h1><p data-wayline-slot="heroo">Default</p><p data-wayline-slot="heroo">Default</p>', ['/errors.js', tag()]);
  site.files.set('/errors.js', "window.errors = []; window.wayline = [['on', 'error', ({ message }) => errors.push(message)]];");
  await go('/?wayline');
  await eventually('the panel is open', isOpen);
  assert.match((await shown(page, '.card'))[1], /^heroo\s+default\s+The pack has no slot of this name\. It has hero, note\.$/);
  const reported = () => page.evaluate(() => errors);
  assert.deepEqual(await reported(), ['step.unknown_slot: the pack has no slot `heroo`']);
  await page.evaluate(() => {
    for (const waylineSlot of ['heroo', 'note', 'nott']) Object.assign(document.body.appendChild(document.createElement('p')).dataset, { waylineSlot });
  });
  await eventually('the other is reported', async () => (await reported()).length > 1);
  await page.evaluate(() => wayline.page());
  await openTab(page, 'delivery');
  assert.deepEqual(await reported(), ['heroo', 'nott'].map((name) => `step.unknown_slot: the pack has no slot \`${name}\``));
  assert.match((await shown(page, '.card')).join('\n'), /step\.unknown_slot/);
});

test('what went wrong before anybody asked is among the problems', async () => {
  site.files.delete('/wayline.wasm');
  await page.goto(`${site.origin}/?wayline`, { waitUntil: 'load' });
  await eventually('the panel is open', isOpen);
  await openTab(page, 'delivery');
  await eventually('it is listed', async () => (await shown(page, '.card')).some((card) => /^engine\.unavailable\s+TypeError: status 404 · url http:.*\/wayline\.wasm$/.test(card)));
});

test('a variant is previewed from the panel, on this page only, and what the engine did not take is among the problems', async () => {
  await go('/?wayline');
  await eventually('the panel is open', isOpen);
  const hero = () => visit.contentOf(page, 'hero');
  const { steps } = await visit.inspect(page);
  await inPanel(page, 'summary', (all) => all.find(({ textContent }) => textContent === 'Preview').click());
  await press(page, 'interest.tempted.hero · a');
  assert.equal(await hero(), 'You like this.');
  assert.match((await shown(page, '.card'))[0], /^hero\s+preview[^]*A preview, on this page only/);
  await press(page, 'interest.tempted.hero · a');
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
  await press(page, 'interest.tempted.hero · a');
  assert.deepEqual((await visit.inspect(page)).steps.filter(({ exposure }) => exposure?.experience !== 'greeting'), steps);
  await openTab(page, 'delivery');
  await visit.allow(page);
  await visit.call(page, 'identify', 'user-1', { name: 5 });
  await eventually('the trait is named', async () => (await shown(page, '.card')).some((card) => /^trait.wrong_type\s+name name, call identify$/.test(card)));
  await go('/');
  assert.equal(await hero(), '<p>Welcome, stranger.</p>');
});

test('from the keyboard: arrows walk the tabs, Escape closes; what is drawn anew keeps the focus and what was unfolded', async () => {
  const chosen = () => inPanel(page, '[aria-selected=true]', ([tab]) => [tab.textContent, tab.matches(':focus')]);
  await go('/?wayline');
  await eventually('the panel is open', isOpen);
  await page.keyboard.press('ArrowRight');
  assert.deepEqual(await chosen(), ['Journeys', true]);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  assert.deepEqual(await chosen(), ['Delivery', true], 'the last one is beside the first');
  await openTab(page, 'slots');
  const preview = () => inPanel(page, '[data-key="preview hero"]', ([summary]) => [summary.parentElement.open, summary.matches(':focus')]);
  const first = await page.evaluateHandle(() => document.querySelector('[data-wayline-panel]').shadowRoot.querySelector('[data-key="preview hero"]'));
  await first.focus();
  await page.keyboard.press('Enter');
  await page.evaluate(() => window.wayline.track('Ordered'));
  await eventually('it is drawn anew', () => first.evaluate((summary) => !summary.isConnected));
  assert.deepEqual(await preview(), [true, true]);
  await page.keyboard.press('Escape');
  assert.equal(await isOpen(), false);
  assert.deepEqual(await inPanel(page, '.opener', ([opener]) => opener.matches(':focus')), true);
});

test('a slot is shown on the page by a frame around it, for a while', async () => {
  await go('/?wayline');
  await eventually('the panel is open', isOpen);
  await press(page, 'Show hero on the page');
  const frame = await inPanel(page, '.frame', ([each]) => each.getBoundingClientRect().toJSON());
  const slot = await page.evaluate(() => document.querySelector('[data-wayline-slot=hero]').getBoundingClientRect().toJSON());
  assert.deepEqual([frame.left, frame.top, frame.right, frame.bottom], [slot.left - 4, slot.top - 4, slot.right + 4, slot.bottom + 4]);
  await eventually('it is gone', async () => (await shown(page, '.frame')).length === 0);
});

test('who signs out leaves nothing in the memory of the panel', async () => {
  await go('/?wayline');
  await eventually('the panel is open', isOpen);
  await visit.allow(page);
  await visit.call(page, 'identify', 'user-1', { name: 'Anna' });
  await go('/two');
  const memory = () => page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  assert.match(await memory(), /Anna/);
  await eventually('the panel is open again', isOpen);
  await visit.call(page, 'reset');
  await eventually('it is forgotten', async () => !(await memory()).includes('Anna'));
  await openTab(page, 'timeline');
  assert.deepEqual(await shown(page, '.moment-title'), []);
});
