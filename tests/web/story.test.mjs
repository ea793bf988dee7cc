// The panel's "save as test": what it writes must pass `wayline test` against the same pack.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build, root, wayline } from '../support/built.mjs';
import { load } from './load.mjs';

const { storyOf, Engine, Program, Session } = await load('panel/story.ts', 'engine.ts');
const folder = mkdtempSync(join(tmpdir(), 'wayline-story-'));
const day = 86_400_000;
let engine, program;

before(async () => {
  cpSync(join(root, 'demo/pack'), join(folder, 'pack'), { recursive: true });
  rmSync(join(folder, 'pack/tests'), { recursive: true });
  const made = spawnSync(wayline, ['build', join(folder, 'pack'), '-o', join(folder, 'pack.wayline')], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  engine = await Engine.load(readFileSync(join(build, 'web/wayline.wasm')));
  program = Program.load(engine, readFileSync(join(folder, 'pack.wayline')));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Plays the inputs as a page would, and gives what the panel would have recorded of them from the input `from` on. */
function record(inputs, from = 0) {
  const session = Session.create(program, 'ada');
  const moments = [];
  let inspection = null;
  inputs.forEach((input, index) => {
    if (index === from && index > 0) inspection = session.inspect(input.at);
    session.step(input);
    if (index >= from) moments.push({ input, after: session.snapshot() });
  });
  return {
    visitor: 'ada',
    moments,
    before: inspection,
    fork: (state) => Session.create(program, 'ada', state),
    sessionAt: (index) => Session.create(program, 'ada', JSON.parse(moments[index].after)),
  };
}

/** What `wayline test` says of the pack with this story in it. */
function play({ text }) {
  rmSync(join(folder, 'played'), { recursive: true, force: true });
  cpSync(join(folder, 'pack'), join(folder, 'played'), { recursive: true });
  const tests = join(folder, 'played/tests');
  mkdirSync(tests);
  writeFileSync(join(tests, 'recorded.json'), text);
  const { status, stdout, stderr } = spawnSync(wayline, ['test', join(folder, 'played')], { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

const start = Date.parse('2026-11-20T10:00:00.250Z');
const device = { type: 'desktop', language: 'pl' };
const pageAt = (path, referrer = '') => ({ url: `https://hazel.example${path}`, path, referrer, search: '', title: 'Hazel' });
let clock = 0;
const input = (wait, parts) => ({ at: start + (clock += wait), id: `m${clock}`, ...parts });

function visit() {
  clock = 0;
  const blouse = (id, price) => [
    input(4_300, { page: pageAt(`/product/${id}`, 'https://hazel.example/blouses'), device }),
    input(40, { track: 'Product Viewed', properties: { product_id: id, category: 'blouses', price }, page: pageAt(`/product/${id}`), device }),
  ];
  return [
    input(0, { page: pageAt('/', 'https://search.example/?q=blouse'), device }),
    input(9_120, { consent: { analytics: true, personalization: true, service: true, horoscopes: true } }),
    input(3_000, { track: 'Newsletter Closed', properties: {}, page: pageAt('/'), device }),
    ...blouse('C11', 33), ...blouse('C12', 38), ...blouse('C13', 29),
    input(2_700, { page: pageAt('/'), device }),
    input(1_200, { exposure: { slot: 'hero', journey: 'category-interest', experience: 'category-interest.blouses.hero', variant: 'tucked' } }),
    input(60_000, { identify: 'customer-7', traits: { first_name: 'Ada', tier: 'gold', shoe_size: 38 }, page: pageAt('/') }),
    input(day, { page: pageAt('/'), device }),
    input(9 * day + 17, { tick: true }),
    input(500, { page: pageAt('/'), device }),
  ];
}

test('a visit from its first page is a story that passes, and expects what was seen', () => {
  const story = storyOf('Three blouses, and a name', record(visit()));
  const { visitor, steps } = JSON.parse(story.text);
  assert.deepEqual(visitor, { id: 'ada' });
  assert.deepEqual([steps[0].at, steps[0].page], ['2026-11-20T10:00:00.250Z', { url: 'https://hazel.example/', referrer: 'https://search.example/?q=blouse' }]);
  const expected = (what) => steps.flatMap(({ expect }) => Object.keys(expect?.[what] ?? {}));
  assert.ok(expected('journeys').includes('category-interest') && expected('slots').includes('hero') && expected('effects').length > 0);
  assert.ok(steps.every(({ wait }) => wait === undefined || /^[1-9]\d*[smhd]$/.test(wait)));
  assert.equal(steps.filter((step) => step.device !== undefined).length, 1, 'the device is said once');
  const { status, said } = play(story);
  assert.equal(status, 0, `${said}\n${story.text}`);
  assert.equal(story.notes[0], 'Played from its beginning, it comes out as it was seen here.');
});

test('what the pack does not know is left out: events, purposes, traits', () => {
  const story = storyOf('Unknown names', record(visit()));
  assert.doesNotMatch(story.text, /Newsletter|horoscopes|shoe_size/);
  assert.match(story.text, /"first_name": "Ada"/);
  assert.ok(story.notes.includes('Left out, because the pack makes nothing of it: Newsletter Closed.'));
});

test('a visitor who was known before begins with traits and consent; the story says that the history is missing', () => {
  const story = storyOf('Later', record(visit(), 12));
  const { visitor } = JSON.parse(story.text);
  assert.deepEqual([visitor.user, visitor.consent, visitor.traits.first_name.value], ['customer-7', { analytics: true, personalization: true, service: true }, 'Ada']);
  assert.match(story.notes[0], /^The visitor was known before/);
  assert.match(story.notes[1], /^After 2 steps its slots are not as they were seen here/, 'for want of that history');
  const { status, said } = play(story);
  assert.equal(status, 0, said);
});

test('a timer that was due by a part of a second is due in the story', () => {
  const at = (time) => Date.parse(`2026-11-20T${time}Z`);
  const story = storyOf('By a part of a second', record([
    { at: at('10:00:00.900'), id: 'm1', consent: { analytics: true, personalization: true, service: true } },
    { at: at('10:00:05.000'), id: 'm2', track: 'Product Added', properties: { product_id: 'C11', category: 'blouses', price: 33, quantity: 1 } },
    { at: at('17:00:00.100'), id: 'm3', tick: true }, // six in the evening in Warsaw
  ]));
  assert.equal(JSON.parse(story.text).steps.at(-1).expect.journeys['abandoned-basket'].stage, 'reminded');
});

test('what a slot shows beside the other slots of its page is asked beside them', () => {
  clock = 0;
  const story = storyOf('A basket, and a name', record([
    input(0, { page: pageAt('/'), device }),
    input(1_000, { consent: { analytics: true, personalization: true, service: true } }),
    input(day, { track: 'Product Added', properties: { product_id: 'C11', category: 'blouses', price: 33, quantity: 1 } }),
    input(2_400_000, { page: pageAt('/') }),
    input(1_000, { identify: 'customer-7', traits: { first_name: { value: 'Ada', source: 'account' } }, page: pageAt('/') }),
  ]));
  const { decide, expect } = JSON.parse(story.text).steps.at(-1);
  assert.deepEqual([decide, Object.keys(expect.slots)], [['announcement', 'hero', 'home-edit'], ['announcement']]);
  const { status, said } = play(story);
  assert.equal(status, 0, said);
});

test('where the first step is left out, the visitor is still known from its time on', () => {
  clock = 0;
  const known = [
    input(0, { consent: { analytics: true, personalization: true, service: true } }),
    input(1_000, { identify: 'customer-7', traits: { first_name: 'Ada' } }),
    input(1_000, { track: 'Newsletter Closed', properties: {}, page: pageAt('/') }),
    input(8 * day, { page: pageAt('/help'), device }),
  ];
  const story = storyOf('The week after', record(known, 2));
  const { steps } = JSON.parse(story.text);
  assert.deepEqual([steps[0].tick, steps[1].expect.slots.announcement.experience], [true, 'welcome-back']);
  const { status, said } = play(story);
  assert.equal(status, 0, said);
});

test('a story that is changed fails, so that passing means something', () => {
  const { text } = storyOf('Changed', record(visit()));
  const { status, said } = play({ text: text.replace('"status": "active"', '"status": "held"') });
  assert.equal(status, 1, said);
});

test('nothing recorded is no story, and neither is what the pack makes nothing of', () => {
  clock = 0;
  assert.equal(storyOf('Nothing', record([])), undefined);
  assert.equal(storyOf('Nothing', record([input(0, { track: 'Newsletter Closed' })])), undefined);
});
