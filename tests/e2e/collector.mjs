// The real collector over a database of its own, to be stopped and started again on the same port.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, collector } from '../support/built.mjs';

const startLimit = 10_000; // milliseconds until it must have said its port

export class Collector {
  #folder = mkdtempSync(join(tmpdir(), 'wayline-e2e-'));
  #process;
  #port = 0;

  constructor({ root: served = join(build, 'demo'), pack = join(build, 'demo/pack.wayline'), writeKey = 'hazel-web', options = [] } = {}) {
    this.database = join(this.#folder, 'events.sqlite');
    this.served = served;
    this.pack = pack;
    this.writeKey = writeKey;
    this.options = options;
  }

  get origin() {
    return `http://localhost:${this.#port}`;
  }

  async start() {
    const child = spawn(collector,
      ['--root', this.served, '--pack', this.pack, '--database', this.database, '--port', String(this.#port), '--write-key', this.writeKey, ...this.options],
      { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let said = '';
    await new Promise((done, failed) => {
      const timer = setTimeout(() => failed(new Error(`the collector did not say its port: ${said}`)), startLimit);
      const hear = (chunk) => {
        said += chunk;
        const port = /:(\d+)\n/.exec(said);
        if (port === null) return;
        this.#port = Number(port[1]);
        clearTimeout(timer);
        done();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => failed(new Error(`the collector ended with ${code}: ${said}`)));
    });
    return this;
  }

  /** Ends the process as an operator would, and waits until it is gone. */
  async stop() {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }

  async dispose() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The stored rows, in the order of arrival. */
  events() {
    const query = 'select message_id as id, type, event, anonymous_id as visitor, sequence, body from events order by rowid';
    const text = execFileSync('sqlite3', ['-readonly', '-json', this.database, query], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    return text.trim() === '' ? [] : JSON.parse(text).map((row) => ({ ...row, body: JSON.parse(row.body) }));
  }
}
