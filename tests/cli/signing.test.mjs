// `wayline build --sign`: what it writes verifies with the key that it names, and the program still runs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { wayline } from '../support/built.mjs';

const pack = new URL('../golden/cli/boutique', import.meta.url).pathname;
const day = 86_400_000;
const sealSize = 88;
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayline-signing-'));
  writeFileSync(join(folder, 'key.pem'), generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
  writeFileSync(join(folder, 'rsa.pem'), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
});
after(() => rmSync(folder, { recursive: true }));

const run = (...words) => spawnSync(wayline, words, { encoding: 'utf8', input: '' });
const build = (name, ...words) => run('build', pack, '-o', join(folder, name), '--json', ...words);
const sign = (name, ...words) => build(name, '--sign', join(folder, 'key.pem'), ...words);

/** The 12 bytes before a raw Ed25519 key in its DER form. */
const derHead = Buffer.from('302a300506032b6570032100', 'hex');

test('a signed program is the program, a seal, and a signature of both that the named key verifies', () => {
  const plain = build('plain.wayline');
  const result = sign('signed.wayline', '--pack-version', '7', '--valid', '30d');
  assert.equal(result.status, 0, result.stderr);
  const report = JSON.parse(result.stdout);
  const bytes = readFileSync(join(folder, 'signed.wayline'));
  assert.deepEqual(bytes.subarray(0, -sealSize), readFileSync(join(folder, 'plain.wayline')));
  assert.equal(report.hash, JSON.parse(plain.stdout).hash);
  const raw = Buffer.from(report.key, 'base64');
  const seal = bytes.subarray(-sealSize);
  assert.equal(seal.toString('latin1', 0, 4), 'WLSG');
  assert.deepEqual(seal.subarray(4, 8), raw.subarray(0, 4));
  assert.deepEqual([seal.readDoubleLE(8), report.version], [7, 7]);
  assert.equal(new Date(seal.readDoubleLE(16)).toISOString(), report.expires);
  assert.ok(Math.abs(seal.readDoubleLE(16) - Date.now() - 30 * day) < 60_000);
  const key = createPublicKey({ key: Buffer.concat([derHead, raw]), format: 'der', type: 'spki' });
  assert.ok(verify(null, bytes.subarray(0, -64), key, bytes.subarray(-64)));
});

test('the version is the time unless it is given, so that a later program is a newer one', () => {
  const { version } = JSON.parse(sign('timed.wayline').stdout);
  assert.ok(Math.abs(version - Date.now()) < 60_000);
});

test('a signed program runs as the unsigned one does', () => {
  sign('signed.wayline');
  const ran = spawnSync(wayline, ['run', join(folder, 'signed.wayline')], { encoding: 'utf8', input: '{"at":"2026-01-31T12:00:00Z","tick":true}\n' });
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
});

test('keys and terms that can not be used are refused, and nothing is written', () => {
  for (const [words, code, status] of [
    [['--sign', join(folder, 'none.pem')], 'key.unusable', 2],
    [['--sign', join(folder, 'rsa.pem')], 'key.unusable', 2],
    [['--sign', pack], 'key.unusable', 2],
    [['--sign', join(folder, 'key.pem'), '--pack-version', '-1'], 'usage', 2],
    [['--sign', join(folder, 'key.pem'), '--pack-version', '9007199254740992'], 'usage', 2],
    [['--sign', join(folder, 'key.pem'), '--valid', 'soon'], 'usage', 2],
    [['--sign', join(folder, 'key.pem'), '--valid', '0s'], 'usage', 2],
    [['--valid', '30d'], 'usage', 2],
  ]) {
    const { stdout, status: exit } = build('refused.wayline', ...words);
    assert.deepEqual([JSON.parse(stdout).error.code, exit], [code, status], words.join(' '));
    assert.throws(() => readFileSync(join(folder, 'refused.wayline')));
  }
});
