// Replays agree with one another however they are fed and shared out.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { copyOfSamples, wayline, waylineJson } from './wayline.mjs';

const visitors = 50, clicks = 12;

/** Sessions that interleave, with pages, views and baskets. */
function writeSessions(folder) {
  const rows = ['date;who;n;kind;price'];
  for (let n = 1; n <= clicks; n++) {
    for (let visitor = 1; visitor <= visitors; visitor++) rows.push(`${1 + (visitor % 28)};v${visitor};${n};${(visitor * n) % 3 ? 'S' : 'T'};${n}`);
  }
  writeFileSync(join(folder, 'sessions.csv'), `${rows.join('\n')}\n`);
}

const speedless = ({ eventsPerSecond, ...rest }) => {
  assert.ok(eventsPerSecond > 0);
  return rest;
};

function replay(cwd, ...parameters) {
  const { status, value } = waylineJson(['replay', 'boutique', ...parameters], { cwd });
  assert.equal(status, 0, JSON.stringify(value));
  return speedless(value);
}

test('any number of workers gives the same summary and digest', (context) => {
  const cwd = copyOfSamples(context);
  writeSessions(cwd);
  const one = replay(cwd, 'sessions.csv', '--mapping', 'clicks.mapping.json', '--workers', '1');
  assert.equal(one.visitors, visitors);
  assert.equal(one.events, visitors * clicks);
  for (const workers of ['2', '3', '7', '64']) assert.deepEqual(replay(cwd, 'sessions.csv', '--mapping', 'clicks.mapping.json', '--workers', workers), one);
});

test('the printed steps replay as the rows do, and run takes each of them', (context) => {
  const cwd = copyOfSamples(context);
  writeSessions(cwd);
  const { stdout, lines } = wayline(['replay', 'boutique', 'sessions.csv', '--mapping', 'clicks.mapping.json', '--print-steps'], { cwd });
  assert.equal(lines.length, visitors * clicks);
  writeFileSync(join(cwd, 'steps.ndjson'), stdout);
  const rows = replay(cwd, 'sessions.csv', '--mapping', 'clicks.mapping.json');
  assert.deepEqual(replay(cwd, 'steps.ndjson'), rows);
  const run = wayline(['run', 'boutique', 'steps.ndjson'], { cwd });
  assert.equal(run.status, 0);
  assert.equal(run.lines.length, visitors * clicks);
});

test('the digest is over decisions: another pack that decides otherwise has another one', (context) => {
  const cwd = copyOfSamples(context);
  const digest = (pack) => waylineJson(['replay', pack, 'visits.ndjson'], { cwd }).value.digest;
  assert.match(digest('boutique'), /^[0-9a-f]{16}$/);
  assert.equal(digest('boutique'), digest('boutique'));
  assert.notEqual(digest('boutique'), digest('boutique-next'));
});

test('the order of visitors does not matter, the order of one visitor does', (context) => {
  const cwd = copyOfSamples(context);
  const visits = wayline(['replay', 'boutique', 'visits.ndjson', '--print-steps'], { cwd }).lines;
  const digestOf = (lines) => {
    writeFileSync(join(cwd, 'order.ndjson'), `${lines.join('\n')}\n`);
    return replay(cwd, 'order.ndjson').digest;
  };
  const of = (visitor) => visits.filter((line) => JSON.parse(line).visitor === visitor);
  assert.equal(digestOf([...of('bo'), ...of('ada')]), digestOf(visits));
  const isPage = (line) => JSON.parse(line).page !== undefined;
  const pagesFirst = [...of('ada').filter(isPage), ...of('ada').filter((line) => !isPage(line))];
  assert.notEqual(digestOf([...pagesFirst, ...of('bo')]), digestOf(visits));
});

test('the earliest bad row is named, however the work is shared', (context) => {
  const cwd = copyOfSamples(context);
  writeSessions(cwd);
  const { stdout } = wayline(['replay', 'boutique', 'sessions.csv', '--mapping', 'clicks.mapping.json', '--print-steps'], { cwd });
  const lines = stdout.split('\n');
  lines[99] = lines[99].replace('"track":', '"trick":');
  lines[80] = lines[80].replace('"track":', '"trick":');
  writeFileSync(join(cwd, 'bad.ndjson'), lines.join('\n'));
  for (const workers of ['1', '2', '5']) {
    const { status, value } = waylineJson(['replay', 'boutique', 'bad.ndjson', '--workers', workers], { cwd });
    assert.equal(status, 2);
    assert.equal(value.error.code, 'step.malformed');
    assert.match(value.error.message, /^bad\.ndjson:81: /);
  }
});

test('a file can come from standard input', (context) => {
  const cwd = copyOfSamples(context);
  writeSessions(cwd);
  const { stdout } = wayline(['replay', 'boutique', 'sessions.csv', '--mapping', 'clicks.mapping.json', '--print-steps'], { cwd });
  const { value } = waylineJson(['replay', 'boutique', '-'], { cwd, input: stdout });
  assert.deepEqual(speedless(value), replay(cwd, 'sessions.csv', '--mapping', 'clicks.mapping.json'));
});
