// What ships to browsers: the functions it exports, what it asks of its host, what it costs to transfer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, read } from './tree.mjs';

const artifact = (name) => readFileSync(join(build, 'web', name));
const list = (path) => read(path).split('\n').filter((line) => line.trim() !== '');

/** What the linker adds for a stand-alone module, beside the functions of ours. */
const ofTheLinker = ['_initialize', 'memory'];
/** All that a page has to give the module: wasm/README.md. */
const allowedImports = ['env.emscripten_notify_memory_growth', 'wasi_snapshot_preview1.proc_exit'];

for (const [name, lists] of [['wayline.wasm', ['wasm/exports.txt']], ['wayline-studio.wasm', ['wasm/exports.txt', 'wasm/studio-exports.txt']]]) {
  test(`${name} exports what is listed and nothing else`, () => {
    const module = new WebAssembly.Module(artifact(name));
    const exported = WebAssembly.Module.exports(module).map((entry) => entry.name);
    assert.deepEqual(exported.filter((entry) => !ofTheLinker.includes(entry)).sort(), lists.flatMap(list).sort());
  });
}

test('wayline.wasm asks nothing of its host but these', () => {
  const imported = WebAssembly.Module.imports(new WebAssembly.Module(artifact('wayline.wasm'))).map((entry) => `${entry.module}.${entry.name}`);
  assert.deepEqual(imported.filter((entry) => !allowedImports.includes(entry)), []);
});

// Brotli bytes at quality 11, as a static server sends them. Each is what was measured when it was set, and a tenth more:
// a page pays for these on every first visit, so growth is decided here and not found out later.
const budgets = { 'wayline.js': 20_000, 'wayline.wasm': 110_000, 'wayline-panel.js': 12_000 };

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
