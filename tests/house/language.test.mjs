// How the code is written: what a grep can decide.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { root } from '../support/built.mjs';
import { lines, paths } from './tree.mjs';

const sdk = paths(/^web\/src\/.*\.ts$/);
const typescript = paths(/^(web|wasm|demo|tests)\/.*\.ts$/);

test('there is an SDK to check', () => assert.ok(sdk.length > 5, `${sdk.length} files`));

test('the SDK never writes to the console', () => assert.deepEqual(lines(sdk, /\bconsole\s*[.[]/), []));

test('TypeScript has no any and no suppressed error', () => {
  assert.deepEqual(lines(typescript, /@ts-(ignore|nocheck)|eslint-disable|(:|<|\bas|\|)\s*any\b(?!\s*["'])/), []);
  assert.deepEqual(lines(sdk, /@ts-expect-error/), [], 'tests of the types may expect errors, the SDK has none');
});

test('TypeScript exports by name', () => assert.deepEqual(lines(sdk, /^\s*export default\b/), []));

test('nothing evaluates text as code or writes unescaped HTML handlers', () => {
  assert.deepEqual(lines([...sdk, ...paths(/^demo\/shop\/.*\.ts$/)], /\beval\((?!\w+:)|new Function\b|document\.write\b|\son[a-z]+="|javascript:/), []);
});

test('core throws and catches nothing', () => {
  assert.deepEqual(lines(paths(/^core\/(src|include)\/.*\.(h|cpp)$/), /^[^/]*\b(throw\b|try\s*\{|catch\s*\()/), []);
});

for (const path of paths(/^core\/include\/wayline\/.*\.h$/)) {
  test(`${path} compiles alone`, () => {
    // Only the public folder is on the path, so an internal header can not be reached from a public one.
    const program = `#include "${path.replace('core/include/', '')}"\n`.repeat(2);
    execFileSync(process.env.CXX ?? 'g++', ['-std=c++20', '-fsyntax-only', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Icore/include', '-x', 'c++', '-'],
      { cwd: root, input: program, stdio: ['pipe', 'ignore', 'inherit'] });
  });
}
