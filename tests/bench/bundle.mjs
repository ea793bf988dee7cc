// One bundle of contestants and measuring code, for Node and for Chromium alike, in production mode: GrowthBook logs otherwise.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { build } from '../support/built.mjs';
import { output } from './packs.mjs';

const define = () => ({
  'process.env.NODE_ENV': '"production"',
  WAYLINE_VERSION: '"0.0.0-bench"',
  WAYLINE_WASM_INTEGRITY: JSON.stringify(`sha256-${createHash('sha256').update(readFileSync(join(build, 'web/wayline.wasm'))).digest('base64')}`),
});

/** The place of the bundle, which exports what bench.mjs does. */
export async function buildBundle() {
  const outfile = join(output, 'bench.bundle.mjs');
  await bundle({
    entryPoints: [fileURLToPath(new URL('bench.mjs', import.meta.url))], outfile, bundle: true, format: 'esm', platform: 'neutral', mainFields: ['module', 'main'],
    conditions: ['import'], define: define(), logLevel: 'error', sourcemap: 'inline',
  });
  return outfile;
}
