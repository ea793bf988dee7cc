// Builds the browser's files into build/web from web/src. The wasm must be there: its hash goes into the script.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'terser';
import { modules, peers, scripts } from './entries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}build/web`;
const wasm = `${out}/wayline.wasm`;
/** Browsers since autumn 2021: WeakRef, private members, Web Locks, FinalizationRegistry. */
const target = ['chrome94', 'firefox93', 'safari15.4'];

/** Chromium then compiles the script's functions while it loads, beside the page's own work, and not one by one when they are called. */
const compileAhead = '//# allFunctionsCalledOnLoad\n';

/** What compresses best: functions that are called once stay functions, and comparisons as they were written. */
const packing = { passes: 3, inline: 1, hoist_funs: true, lhs_constants: false };

/** Pages pay for these: esbuild's own minifier leaves 4 in 100 of the bytes that are sent. */
async function buildScript(options, { file, atOnce }) {
  const { outputFiles } = await build({ ...options, format: 'iife', minify: true, write: false });
  const { code } = await minify(outputFiles[0].text, { ecma: 2021, compress: packing });
  writeFileSync(`${out}/${file}`, (atOnce ? compileAhead : '') + code + '\n');
}

/** What the sources know of the build they belong to. */
function buildConstants(wasmBytes) {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const integrity = `sha256-${createHash('sha256').update(wasmBytes).digest('base64')}`;
  return { WAYLINE_VERSION: JSON.stringify(version), WAYLINE_WASM_INTEGRITY: JSON.stringify(integrity) };
}

async function buildAll() {
  if (!existsSync(wasm)) throw new Error('build/web/wayline.wasm is missing: run `cmake --preset wasm && cmake --build --preset wasm` first');
  mkdirSync(out, { recursive: true });
  const common = { bundle: true, target, define: buildConstants(readFileSync(wasm)), legalComments: 'none', logLevel: 'warning' };
  const paths = ({ source, file }) => ({ entryPoints: [`${root}web/src/${source}.ts`], outfile: `${out}/${file}` });
  await Promise.all([
    ...scripts.map((script) => buildScript({ ...common, ...paths(script) }, script)),
    ...modules.map((module) => build({ ...common, ...paths(module), format: 'esm', external: Object.keys(peers) })),
  ]);
  const types = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}web`, '--emitDeclarationOnly'], { stdio: 'inherit' });
  if (types.status !== 0) throw new Error('the types do not check');
}

await buildAll().catch((error) => {
  process.stderr.write(`build:web: ${error.message}\n`);
  process.exitCode = 1;
});
