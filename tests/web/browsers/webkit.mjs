// WebKit behind the few actions that the suite needs: WebKitGTK's own driver, spoken to directly. WebDriver is a handful of requests.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const startLimit = 30_000; // milliseconds until the driver must answer
const scriptLimit = 60_000; // milliseconds that a script may take: a test's own limits are shorter
/** Milliseconds for any answer: a script whose page is left before its end is never answered, and no limit of the driver ends it. */
const answerLimit = scriptLimit + 10_000;
/** The browser that WebKitGTK brings for its driver; the folder is named after the machine. */
const library = '/usr/lib';
const miniBrowser = process.env.WEBKIT ?? readdirSync(library).map((folder) => `${library}/${folder}/webkit2gtk-4.1/MiniBrowser`).find(existsSync);

/** One command after the other: a session has one current window. */
class Session {
  #last = Promise.resolve();
  #window;

  constructor(address) {
    this.address = address;
  }

  command(window, method, path, body) {
    const result = this.#last.then(async () => {
      if (window !== undefined && window !== this.#window) await this.#request('POST', '/window', { handle: window });
      this.#window = window;
      return this.#request(method, path, body);
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #request(method, path, body) {
    const signal = AbortSignal.timeout(answerLimit);
    const response = await fetch(this.address + path, { method, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined, signal });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }
}

// Runs in the page around the function of a test.
const harness = `const [args, done] = arguments;
(async () => done({ value: await WORK(...args) }))().catch((error) => done({ error: String(error) }));`;

class Tab {
  constructor(session, window) {
    this.session = session;
    this.window = window;
  }

  #command(...command) {
    return this.session.command(this.window, ...command);
  }

  open(address) {
    return this.#command('POST', '/url', { url: address });
  }

  follow(address) {
    return this.open(address);
  }

  /** By the driver, which waits until the page is there: a script that is sent meanwhile may never be answered. */
  back() {
    return this.#command('POST', '/back');
  }

  async run(work, ...args) {
    const script = harness.replace('WORK', () => `(${work})`);
    const { value, error } = await this.#command('POST', '/execute/async', { script, args: [args] });
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** Windows lie side by side here, and all of them are visible. */
  front() {
    return this.#command('GET', '/url');
  }

  close() {
    return this.#command('DELETE', '/window');
  }
}

class Browser {
  #first = true;

  constructor(session, driver) {
    this.session = session;
    this.driver = driver;
  }

  async tab() {
    if (this.#first) {
      this.#first = false;
      this.home = await this.session.command(undefined, 'GET', '/window');
    }
    const { handle } = await this.session.command(this.home, 'POST', '/window/new', { type: 'window' });
    return new Tab(this.session, handle);
  }

  async close() {
    await this.session.command(undefined, 'DELETE', '').catch(() => undefined);
    const gone = once(this.driver, 'exit');
    process.kill(-this.driver.pid, 'SIGTERM');
    await gone;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function answering(address) {
  const end = Date.now() + startLimit;
  for (;;) {
    try {
      const { value } = await (await fetch(`${address}/status`)).json();
      if (value.ready !== false) return;
    } catch (cause) {
      if (Date.now() > end) throw new Error('WebKitWebDriver does not answer', { cause });
    }
    await sleep(100);
  }
}

export async function launchWebKit() {
  const port = await freePort();
  // The sandbox needs user namespaces, which containers refuse; only our own pages are opened.
  const env = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
  const driver = spawn('xvfb-run', ['-a', '-s', '-screen 0 1280x1024x24', 'WebKitWebDriver', `--port=${port}`], { env, stdio: 'ignore', detached: true });
  // Whoever ends the tests ends the browser too: it has a group of its own, which no signal to us reaches.
  const end = () => driver.exitCode === null && driver.signalCode === null && process.kill(-driver.pid, 'SIGKILL');
  process.once('exit', end);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1));
  const address = `http://127.0.0.1:${port}`;
  await answering(address);
  const capabilities = { alwaysMatch: { browserName: 'MiniBrowser', timeouts: { script: scriptLimit }, 'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] } } };
  const response = await fetch(`${address}/session`, { method: 'POST', body: JSON.stringify({ capabilities }) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return new Browser(new Session(`${address}/session/${value.sessionId}`), driver);
}
