import { setTimeout as sleep } from 'node:timers/promises';

const limit = 15_000; // milliseconds: two busy cores need a few; past this it will not happen
/** Between two looks at most; the first ones follow at once, for most of what is waited for is about to happen. */
const longestPause = 50;

/** Calls `probe` until it returns something truthy, and returns that; fails with what it returned last. */
export async function eventually(what, probe, milliseconds = limit) {
  const end = Date.now() + milliseconds;
  for (let pause = 1; ; pause = Math.min(2 * pause, longestPause)) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`never happened: ${what} (last seen: ${JSON.stringify(value)})`);
    await sleep(pause);
  }
}
