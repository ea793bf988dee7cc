// Takes the pictures of the guides anew: `node tests/e2e/screenshots.mjs [FOLDER]`, docs/images when absent.
// Needs what demo/run builds. Look at each picture before committing it.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../support/chromium.mjs';
import { eventually } from '../support/eventually.mjs';
import { Collector } from './collector.mjs';
import { inPanel, openTab, press, shown } from './panel.mjs';
import { allowAll, drained, follow } from './shop.mjs';
import { Visit } from './visit.mjs';

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url)));
mkdirSync(folder, { recursive: true });

const collector = await new Collector().start();
const browser = await launchChromium({ defaultViewport: { width: 1680, height: 940 } });
try {
  const { page } = await visitBlouses();
  await press(page, 'Open the panel');
  await seen(page);
  await openTab(page, 'slots');
  await settle(page);
  await page.screenshot({ path: join(folder, 'shop.png') });
  await openTab(page, 'journeys');
  await shootPanel(page, 'panel-journeys');
  await openTab(page, 'timeline');
  await shootPanel(page, 'panel-timeline');
  await press(page, 'Save as test');
  await shootPanel(page, 'panel-test');
  await press(page, 'Close', '.save');
  await lookBack(page, 8);
  await openTab(page, 'slots');
  await inPanel(page, 'details', (all) => all.forEach((each) => each.setAttribute('open', '')));
  await shootPanel(page, 'panel-past');
} finally {
  await browser.close();
  await collector.dispose();
}

/** A visitor who agreed, looked at three blouses and is back on the home page. */
async function visitBlouses() {
  const visit = await Visit.open(browser, collector.origin);
  await visit.arrive();
  await allowAll(visit.page);
  for (const position of [1, 2, 3]) {
    await follow(visit.page, '.nav-blouses');
    await follow(visit.page, `.card:nth-of-type(${position}) a`);
  }
  await follow(visit.page, '.masthead .wordmark');
  return visit;
}

/** What is in view counts as seen after a second: then nothing of the timeline moves any more. */
async function seen(page) {
  await openTab(page, 'timeline');
  await eventually('the slots in view were seen', async () => (await shown(page, '.moment-title')).includes('saw hero'));
}

async function lookBack(page, steps) {
  for (let step = 0; step < steps; step++) await press(page, 'One step back');
}

/** The drawer alone, with the focus where a click leaves it. */
async function shootPanel(page, name) {
  await page.evaluate(() => document.querySelector('[data-wayline-panel]').shadowRoot.activeElement?.blur());
  await settle(page);
  const [drawer] = await inPanel(page, '.drawer', (all) => all.map((each) => each.getBoundingClientRect().toJSON()));
  await page.screenshot({ path: join(folder, `${name}.png`), clip: { x: drawer.x, y: drawer.y, width: drawer.width, height: drawer.height } });
}

/** Fonts and pictures are there, and nothing moves any more. */
async function settle(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].filter((image) => image.loading !== 'lazy').map((image) => image.decode()));
    await Promise.all(document.getAnimations().map((animation) => animation.finished));
  });
  await drained(page);
}
