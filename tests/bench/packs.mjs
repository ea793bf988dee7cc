// The generated packs on disk: what each contestant loads, beside the folder that `wayline build` compiles.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, wayline } from '../support/built.mjs';
import { rulesOf } from './pack/rules.mjs';
import { shopOf } from './pack/shop.mjs';
import { closuresText } from './writers/closures.mjs';
import { featuresText } from './writers/growthbook.mjs';
import { jsonLogicText } from './writers/json-logic.mjs';
import { writePack } from './writers/wayline.mjs';

export const output = join(build, 'bench');

export const folderOf = (ruleCount) => join(output, 'packs', String(ruleCount));

/** Writes and compiles a pack; seconds that the compiler took. */
export function writeAll(ruleCount) {
  const folder = folderOf(ruleCount);
  mkdirSync(folder, { recursive: true });
  const rules = rulesOf(ruleCount, shopOf(ruleCount));
  writeFileSync(join(folder, 'json-logic.json'), jsonLogicText(rules));
  writeFileSync(join(folder, 'growthbook.json'), featuresText(rules));
  writeFileSync(join(folder, 'closures.js'), closuresText(rules));
  writePack(join(folder, 'pack'), rules);
  const start = performance.now();
  execFileSync(wayline, ['build', join(folder, 'pack'), '-o', join(folder, 'program.wayline')], { stdio: ['ignore', 'ignore', 'inherit'] });
  return (performance.now() - start) / 1000;
}

/** Reads a pack's files, as a page fetches them. */
export const sourceOf = (ruleCount) => ({
  bytes: async (file) => readFileSync(join(folderOf(ruleCount), file)),
  text: async (file) => readFileSync(join(folderOf(ruleCount), file), 'utf8'),
  wasm: async () => readFileSync(join(build, 'web/wayline.wasm')),
});
