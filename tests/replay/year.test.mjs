// A year of a visitor's life, native and in the module that ships: the same answers, and what they cost.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { hash64, hexadecimal } from '../../demo/wasm-replay/hash64.mjs';
import { Program, Session, runtime } from '../wasm/engine.mjs';
import { eventsOfAYear, year } from './year.mjs';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
/** As many times as long as writing the steps as JSON and reading them again the module may take; it takes about four. */
const mostTimes = 16;
const rounds = 20;

const folder = mkdtempSync(join(tmpdir(), 'wayline-year-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const steps = year();
const program = Program.load(await runtime(), new Uint8Array(readFileSync(join(root, 'build/demo/pack.wayline'))));

function processorTime(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The digest of the year, and what its steps took of the processor. */
function play() {
  const session = Session.create(program, 'ada');
  try {
    const milliseconds = processorTime(() => steps.forEach((step) => session.step(step)));
    return { digest: session.digest(), milliseconds };
  } finally {
    session.dispose();
  }
}

test('the module answers all of the year as the native engine does', () => {
  const file = join(folder, 'year.ndjson');
  writeFileSync(file, steps.map((step) => `${JSON.stringify({ visitor: 'ada', ...step })}\n`).join(''));
  const native = execFileSync(join(root, 'build/native/bin/wayline'), ['replay', 'demo/pack', file], { cwd: root, encoding: 'utf8' });
  assert.match(native, new RegExp(`1 visitor, ${eventsOfAYear.toLocaleString('en')} events`));
  assert.equal(/^digest ([0-9a-f]{16})$/m.exec(native)?.[1], hexadecimal(hash64('ada', BigInt(`0x${play().digest}`))));
});

test('what a session was told before adds up to what one is told that was just restored', () => {
  const kept = Session.create(program, 'ada');
  for (const step of steps.slice(0, 1000)) {
    const restored = Session.create(program, 'ada', JSON.parse(kept.snapshot()));
    assert.deepEqual(kept.step(step), restored.step(step), step.id);
    restored.dispose();
  }
  kept.dispose();
});

test(`its ${eventsOfAYear} steps take less than ${mostTimes} times what JSON takes to write and read them`, (context) => {
  const json = Math.min(...Array.from({ length: rounds }, () => processorTime(() => JSON.parse(JSON.stringify(steps)))));
  const best = Math.min(...Array.from({ length: rounds }, () => play().milliseconds));
  context.diagnostic(`${eventsOfAYear} steps: ${best.toFixed(1)} ms, as JSON ${json.toFixed(1)} ms`);
  assert.ok(best < json * mostTimes, `${best} ms, ${json} ms`);
});
