// Chromium and Firefox behind the few actions that the suite needs. Firefox is driven by WebDriver BiDi.
import puppeteer from 'puppeteer-core';
import { launchChromium } from '../../support/chromium.mjs';
import { eventually } from '../../support/eventually.mjs';

const firefox = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

class Tab {
  constructor(page) {
    this.page = page;
  }

  open(address) {
    return this.page.goto(address, { waitUntil: 'load' });
  }

  follow(address) {
    return this.#move(address, (to) => void setTimeout(() => location.assign(to), 0));
  }

  back(address) {
    return this.#move(address, () => void setTimeout(() => history.back(), 0));
  }

  /**
   * The page moves by itself, and is asked where it is. Puppeteer's own navigation is no use here: of a return from Firefox's cache WebDriver BiDi tells the
   * start and no end, neither a commit nor a load, so Puppeteer takes every later navigation for a part of that one, and its goto() times out though Firefox
   * answers within 0.2 s.
   */
  async #move(address, work) {
    await this.page.evaluate(work, address);
    const isThere = (wanted) => location.href === wanted && document.readyState === 'complete';
    // An evaluation that meets the change of pages fails.
    await eventually(`the page is ${address}`, () => this.page.evaluate(isThere, address).catch(() => false));
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
