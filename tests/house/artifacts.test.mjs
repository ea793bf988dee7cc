// What ships to browsers, and what it costs to transfer. What the modules export and import: tests/wasm/exports.test.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from './tree.mjs';

const artifact = (name) => readFileSync(join(build, 'web', name));

// Brotli bytes at quality 11, as a static server sends them. Each is what was measured when it was set, and a little more:
// a page pays for these on every first visit, so growth is decided here and not found out later.
const budgets = { 'wayline.js': 20_380, 'wayline.wasm': 67_500, 'wayline-panel.js': 12_400, 'wayline-consent.js': 2_000, 'wayline-snippet.js': 2_830 };

for (const [name, budget] of Object.entries(budgets)) {
  test(`${name} transfers in at most ${budget} bytes`, (context) => {
    const size = brotliCompressSync(artifact(name), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    context.diagnostic(`${name}: ${size} bytes`);
    assert.ok(size <= budget, `${size} bytes`);
  });
}

test('the SDK ships no source map address and no path of the machine that built it', () => {
  for (const name of Object.keys(budgets)) {
    const text = artifact(name).toString('latin1');
    assert.doesNotMatch(text, /sourceMappingURL=|\/(home|root|work|tmp|usr)\/[\w.-]+\//, name);
  }
});
