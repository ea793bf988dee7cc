// Why a condition holds or does not, as a tree with the value of each part: the same text from the command line and from the browser's studio.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { wayline } from '../support/built.mjs';
import { compile, Program, runtime, Session, studio } from './engine.mjs';

const profile = (name) => ({ var: `profile.${name}` });
const rule = (id, condition) => ({ id, slot: 'hero', page: { path: '/**' }, ...(condition && { if: condition }), variants: [{ id: 'a', content: { text: id } }] });
const files = {
  'site.json': JSON.stringify({
    site: 'trees', timezone: 'UTC',
    attributes: { 'profile.tier': { type: 'string' }, 'profile.visits': { type: 'number' }, 'profile.sizes': { type: 'list' }, 'profile.note': { type: 'string' } },
    events: { Viewed: { properties: { price: 'number' } } },
    segments: { keen: { '>=': [{ count: ['Viewed', { within: '7d', where: { '>': [{ var: 'event.properties.price' }, 10] } }] }, 2] } },
  }),
  'rules/all.json': JSON.stringify([
    rule('keen-gold', { and: [{ segment: 'keen' }, { or: [{ '==': [profile('tier'), 'gold'] }, { '>': [{ '+': [profile('visits'), 1] }, 9] }] }] }),
    rule('sizes', { '!': { some: [profile('sizes'), { '==': [{ var: '' }, 'XL'] }] } }),
    rule('noted', { '==': [profile('note'), 'x'] }),
    rule('many', { or: Array.from({ length: 1_200 }, (_, index) => ({ '==': [{ '+': [profile('visits'), index] }, -1] })) }),
    rule('on-sale', { '==': [{ var: 'page.path' }, '/sale'] }),
    rule('always'),
  ]),
};
const at = Date.UTC(2026, 2, 1, 10);
const note = `${'a'.repeat(118)}żółw`;
const steps = [
  { at, page: { url: 'https://trees.example/' } },
  { at: at + 1_000, identify: 'anna', traits: { tier: 'none', visits: 3, sizes: ['S', 'XL'], note } },
  { at: at + 2_000, track: 'Viewed', properties: { price: 20 } },
  { at: at + 3_000, track: 'Viewed', properties: { price: 30 } },
];
const folder = mkdtempSync(join(tmpdir(), 'wayline-explain-'));
after(() => rmSync(folder, { recursive: true }));

const bytes = await compile(files);
const session = Session.create(Program.load(await runtime(), bytes), 'visitor');
for (const step of steps) session.step(step);
const question = { at: at + 3_000, state: JSON.parse(session.snapshot()) };
const tools = await studio();
const tree = (experience, more = {}) => tools.explain(bytes, { ...question, experience, ...more });

/** What the command line says of the same visitor. */
function said(...options) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(`${folder}.jsonl`, steps.map((step) => `${JSON.stringify({ ...step, visitor: 'visitor' })}\n`).join(''));
  try {
    return execFileSync(wayline, ['explain', '--tree', '--slot', 'hero', ...options, folder, `${folder}.jsonl`], { encoding: 'utf8' });
  } finally {
    rmSync(`${folder}.jsonl`);
  }
}

test('each part has its value, definitions are unfolded, and the one predicate that decided is marked', () => {
  // In the order in which the parts are asked: the cheaper ones first.
  assert.equal(tree('keen-gold'), `false  {"and":[{"or":[{"==":[{"var":"profile.tier"},"gold"]},{">":[{"+":[{"var":"profile.visits"},1]},9]}]},{"segment":"keen"}]}
  false  {"or":[{"==":[{"var":"profile.tier"},"gold"]},{">":[{"+":[{"var":"profile.visits"},1]},9]}]}  <- this decided
    false  {"==":[{"var":"profile.tier"},"gold"]}
      "none"  {"var":"profile.tier"}
    false  {">":[{"+":[{"var":"profile.visits"},1]},9]}
      4  {"+":[{"var":"profile.visits"},1]}
        3  {"var":"profile.visits"}
  true  {"segment":"keen"}
    true  {">=":[{"count":["Viewed",{"within":"7d","where":{">":[{"var":"event.properties.price"},10]}}]},2]}
      2  {"count":["Viewed",{"within":"7d","where":{">":[{"var":"event.properties.price"},10]}}]}
`);
});

test('what is asked of each item of a list has no one value', () => {
  assert.equal(tree('sizes'), `false  {"!":[{"some":[{"var":"profile.sizes"},{"==":[{"var":""},"XL"]}]}]}
  true  {"some":[{"var":"profile.sizes"},{"==":[{"var":""},"XL"]}]}  <- this decided
    ["S","XL"]  {"var":"profile.sizes"}
`);
});

test('the command line and the studio in a browser say the same', () => {
  const trees = JSON.parse(said('--json')).trees;
  assert.deepEqual(Object.keys(trees), ['keen-gold', 'many', 'noted', 'on-sale', 'sizes']);
  for (const [experience, text] of Object.entries(trees)) assert.equal(tree(experience), text, experience);
  const indented = tree('keen-gold').replace(/^(?=.)/gm, ' '.repeat(8));
  assert.ok(said().includes(indented));
});

test('long values and long trees are cut, between characters and between lines', () => {
  assert.ok(tree('noted').includes(`  "${'a'.repeat(118)}…  {"var":"profile.note"}\n`), tree('noted'));
  const lines = tree('many').split('\n');
  assert.deepEqual([lines.length, lines.at(-2), lines.at(-1)], [1_002, '…', '']);
});

test('another page than the latest step\'s counts, and a time that is to come; one before the latest step does not; without a condition there is no tree', () => {
  assert.equal(tree('always'), '');
  assert.equal(tree('keen-gold', { at: at - 864e5 }), tree('keen-gold'));
  assert.match(tree('on-sale', { page: { url: 'https://trees.example/sale' } }), /^true .*\n {2}"\/sale"/);
  assert.match(tree('on-sale'), /^false .*\n {2}"\/"/);
  assert.match(tree('keen-gold', { at: at + 30 * 864e5 }), /^ {2}false {2}\{"segment":"keen"\}$/m);
});

test('what is not there is refused', () => {
  assert.throws(() => tree('nothing'), { code: 'step.malformed' });
  assert.throws(() => tree('noted', { at: 'now' }), { code: 'step.malformed' });
  assert.throws(() => tree('noted', { state: 5 }), { code: 'state.malformed' });
  assert.throws(() => tools.explain(bytes.slice(0, -1), { ...question, experience: 'noted' }), { code: /^program\./ });
  assert.equal(tree('always'), '', 'and the studio goes on');
});
