// Input that is cut, forged, too deep, too large or from another time: each gets a coded error, and nothing crashes.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { wayline as binary } from '../support/built.mjs';
import { copyOfSamples, temporaryFolder, wayline, waylineJson } from './wayline.mjs';

const folder = mkdtempSync(join(tmpdir(), 'wayline-bad-input-'));
const program = join(folder, 'boutique.wayline');
const tick = '{"at":"2026-03-02T10:00:00Z","tick":true}\n';
before(() => assert.equal(wayline(['build', 'boutique', '-o', program]).status, 0));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The same bytes every time. */
function randomBytes(size, seed = 1) {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}

/** The code of the error with which a command refuses its input. */
function refusal(parameters, options) {
  const { status, value } = waylineJson(parameters, options);
  assert.equal(status, 2, JSON.stringify(value));
  assert.ok(value.error.message.length > 0);
  return value.error.code;
}

const nested = (levels, inner = 'true') => '{"!":['.repeat(levels) + inner + ']}'.repeat(levels);

test('a program cut anywhere is refused', () => {
  const bytes = readFileSync(program);
  const cut = join(folder, 'cut.wayline');
  const step = Math.ceil(bytes.length / 40);
  for (let size = 0; size < bytes.length; size += step) {
    writeFileSync(cut, bytes.subarray(0, size));
    assert.equal(refusal(['run', cut], { input: tick }), 'program.truncated', `${size} bytes`);
  }
});

test('a run writes over nothing that it needs', (context) => {
  const steps = join(temporaryFolder(context), 'steps.jsonl');
  writeFileSync(steps, tick);
  const other = join(steps, '..', 'other.jsonl');
  symlinkSync(steps, other);
  const writes = [['--receipts', steps], ['--save-state', other], ['--receipts', program], ['--receipts', 'new.jsonl', '--save-state', 'new.jsonl'], ['--receipts', 'new.jsonl', '--save-state', '../cli/./new.jsonl'], ['--state', other, '--receipts', other]];
  for (const options of writes) assert.equal(refusal(['run', program, steps, ...options]), 'usage', options.join(' '));
  assert.equal(readFileSync(steps, 'utf8'), tick);
  assert.equal(wayline(['run', program, steps]).status, 0);
});

test('a program with any byte changed is refused', () => {
  const bytes = readFileSync(program);
  const forged = join(folder, 'forged.wayline');
  const step = Math.ceil(bytes.length / 40);
  for (let place = 0; place < bytes.length; place += step) {
    const copy = Buffer.from(bytes);
    copy[place] ^= 0x20;
    writeFileSync(forged, copy);
    assert.match(refusal(['run', forged], { input: tick }), /^program\.(malformed|truncated|checksum|version)$/, `byte ${place}`);
  }
});

test('a document is no pack, and the refusal says what is one', () => {
  const file = join(folder, 'site.json');
  writeFileSync(file, '{ "site": "alone" }');
  for (const command of ['run', 'check', 'graph', 'explain']) {
    const { status, value } = waylineJson([command, file], { input: tick });
    assert.equal(status, 2);
    assert.match(value.error.message, /is a document; a PACK is the folder/);
  }
});

test('random bytes are no program', () => {
  const file = join(folder, 'random.wayline');
  writeFileSync(file, randomBytes(100_000));
  for (const command of ['run', 'check', 'graph', 'explain']) assert.equal(refusal([command, file], { input: tick }), 'program.malformed');
});

test('a rule 10,000 levels deep is refused by eval, and the next line is answered', () => {
  const { status, signal, lines } = wayline(['eval'], { input: `{"rule":${nested(10_000)},"data":null}\n{"rule":${nested(300)},"data":null}\n{"rule":${nested(100)},"data":null}\n` });
  assert.equal(signal, null);
  assert.equal(status, 1);
  const [deepest, deep, fine] = lines.map((line) => JSON.parse(line));
  assert.match(deepest.error.code, /^(json|rule)\.too_deep$/);
  assert.equal(deep.error.code, 'rule.too_deep');
  assert.deepEqual(fine, { result: true });
});

test('a rule 10,000 levels deep is a finding of check, with its place', (context) => {
  const samples = copyOfSamples(context);
  const rule = join(samples, 'boutique/rules/deep.json');
  for (const levels of [10_000, 200]) {
    writeFileSync(rule, `{ "id": "deep", "slot": "hero", "page": { "path": "/" },\n  "if": ${nested(levels)},\n  "variants": [{ "id": "a", "content": { "text": "x" } }] }\n`);
    const { status, value } = waylineJson(['check', 'boutique'], { cwd: samples });
    assert.equal(status, 1);
    const [finding] = value.findings;
    assert.match(finding.code, /^(json|rule)\.too_deep$/);
    assert.equal(finding.file, 'rules/deep.json');
    assert.equal(finding.line, 2);
    assert.equal(wayline(['build', 'boutique', '-o', 'deep.wayline'], { cwd: samples }).status, 1);
  }
});

test('a step 10,000 levels deep is refused, and the next line is answered', () => {
  const { status, lines } = wayline(['run', 'boutique'], { input: `{"at":0,"track":"Product Viewed","properties":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}\n${tick}` });
  assert.equal(status, 1);
  assert.equal(JSON.parse(lines[0]).error.code, 'json.too_deep');
  assert.deepEqual(JSON.parse(lines[1]).journeys, {});
});

test('10 MB of random bytes as steps: each line is answered with an error', () => {
  const input = randomBytes(10_000_000);
  const expected = input.reduce((count, byte) => count + (byte === 10 ? 1 : 0), input.at(-1) === 10 ? 0 : 1);
  const { status, signal, lines } = wayline(['run', 'boutique'], { input });
  assert.equal(signal, null);
  assert.equal(status, 1);
  assert.equal(lines.length, expected);
  for (const line of lines) assert.match(JSON.parse(line).error.code, /^(json|step)\./);
});

test('a state from the future is refused, and its file stays as it is', () => {
  const states = join(folder, 'states.ndjson');
  assert.equal(wayline(['run', 'boutique', '--save-state', states], { input: tick }).status, 0);
  const future = JSON.stringify({ ...JSON.parse(readFileSync(states, 'utf8')), wayline: 1000 });
  writeFileSync(states, future);
  assert.equal(refusal(['run', 'boutique', '--state', states, '--save-state', states], { input: tick }), 'state.from_future');
  assert.equal(readFileSync(states, 'utf8'), future);
});

test('what is no state is refused', () => {
  const file = join(folder, 'no-state.json');
  for (const [text, code] of [['', undefined], ['{}', 'state.malformed'], ['[]', 'state.malformed'], ['{"wayline":1}', 'state.malformed'], [randomBytes(1000), 'json.syntax'], ['['.repeat(100_000), 'json.too_deep']]) {
    writeFileSync(file, text);
    if (code === undefined) assert.equal(wayline(['run', 'boutique', '--state', file], { input: tick }).status, 0);
    else assert.equal(refusal(['run', 'boutique', '--state', file], { input: tick }), code);
  }
});

test('a state whose every part is forged is refused or read, never a crash', () => {
  const states = join(folder, 'forged.ndjson');
  assert.equal(wayline(['run', 'boutique', 'visits.ndjson', '--save-state', states]).status, 0);
  const [document] = readFileSync(states, 'utf8').split('\n');
  for (const key of Object.keys(JSON.parse(document))) {
    for (const forged of [null, -1, 1e300, 'x', [], {}, [[[]]], { x: { y: 'z' } }, true]) {
      writeFileSync(states, JSON.stringify({ ...JSON.parse(document), [key]: forged }));
      const { status, signal } = wayline(['run', 'boutique', '--state', states], { input: tick });
      assert.equal(signal, null, `${key}: ${JSON.stringify(forged)}`);
      assert.ok(status === 0 || status === 2, `${key}: ${JSON.stringify(forged)} ended with ${status}`);
    }
  }
});

test('a document of more than 16 MiB is refused by name', (context) => {
  const samples = copyOfSamples(context);
  writeFileSync(join(samples, 'boutique/rules/large.json'), ' '.repeat(17 << 20));
  const { status, stderr } = wayline(['check', 'boutique'], { cwd: samples });
  assert.equal(status, 2);
  assert.match(stderr, /^wayline: boutique\/rules\/large\.json: is larger than 16 MiB \[input\.unreadable\]\n$/);
});

test('only regular files are read: pipes, folders and broken links are left alone', (context) => {
  const samples = copyOfSamples(context);
  assert.equal(spawnSync('mkfifo', [join(samples, 'boutique/rules/pipe.json')]).status, 0);
  mkdirSync(join(samples, 'boutique/rules/folder.json'));
  symlinkSync('nowhere', join(samples, 'boutique/rules/broken.json'));
  symlinkSync('..', join(samples, 'boutique/journeys/up'));
  const { status, stdout } = wayline(['check', 'boutique'], { cwd: samples });
  assert.match(stdout, /^boutique: 4 documents, no findings\n/);
  assert.equal(status, 0);
});

test('a folder that is no pack says what is missing', (context) => {
  const { status, value } = waylineJson(['check', temporaryFolder(context)]);
  assert.equal(status, 1);
  assert.deepEqual(value.findings.map(({ code }) => code), ['pack.missing_file']);
});

test('a time zone can not name a file outside of the database', (context) => {
  const samples = copyOfSamples(context);
  const site = join(samples, 'boutique/site.json');
  const text = readFileSync(site, 'utf8');
  for (const zone of ['../../../etc/passwd', '/etc/passwd', 'Europe/../../../etc/passwd', 'Europe', '']) {
    writeFileSync(site, text.replace('Europe/Warsaw', zone));
    const { status, value } = waylineJson(['check', 'boutique'], { cwd: samples });
    assert.equal(status, 1, zone);
    assert.equal(value.findings[0].code, 'pack.bad_value');
  }
});

test('random bytes in every file of a pack are findings', (context) => {
  const samples = copyOfSamples(context);
  for (const file of ['site.json', 'rules/keen.json', 'journeys/basket.json', 'tests/stories.json']) writeFileSync(join(samples, 'boutique', file), randomBytes(5000));
  const { status, value } = waylineJson(['check', 'boutique'], { cwd: samples });
  assert.equal(status, 1);
  assert.ok(value.findings.length >= 3);
  for (const { code } of value.findings) assert.equal(code, 'json.syntax');
});

test('a name that is no UTF-8 is JSON nevertheless', (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'site.json'), '{ "site": "odd" }');
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/rules/`), Buffer.from([0xff]), Buffer.from('.json')]), '{}');
  const { status, stdout } = spawnSync(binary, ['check', '--json', folder]);
  assert.equal(status, 1);
  assert.equal(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(stdout)).findings[0].file, 'rules/\ufffd.json');
});

test('what stands behind -- is a name', (context) => {
  const samples = copyOfSamples(context);
  const { status, stdout } = wayline(['check', '--', '--json'], { cwd: samples });
  assert.deepEqual([status, stdout], [2, '']);
});

test('a document whose name only nearly ends with .json is told of', (context) => {
  const samples = copyOfSamples(context);
  for (const name of ['welcome.JSON', 'welcome.json.txt', 'notes.txt']) writeFileSync(join(samples, 'boutique/rules', name), '{}');
  const { status, value } = waylineJson(['check', join(samples, 'boutique')]);
  assert.equal(status, 0);
  assert.deepEqual(value.findings.map(({ code, file }) => [code, file]), [['pack.stray_file', 'rules/welcome.JSON'], ['pack.stray_file', 'rules/welcome.json.txt']]);
});
