// What the tests of many tabs share: a browser for the file; for each test a site of its own and the tabs that are open on it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach } from 'node:test';
import { launch } from './driver.mjs';
import { go } from './page.mjs';
import { Site } from './site.mjs';

/**
 * `prepare` adds the pages to each new site, which ships `program` and the `files` of the build; `meet` is given the site, its tabs, and how to open
 * one more, once it is ready or before. No page may have met a problem when a test ends.
 */
export function meetForEach(meet, { program, files = ['wayline.js'], prepare }) {
  let browser, site, tabs;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    const opened = (tabs = []);
    site = (await new Site().start()).ship(program, ...files);
    site.files.set('/probe.js', readFileSync(new URL('probe.js', import.meta.url)));
    prepare(site);
    const { origin } = site;
    const open = async (isReady = true) => {
      const tab = await browser.tab();
      opened.push(tab);
      await (isReady ? go(tab, origin) : tab.open(origin));
      return tab;
    };
    meet({ site, tabs, open });
  });
  afterEach(async () => {
    try {
      for (const tab of tabs) assert.deepEqual(await tab.run(() => window.problems), []);
    } finally {
      site.stop();
      for (const tab of tabs) await tab.close();
    }
  });
}
