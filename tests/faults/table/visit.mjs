// A browser with a profile on disk that outlives it: opened, crashed, killed, closed and opened again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../../e2e/chromium.mjs';

/** A client that is not ready by then is used all the same: some never are, when the device takes nothing. */
const patience = 8_000;
const readyOrLate = (limit) => Promise.race([window.peer.ready, new Promise((late) => setTimeout(late, limit))]).then(() => undefined);
/** Milliseconds for a browser to start on a machine that is busy with other work. */
const launchTime = 120_000;
/** From the closing of the tabs to that of the browser. */
const goodbye = 1_000;

export class Visit {
  #folder = mkdtempSync(join(tmpdir(), 'wayline-faults-'));
  #browser;

  constructor(origin, peer) {
    this.origin = origin;
    this.peer = peer;
  }

  /** A tab on the client's page, once the client says that it is ready; or on another page of the site. */
  async open(path = `/${this.peer}`) {
    this.#browser ??= await launchChromium({ userDataDir: this.#folder, timeout: launchTime, protocolTimeout: 2 * launchTime });
    const page = await this.#browser.newPage();
    await page.goto(this.origin + path, { waitUntil: 'load' });
    if (path !== '/blank') await page.evaluate(readyOrLate, patience);
    return page;
  }

  /** Loses the page's process and leaves the browser. */
  async crash(page) {
    const session = await page.createCDPSession();
    const crashed = new Promise((done) => page.once('error', done));
    session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  async kill() {
    const child = this.#browser.process();
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    this.#browser.disconnect();
    this.#browser = undefined;
    rmSync(join(this.#folder, 'SingletonLock'), { force: true });
  }

  /** As a person does it: the tabs, which may store what they still have, then the browser. */
  async close() {
    if (this.#browser === undefined) return;
    await Promise.all((await this.#browser.pages()).map((page) => page.close()));
    await sleep(goodbye);
    await this.#browser.close();
    this.#browser = undefined;
  }

  async end() {
    await this.close();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Tracks `count` events in one task. Their tokens begin with `prefix`. */
export const track = (page, count, prefix = 'event') =>
  page.evaluate((number, name) => {
    for (let index = 0; index < number; index++) window.peer.track(`${name}-${index}`);
  }, count, prefix);
