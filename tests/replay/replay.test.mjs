// All real clicks through the native engine and through the module that ships: the same summary, the same digest.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, test } from 'node:test';
import { hash64, hexadecimal } from '../../demo/wasm-replay/hash64.mjs';
import { root, wayline } from '../support/built.mjs';

/**
 * Events a second below which something is wrong whatever else the machine does: half of the 300,000 that two idle
 * processors must reach, which `./demo/replay` shows. The best of a few runs counts.
 */
const nativeFloor = 150_000;
const attempts = 5;

const replay = (...parameters) =>
  execFileSync('demo/replay', parameters, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 16 * 1024 * 1024 });
const digestOf = (text) => /^digest ([0-9a-f]{16})$/m.exec(text)?.[1];
const rateOf = (text) => Number(/^([\d,]+) events a second/m.exec(text)?.[1].replaceAll(',', ''));
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

test('one worker decides what many decide', () => {
  const parameters = ['replay', 'demo/pack', 'build/replay/e-shop clothing 2008.csv', '--mapping', 'demo/data/eshop.mapping.json', '--workers', '1'];
  assert.equal(digestOf(execFileSync(wayline, parameters, { cwd: root, encoding: 'utf8' })), digestOf(native));
});

test(`the native engine plays at least ${nativeFloor} events a second`, (context) => {
  let best = rateOf(native);
  for (let attempt = 1; attempt < attempts && best < nativeFloor; attempt++) best = Math.max(best, rateOf(replay()));
  context.diagnostic(`native ${best} events a second, wasm ${rateOf(wasm)}`);
  assert.ok(best >= nativeFloor, `${best} events a second`);
});

test('hash64 is XXH64', () => {
  assert.equal(hexadecimal(hash64('')), 'ef46db3751d8e999');
  assert.equal(hexadecimal(hash64('Nobody inspects the spammish repetition')), 'fbcea83c8a378bf1');
});
