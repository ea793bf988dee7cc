// A year of a visitor's life, native and in the module that ships: the same answers, and what they cost.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hash64, hexadecimal } from '../../demo/wasm-replay/hash64.mjs';
import { build, root, wayline } from '../support/built.mjs';
import { bytesOf, Program, Session, runtime } from '../wasm/engine.mjs';
import { load } from '../web/load.mjs';
import { eventsOfAYear, year } from './year.mjs';

/** As many times as long as writing the steps as JSON and reading them again the module may take; it takes about four. */
const mostTimes = 16;
const rounds = 40;

const folder = mkdtempSync(join(tmpdir(), 'wayline-year-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const steps = year();
const program = Program.load(await runtime(), new Uint8Array(readFileSync(join(build, 'demo/pack.wayline'))));

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

/** The same in the module alone, with inputs that were encoded before and answers that nobody reads: plays the year, and tells its digest. */
async function alone() {
  const { instantiate } = await load('engine/module.ts');
  const { encodeWire } = await load('engine/wire-encoder.ts');
  const raw = instantiate(await WebAssembly.compile(bytesOf('wayline.wasm')));
  const give = (bytes) => {
    const place = raw.wayline_allocate(bytes.length);
    new Uint8Array(raw.memory.buffer).set(bytes, place);
    return [place, bytes.length];
  };
  const encoded = (value) => {
    const bytes = new Uint8Array(1 << 12);
    return bytes.slice(0, encodeWire(value, bytes));
  };
  const id = raw.wayline_program_load(...give(new Uint8Array(readFileSync(join(build, 'demo/pack.wayline')))));
  const inputs = steps.map((step) => give(encoded(step)));
  const visitor = encoded({ visitor: 'ada', state: null });
  return () => {
    const session = raw.wayline_session_create(id, ...give(visitor));
    const milliseconds = processorTime(() => inputs.forEach(([place, size]) => raw.wayline_session_step(session, place, size)));
    raw.wayline_session_digest(session);
    const digest = Buffer.from(raw.memory.buffer, raw.wayline_output_pointer(), raw.wayline_output_size()).toString();
    raw.wayline_session_release(session);
    return { digest, milliseconds };
  };
}

test('the module answers all of the year as the native engine does', () => {
  const file = join(folder, 'year.ndjson');
  writeFileSync(file, steps.map((step) => `${JSON.stringify({ visitor: 'ada', ...step })}\n`).join(''));
  const native = execFileSync(wayline, ['replay', 'demo/pack', file], { cwd: root, encoding: 'utf8' });
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

test(`its ${eventsOfAYear} steps take less than ${mostTimes} times what JSON takes to write and read them`, async (context) => {
  const least = (work) => Math.min(...Array.from({ length: rounds }, work));
  const module = await alone();
  assert.equal(module().digest, play().digest);
  const json = least(() => processorTime(() => JSON.parse(JSON.stringify(steps))));
  const whole = least(() => play().milliseconds);
  const part = least(() => module().milliseconds);
  context.diagnostic(`${eventsOfAYear} steps: ${part.toFixed(1)} ms in the module, ${whole.toFixed(1)} ms from and to objects of JavaScript; as JSON ${json.toFixed(1)} ms`);
  assert.ok(whole < json * mostTimes, `${whole} ms, ${json} ms`);
});
