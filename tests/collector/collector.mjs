// The real collector for the tests of this folder: a process on a free port, with a folder of its own for its files and database.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { collector } from '../support/built.mjs';

const run = promisify(execFile);

export const writeKey = 'hazel-web';

/** A folder that is removed when the test `context` ends. */
export async function temporaryFolder(context) {
  const folder = await mkdtemp(join(tmpdir(), 'wayline-collector-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Starts the collector over `folder`; resolves once it listens. Killed, if still alive, when the test ends.
 * `through` is a command that runs the command appended to it, such as a shell that sets limits first.
 */
export async function start(context, folder, { options = [], keys = [writeKey], database = join(folder, 'events.sqlite'), through = [] } = {}) {
  const keyOptions = keys.flatMap((key) => ['--write-key', key]);
  const common = ['--root', folder, '--pack', join(folder, 'pack.wayline'), '--database', database, '--port', '0'];
  const [program, ...parameters] = [...through, collector, ...common, ...keyOptions, ...options];
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  context.after(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });
  const failed = ended.then(({ code, signal }) => Promise.reject(new Error(`collector ended (${code ?? signal}): ${complaints}`)));
  const listening = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /listening on (http:\S+)$/.exec(line);
      if (address) resolve(address[1]);
    });
  });
  const url = await Promise.race([listening, failed]);
  failed.catch(() => undefined);
  return {
    url,
    port: Number(new URL(url).port),
    database,
    child,
    ended,
    complaints: () => complaints,
    /** Sends `signal` and resolves with {code, signal} of the exit. */
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Rows of a query, as objects. Opens the database like any other reader, so only what is committed is seen. */
export async function rows(database, sql) {
  const { stdout } = await run('sqlite3', ['-json', '-cmd', '.timeout 5000', database, sql], { maxBuffer: 256 * 1024 * 1024 });
  return stdout.trim() === '' ? [] : JSON.parse(stdout);
}

export function basic(key) {
  return `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
}

/** Posts `body` (an object is sent as JSON); resolves with {status, headers, body} with the body parsed. */
export async function post(url, path, body, { headers = { authorization: basic(writeKey) }, signal } = {}) {
  const isBytes = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(url + path, { method: 'POST', body: isBytes ? body : JSON.stringify(body), headers, signal });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

export function track(messageId, extra = {}) {
  return { messageId, type: 'track', event: 'Product Viewed', anonymousId: 'v1', timestamp: '2026-01-31T12:00:00.000Z', ...extra };
}

export function batchOf(...messageIds) {
  return { batch: messageIds.map((id) => track(id)), sentAt: '2026-01-31T12:00:01.000Z' };
}

/** The samples of /metrics: name with labels -> number. */
export async function metrics(url) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

/** The ledger of a project from /metrics. */
export async function ledger(url, project = writeKey) {
  const samples = await metrics(url);
  const verdict = (name) => samples[`wayline_events_total{project="${project}",verdict="${name}"}`];
  return {
    received: samples[`wayline_events_received_total{project="${project}"}`],
    accepted: verdict('accepted'),
    duplicate: verdict('duplicate'),
    rejected: verdict('rejected'),
  };
}

/** Resolves when `condition` holds; looks every 5 ms, gives up after `limit` milliseconds. */
export async function until(condition, limit = 10_000) {
  const deadline = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so within ${limit} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
