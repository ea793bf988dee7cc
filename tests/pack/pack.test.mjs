// The shop's pack: it checks clean, its stories pass, and there is a story for each way in which a journey can end.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const build = process.env.WAYLINE_BUILD ?? join(root, 'build');
const pack = join(root, 'demo/pack');
const folder = mkdtempSync(join(tmpdir(), 'wayline-pack-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function wayline(...parameters) {
  const { status, stdout, stderr } = spawnSync(join(build, 'native/bin/wayline'), parameters, { cwd: root, encoding: 'utf8' });
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

test('building it twice gives the same bytes', () => {
  const files = ['one', 'two'].map((name) => join(folder, `${name}.wayline`));
  for (const file of files) assert.equal(wayline('build', pack, '-o', file).status, 0);
  const [one, two] = files.map((file) => readFileSync(file));
  assert.ok(one.length > 0 && one.equals(two));
});
