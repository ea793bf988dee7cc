// The program itself: usage, exit codes, what it says when it can not start.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { collector } from '../support/built.mjs';
import { start, temporaryFolder } from './collector.mjs';

const run = (...options) => spawnSync(collector, options, { encoding: 'utf8', timeout: 10_000 });

test('--help shows the usage; a wrong call shows it too and exits with 2', () => {
  const help = run('--help');
  assert.equal(help.status, 0);
  assert.match(help.stdout, /^usage: wayline-collector/);
  for (const options of [[], ['--root', '/'], ['--colour', 'blue'], ['--port']]) {
    const wrong = run(...options);
    assert.equal(wrong.status, 2, options.join(' '));
    assert.match(wrong.stderr, /^usage: /);
    assert.match(wrong.stderr, /wayline-collector: usage: .+\n$/);
    assert.equal(wrong.stdout, '');
  }
});

test('what it can not open or bind it names, and exits with 1', async (context) => {
  const folder = await temporaryFolder(context);
  const common = ['--root', folder, '--pack', join(folder, 'pack'), '--write-key', 'k'];
  const noFolder = run(...common, '--port', '0', '--database', join(folder, 'no/such/folder/events.sqlite'));
  assert.equal(noFolder.status, 1);
  assert.match(noFolder.stderr, /collector\.unavailable: .*no\/such\/folder/);
  await writeFile(join(folder, 'text.sqlite'), 'this is no database'.repeat(100));
  const noDatabase = run(...common, '--port', '0', '--database', join(folder, 'text.sqlite'));
  assert.equal(noDatabase.status, 1);
  assert.match(noDatabase.stderr, /not a database/);
  const running = await start(context, folder);
  const taken = run(...common, '--port', String(running.port), '--database', join(folder, 'other.sqlite'));
  assert.equal(taken.status, 1);
  assert.match(taken.stderr, new RegExp(`127\\.0\\.0\\.1:${running.port}: Address already in use`));
  const notHere = run(...common, '--host', '192.0.2.1', '--database', join(folder, 'other.sqlite'));
  assert.equal(notHere.status, 1);
  assert.match(notHere.stderr, /192\.0\.2\.1:8080: /);
});

test('it listens on the loopback address only, unless told otherwise', async (context) => {
  const folder = await temporaryFolder(context);
  const collector = await start(context, folder);
  assert.match(collector.url, /^http:\/\/127\.0\.0\.1:\d+$/);
});
