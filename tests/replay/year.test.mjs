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
/** Milliseconds beyond which something is wrong whatever else the machine does: five times what a quiet one takes. */
const mostMilliseconds = 100;
const rounds = 20;

const folder = mkdtempSync(join(tmpdir(), 'wayline-year-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const steps = year();
const program = Program.load(await runtime(), new Uint8Array(readFileSync(join(root, 'build/demo/pack.wayline'))));

/** The digest of the year, and what its steps took of the processor. */
function play() {
  const session = Session.create(program, 'ada');
  try {
    const before = process.cpuUsage();
    for (const step of steps) session.step(step);
    const { user, system } = process.cpuUsage(before);
    return { digest: session.digest(), milliseconds: (user + system) / 1000 };
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

test(`its ${eventsOfAYear} steps take less than ${mostMilliseconds} ms`, (context) => {
  const best = Math.min(...Array.from({ length: rounds }, () => play().milliseconds));
  context.diagnostic(`${eventsOfAYear} steps: ${best.toFixed(1)} ms`);
  assert.ok(best < mostMilliseconds, `${best} ms`);
});
