// What the generators of this folder share.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Writes a generated file of the project; with `--check` it only says whether that is up to date. */
export function put(file, text) {
  const target = fileURLToPath(new URL(`../${file}`, import.meta.url));
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
  } else if (readFileSync(target, 'utf8') !== text) {
    process.stderr.write(`${file} is out of date: run \`npm run generate\`\n`);
    process.exitCode = 1;
  }
}

/** A text inside a cell of a table. */
export const cell = (text) => text.replaceAll('|', '\\|');
