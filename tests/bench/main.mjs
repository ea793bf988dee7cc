// The benchmark: writes packs, compares and times every contestant under Node and in Chromium, and reports.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { buildBundle } from './bundle.mjs';
import { compareInChromium, firstDecisions, loading } from './chromium.mjs';
import { contestants, peers } from './contestants/names.mjs';
import { root } from '../support/built.mjs';
import { folderOf, output, sourceOf, writeAll } from './packs.mjs';
import { picture } from './picture.mjs';
import { serve } from './server.mjs';
import { coldTable, hostTable, loadingTable, memoryTable } from './tables.mjs';

const usage = `tests/bench/run: Wayline beside other rule engines, on the same page views
  --sizes 10,100,…      numbers of page rules (10,100,1000,10000,100000)
  --hosts node,chromium where it runs
  --rounds N            rounds of each contestant (7)
  --picture             draw docs/images/benchmark.svg anew
Results: build/bench/rules.json
`;
/** Cold starts are measured for packs of these sizes: what a browser is likely to load. */
const coldSizes = [100, 1000, 10_000];
const loadingSizes = [1000, 10_000];

const options = readOptions();
if (options.help) process.stdout.write(usage);
else await main(options.sizes.split(',').map(Number), options.hosts.split(','), Number(options.rounds));

function readOptions() {
  try {
    return parseArgs({
      options: {
        sizes: { type: 'string', default: '10,100,1000,10000,100000' }, hosts: { type: 'string', default: 'node,chromium' }, rounds: { type: 'string', default: '7' },
        picture: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    process.stderr.write(`${cause.message}\n\n${usage}`);
    process.exit(2);
  }
}

async function main(sizes, hosts, rounds) {
  const say = (text) => process.stderr.write(`${text}\n`);
  const packs = sizes.map((rules) => {
    say(`writing and compiling ${rules} rules`);
    return { rules, compileSeconds: writeAll(rules), programBytes: statSync(join(folderOf(rules), 'program.wayline')).size };
  });
  const bundle = await buildBundle();
  const results = { machine: cpus()[0].model, node: process.version, packs, hosts: {} };
  const server = await serve();
  try {
    for (const host of hosts) {
      results.hosts[host] = [];
      for (const rules of sizes) {
        say(`${host}: ${rules} rules`);
        const result = host === 'node' ? await compareUnderNode(bundle, rules, rounds) : await compareInChromium(server.origin, rules, rounds);
        results.hosts[host].push({ ...result, ratios: ratiosOf(result.times) });
      }
      process.stdout.write(`\n${hostTable(host, results.hosts[host])}`);
    }
    say('memory');
    results.memory = sizes.map((rules) => ({ rules, ...Object.fromEntries(contestants.map((name) => [name, memoryOf(bundle, rules, name)])) }));
    process.stdout.write(`\n${memoryTable(results.memory)}`);
    if (hosts.includes('chromium')) {
      say('cold starts in Chromium');
      results.cold = [];
      for (const rules of sizes.filter((size) => coldSizes.includes(size))) results.cold.push({ rules, ...(await firstDecisions(server.origin, rules)) });
      results.loading = [];
      for (const rules of sizes.filter((size) => loadingSizes.includes(size))) {
        results.loading.push({ rules, brotli: brotliCompressSync(readFileSync(join(folderOf(rules), 'program.wayline'))).length, ...(await loading(server.origin, rules)) });
      }
      process.stdout.write(`\n${coldTable(results.cold)}\n${loadingTable(results.loading)}`);
    }
  } finally {
    server.close();
  }
  results.ratios = sizes.map((rules, place) => ({ rules, ...leastRatios(Object.values(results.hosts).map((rows) => rows[place].ratios)) }));
  writeFileSync(join(output, 'rules.json'), `${JSON.stringify({ ratios: results.ratios, ...results }, null, 1)}\n`);
  if (options.picture) writeFileSync(join(root, 'docs/images/benchmark.svg'), picture(results.hosts.chromium ?? results.hosts.node));
}

/** A process of its own for each size: code that was optimised for one pack is no burden to the next. */
async function compareUnderNode(bundle, rules, rounds) {
  const script = `import { compare } from ${JSON.stringify(pathToFileURL(bundle).href)};
    import { sourceOf } from ${JSON.stringify(new URL('packs.mjs', import.meta.url).href)};
    process.stdout.write(JSON.stringify(await compare(${rules}, sourceOf(${rules}), ${rounds})));`;
  return JSON.parse(execFileSync(process.execPath, ['--max-old-space-size=8000', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' }));
}

function memoryOf(bundle, rules, name) {
  const script = fileURLToPath(new URL('memory.mjs', import.meta.url));
  return Number(execFileSync(process.execPath, ['--expose-gc', '--max-old-space-size=8000', script, bundle, String(rules), name], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' }));
}

/** How many times Wayline's median the median of each peer is. */
function ratiosOf(times) {
  const medianOf = (name) => times.find((time) => time.name === name).median;
  return Object.fromEntries(peers.map((name) => [name, rounded(medianOf(name) / medianOf('wayline'))]));
}

/** Of several hosts, the one where Wayline gains least. */
function leastRatios(rows) {
  return Object.fromEntries(peers.map((name) => [name, Math.min(...rows.map((row) => row[name]))]));
}

function rounded(number) {
  return Number(number.toPrecision(3));
}
