// The clauses of core/spec/merging.md: what states merge to, whichever come first, and that nothing changes once it is merged.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { wayline } from '../support/built.mjs';

const folder = 'tests/vectors/merging';

let scratch, written = 0;
before(() => { scratch = mkdtempSync(join(tmpdir(), 'wayline-merging-')); });
after(() => rmSync(scratch, { recursive: true }));

/** The folder of a vector's documents, by path. */
function packOf(documents) {
  const pack = mkdtempSync(join(scratch, 'pack-'));
  for (const [path, document] of Object.entries(documents)) {
    mkdirSync(dirname(join(pack, path)), { recursive: true });
    writeFileSync(join(pack, path), JSON.stringify(document));
  }
  const program = `${pack}.wayline`;
  execFileSync(wayline, ['build', pack, '-o', program], { stdio: ['ignore', 'ignore', 'inherit'] });
  return program;
}

/** The merged state as text, or the code of what is wrong. */
function merged(program, ...states) {
  const files = states.map((state) => {
    const file = join(scratch, `state-${++written}.json`);
    writeFileSync(file, state);
    return file;
  });
  const run = spawnSync(wayline, ['merge', program, ...files], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trimEnd() : /[a-z]+\.[a-z_]+/.exec(run.stderr)[0];
}

/** Two states at a time, in every order. */
function* orders(states) {
  if (states.length < 2) yield states;
  for (const [index, state] of states.entries()) {
    if (states.length > 1) for (const rest of orders(states.filter((_, other) => other !== index))) yield [state, ...rest];
  }
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const vector = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  test(`${vector.clause} ${vector.about}`, () => {
    const program = packOf(vector.files);
    for (const { about, states, merged: expected, error } of vector.cases) {
      const texts = states.map((state) => JSON.stringify(state));
      const results = new Set([...orders(texts)].map((ordered) => ordered.reduce((one, other) => merged(program, one, other))));
      assert.equal(results.size, 1, `${about}: ${[...results].join('\n')}`);
      const [result] = results;
      if (error !== undefined) {
        assert.equal(result, error, about);
        continue;
      }
      const document = JSON.parse(result);
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(document[key] ?? null, value, `${about}: ${key}`);
      for (const text of [...texts, result]) assert.deepEqual([merged(program, text, result), merged(program, result, text)], [result, result], `${about}: once more`);
    }
  });
}
