// The package as npm would publish it: what it holds, what its entries weigh, and each of them used from a folder that knows nothing of this tree.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { transform } from 'esbuild';
import { stagePackage } from '../../web/package.mjs';
import { root } from '../support/built.mjs';

const folder = mkdtempSync(join(tmpdir(), 'wayline-package-'));
const staged = join(folder, 'staged');
const site = join(folder, 'site');
let packed, manifest;

const run = (program, args, cwd) => execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const inSite = (code) => JSON.parse(run(process.execPath, ['--input-type=module', '-e', code], site));

before(() => {
  stagePackage(staged);
  [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], staged));
  manifest = JSON.parse(readFileSync(join(staged, 'package.json'), 'utf8'));
  mkdirSync(site);
  writeFileSync(join(site, 'package.json'), '{ "name": "site", "private": true, "type": "module" }\n');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], site);
  // The peers, which a site brings.
  mkdirSync(join(site, 'node_modules/@types'), { recursive: true });
  for (const name of ['react', '@openfeature', '@types/react']) symlinkSync(join(root, 'node_modules', name), join(site, 'node_modules', name));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const dist = [
  'wayline-consent-google.mjs', 'wayline-consent-gpc.mjs', 'wayline-consent-tcf.mjs', 'wayline-consent.js', 'wayline-consent.mjs', 'wayline-engine.mjs',
  'wayline-openfeature.mjs', 'wayline-panel.js', 'wayline-panel.mjs', 'wayline-react.mjs', 'wayline-snippet.js', 'wayline-studio.wasm', 'wayline.js', 'wayline.mjs', 'wayline.wasm',
];

test('it holds these files, declarations, and nothing else', () => {
  const files = packed.files.map(({ path }) => path);
  assert.deepEqual(files.filter((path) => !path.startsWith('types/')).toSorted(), ['LICENSE', 'README.md', ...dist.map((name) => `dist/${name}`), 'package.json']);
  assert.deepEqual(files.filter((path) => path.startsWith('types/') && !/^types\/[\w/-]+\.d\.ts$/.test(path)), []);
});

test('the tarball stays small', (context) => {
  context.diagnostic(`${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);
  assert.ok(packed.size < 510_000, `${packed.size} bytes: 464,000 when this was set, most of it the two wasm files`);
});

test('it asks for no package but the peers, which are optional', () => {
  assert.equal(manifest.dependencies, undefined);
  assert.equal(manifest.scripts, undefined, 'nothing runs when it is installed');
  assert.deepEqual(Object.keys(manifest.peerDependencies).toSorted(), ['@openfeature/web-sdk', 'react']);
  assert.ok(Object.values(manifest.peerDependenciesMeta).every(({ optional }) => optional));
});

test('every address in "exports" leads to a file, and every declaration leads to declarations', () => {
  const targets = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
  assert.deepEqual(targets.filter((path) => !existsSync(join(staged, path))), []);
  for (const { path } of packed.files.filter(({ path: file }) => file.endsWith('.d.ts'))) {
    const text = readFileSync(join(staged, path), 'utf8');
    for (const [, target] of text.matchAll(/['"](\.[^'"]+)\.js['"]/g)) assert.ok(existsSync(join(staged, posix.dirname(path), `${target}.d.ts`)), `${path} names ${target}`);
  }
});

/** Brotli bytes, minified, without the peer: what was measured when it was set, and a tenth more. */
const budgets = { 'wayline-react.mjs': 460, 'wayline-openfeature.mjs': 1_500, 'wayline-consent.mjs': 360, 'wayline-consent-google.mjs': 900, 'wayline-consent-tcf.mjs': 590, 'wayline-consent-gpc.mjs': 150 };

for (const [file, budget] of Object.entries(budgets)) {
  test(`${file} costs a page at most ${budget} bytes`, async (context) => {
    const { code } = await transform(readFileSync(join(staged, 'dist', file), 'utf8'), { minify: true, format: 'esm' });
    const size = brotliCompressSync(code).length;
    context.diagnostic(`${size} bytes`);
    assert.ok(size <= budget, `${size} bytes`);
  });
}

const exported = {
  wayline: ['WaylineError', 'createClient'],
  'wayline/consent': ['followConsent'],
  'wayline/consent/google': ['googleConsent'],
  'wayline/consent/gpc': ['globalPrivacyControl'],
  'wayline/consent/tcf': ['tcfConsent'],
  'wayline/engine': ['Engine', 'Program', 'Session', 'Studio', 'WaylineError', 'stepPageView'],
  'wayline/openfeature': ['WaylineProvider'],
  'wayline/panel': ['showPanel'],
  'wayline/react': ['Slot', 'useSlot'],
};

for (const [entry, names] of Object.entries(exported)) {
  test(`${entry} can be imported where there is no page, and exports ${names.join(', ')}`, () => {
    assert.deepEqual(inSite(`console.log(JSON.stringify(Object.keys(await import('${entry}')).sort()))`), names);
  });
}

test('every entry of "exports" is one of these or a file to serve', () => {
  const entries = Object.keys(manifest.exports).map((name) => posix.join('wayline', name));
  const served = ['package.json', 'wayline-consent.js', 'wayline-panel.js', 'wayline-snippet.js', 'wayline-studio.wasm', 'wayline.js', 'wayline.wasm'].map((name) => `wayline/${name}`);
  assert.deepEqual(entries.toSorted(), [...Object.keys(exported), ...served].toSorted());
});

test('Node compiles a pack and decides with it', () => {
  const decided = inSite(`
    import { readFile } from 'node:fs/promises';
    import { Engine, Program, Session, Studio } from 'wayline/engine';
    const bytes = (name) => readFile(new URL(import.meta.resolve(name)));
    const files = {
      'site.json': JSON.stringify({ site: 'edge', timezone: 'UTC' }),
      'rules/hero.json': JSON.stringify({ id: 'hello', slot: 'hero', page: { path: '/' }, variants: [{ id: 'a', content: { text: 'Hello.' } }] }),
    };
    const { program, diagnostics } = new Studio(await Engine.load(await bytes('wayline/wayline-studio.wasm'))).compile(files);
    if (program === undefined) throw new Error(JSON.stringify(diagnostics));
    const session = Session.create(Program.load(await Engine.load(await bytes('wayline/wayline.wasm')), program), 'visitor');
    console.log(JSON.stringify(session.step({ at: 0, page: { url: 'https://edge.example/' } }).decisions.hero));`);
  assert.deepEqual([decided.content, decided.experience, decided.variant], [{ text: 'Hello.' }, 'hello', 'a']);
});

for (const [module, resolution] of [['esnext', 'bundler'], ['nodenext', 'nodenext']]) {
  test(`the types hold under strict, as ${resolution} resolves them`, () => {
    copyFileSync(join(root, 'tests/package/consumer.ts'), join(site, 'consumer.ts'));
    const compilerOptions = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, target: 'ES2022', lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [], module, moduleResolution: resolution };
    writeFileSync(join(site, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    try {
      run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', site], site);
    } catch (failure) {
      assert.fail(failure.stdout);
    }
  });
}
