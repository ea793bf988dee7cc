import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { retryDelay, retryAfter } = await load('delivery/backoff.ts');
const now = Date.UTC(2026, 9, 1, 12, 0, 0);

test('the delay is full jitter under a ceiling that doubles from 1 s to 5 min', () => {
  const ceilings = Array.from({ length: 12 }, (_, failures) => retryDelay(failures, () => 1));
  assert.deepEqual(ceilings.slice(0, 5), [1000, 2000, 4000, 8000, 16_000]);
  assert.equal(ceilings.at(-1), 300_000);
  assert.equal(retryDelay(5, () => 0), 0);
  assert.equal(retryDelay(1000, () => 0.5), 150_000);
});

test('Retry-After is understood in seconds and as a date', () => {
  assert.equal(retryAfter('120', now), 120_000);
  assert.equal(retryAfter(' 0 ', now), 0);
  assert.equal(retryAfter('Thu, 01 Oct 2026 12:00:30 GMT', now), 30_000);
});

test('a Retry-After that means nothing, or years, is bounded', () => {
  for (const header of [null, '', 'soon', '-5', 'Thu, 01 Oct 2020 12:00:30 GMT']) assert.equal(retryAfter(header, now), 0);
  assert.equal(retryAfter('999999999', now), 3_600_000);
});
