// Generates the shop as static files: `node demo/build.mjs [FOLDER]`, build/demo when absent.
// Reads demo/data, demo/shop and what `npm run build:web` left in build/web; needs no network.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const shop = join(root, 'demo/shop');
const data = join(root, 'demo/data');
const web = join(root, 'build/web');
const out = resolve(process.argv[2] ?? join(root, 'build/demo'));

/** What the shop loads from the SDK's build. */
const sdkFiles = ['wayline.js', 'wayline.wasm', 'wayline-panel.js'];
/** Pages wait for it, so it is kept with them: one of another build than the script is undone by the script. */
const snippet = 'wayline-snippet.js';
/** Compiled by `wayline build`, beside the pages; no part of them. */
const keptFiles = ['pack.wayline'];
/** Browsers of the last two years. */
const target = ['chrome120', 'firefox115', 'safari17'];

/** Runs the templates: esbuild turns them into one module, which is imported and called. */
async function generate() {
  const bundle = join(out, '.site.mjs');
  await build({ entryPoints: [join(shop, 'site.ts')], outfile: bundle, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' });
  const { buildSite, swatchStyles } = await import(`${pathToFileURL(bundle)}?${Date.now()}`);
  await rm(bundle);
  const { tables } = JSON.parse(await readFile(join(data, 'eshop.mapping.json'), 'utf8'));
  return { files: buildSite(await readFile(join(data, 'eshop-clothing-2008.zip')), tables), swatches: swatchStyles() };
}

async function write(path, text) {
  const file = join(out, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Scripts and styles under /assets; fonts are copied beside them from their packages. */
async function bundleAssets(swatches) {
  const common = { bundle: true, minify: true, target, legalComments: 'none', logLevel: 'warning', nodePaths: [join(root, 'node_modules')] };
  await build({ ...common, entryPoints: [join(shop, 'scripts/shop.ts')], outfile: join(out, 'assets/shop.js'), format: 'esm' });
  await build({
    ...common,
    stdin: { contents: `@import './shop.css';\n${swatches}\n`, loader: 'css', resolveDir: join(shop, 'styles'), sourcefile: 'swatches.css' },
    outfile: join(out, 'assets/shop.css'),
    loader: { '.woff2': 'file' },
    assetNames: '[name]',
  });
}

async function listFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

/** The address under which a file is asked for: pages by their folder, without a slash at the end. */
function addressOf(file) {
  return `/${file}`.replace(/\/index\.html$/, '') || '/';
}

/** The worker knows every file: the frame is stored at once, product pages and their first pictures when the page is quiet. */
async function bundleWorker() {
  const files = (await listFiles(out)).filter((file) => !sdkFiles.includes(file) && !keptFiles.includes(file));
  const digest = createHash('sha256');
  for (const file of files) digest.update(file).update(await readFile(join(out, file)));
  const first = files.filter((file) => !/^(product|img)\//.test(file));
  const later = files.filter((file) => /^product\/|^img\/[A-Z]\d+\.svg$/.test(file));
  await build({
    entryPoints: [join(shop, 'sw.ts')],
    outfile: join(out, 'sw.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    target,
    logLevel: 'warning',
    define: {
      siteDigest: JSON.stringify(digest.digest('hex').slice(0, 12)),
      frameFiles: JSON.stringify(first.map(addressOf)),
      otherFiles: JSON.stringify(later.map(addressOf)),
    },
  });
  return files.length;
}

/** The shop without its SDK is still a shop, so a missing build is said aloud and is no failure. */
async function copySdk(...wanted) {
  const built = await readdir(web).catch(() => []);
  const missing = wanted.filter((file) => !built.includes(file));
  for (const file of wanted.filter((name) => built.includes(name))) await copyFile(join(web, file), join(out, file));
  if (missing.length > 0) process.stderr.write(`demo: ${missing.join(', ')} not built yet; run "npm run build:web" and then this again\n`);
}

async function clean() {
  await mkdir(out, { recursive: true });
  for (const name of await readdir(out)) if (!keptFiles.includes(name)) await rm(join(out, name), { recursive: true });
}

await clean();
const { files, swatches } = await generate();
for (const { path, text } of files) await write(path, text);
for (const name of ['icon.svg', 'site.webmanifest']) await copyFile(join(shop, name), join(out, name));
await bundleAssets(swatches);
await copySdk(snippet);
const count = await bundleWorker();
await copySdk(...sdkFiles);
process.stdout.write(`demo: ${count} files in ${relative(process.cwd(), out) || out}\n`);
