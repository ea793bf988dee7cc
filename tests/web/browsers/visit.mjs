// What the tests of many tabs share: a browser for the file; for each test a site of its own and the tabs that are open on it.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { launch } from './driver.mjs';
import { go } from './page.mjs';
import { Site } from './site.mjs';

/**
 * `prepare` adds the pages to each new site, which ships `program` and the `files` of the build; `meet` is given the site, its tabs, how to open
 * one more, at an address of the site or elsewhere, once it is ready or before, and to close one. No page, each of which loads the probe, may have met a problem
 * when a test ends.
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
    prepare(site);
    const { origin } = site;
    const open = async (address = '/', isReady = true) => {
      const tab = await browser.tab();
      opened.push(tab);
      const { href } = new URL(address, origin);
      await (isReady ? go(tab, href) : tab.open(href));
      return tab;
    };
    const close = (tab) => {
      opened.splice(opened.indexOf(tab), 1);
      return tab.close();
    };
    await meet({ site, tabs, open, close });
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
