// The debug panel over the shop: looking back, saving what was done as a test that passes, and axe over all of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { wayline } from '../support/built.mjs';
import { launchChromium } from '../support/chromium.mjs';
import { eventually } from '../support/eventually.mjs';
import { Collector } from './collector.mjs';
import { inPanel, openTab, press, shown } from './panel.mjs';
import { allowAll, follow, inspect, ready } from './shop.mjs';
import { Visit } from './visit.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const packFolder = join(import.meta.dirname, '../../demo/pack');
const folder = mkdtempSync(join(tmpdir(), 'wayline-panel-'));
let collector, browser, visit, page;

before(async () => {
  collector = await new Collector().start();
  browser = await launchChromium();
  visit = await Visit.open(browser, collector.origin);
  page = visit.page;
  await visit.arrive();
  await allowAll(page);
  for (const position of [1, 2, 3]) {
    await follow(page, '.nav-blouses');
    await follow(page, `.card:nth-of-type(${position}) a`);
  }
  await follow(page, '.masthead .wordmark');
  await press(page, 'Open the panel');
});
after(async () => {
  await browser?.close();
  await collector?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const personalised = async () => (await shown(page, '.card')).filter((card) => card.includes('personalised')).map((card) => card.split(/\s/)[0]);

test('the slots of the page are shown with their reasons and what decided', async () => {
  await openTab(page, 'slots');
  assert.ok((await personalised()).includes('hero'));
  const cards = (await shown(page, '.card')).join('\n');
  assert.match(cards, /category-interest\.blouses\.hero/);
  assert.match(cards, /Everything allows it/);
  assert.match(cards, /"computed\.last_product".*saw /);
});

test('stepping back shows the visitor of then, over the pages of the whole visit, and stepping on comes back', async () => {
  await openTab(page, 'timeline');
  // What was seen is known after a second in view; nothing else comes by itself.
  await eventually('the slots in view were seen', async () => {
    const titles = await shown(page, '.moment-title');
    return titles.includes('saw hero') && titles.includes('saw announcement');
  });
  const { length } = await shown(page, '.moment');
  assert.ok(length >= 14, `${length} moments`);
  await openTab(page, 'slots');
  await inPanel(page, '.bar-range', ([range]) => range.focus());
  // More may have been seen meanwhile, so the number of steps is not counted on.
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Home');
  await eventually('the first moment is shown', async () => (await shown(page, '.past'))[0]?.includes('after: /'));
  assert.deepEqual(await personalised(), ['announcement']);
  assert.match((await shown(page, '.card')).join('\n'), /first-visit\.arrive\.announcement/);
  await openTab(page, 'journeys');
  assert.deepEqual((await shown(page, '.stop.here')), ['arrive']);
  await openTab(page, 'profile');
  assert.deepEqual(await inPanel(page, '.switch input', (boxes) => boxes.map(({ checked, disabled }) => [checked, disabled])), Array(3).fill([false, true]));
  while ((await shown(page, '.past')).length > 0) await press(page, 'One step on');
  assert.deepEqual(await shown(page, '.past'), []);
  await openTab(page, 'slots');
  assert.ok((await personalised()).includes('hero'));
});

test('what was done is downloaded as a test, which passes against the pack', async () => {
  const session = await browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await openTab(page, 'timeline');
  await press(page, 'Save as test');
  assert.match((await shown(page, '.notes li'))[0], /^Played from its beginning, it comes out as it was seen here/);
  await inPanel(page, '#story-title', ([field]) => {
    field.value = 'Three blouses in one visit';
    field.dispatchEvent(new Event('input'));
  });
  await press(page, 'Download');
  const name = 'three-blouses-in-one-visit.json';
  await eventually('the file is there', () => existsSync(join(folder, name)));
  const pack = join(folder, 'pack');
  cpSync(packFolder, pack, { recursive: true });
  rmSync(join(pack, 'tests'), { recursive: true });
  cpSync(join(folder, name), join(pack, 'tests', name));
  const story = JSON.parse(readFileSync(join(pack, 'tests', name), 'utf8'));
  assert.equal(story.story, 'Three blouses in one visit');
  assert.ok(story.steps.some(({ expect }) => expect?.journeys?.['category-interest']?.stage === 'blouses'));
  const { status, stdout, stderr } = spawnSync(wayline, ['test', pack], { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}\n${JSON.stringify(story, null, 1)}`);
  await press(page, 'Close', '.save');
});

test('begun anew, the recording holds what comes, and says in its test that it began in the middle', async () => {
  await press(page, 'Begin anew');
  await follow(page, '.nav-skirts');
  await eventually('the panel is open again', async () => (await shown(page, '.drawer')).length === 1);
  await openTab(page, 'timeline');
  const titles = await shown(page, '.moment-title');
  assert.ok(titles.includes('/skirts') && !titles.includes('/'), titles.join(', '));
  await press(page, 'Save as test');
  assert.match((await shown(page, '.notes li'))[0], /^The visitor was known before/);
  await press(page, 'Close', '.save');
});

test('a hold that a person placed is shown with its reason', async () => {
  await openTab(page, 'journeys');
  await page.evaluate(() => window.wayline.track('Hold Placed', { by: 'sales', scope: 'everything', reason: 'On the phone with her' }));
  await eventually('the hold is shown', async () => (await shown(page, '.card'))[0]?.startsWith('sales holds everything'));
  assert.match((await shown(page, '.card'))[0], /On the phone with her, just now/);
  await page.evaluate(() => window.wayline.track('Hold Released', { by: 'sales', scope: 'everything' }));
  await eventually('it is gone', async () => !(await shown(page, '.card'))[0]?.startsWith('sales holds'));
});

test('a visitor who is forgotten is followed by a recording of the next one', async () => {
  const { visitor } = await inspect(page);
  await openTab(page, 'profile');
  await press(page, 'Forget this visitor');
  await eventually('another visitor', async () => (await inspect(page)).visitor !== visitor);
  await openTab(page, 'timeline');
  await eventually('the recording is the new visitor\'s', async () => !(await shown(page, '.moment-title')).includes('/skirts'));
});

test('nothing went wrong on the way', () => assert.deepEqual(visit.problems, []));

for (const viewport of [{ width: 1280, height: 900 }, { width: 390, height: 844 }]) {
  test(`axe finds nothing in the panel and the slots, ${viewport.width} wide`, async () => {
    const context = await browser.createBrowserContext();
    const tab = await context.newPage();
    await tab.setViewport(viewport);
    await tab.setBypassCSP(true); // axe itself is injected; the policy is tested elsewhere
    const findings = async (where) => {
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      return violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(', ')}`);
    };
    await tab.goto(collector.origin, { waitUntil: 'load' });
    await ready(tab);
    await allowAll(tab);
    for (const product of ['C1', 'C2', 'C3']) {
      await tab.goto(`${collector.origin}/product/${product}`, { waitUntil: 'load' });
      await ready(tab);
    }
    const found = [];
    for (const path of ['/product/C3', '/blouses', '/']) {
      await tab.goto(collector.origin + path, { waitUntil: 'load' });
      await ready(tab);
      found.push(...(await findings(`slots of ${path}`)));
    }
    await press(tab, 'Open the panel');
    for (const name of ['slots', 'journeys', 'profile', 'timeline', 'delivery']) {
      await openTab(tab, name);
      await inPanel(tab, 'details', (all) => all.forEach((each) => each.setAttribute('open', '')));
      found.push(...(await findings(name)));
    }
    await openTab(tab, 'timeline');
    const tops = await inPanel(tab, '[data-key=restart], [data-key=save]', (all) => all.map((each) => each.getBoundingClientRect().top));
    assert.equal(tops[0], tops[1], 'what can be done with the recording stands in one line');
    await press(tab, 'Save as test');
    await press(tab, 'One step back');
    found.push(...(await findings('a test, in the past')));
    assert.deepEqual(found, []);
    await context.close();
  });
}
