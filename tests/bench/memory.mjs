// Bytes that one contestant keeps for a pack once it has decided: `node --expose-gc memory.mjs BUNDLE RULES NAME`, for the
// benchmark's own use. A process of its own, so that nothing else is counted.
import { pathToFileURL } from 'node:url';
import { sourceOf } from './packs.mjs';

const [, , bundle, ruleCount, name] = process.argv;
const { settled } = await import(pathToFileURL(bundle).href);

/** The JavaScript heap after what loading left behind is gone; finalizers take a turn of the loop. */
async function used() {
  for (let turn = 0; turn < 5; ++turn) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

// Node loads its fetch when Response is first named, as the engine does: that is no memory of a pack.
if (typeof Response !== 'function') throw new Error('Node.js 18 or newer is needed');
const before = await used();
const contestant = await settled(Number(ruleCount), name, sourceOf(ruleCount));
process.stdout.write(`${(await used()) - before + (contestant.memory ?? 0)}\n`);
