// Takes the pictures of the guides anew: `node tests/e2e/screenshots.mjs [FOLDER]`, docs/images when absent.
// Needs what demo/run builds. Look at each picture before committing it.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './chromium.mjs';
import { Collector } from './collector.mjs';
import { allowAll, follow, ready } from './shop.mjs';
import { Visit } from './visit.mjs';

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url)));
mkdirSync(folder, { recursive: true });

const collector = await new Collector().start();
const browser = await launchChromium({ defaultViewport: { width: 1680, height: 940 } });
try {
  const { page } = await visitBlouses();
  await page.evaluate(() => document.querySelector('[data-wayline-panel]').shadowRoot.querySelector('button').click());
  await settle(page);
  await page.screenshot({ path: join(folder, 'shop.png') });
} finally {
  await browser.close();
  await collector.dispose();
}

/** A visitor who agreed, looked at three blouses and is back on the home page. */
async function visitBlouses() {
  const visit = await Visit.open(browser, collector.origin);
  await visit.goto('/');
  await ready(visit.page);
  await allowAll(visit.page);
  for (const position of [1, 2, 3]) {
    await follow(visit.page, '.nav-blouses');
    await follow(visit.page, `.card:nth-of-type(${position}) a`);
  }
  await follow(visit.page, '.masthead .wordmark');
  return visit;
}

/** Fonts and pictures are there, and nothing moves any more. */
async function settle(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].filter((image) => image.loading !== 'lazy').map((image) => image.decode()));
    await Promise.all(document.getAnimations().map((animation) => animation.finished));
  });
  await page.waitForNetworkIdle();
}
