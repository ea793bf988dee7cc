// One visitor in one browser tab, and everything that went wrong there.
import { inspect, ready } from './shop.mjs';

/** What Chromium itself prints for a request that can not reach a stopped server; wanted only while the network is away. */
const networkAway = /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|FAILED|NETWORK_CHANGED)/;

/** Two visitors of a hundred are in the shop's holdout: so many one after the other are a fault. */
const mostDraws = 20;

export class Visit {
  /** Console errors, uncaught exceptions, CSP violations and refused answers, in their order. */
  problems = [];
  /** Message ids that left the page, as often as they left. */
  sent = [];
  #away = false;
  /** Addresses asked for while the network was away: Chromium may report their failure when it is back already. */
  #askedWhileAway = new Set();

  static async open(context, origin) {
    const page = await context.newPage();
    const visit = new Visit(page, origin);
    await visit.#listen();
    return visit;
  }

  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
  }

  /** The home page, as a visitor who is not in the shop's holdout: before consent nothing is stored, so each load draws another. */
  async arrive() {
    await this.goto('/');
    await ready(this.page);
    for (let draws = 1; (await inspect(this.page)).decisions.announcement.reason === 'holdout'; draws++) {
      if (draws === mostDraws) throw new Error(`${draws} visitors in a row are in the holdout`);
      await this.page.reload({ waitUntil: 'load' });
      await ready(this.page);
    }
  }

  goto(path) {
    return this.page.goto(this.origin + path, { waitUntil: 'load' });
  }

  /** Cuts the browser from the network, or gives it back. */
  async away(away) {
    if (away) this.#away = true;
    await this.page.setOfflineMode(away);
    if (!away) this.#away = false;
  }

  async #listen() {
    const { page } = this;
    page.on('console', (message) => {
      const text = `${message.text()} ${message.location().url ?? ''}`;
      if (message.type() !== 'error' && message.type() !== 'warn') return;
      if (networkAway.test(text) && (this.#away || this.#askedWhileAway.has(message.location().url))) return;
      this.problems.push(`console ${message.type()}: ${text}`);
    });
    page.on('pageerror', (error) => this.problems.push(`uncaught: ${error.stack ?? error.message}`));
    page.on('response', (response) => {
      if (response.status() >= 400) this.problems.push(`HTTP ${response.status()}: ${response.url()}`);
    });
    page.on('request', (request) => {
      if (this.#away) this.#askedWhileAway.add(request.url());
      const body = request.method() === 'POST' ? request.postData() : undefined;
      if (body) this.sent.push(...(JSON.parse(body).batch ?? []).map((event) => event.messageId));
    });
    await page.exposeFunction('reportViolation', (text) => this.problems.push(`CSP: ${text}`));
    await page.evaluateOnNewDocument(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        window.reportViolation(`${event.violatedDirective} refused ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
      });
    });
  }
}
