// Plays the steps on standard input (lines of `wayline replay --print-steps`) through build/web/wayline.wasm, the module
// that pages load, and sums up as `wayline replay` does: `node demo/wasm-replay/play.mjs PROGRAM`.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { add64, hash64, hexadecimal } from './hash64.mjs';
import { Tally, counted, grouped } from './tally.mjs';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const web = join(process.env.WAYLINE_BUILD ?? join(root, 'build'), 'web');
const { Engine, Program, Session } = await import(pathToFileURL(join(web, 'wayline-engine.mjs')));

/** Visitors do not know of each other, so they are played one after the other: the module's memory stays that of one. */
async function stepsByVisitor(input) {
  const visitors = new Map();
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line === '') continue;
    const { visitor, ...step } = JSON.parse(line);
    if (!visitors.has(visitor)) visitors.set(visitor, []);
    visitors.get(visitor).push(step);
  }
  return visitors;
}

const visitors = await stepsByVisitor(process.stdin);
const engine = await Engine.load(readFileSync(join(web, 'wayline.wasm')));
const program = Program.load(engine, readFileSync(process.argv[2]));

const tally = new Tally();
let digest = 0n;
const start = process.hrtime.bigint();
for (const [visitor, steps] of visitors) {
  const session = Session.create(program, visitor);
  for (const step of steps) tally.add(session.step(step));
  digest = add64(digest, hash64(visitor, BigInt(`0x${session.digest()}`)));
  session.dispose();
}
const milliseconds = Number((process.hrtime.bigint() - start) / 1_000_000n);

process.stdout.write(`${program.facts.site}: ${counted(visitors.size, 'visitor')}, ${counted(tally.events, 'event')}\n\n`);
process.stdout.write(tally.text());
const rate = Math.floor((tally.events * 1000) / Math.max(milliseconds, 1));
process.stdout.write(`\n${counted(rate, 'event')} a second (${grouped(milliseconds)} ms, wasm under Node.js ${process.versions.node})\n`);
process.stdout.write(`digest ${hexadecimal(digest)}\n`);
