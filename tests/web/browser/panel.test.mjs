// How the panel comes to a page that does not name it, under the page's strictest policy.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launchChromium } from '../../e2e/chromium.mjs';
import { eventually } from '../../e2e/eventually.mjs';
import { openTab, press, shown } from '../../e2e/panel.mjs';
import { bytesOf, compile } from '../../wasm/engine.mjs';
import { root } from '../load.mjs';
import { Site, watchProblems } from './site.mjs';

const tag = '<script async src="/wayline.js" data-pack="/v1/pack" data-endpoint="/v1" data-write-key="test"></script>';
const program = await compile();
let browser, context, site, page, problems, asked;

before(async () => {
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
});
beforeEach(async () => {
  site = await new Site().start();
  for (const name of ['wayline.js', 'wayline-panel.js']) site.files.set(`/${name}`, readFileSync(join(root, 'build/web', name)));
  site.files.set('/wayline.wasm', Buffer.from(bytesOf('wayline.wasm')));
  site.files.set('/v1/pack', Buffer.from(program));
  for (const path of ['/', '/two']) site.page(path, '<h1 data-wayline-slot="hero">Default</h1>', [tag]);
  context = await browser.createBrowserContext();
  page = await context.newPage();
  problems = await watchProblems(page);
  asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
});
afterEach(async () => {
  await context.close();
  site.stop();
});

async function go(path) {
  await page.goto(site.origin + path, { waitUntil: 'load' });
  await page.evaluate(async () => {
    while (!window.wayline?.ready) await new Promise((next) => setTimeout(next, 5));
    await window.wayline.ready;
  });
}
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
  assert.deepEqual((await shown(page, '.moment-title')).toReversed(), ['/?wayline', 'allows analytics', '/two']);
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
  assert.match((await shown(page, '.moment'))[0], /interest not entered → tempted/);
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
