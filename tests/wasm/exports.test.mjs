// The modules export what the lists say, import what wasm/README.md says, and nothing more.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, root } from '../support/built.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const lines = (path) => read(path).trim().split('\n');
/** What emcc adds to every stand-alone module. */
const added = ['memory', '_initialize', '__indirect_function_table', '__errno_location', 'stackSave', 'stackRestore', 'stackAlloc'];

const modules = {
  'wayline.wasm': lines('wasm/exports.txt'),
  'wayline-studio.wasm': [...lines('wasm/exports.txt'), ...lines('wasm/studio-exports.txt')],
};

for (const [name, exports] of Object.entries(modules)) {
  const module = new WebAssembly.Module(readFileSync(join(build, 'web', name)));
  test(`${name} exports its list`, () => {
    const names = WebAssembly.Module.exports(module).map((entry) => entry.name).filter((entry) => !added.includes(entry));
    assert.deepEqual(names.toSorted(), exports.toSorted());
  });
  test(`${name} imports nothing that can reach the page, a clock or a source of randomness`, () => {
    const imports = WebAssembly.Module.imports(module).map((entry) => `${entry.module}.${entry.name}`);
    assert.deepEqual(imports.toSorted(), ['env.emscripten_notify_memory_growth', 'wasi_snapshot_preview1.proc_exit']);
  });
}

test('every export is documented', () => {
  const text = read('wasm/README.md');
  for (const name of modules['wayline-studio.wasm']) assert.ok(text.includes(`\`${name}(`), name);
});

test('exports.cpp has no logic of its own: it stays under 300 lines', () => {
  assert.ok(lines('wasm/exports.cpp').length <= 300);
});
