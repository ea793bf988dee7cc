// Why a slot shows what it shows, in the panel's words: those of the command line.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, wayline } from '../support/built.mjs';
import { load } from './load.mjs';

const { reasonText, sightText } = await load('panel/words.ts');

test('every reason is said as the command line says it', () => {
  const reasons = [...readFileSync(join(root, 'core/cli/reasons.cpp'), 'utf8').matchAll(/\{"(\w+)", "([^"]+)"\}/g)];
  assert.equal(reasons.length, 17);
  for (const [, reason, meaning] of reasons) assert.equal(reasonText(reason), `${meaning[0].toUpperCase()}${meaning.slice(1)}.`, reason);
});

test('the predicate that decided, and what it saw, read the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wayline-words-'));
  try {
    mkdirSync(join(folder, 'rules'));
    const rule = (id, condition) => ({ id, slot: 'hero', page: { path: '/**' }, if: condition, variants: [{ id: 'a', content: { text: id } }] });
    writeFileSync(join(folder, 'site.json'), '{ "site": "words", "timezone": "UTC", "attributes": { "profile.tier": { "type": "string" }, "profile.sizes": { "type": "list" } } }');
    const rules = [rule('text', { '==': [{ var: 'profile.tier' }, 'gold'] }), rule('list', { in: ['M', { var: 'profile.sizes' }] }), rule('missing', { '!!': { var: 'page.referrer' } })];
    writeFileSync(join(folder, 'rules/all.json'), JSON.stringify(rules));
    const steps = [{ at: 1000, identify: 'a', traits: { tier: 'none', sizes: ['S', 'L'] } }, { at: 2000, page: { url: 'https://words.example/' } }];
    const explain = (...options) => execFileSync(wayline, ['explain', ...options, folder, '-'], { encoding: 'utf8', input: steps.map((step) => JSON.stringify(step)).join('\n') });
    const text = explain();
    const { candidates } = JSON.parse(explain('--json')).decisions.hero;
    assert.equal(candidates.length, 3);
    for (const { experience, predicate, result, saw } of candidates) assert.ok(text.includes(`        ${predicate} ${sightText(result, saw)}\n`), experience);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
