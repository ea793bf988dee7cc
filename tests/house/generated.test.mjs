// What is generated is what lies in the tree.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { readCatalogue } from '../../web/codes.mjs';
import { root } from '../support/built.mjs';
import { lines, paths, read } from './tree.mjs';

const generators = JSON.parse(read('package.json')).scripts.generate.match(/[\w/]+\.mjs/g);

test('`npm run generate` runs every generator of the documentation', () => {
  assert.deepEqual(paths(/^docs\/.*\.mjs$/).filter((path) => path !== 'docs/generated.mjs' && !generators.includes(path)), []);
});

for (const script of generators) {
  test(`what ${script} writes is what lies in the tree`, () => {
    execFileSync(process.execPath, [script, '--check'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  });
}

test('codes and names are unique, dotted and lower-case', () => {
  const entries = readCatalogue();
  for (const { name, code } of entries) {
    assert.match(code, /^(usage|[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z0-9]+)*)$/, 'area.what; `usage` is a whole area by itself');
    assert.equal(name, code.replace('.', '_'));
  }
  assert.equal(new Set(entries.map(({ code }) => code)).size, entries.length);
});

test('every code is raised somewhere', () => {
  // A name in C++ (ErrorCode::name), or the code's text in TypeScript outside the generated list.
  const cpp = lines(paths(/^(core|wasm|demo\/collector)\/.*\.(h|cpp)$/), /ErrorCode::\w+/).join('\n');
  const typescript = lines(paths(/^web\/src\/.*\.ts$/).filter((path) => path !== 'web/src/errors/codes.ts'), /'[a-z_]+\.[a-z_0-9]+'/).join('\n');
  const unused = readCatalogue().filter(({ name, code }) => !new RegExp(`ErrorCode::${name}\\b`).test(cpp) && !typescript.includes(`'${code}'`));
  assert.deepEqual(unused.map(({ code }) => code), []);
});
