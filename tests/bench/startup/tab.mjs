// A tab as a visitor has it. Puppeteer's own pages watch their scripts (`Runtime.enable`): then each request that a script makes records
// where in the source it was made, which in these pages costs more than the request. Only what a measurement needs is asked for here.
import { setTimeout as sleep } from 'node:timers/promises';

const blank = 'about:blank#tab';
const pollingPause = 20;
const longestWait = 30_000;

export class Tab {
  #session;

  constructor(session) {
    this.#session = session;
  }

  /** `observe` runs before every page's own scripts. */
  static async open(browser, throttling, observe) {
    const root = await browser.target().createCDPSession();
    await root.send('Target.createTarget', { url: blank });
    const target = await browser.waitForTarget((other) => other.url() === blank);
    const session = await target.createCDPSession();
    await session.send('Page.enable');
    await session.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${observe})()` });
    await session.send('Emulation.setCPUThrottlingRate', { rate: throttling });
    return new Tab(session);
  }

  /** To an address, as by typing it. */
  async goto(url) {
    const { errorText } = await this.#session.send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
  }

  /** What `work(...input)` resolves to in the page. */
  async evaluate(work, ...input) {
    const { result, exceptionDetails } = await this.#session.send('Runtime.evaluate', { expression: `(${work})(...${JSON.stringify(input)})`, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Until `condition(...input)` holds in the page. */
  async until(condition, ...input) {
    const end = Date.now() + longestWait;
    // While a page gives way to the next, there is none to ask.
    while (!(await this.evaluate(condition, ...input).catch(() => false))) {
      if (Date.now() > end) throw new Error(`not within ${longestWait} ms: ${condition}`);
      await sleep(pollingPause);
    }
  }

  /** Bytes of JavaScript's heap. */
  async heapSize() {
    return (await this.#session.send('Runtime.getHeapUsage')).usedSize;
  }
}
