// Stages the npm package in build/package: `npm run build:package`, then `npm pack ./build/package`. Needs what build.mjs built.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assets, modules, peers, scripts } from './entries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(process.env.WAYLINE_BUILD ?? join(root, 'build'), 'web');

/** The declarations that these files of types/ lead to, themselves included. */
function reachable(files) {
  const found = new Set();
  const queue = [...files];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = readFileSync(join(built, 'types', file), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.js['"]/g)) queue.push(`${posix.join(posix.dirname(file), target)}.d.ts`);
  }
  return [...found].sort();
}

function manifest() {
  const { name, version, description, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const exported = modules.map(({ name: entry, source, file }) => [entry, { types: `./types/${source}.d.ts`, default: `./dist/${file}` }]);
  const served = [...scripts.map(({ file }) => file), ...assets].map((file) => [`./${file}`, `./dist/${file}`]);
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    sideEffects: scripts.map(({ file }) => `./dist/${file}`),
    engines,
    types: './types/index.d.ts',
    exports: Object.fromEntries([...exported, ...served, ['./package.json', './package.json']]),
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map((peer) => [peer, { optional: true }])),
  };
}

/** Writes the package's files into `folder`, emptied first. */
export function stagePackage(folder) {
  const missing = [...modules, ...scripts].map(({ file }) => file).concat(assets).filter((file) => !existsSync(join(built, file)));
  if (missing.length > 0) throw new Error(`${missing.join(', ')} not built: run \`.ci/build wasm web\` first`);
  rmSync(folder, { recursive: true, force: true });
  const copy = (from, to) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true });
    copyFileSync(from, join(folder, to));
  };
  for (const { file } of [...modules, ...scripts]) copy(join(built, file), `dist/${file}`);
  for (const file of assets) copy(join(built, file), `dist/${file}`);
  for (const file of reachable(modules.map(({ source }) => `${source}.d.ts`))) copy(join(built, 'types', file), `types/${file}`);
  copy(join(root, 'LICENSE'), 'LICENSE');
  copy(join(root, 'web/package.md'), 'README.md');
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) stagePackage(resolve(process.argv[2] ?? join(root, 'build/package')));
