// The shape of the tree: what lies at the root, how long files are, what no file may say.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { root } from '../support/built.mjs';
import { lines, paths, read } from './tree.mjs';

const source = /\.(cpp|h|ts|js|mjs|css|html)$/;
const data = /(^|\/)(vectors|golden|corpus)\//;
const longestFile = 600; // lines: what a reviewer can hold in mind; longer files hide two subjects

test('the root holds what the design lists and nothing else', () => {
  const allowed = new Set(['.ci', '.clang-format', '.editorconfig', '.gitattributes', '.gitignore', 'CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'README.md',
    'core', 'demo', 'docs', 'package-lock.json', 'package.json', 'tests', 'wasm', 'web']);
  const found = new Set(paths(/./).map((path) => path.split('/')[0]));
  assert.deepEqual([...found].filter((name) => !allowed.has(name)), []);
});

test(`no source file is longer than ${longestFile} lines`, () => {
  const long = paths(source).filter((path) => !data.test(path)).map((path) => [path, read(path).split('\n').length - 1]).filter(([, count]) => count > longestFile);
  assert.deepEqual(long, []);
});

test('no file holds a path of one machine', () => {
  const text = paths(/./).filter((path) => !/\.(zip|png|jpg|woff2|wasm|wayline|bin)$/.test(path) && !path.startsWith('tests/house/') && !data.test(path));
  assert.deepEqual(lines(text, /(^|[\s"'`(=:])\/(work|root|home\/[a-z]+|Users\/[A-Za-z]+|tmp\/[a-z]+[-/])\b/), []);
});

test('nothing is left for later in the code', () => {
  const mark = /\b(TODO|FIXME|XXX|HACK|unimplemented)\b/;
  assert.deepEqual(lines(paths(/\.(cpp|h|ts|js|mjs|css|html|cmake|sh)$/).filter((path) => !path.startsWith('tests/house/') && !data.test(path)), mark), []);
});

test('no test is skipped or left alone in its suite', () => {
  const files = paths(/^tests\/.*\.(cpp|mjs|ts)$/).filter((path) => !path.startsWith('tests/house/'));
  assert.deepEqual(lines(files, /GTEST_SKIP|DISABLED_|\.skip\(|\.only\(|\btest\.todo|\bit\.todo/), []);
});

test('every source of core and every suite is listed in its CMakeLists.txt', () => {
  const list = (path) => new Set([...read(path).matchAll(/[\w./-]+\.cpp/g)].map((match) => match[0]));
  const orphans = (folder, prefix, listed) => paths(new RegExp(`^${folder}/.*\\.cpp$`)).filter((path) => !listed.has(path.slice(prefix.length)));
  assert.deepEqual(orphans('core/src', 'core/', list('core/CMakeLists.txt')), []);
  assert.deepEqual(orphans('core/cli', 'core/cli/', list('core/cli/CMakeLists.txt')), []);
  assert.deepEqual(orphans('demo/collector', 'demo/collector/', list('demo/collector/CMakeLists.txt')), []);
  assert.deepEqual(orphans('tests/core', 'tests/', list('tests/CMakeLists.txt')), []);
});

test('tests/run runs every folder of suites', () => {
  const steps = read('tests/run');
  const folders = [...new Set(paths(/^tests\/.*\.test\.mjs$/).map((path) => path.slice('tests/'.length, path.lastIndexOf('/'))))];
  assert.deepEqual(folders.filter((folder) => !new RegExp(`node_suite (.+ )?${folder}( .+)? ;;`).test(steps)), []);
});

test('npm packages are pinned to exact versions', () => {
  const { dependencies = {}, devDependencies } = JSON.parse(read('package.json'));
  assert.deepEqual(Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)), []);
  assert.deepEqual(Object.keys(dependencies), [], 'the SDK ships without dependencies');
});

test('shell scripts pass shellcheck', () => {
  const scripts = paths(/^(\.ci|demo|tests)\//).filter((path) => !/\.(zip|png|jpg)$/.test(path) && /^#!\/usr\/bin\/env bash/.test(read(path).slice(0, 20)));
  assert.ok(scripts.length >= 5, `only ${scripts.join(' ')} found`);
  execFileSync('shellcheck', ['-x', ...scripts], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
});
