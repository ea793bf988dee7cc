// What ships to browsers, what it costs to transfer, and in which order it is built. What the modules export and import: tests/wasm/exports.test.mjs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, root } from '../support/built.mjs';

const artifact = (name) => readFileSync(join(build, 'web', name));

// Brotli bytes at quality 11, as a static server sends them. Each is what was measured when it was set, and a little more:
// a page pays for these on every first visit, so growth is decided here and not found out later. The script holds the hash of the wasm, with
// which its size changes by some forty bytes.
const budgets = { 'wayline.js': 20_960, 'wayline.wasm': 67_140, 'wayline-panel.js': 12_400, 'wayline-consent.js': 2_040, 'wayline-snippet.js': 2_690 };

for (const [name, budget] of Object.entries(budgets)) {
  test(`${name} transfers in at most ${budget} bytes`, (context) => {
    const size = brotliCompressSync(artifact(name), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    context.diagnostic(`${name}: ${size} bytes`);
    assert.ok(size <= budget, `${size} bytes`);
  });
}

test('the parts are built in the order in which they need each other, whatever the order in which they are named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wayline-build-'));
  try {
    mkdirSync(join(folder, '.ci'));
    copyFileSync(join(root, '.ci/build'), join(folder, '.ci/build'));
    for (const tool of ['cmake', 'npm']) writeFileSync(join(folder, tool), `#!/bin/sh\necho "${tool} $*" >>'${folder}/called'\n`, { mode: 0o755 });
    const run = (...targets) => spawnSync(join(folder, '.ci/build'), targets, { env: { ...process.env, PATH: `${folder}:${process.env.PATH}` }, encoding: 'utf8' });
    assert.equal(run('web', 'demo', 'wasm').status, 0);
    const called = () => readFileSync(join(folder, 'called'), 'utf8').match(/--build --preset \w+|build:\w+/g);
    assert.deepEqual(called(), ['--build --preset wasm', 'build:web', 'build:demo']);
    assert.deepEqual([run('web', 'nowhere').status, called().length], [2, 3], 'nothing is built where a part is unknown');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the SDK ships no source map address and no path of the machine that built it', () => {
  for (const name of Object.keys(budgets)) {
    const text = artifact(name).toString('latin1');
    assert.doesNotMatch(text, /sourceMappingURL=|\/(home|root|work|tmp|usr)\/[\w.-]+\//, name);
  }
});
