// The real collector over a database of its own, to be stopped and started again on the same port.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, rows } from '../collector/collector.mjs';
import { build } from '../support/built.mjs';

export class Collector {
  #folder = mkdtempSync(join(tmpdir(), 'wayline-e2e-'));
  #running;
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
    this.#running = await launch(
      ['--root', this.served, '--pack', this.pack, '--database', this.database, '--port', String(this.#port), '--write-key', this.writeKey, ...this.options]);
    this.#port = this.#running.port;
    return this;
  }

  /** Ends the process as an operator would, and waits until it is gone. */
  async stop() {
    await this.#running?.stop();
  }

  async dispose() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The stored rows, in the order of arrival. */
  async events() {
    const stored = await rows(this.database, 'select message_id as id, type, event, anonymous_id as visitor, sequence, body from events order by rowid');
    return stored.map((row) => ({ ...row, body: JSON.parse(row.body) }));
  }
}
