// Chromium and Firefox behind the few actions that the suite needs. Firefox is driven by WebDriver BiDi.
import puppeteer from 'puppeteer-core';
import { launchChromium } from '../../e2e/chromium.mjs';

const firefox = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

class Tab {
  constructor(page) {
    this.page = page;
  }

  open(address) {
    return this.page.goto(address, { waitUntil: 'load' });
  }

  /** What the function, which may be asynchronous, returns in the page; arguments and result are plain data. */
  run(work, ...args) {
    return this.page.evaluate(work, ...args);
  }

  async front() {
    await this.page.bringToFront();
  }

  /** As a visitor sets it in the system's preferences. Chromium only. */
  reduceMotion() {
    return this.page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  }

  close() {
    return this.page.close();
  }
}

class Browser {
  constructor(browser) {
    this.browser = browser;
  }

  async tab() {
    return new Tab(await this.browser.newPage());
  }

  close() {
    return this.browser.close();
  }
}

export const chromium = async () => new Browser(await launchChromium());
export const launchFirefox = async () => new Browser(await puppeteer.launch({ browser: 'firefox', executablePath: firefox, headless: true, args: ['--width=1280', '--height=900'] }));
