// What the tests of one page share: a browser for the file; for each test a site of its own and a page without a past.
import { after, afterEach, before, beforeEach } from 'node:test';
import { launchChromium } from '../../support/chromium.mjs';
import { Site } from '../browsers/site.mjs';

/**
 * `prepare` adds the pages to each new site, which ships `program` and the `files` of the build; `meet` is given the browser, the site, the page, and
 * everything that goes wrong on it: errors and warnings in the console, which tells of violations of the policy, and exceptions.
 */
export function meetForEach(meet, { program, files = [], prepare }) {
  let browser, context, site;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    site = (await new Site().start()).ship(program, ...files);
    prepare(site);
    context = await browser.createBrowserContext();
    const page = await context.newPage();
    const problems = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
    await meet({ browser, site, page, problems });
  });
  afterEach(async () => {
    await context.close();
    site.stop();
  });
}
