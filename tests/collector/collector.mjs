// The real collector, a process of its own, and what tests send to it and read of it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { collector } from '../support/built.mjs';

const run = promisify(execFile);

export const writeKey = 'hazel-web';
const startLimit = 10_000; // milliseconds until it must listen

/** A folder that is removed when the test `context` ends. */
export async function temporaryFolder(context) {
  const folder = await mkdtemp(join(tmpdir(), 'wayline-collector-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the collector; resolves once it listens. `through` is a command that runs the command appended to it, such as a shell that sets limits first. */
export async function launch(options, through = []) {
  const [program, ...parameters] = [...through, collector, ...options];
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const stop = (signal = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  const timer = setTimeout(stop, startLimit, 'SIGKILL');
  const failed = ended.then(({ code, signal }) => Promise.reject(new Error(`collector ended (${code ?? signal}): ${complaints}`)));
  const listening = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /listening on (http:\S+)$/.exec(line);
      if (address) resolve(address[1]);
    });
  });
  const url = await Promise.race([listening, failed]).finally(() => clearTimeout(timer));
  failed.catch(() => undefined);
  /** `stop` sends a signal and resolves with {code, signal} of the exit. */
  return { url, port: Number(new URL(url).port), child, ended, complaints: () => complaints, stop };
}

/** A collector over `folder`. Killed, if still alive, when the test ends. */
export async function start(context, folder, { options = [], keys = [writeKey], database = join(folder, 'events.sqlite'), through } = {}) {
  const keyOptions = keys.flatMap((key) => ['--write-key', key]);
  const common = ['--root', folder, '--pack', join(folder, 'pack.wayline'), '--database', database, '--port', '0'];
  const running = await launch([...common, ...keyOptions, ...options], through);
  context.after(() => running.stop('SIGKILL'));
  return { ...running, database };
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

/** Holds the database's write lock in another process; resolves with a function that lets it go. */
export async function lockDatabase(context, database) {
  const shell = spawn('sqlite3', ['-batch', database], { stdio: ['pipe', 'pipe', 'inherit'] });
  context.after(() => shell.kill('SIGKILL'));
  shell.stdin.write("BEGIN IMMEDIATE;\nSELECT 'locked';\n");
  await once(shell.stdout, 'data');
  return async () => {
    shell.stdin.end('COMMIT;\n');
    await once(shell, 'exit');
  };
}
