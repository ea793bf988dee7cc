// The fault table: every client through every fault, in one run, against one server. `node table.mjs [CLIENT...]`; all of them by default.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../support/built.mjs';
import { Endpoint } from './endpoint.mjs';
import { pagesOf, peers, titleOf } from './peers.mjs';
import { scenarios } from './scenarios.mjs';
import { Visit } from './visit.mjs';

/** What a cell counts: events lost, or rows too many; beside it, where they differ, the copies that were sent. */
const textOf = ({ lost, rows, copies, nothing }) => nothing ?? (lost !== undefined ? String(lost) : copies === rows ? String(rows) : `${rows} (${copies} copies)`);
const countOf = ({ lost, rows }) => lost ?? rows;

/** Milliseconds for a cell: the slowest client, in the row with the most waits, takes a third of it. */
const cellLimit = 180_000;

/** A server and a device of its own, so that whatever a client that is given up still does changes no other cell. */
async function cell(files, scenario, peer) {
  const endpoint = await new Endpoint(files).start();
  const visit = new Visit(endpoint.origin, peer);
  const limit = new AbortController();
  const late = sleep(cellLimit, { nothing: `not done in ${cellLimit / 1000} s` }, { signal: limit.signal });
  try {
    return await Promise.race([scenario.run(visit, endpoint), late]);
  } finally {
    limit.abort();
    await visit.end();
    endpoint.stop();
  }
}

async function fill(names) {
  const files = await pagesOf(names);
  const rows = [];
  for (const scenario of scenarios) {
    const cells = {};
    for (const name of names) cells[name] = await cell(files, scenario, name);
    rows.push({ title: scenario.title, cells });
    write(names, rows);
    process.stdout.write(`${scenario.title}: ${names.map((name) => `${name} ${textOf(cells[name])}`).join(', ')}\n`);
  }
  return rows;
}

function markdown(names, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const head = [line(['fault', ...names.map(titleOf)]), line(['---', ...names.map(() => '---')])];
  return [...head, ...rows.map(({ title, cells }) => line([title, ...names.map((name) => textOf(cells[name]))]))].join('\n') + '\n';
}

/** After each row: a run takes a quarter of an hour. */
function write(names, rows) {
  const folder = join(root, 'build/faults');
  mkdirSync(folder, { recursive: true });
  const clients = Object.fromEntries(names.map((name) => [name, titleOf(name)]));
  writeFileSync(join(folder, 'table.json'), `${JSON.stringify({ clients, rows }, null, 1)}\n`);
  writeFileSync(join(folder, 'table.md'), markdown(names, rows));
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(peers);
const unknown = names.filter((name) => !Object.hasOwn(peers, name));
if (unknown.length > 0) throw new Error(`no client is called ${unknown.join(', ')}; there are ${Object.keys(peers).join(', ')}`);
const rows = await fill(names);
process.stdout.write(`\n${markdown(names, rows)}`);
const failed = rows.filter(({ cells }) => cells.wayline !== undefined && countOf(cells.wayline) !== 0);
if (failed.length > 0) {
  process.stderr.write(`Wayline's cells must be zeros: ${failed.map(({ title }) => title).join('; ')}\n`);
  process.exitCode = 1;
}
