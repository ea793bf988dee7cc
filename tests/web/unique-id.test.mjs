import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { uniqueId, smallestIdAt } = await load('store/unique-id.ts');

test('is a UUID of version 7 and variant 2', () => {
  for (let count = 0; count < 100; count++) {
    assert.match(uniqueId(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test('ascends, within one millisecond and when the clock goes back', () => {
  const now = Date.now() + 1000;
  const ids = Array.from({ length: 10_000 }, (_, index) => uniqueId(index < 5_000 ? now : now - 86_400_000));
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, ids.length);
});

test('carries its time, which bounds ranges', () => {
  const now = Date.now() + 100_000;
  const id = uniqueId(now);
  assert.ok(smallestIdAt(now) < id && id < smallestIdAt(now + 1));
});
