// axe over every kind of page, on a phone and on a desktop, without and with something in basket, account and case.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { after, before, test } from 'node:test';
import { launchChromium } from '../support/chromium.mjs';
import { LocalServer } from '../support/local-server.mjs';
import { Site } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const screens = [{ width: 390, height: 844 }, { width: 1280, height: 900 }];
const paths = ['/', '/trousers', '/sale', '/product/C11', '/product/P12', '/basket', '/checkout', '/order', '/help', '/account', '/404.html'];

/** What a customer's device remembers, so that every form and every list has something to show. */
const memory = {
  privacy: { analytics: true, personalization: true, service: false },
  basket: { coupon: 'HAZEL10', lines: [{ product_id: 'C11', name: 'A blouse', category: 'blouses', colour: 'green', price: 33, sale: false, size: '38', quantity: 2 }] },
  account: { id: 'customer-1', first_name: 'Ada', email: 'ada@example.org', tier: 'none' },
  order: { order_id: 'H-1', pieces: 1, total: 33 },
  case: { case_id: 'S-1', topic: 'delivery' },
};

let site, server, browser;
before(async () => {
  site = new Site().build();
  server = await new LocalServer(({ url }, response) => {
    const file = url === '/' ? 'index.html' : site.fileOf(url);
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': types[extname(file ?? '.html')] ?? 'application/octet-stream' });
    response.end(file === undefined ? '' : readFileSync(`${site.folder}/${file}`));
  }).start();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  server?.stop();
  site?.dispose();
});

async function findings(path, screen, remembered) {
  const page = await browser.newPage();
  try {
    await page.setViewport(screen);
    await page.setBypassCSP(true); // axe itself is injected; the policy is tested elsewhere
    await page.evaluateOnNewDocument((items) => {
      localStorage.clear();
      for (const [name, value] of Object.entries(items)) localStorage.setItem(`hazel.${name}`, JSON.stringify(value));
    }, remembered);
    await page.goto(server.origin + path, { waitUntil: 'load' });
    await page.evaluate(axe);
    const { violations, wide } = await page.evaluate(async () => ({
      violations: (await window.axe.run(document, { resultTypes: ['violations'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      wide: document.documentElement.scrollWidth > window.innerWidth,
    }));
    return wide ? [...violations, 'the page scrolls sideways'] : violations;
  } finally {
    await page.close();
  }
}

for (const screen of screens) {
  for (const path of paths) {
    test(`axe finds nothing on ${path}, ${screen.width} wide`, async () => {
      assert.deepEqual(await findings(path, screen, memory), []);
    });
  }
  test(`axe finds nothing on a first visit with its banner, ${screen.width} wide`, async () => {
    for (const path of ['/', '/basket', '/help']) assert.deepEqual(await findings(path, screen, {}), []);
  });
}

test('on the narrowest phones no name of a department is broken, and no line of a heading runs into the next', async () => {
  const page = await browser.newPage();
  try {
    await page.setViewport({ width: 320, height: 640 });
    await page.goto(server.origin, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready);
    const lines = (selector) => page.$$eval(selector, (all) => all.map((each) => {
      const { lineHeight, fontSize } = getComputedStyle(each);
      return { lines: Math.round(each.getBoundingClientRect().height / parseFloat(lineHeight)), spread: parseFloat(lineHeight) / parseFloat(fontSize) };
    }));
    assert.deepEqual((await lines('.department-name')).map((name) => name.lines), [1, 1, 1]);
    const [heading] = await lines('.sale-band h2');
    assert.ok(heading.lines > 1 && heading.spread >= 1.1, 'its descenders meet ascenders below 1.1');
  } finally {
    await page.close();
  }
});
