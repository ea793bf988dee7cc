// Each clause of core/spec/journeys.md and core/spec/merging.md has vectors that name it and code that cites it, and nothing names a clause that there is not.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const folders = ['tests/vectors/journeys', 'tests/vectors/merging'];
const text = ['core/spec/journeys.md', 'core/spec/merging.md'].map((file) => readFileSync(file, 'utf8')).join('\n');
/** "7.1" of headings, "7.2.3" of the numbered parts of a clause. */
const clauses = [...text.matchAll(/^#{2,3} (\d+(?:\.\d+)?) |^- \*\*(\d+\.\d+\.\d+) /gm)].map(([, heading, part]) => heading ?? part);
const leaves = clauses.filter((clause) => !clauses.some((other) => other.startsWith(`${clause}.`)));

const vectors = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, clause: JSON.parse(readFileSync(join(folder, name), 'utf8')).clause })));
const sources = readdirSync('core/src', { recursive: true }).filter((name) => /\.(cpp|h)$/.test(name)).map((name) => readFileSync(join('core/src', name), 'utf8'));
const cited = new Set(sources.flatMap((source) => [...source.matchAll(/\bdesign (\d+(?:\.\d+)+)/gi)].map(([, clause]) => clause)));

/** Whether some of `names` is the clause or a part of it. */
const covers = (names, clause) => names.some((name) => name === clause || name.startsWith(`${clause}.`));

test('the clauses are numbered without a gap', () => {
  for (const clause of clauses) {
    const parts = clause.split('.');
    const last = Number(parts.pop());
    if (parts.length > 0 && last > 1) assert.ok(clauses.includes([...parts, last - 1].join('.')), `before ${clause}`);
  }
  assert.ok(clauses.length >= 26, clauses.join(' '));
});

for (const clause of leaves) {
  test(`vectors show what ${clause} says`, () => assert.ok(covers(vectors.map((vector) => vector.clause), clause)));
}

for (const clause of clauses.filter((name) => name.split('.').length === 2)) {
  test(`code cites ${clause}`, () => assert.ok(covers([...cited], clause)));
}

test('vectors and code name only clauses that there are', () => {
  const known = new Set(clauses);
  assert.deepEqual(vectors.filter(({ clause }) => !known.has(clause)), []);
  assert.deepEqual([...cited].filter((clause) => /^([789]|11)\./.test(clause) && !known.has(clause)), []);
});
