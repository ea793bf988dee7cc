// All real clicks through the native engine and through the module that ships: the same summary, the same digest.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { before, test } from 'node:test';
import { hash64, hexadecimal } from '../../demo/wasm-replay/hash64.mjs';
import { root, wayline } from '../support/built.mjs';

/**
 * Events that a second of one processor must be enough for, reading and writing included: it is for twice as many, and `./demo/replay` shows how many two
 * processors play in a second by the clock, which other work on the machine would change. The best of a few runs counts.
 */
const leastEvents = 150_000;
const attempts = 5;

const replay = (...parameters) =>
  execFileSync('demo/replay', parameters, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 16 * 1024 * 1024 });
const digestOf = (text) => /^digest ([0-9a-f]{16})$/m.exec(text)?.[1];
/** What both must agree in: everything but the speed, and the goals, which the module's program does not hold. */
const summaryOf = (text) => text.replace(/^.* a second .*$/m, '').replaceAll(/^goal .*\n/gm, '');

let native, wasm;
before(() => {
  native = replay();
  wasm = replay('--wasm');
});

test('both play 24,026 visitors and 165,474 events', () => {
  for (const text of [native, wasm]) assert.match(text, /^hazel: 24,026 visitors, 165,474 events$/m);
});

test('both print the same digest', () => {
  assert.match(digestOf(native) ?? native, /^[0-9a-f]{16}$/);
  assert.equal(digestOf(wasm), digestOf(native));
});

test('both print the same summary, in which journeys are entered and experiences shown', () => {
  assert.equal(summaryOf(wasm), summaryOf(native));
  assert.match(native, /^journey \S+ +entries +[\d,]+$/m);
  assert.match(native, /, variant /);
  assert.match(native, /^goal first-orders +2026-Q4 +reached [\d,]+ of [\d,]+ .* target 400$/m);
});

const one = ['replay', 'demo/pack', 'build/replay/e-shop clothing 2008.csv', '--mapping', 'demo/data/eshop.mapping.json', '--workers', '1'];

test('one worker decides what many decide', () => {
  assert.equal(digestOf(execFileSync(wayline, one, { cwd: root, encoding: 'utf8' })), digestOf(native));
});

/** Seconds of the processor that a native run takes. */
function processorTime() {
  const timed = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@" >/dev/null', wayline, ...one], { cwd: root, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  assert.equal(timed.status, 0, timed.stderr);
  const [user, system] = timed.stderr.trim().split(' ').map(Number);
  return user + system;
}

test(`a second of the processor is enough for ${leastEvents} events in the native engine`, (context) => {
  const rates = Array.from({ length: attempts }, () => Math.round(165_474 / processorTime()));
  context.diagnostic(`${Math.max(...rates)} events`);
  assert.ok(Math.max(...rates) >= leastEvents, `${rates} events`);
});

test('hash64 is XXH64', () => {
  assert.equal(hexadecimal(hash64('')), 'ef46db3751d8e999');
  assert.equal(hexadecimal(hash64('Nobody inspects the spammish repetition')), 'fbcea83c8a378bf1');
});
