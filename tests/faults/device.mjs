// A browser with a profile on disk that outlives it: opened, crashed, killed, closed and opened again.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../support/chromium.mjs';

/** Milliseconds for a browser to start on a machine that is busy with other work. */
const launchTime = 120_000;

export class Device {
  #folder = mkdtempSync(join(tmpdir(), 'wayline-faults-'));
  /** The promise of one, as soon as a page is asked for. */
  #browser;
  #ended = false;

  /** A new page, at this address. */
  async openAt(address, options) {
    if (this.#ended) throw new Error('this device is no more');
    this.#browser ??= launchChromium({ userDataDir: this.#folder, timeout: launchTime, protocolTimeout: 2 * launchTime });
    const page = await (await this.#browser).newPage(options);
    await page.goto(address, { waitUntil: 'load' });
    return page;
  }

  async pages() {
    return (await (await this.#browser)?.pages()) ?? [];
  }

  /** Kills the page's process: none of its code runs any more. */
  async crash(page) {
    const session = await page.createCDPSession();
    const crashed = new Promise((done) => page.once('error', done));
    session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  /** SIGKILL to the whole browser. */
  async kill() {
    const browser = await this.#browser;
    const child = browser.process();
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    browser.disconnect();
    this.#browser = undefined;
    rmSync(join(this.#folder, 'SingletonLock'), { force: true });
  }

  async close() {
    await (await this.#browser)?.close();
    this.#browser = undefined;
  }

  async end() {
    this.#ended = true;
    await this.close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
