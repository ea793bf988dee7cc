// The shop's pack: it checks clean, its stories pass, and there is a story for each way in which a journey can end.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root, wayline as program } from '../support/built.mjs';

const pack = join(root, 'demo/pack');
const folder = mkdtempSync(join(tmpdir(), 'wayline-pack-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function wayline(...parameters) {
  const { status, stdout, stderr } = spawnSync(program, parameters, { cwd: root, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Comments are taken out outside strings; nothing else of JSON is touched. */
function readDocuments(name) {
  const parse = (path) => JSON.parse(readFileSync(path, 'utf8').replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, text) => text ?? ''));
  return readdirSync(join(pack, name)).filter((file) => file.endsWith('.json')).sort().flatMap((file) => parse(join(pack, name, file)));
}

const journeys = readDocuments('journeys');
const stories = readDocuments('tests');

test('the pack checks clean', () => {
  const { status, output } = wayline('check', pack);
  assert.equal(status, 0, output);
  assert.doesNotMatch(output, /warning/);
});

test('its stories pass', () => {
  const { status, output } = wayline('test', pack);
  assert.equal(status, 0, output);
});

test('it has at least five live journeys and fifteen stories', () => {
  assert.ok(journeys.filter(({ status }) => status === 'live').length >= 5);
  assert.ok(stories.length >= 15);
});

for (const name of [
  'An open case silences promotions until it is closed well',
  'A customer taken over by a personal shopper sees no automated offer, until the shopper lets go',
  'A buyer of trousers with a sale intent meets the sale journey once, not twice',
  'The holdout sees the plain shop',
]) {
  test(`there is the story: ${name}`, () => assert.ok(stories.some(({ story }) => story === name)));
}

for (const journey of journeys) {
  const ends = [...(journey.goal && journey.goal.ends !== false ? ['completed'] : []), ...(journey.exit ?? []).map(({ outcome = 'exited' }) => outcome)];
  for (const end of new Set(ends)) {
    test(`a story ends ${journey.id} with ${end}`, () => {
      const reached = stories.some(({ steps }) => steps.some(({ expect }) => {
        const seen = expect?.journeys?.[journey.id];
        return end === 'completed' ? seen?.status === 'completed' : seen?.status === 'exited' && seen.outcome === end;
      }));
      assert.ok(reached);
    });
  }
}

test('the receipts of a visit name the traits that were read, with the value that counted, and stand', () => {
  const steps = [
    { at: '2026-10-05T08:00:00Z', consent: { personalization: true } },
    { at: '2026-10-05T08:00:01Z', identify: 'customer-1', traits: { tier: { value: 'gold', source: 'account', observedAt: '2026-10-05T08:00:00Z' } } },
    { at: '2026-10-05T08:00:02Z', identify: 'customer-1', traits: { tier: { value: 'none', source: 'crm', observedAt: '2026-10-04T08:00:00Z' } } },
    { at: '2026-10-05T08:01:00Z', page: { url: 'https://hazel.example/account' } },
    { at: '2026-11-03T20:00:00Z', page: { url: 'https://hazel.example/account' } },
    { at: '2026-11-20T08:00:00Z', page: { url: 'https://hazel.example/account' } },
  ];
  const [events, receipts] = ['visit.ndjson', 'receipts.ndjson'].map((name) => join(folder, name));
  writeFileSync(events, steps.map((step) => `${JSON.stringify(step)}\n`).join(''));
  assert.equal(wayline('run', pack, events, '--receipts', receipts).status, 0);
  const links = readFileSync(receipts, 'utf8').trim().split('\n').map((line) => JSON.parse(line)).filter(({ link }) => link);
  const pages = links.filter(({ event }) => event.page);
  assert.deepEqual(pages.map(({ reads }) => reads['profile.tier']), [['none'], ['gold'], [null]], 'the CRM is believed, until its word is stale; then the account, until its own is');
  assert.equal(wayline('verify', pack, receipts).status, 0);
  const forged = join(folder, 'forged.ndjson');
  writeFileSync(forged, readFileSync(receipts, 'utf8').replace('"profile.tier":["none"]', '"profile.tier":["gold"]'));
  assert.equal(wayline('verify', pack, forged).status, 1);
});

test('building it twice gives the same bytes', () => {
  const files = ['one', 'two'].map((name) => join(folder, `${name}.wayline`));
  for (const file of files) assert.equal(wayline('build', pack, '-o', file).status, 0);
  const [one, two] = files.map((file) => readFileSync(file));
  assert.ok(one.length > 0 && one.equals(two));
});
