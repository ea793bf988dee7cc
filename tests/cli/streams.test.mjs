// How commands read and write: line by line, whatever the lines are.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { wayline as binary } from '../support/built.mjs';
import { samples, temporaryFolder, wayline } from './wayline.mjs';

const step = (at, more = '"tick":true') => `{"at":${at},${more}}`;

for (const [name, parameters, line] of [['run', ['run', 'boutique'], step(0)], ['eval', ['eval'], '{"rule":{"+":[1,1]},"data":null}']]) {
  test(`${name} answers each line before the next one comes`, async () => {
    const child = spawn(binary, parameters, { cwd: samples, stdio: ['pipe', 'pipe', 'inherit'] });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) {
      child.stdin.write(`${line}\n`);
      const { value } = await answers.next();
      assert.ok(JSON.parse(value));
    }
    child.stdin.end();
    const [status] = await once(child, 'exit');
    assert.equal(status, 0);
  });
}

test('the last line may lack its line feed, and lines may end as on Windows', () => {
  const { status, lines } = wayline(['run', 'boutique'], { input: `${step(0)}\r\n${step(1)}\r\n${step(2)}` });
  assert.equal(status, 0);
  assert.equal(lines.length, 3);
});

test('no input gives no output', () => {
  assert.deepEqual(wayline(['run', 'boutique'], { input: '' }), { status: 0, signal: null, stdout: '', stderr: '', lines: [] });
});

test('a line of more than 1 MiB is answered with an error, and the next one as ever', () => {
  for (const size of [(1 << 20) + 100, 5 << 20]) {
    const { status, lines } = wayline(['run', 'boutique'], { input: `${step(0, `"track":"x","properties":{"a":"${'a'.repeat(size)}"}`)}\n${step(1)}\n` });
    assert.equal(status, 1);
    assert.equal(lines.length, 2);
    assert.equal(JSON.parse(lines[0]).error.code, 'json.too_large');
    assert.deepEqual(JSON.parse(lines[1]).decisions, {});
  }
});

test('an event of more than 32 KiB is answered with an error of its own', () => {
  const { lines } = wayline(['run', 'boutique'], { input: `${step(0, `"track":"x","properties":{"a":"${'a'.repeat(40_000)}"}`)}\n` });
  assert.equal(JSON.parse(lines[0]).error.code, 'step.too_large');
});

test('fifty thousand lines give fifty thousand answers', () => {
  const count = 50_000;
  const input = Array.from({ length: count }, (_, i) => step(i * 1000, `"track":"Product Viewed","visitor":"v${i % 100}"`)).join('\n');
  const { status, lines } = wayline(['run', 'boutique'], { input });
  assert.equal(status, 0);
  assert.equal(lines.length, count);
});

test('output that nobody can take ends with 2', () => {
  const { status, stderr } = spawnSync('bash', ['-c', '"$0" schema site > /dev/full', binary], { encoding: 'utf8' });
  assert.equal(status, 2);
  assert.match(stderr, /output\.unwritable/);
});

test('names and visitors do not steer a terminal', (context) => {
  const steps = join(temporaryFolder(context), 'steps.ndjson');
  writeFileSync(steps, '{"at":0,"tick":true,"visitor":"ada\\u001b]0;mine\\u0007"}\n');
  const { stdout } = spawnSync('script', ['-qec', `'${binary}' explain boutique '${steps}'; '${binary}' check '\x1b[2Jno'`, '/dev/null'], { cwd: samples, encoding: 'utf8' });
  assert.match(stdout, /visitor ada\?\]0;mine\? at/);
  assert.match(stdout, /\?\[2Jno: no such file/);
  assert.match(wayline(['explain', 'boutique', steps]).stdout, /\x1b\]0;mine\x07/);
});

test('streams that do not block are waited for', () => {
  const unblocked = (stream) => `perl -MFcntl -e 'fcntl(${stream}, F_SETFL, fcntl(${stream}, F_GETFL, 0) | O_NONBLOCK); exec @ARGV' "$0"`;
  const written = spawnSync('bash', ['-c', `for i in {1..5000}; do echo '{"at":0,"tick":true}'; done | ${unblocked('STDOUT')} run boutique | (sleep 0.3; wc -l)`, binary], { cwd: samples, encoding: 'utf8' });
  assert.deepEqual([written.stdout.trim(), written.stderr], ['5000', '']);
  const read = spawnSync('bash', ['-c', `(sleep 0.3; echo '{"rule":true,"data":null}') | ${unblocked('STDIN')} eval`, binary], { encoding: 'utf8' });
  assert.deepEqual([read.stdout, read.stderr], ['{"result":true}\n', '']);
});

test('a stream that is closed is no other file', (context) => {
  const folder = temporaryFolder(context);
  const run = (redirections) => spawnSync('bash', ['-c', `"$0" run boutique --receipts "$1" < visits.ndjson ${redirections}`, binary, join(folder, 'receipts.jsonl')], { cwd: samples, encoding: 'utf8' });
  for (const [redirections, status] of [['', 0], ['2>&-', 0], ['>&-', 2], ['>&- 2>&-', 2]]) {
    assert.equal(run(redirections).status, status, redirections);
    assert.equal(wayline(['verify', 'boutique', join(folder, 'receipts.jsonl')]).status, 0, redirections);
  }
  assert.match(run('>&-').stderr, /output\.unwritable/);
  assert.match(spawnSync('bash', ['-c', '"$0" eval <&-', binary], { encoding: 'utf8' }).stderr, /input\.unreadable/);
});

test('a pipe is told nothing in colour, a terminal is, unless it does not want to', () => {
  assert.doesNotMatch(wayline(['test', 'boutique']).stdout, /\x1b/);
  const terminal = (environment) => spawnSync('script', ['-qec', `'${binary}' test boutique`, '/dev/null'], { cwd: samples, encoding: 'utf8', env: { ...process.env, TERM: 'xterm', NO_COLOR: '', ...environment } }).stdout;
  assert.match(terminal({}), /\x1b\[1;32mpass/);
  assert.doesNotMatch(terminal({ NO_COLOR: '1' }), /\x1b/);
  assert.doesNotMatch(terminal({ TERM: 'dumb' }), /\x1b/);
});

test('what is written goes where links lead, and a file keeps its mode', (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'kept'));
  const [link, kept] = [join(folder, 'link'), join(folder, 'kept/file')];
  symlinkSync('second', link);
  symlinkSync('kept/file', join(folder, 'second'));
  const writes = [['run', 'boutique', '--save-state', link], ['build', 'boutique', '-o', link]];
  for (const parameters of writes) { // the first finds a link to nothing
    const { status, stderr } = wayline(parameters, { input: step(0) });
    assert.equal(status, 0, stderr);
    for (const each of ['link', 'second']) assert.ok(lstatSync(join(folder, each)).isSymbolicLink(), each);
    assert.ok(statSync(kept).size > 0);
    chmodSync(kept, 0o600);
  }
  assert.equal(statSync(kept).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(folder, 'kept')), ['file']);

  symlinkSync('itself', join(folder, 'itself'));
  const { status, stderr } = wayline(['build', 'boutique', '-o', join(folder, 'itself')]);
  assert.equal(status, 2);
  assert.match(stderr, /output\.unwritable/);
  assert.ok(lstatSync(join(folder, 'itself')).isSymbolicLink());
});
