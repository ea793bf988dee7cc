// A device on which a client of the fault table runs.
import { setTimeout as sleep } from 'node:timers/promises';
import { Device } from '../device.mjs';

/** A client that is not ready by then is used all the same: some never are, when the device takes nothing. */
const patience = 8_000;
const readyOrLate = (limit) => Promise.race([window.peer.ready, new Promise((late) => setTimeout(late, limit))]).then(() => undefined);
/** From the closing of the tabs to that of the browser. */
const goodbye = 1_000;

export class Visit extends Device {
  constructor(origin, peer) {
    super();
    this.origin = origin;
    this.peer = peer;
  }

  /** A tab on the client's page, once the client says that it is ready; or on another page of the site. */
  async open(path = `/${this.peer}`) {
    const page = await this.openAt(this.origin + path);
    if (path !== '/blank') await page.evaluate(readyOrLate, patience);
    return page;
  }

  /** As a person does it: the tabs, which may store what they still have, then the browser. */
  async close() {
    const pages = await this.pages();
    await Promise.all(pages.map((page) => page.close()));
    if (pages.length > 0) await sleep(goodbye);
    await super.close();
  }
}

/** Tracks `count` events in one task. Their tokens begin with `prefix`. */
export const track = (page, count, prefix = 'event') =>
  page.evaluate((number, name) => {
    for (let index = 0; index < number; index++) window.peer.track(`${name}-${index}`);
  }, count, prefix);
