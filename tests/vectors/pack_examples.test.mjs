// The reference's examples that need a pack: segment, intent, stage. Each becomes a pack with one page rule, whose condition
// is that the example's rule gives the example's result.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { wayline } from '../support/built.mjs';

const { operators } = JSON.parse(readFileSync(new URL('../../core/spec/operators.json', import.meta.url), 'utf8'));
const start = Date.parse('2026-11-21T12:00:00Z');
const milliseconds = { d: 86_400_000, h: 3_600_000 };
const duration = (text) => Number(text.slice(0, -1)) * milliseconds[text.at(-1)];

function writePack(folder, { site, journeys = [], rule, result }, expected) {
  const pageRule = { id: 'example', slot: 'hero', page: { path: '/**' }, if: { '===': [rule, expected ? result : { cat: ['not ', result] }] }, variants: [{ id: 'a', content: { text: 'seen' } }] };
  for (const part of ['rules', 'journeys']) mkdirSync(join(folder, part));
  writeFileSync(join(folder, 'site.json'), JSON.stringify({ site: 'example', timezone: 'UTC', teams: { care: {} }, slots: { hero: {} }, ...site }));
  writeFileSync(join(folder, 'rules/example.json'), JSON.stringify(pageRule));
  for (const journey of journeys) writeFileSync(join(folder, `journeys/${journey.id}.json`), JSON.stringify(journey));
}

function decide(example, expected) {
  const folder = mkdtempSync(join(tmpdir(), 'wayline-example-'));
  try {
    writePack(folder, example, expected);
    let at = start;
    // All at one instant but where the example waits.
    const lines = [...example.steps, { page: { url: 'https://shop.example/' } }].map(({ wait = '0h', ...step }) => {
      at += duration(wait);
      return JSON.stringify({ at: new Date(at).toISOString(), ...step });
    });
    const run = spawnSync(wayline, ['run', folder], { input: lines.map((line) => `${line}\n`).join('') });
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
    return JSON.parse(run.stdout.toString().trim().split('\n').at(-1)).decisions.hero.experience;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const { name, examples } of operators) {
  for (const example of examples.filter(({ steps }) => steps)) {
    test(`the reference's ${name} holds inside a pack`, () => {
      assert.equal(decide(example, true), 'example');
      assert.equal(decide(example, false), null, 'and only that result');
    });
  }
}
