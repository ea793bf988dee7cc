// The words of the rule language, of documents and of steps, one a line, as libFuzzer reads them: `node tests/fuzz/dictionary.mjs FILE`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const read = (path) => JSON.parse(readFileSync(new URL(`../../core/${path}`, import.meta.url), 'utf8'));
const words = new Set(['rule', 'data', 'at', 'id', 'visitor', 'page', 'url', 'track', 'properties', 'identify', 'traits', 'consent', 'tick', 'exposure', 'dismiss', 'device', 'decide', 'explain']);

for (const { name } of read('spec/operators.json').operators) words.add(name);

/** Keys and constants of a schema, wherever they stand. */
function collect(schema) {
  if (Array.isArray(schema)) return schema.forEach(collect);
  if (schema === null || typeof schema !== 'object') return;
  for (const key of Object.keys(schema.properties ?? {})) words.add(key);
  // A document's own key may be called `enum`, and is no list then.
  for (const value of Array.isArray(schema.enum) ? schema.enum : []) if (typeof value === 'string') words.add(value);
  Object.values(schema).forEach(collect);
}
for (const file of readdirSync(new URL('../../core/schema', import.meta.url)).filter((name) => name.endsWith('.json'))) collect(read(`schema/${file}`));

const escaped = (word) => word.replace(/[\\"]/g, '\\$&');
writeFileSync(process.argv[2], [...words].sort().map((word) => `"\\"${escaped(word)}\\""\n`).join(''));
