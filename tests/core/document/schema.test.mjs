// The schemas are the single source for the loader, editors and the documentation. Here an independent validator, ajv, reads
// them: it must find them sound, accept every example pack, and agree with the loader about documents changed at random.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { build, root } from '../../support/built.mjs';
import { seededRandom } from '../../support/random.mjs';

const probe = join(build, 'native/bin/wayline_schema_probe');
const names = ['common', 'journey', 'rules', 'site', 'story'];
const read = (path) => readFileSync(join(root, path), 'utf8');
const schemas = new Map(names.map((name) => [name, JSON.parse(read(`core/schema/${name}.schema.json`))]));

/** Formats that a pattern can not say whole; all others are said by `pattern`, which the loader does not read. */
const zones = new Set(read('core/src/document/time_zones.inc').match(/"[^"]+"/g).map((zone) => zone.slice(1, -1)));
function isInstant(text) {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && !Number.isNaN(Date.parse(text));
}
const formats = { 'wayline-time-zone': (text) => zones.has(text), 'wayline-instant': isInstant };

function validator() {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  ajv.addVocabulary(['x-declares', 'x-refers-to', 'x-scope']);
  const used = new Set(JSON.stringify([...schemas.values()]).match(/"format":"[^"]+"/g).map((entry) => entry.slice(10, -1)));
  for (const format of used) ajv.addFormat(format, formats[format] ?? true);
  for (const [name, schema] of schemas) ajv.addSchema(schema, `${name}.schema.json`);
  return ajv;
}

const ajv = validator();
const accepts = (name, document) => ajv.validate(`${name}.schema.json`, document);

/** Comments are taken out outside strings; nothing else of JSON is touched. */
const parse = (text) => JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, string) => string ?? ''));

const folders = { rules: 'rules', journeys: 'journey', tests: 'story' };
function documentsOf(pack) {
  const found = [{ name: 'site', path: `${pack}/site.json` }];
  for (const [folder, name] of Object.entries(folders)) {
    if (!existsSync(join(root, pack, folder))) continue;
    for (const file of readdirSync(join(root, pack, folder)).sort()) found.push({ name, path: `${pack}/${folder}/${file}` });
  }
  return found.map(({ name, path }) => ({ name, path, document: parse(read(path)) }));
}

const packs = [...readdirSync(join(root, 'tests/packs')).map((pack) => `tests/packs/${pack}`), 'demo/pack'];
const documents = packs.flatMap(documentsOf);

test('the schemas are sound', () => {
  for (const name of names) assert.ok(ajv.getSchema(`${name}.schema.json`), name);
});

for (const { name, path, document } of documents) {
  test(`${path} satisfies the schema`, () => {
    assert.ok(accepts(name, document), ajv.errorsText());
  });
}

// --- changed documents

const strange = [null, true, false, 0, 1, -1, 0.5, 1.5, 1e9, '', 'a', 'a b', '7d', '07d', '1000000000d', '7 days', '22:00', '24:00', '2026', '2026-Q4', '2026-13',
  '2026-02-30', '2026-11-21', '2026-11-21T10:00Z', '2026-11-21T10:00:00+01:00', '2026-11-21T25:00:00Z', '2026-11-21T10:00:00', 'UTC', 'Europe/Warsaw', 'Europe/Nowhere',
  'session', 'page', 'live', 'string', 'profile.tier', 'computed.x', '/x/**', '*', 'https://x.example/', 'https:///x', '//x', '/', 'javascript:1', 'onclick', 'ąę', 'x'.repeat(100),
  'x'.repeat(101), [], {}, [{}], ['a'], { a: 1 }, { max: 1, per: '1d' }, { for: '1d' }, { count: 'A' }, { count: 'A', within: 1 }, { count: ['A'] }, { html: 'x', text: 'y' }];

/** Every object and list inside a document. */
function containers(value) {
  if (value === null || typeof value !== 'object') return [];
  return [value, ...Object.values(value).flatMap(containers)];
}

/** Keys that some schema knows: the likeliest to matter in another place. */
const knownKeys = [...new Set(JSON.stringify([...schemas.values()]).match(/"[a-z_$]+":/g).map((key) => key.slice(1, -2)))];

function mutate(document, pick) {
  const copy = structuredClone(document);
  const places = containers(copy);
  const place = places[pick(places.length)];
  const keys = Object.keys(place);
  const key = keys[pick(keys.length || 1)];
  const value = structuredClone(strange[pick(strange.length)]);
  if (Array.isArray(place)) {
    if (pick(2) === 0) place.push(value);
    else place.splice(pick(place.length || 1), 1);
    return copy;
  }
  switch (pick(4)) {
    case 0: delete place[key]; break;
    case 1: place[knownKeys[pick(knownKeys.length)]] = value; break;
    case 2: place[`${key}x`] = place[key] ?? value; break;
    default: if (key !== undefined) place[key] = value;
  }
  return copy;
}

const mutants = 8_000;

test(`the loader and ajv agree about ${mutants} changed documents`, () => {
  const next = seededRandom(20261121);
  const pick = (bound) => Math.floor(next() * bound);
  const cases = Array.from({ length: mutants }, () => {
    const { name, document } = documents[pick(documents.length)];
    return { schema: name, document: mutate(document, pick) };
  });
  const input = cases.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  const { status, stdout, stderr } = spawnSync(probe, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr);
  const answers = stdout.trimEnd().split('\n');
  assert.equal(answers.length, mutants);
  let refused = 0;
  for (const [index, { schema, document }] of cases.entries()) {
    const expected = accepts(schema, document);
    if (!expected) ++refused;
    assert.equal(answers[index], String(expected), `${schema}: ${ajv.errorsText()}\n${JSON.stringify(document)}`);
  }
  // Both kinds must be there in numbers, or the comparison says nothing.
  assert.ok(refused > mutants / 4 && refused < (mutants * 3) / 4, `${refused} refused`);
});

test('the documentation of the documents is up to date', () => {
  const { status, stderr } = spawnSync(process.execPath, ['docs/documents.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
