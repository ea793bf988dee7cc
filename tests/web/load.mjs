// Bundles modules of web/src for a test under Node, with the constants of a build.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../support/built.mjs';

export const constants = { WAYLINE_VERSION: '"0.0.0-test"', WAYLINE_WASM_INTEGRITY: '"sha256-test"' };

const entry = (modules) => ({
  contents: modules.map((module) => `export * from './${module}';`).join('\n'),
  resolveDir: join(root, 'web/src'),
  loader: 'ts',
});

/** The exports of all `modules` (paths in web/src), from one bundle, so that they share their classes. */
export async function load(...modules) {
  const folder = mkdtempSync(join(tmpdir(), 'wayline-web-'));
  try {
    const outfile = join(folder, 'bundle.mjs');
    await build({ stdin: entry(modules), outfile, bundle: true, format: 'esm', platform: 'neutral', mainFields: ['module', 'main'], define: constants, logLevel: 'error' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same bundle as a script that leaves its exports in `window[name]`. */
export async function bundleForPage(name, ...modules) {
  const { outputFiles } = await build({ stdin: entry(modules), bundle: true, write: false, format: 'iife', globalName: name, define: constants, logLevel: 'error' });
  return outputFiles[0].text;
}
