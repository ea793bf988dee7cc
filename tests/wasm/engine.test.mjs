// The wasm that ships, through the classes that the browser uses: programs, sessions, errors, memory.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { root, wayline } from '../support/built.mjs';
import { compile, Engine, packFiles, Program, runtime, Session, stepPageView, studio } from './engine.mjs';

const bytes = await compile();
const start = Date.UTC(2026, 9, 1, 9);
const page = (minutes, path = '/') => ({ at: start + minutes * 60_000, id: `p${minutes}`, page: { url: `https://shop.example${path}`, path } });
const view = (minutes) => ({ at: start + minutes * 60_000, id: `v${minutes}`, track: 'Product Viewed', properties: { category: 'dress' } });

test('a program says what it is', async () => {
  const program = Program.load(await runtime(), bytes);
  assert.equal(program.facts.site, 'test');
  assert.equal(program.facts.eventsPurpose, 'analytics');
  assert.match(program.facts.hash, /^[0-9a-f]{16}$/);
});

test('a visitor steps, is decided, inspected, stored and restored', async () => {
  const program = Program.load(await runtime(), bytes);
  const session = Session.create(program, 'anna');
  assert.equal(session.step(page(0)).decisions.hero.content.html, '<p>Welcome, stranger.</p>');
  session.step(view(1));
  const { effects, journeys } = session.step(view(2));
  assert.deepEqual(journeys.interest, { stage: 'tempted', status: 'active' });
  assert.deepEqual(effects.filter(({ type }) => type === 'track').map(({ event, id }) => [event, id]), [['Journey Entered', 'v2/1'], ['Stage Entered', 'v2/2']]);
  assert.deepEqual(effects.filter(({ type }) => type === 'timer'), [{ type: 'timer', at: '2026-10-01T10:02:00.000Z' }]);
  const { hero } = session.decide({ at: start + 180_000 });
  assert.deepEqual([hero.content, hero.journey, hero.reason], [{ text: 'You like this.' }, 'interest', 'matched']);
  const explained = session.explain({ at: start + 180_000 }, 'hero');
  assert.equal(explained.candidates.length, 2);
  const seen = session.inspect(start + 180_000);
  assert.equal(seen.visitor, 'anna');
  assert.equal(seen.segments.keen, true);
  assert.equal(seen.timer, '2026-10-01T10:02:00.000Z');

  const text = session.snapshot();
  const again = Session.create(program, 'ignored', JSON.parse(text));
  assert.deepEqual(again.restoration, { restored: true, dropped: [] });
  assert.equal(again.snapshot(), text);
  assert.deepEqual(again.decide({ at: start + 180_000 }), session.decide({ at: start + 180_000 }));
  assert.deepEqual(again.step({ at: start + 5_000_000, tick: true }).journeys.interest.stage, 'reminded');
});

test('a page view by its texts alone is the step of their object', async () => {
  const program = Program.load(await runtime(), bytes);
  const [byTexts, byObject] = ['anna', 'anna'].map((visitor) => Session.create(program, visitor));
  const views = [
    { at: start, url: 'https://shop.example/two' },
    { at: start + 1000, id: 'p1', url: 'https://shop.example/zażółć', title: 'Jaźń 👗', referrer: 'https://search.example/?q=Ż' },
    { at: start + 2000, id: 'p1', url: 'https://shop.example/two' },
    { at: start + 3000, url: `https://shop.example/?q=${'ż'.repeat(4000)}`, title: 'T' },
  ];
  for (const { at, id, ...page } of views) {
    assert.deepEqual(stepPageView(byTexts, { at, id, ...page }), byObject.step({ at, ...(id && { id }), page }));
    assert.equal(byTexts.snapshot(), byObject.snapshot());
  }
  assert.throws(() => stepPageView(byTexts, { at: NaN, url: 'https://shop.example/' }), { code: 'step.malformed' });
  byTexts.dispose();
  assert.throws(() => stepPageView(byTexts, views[0]), { code: 'engine.disposed' });
});

test('two sessions that do the same have the same digest, others do not', async () => {
  const program = Program.load(await runtime(), bytes);
  const digests = [[page(0), view(1), view(2), page(3)], [page(0), view(1), view(2), page(3)], [page(0), page(3)]].map((steps) => {
    const session = Session.create(program, 'anna');
    for (const step of steps) session.step(step);
    return session.digest();
  });
  assert.match(digests[0], /^[0-9a-f]{16}$/);
  assert.equal(digests[0], digests[1]);
  assert.notEqual(digests[0], digests[2]);
});

test('damaged programs are refused with their code, at every cut and every flip', async () => {
  const engine = await runtime();
  for (let size = 0; size < bytes.length; size += 97) {
    assert.throws(() => Program.load(engine, bytes.subarray(0, size)), ({ code }) => /^program\./.test(code), `cut to ${size}`);
  }
  for (let at = 0; at < bytes.length; at += 61) {
    const flipped = bytes.slice();
    flipped[at] ^= 0xff;
    assert.throws(() => Program.load(engine, flipped), ({ code }) => /^program\./.test(code), `flipped at ${at}`);
  }
  assert.throws(() => Program.load(engine, crypto.getRandomValues(new Uint8Array(65_536))), { code: 'program.malformed' });
  assert.equal(Program.load(engine, bytes).facts.site, 'test');
});

test('states of another shape or of the future are refused with their code', async () => {
  const program = Program.load(await runtime(), bytes);
  const state = JSON.parse(Session.create(program, 'anna').snapshot());
  for (const malformed of [[], 'text', 5, {}, { ...state, visitor: 7 }]) {
    assert.throws(() => Session.create(program, 'anna', malformed), { code: 'state.malformed' }, JSON.stringify(malformed));
  }
  assert.throws(() => Session.create(program, 'anna', { ...state, wayline: state.wayline + 1 }), { code: 'state.from_future' });
});

test('a refused step changes nothing', async () => {
  const program = Program.load(await runtime(), bytes);
  const session = Session.create(program, 'anna');
  session.step(page(0));
  const before = session.snapshot();
  for (const input of [{}, { at: 'soon', page: {} }, { at: start, track: 5 }, { at: start, tick: true, track: 'both' }]) {
    assert.throws(() => session.step(input), { code: 'step.malformed' }, JSON.stringify(input));
  }
  assert.throws(() => session.decide({ at: start, slots: ['nowhere'] }), { code: 'step.unknown_slot' });
  let deep = {};
  for (let level = 0; level < 100; level++) deep = { deep };
  assert.throws(() => session.step({ ...view(1), properties: deep }), { code: 'wire.too_deep' });
  assert.equal(session.snapshot(), before);
});

test('after dispose() an object is not to be used, and disposing twice is harmless', async () => {
  const program = Program.load(await runtime(), bytes);
  const session = Session.create(program, 'anna');
  program.dispose();
  program.dispose();
  assert.throws(() => Session.create(program, 'eve'), { code: 'engine.disposed' });
  assert.equal(session.step(page(0)).decisions.hero.reason, 'matched');
  session.dispose();
  session.dispose();
  assert.throws(() => session.step(page(1)), { code: 'engine.disposed' });
});

test('disposing frees: 2,000 programs and sessions take no more memory than 50', async () => {
  const engine = await runtime();
  const round = (count) => {
    for (let index = 0; index < count; index++) {
      const program = Program.load(engine, bytes);
      const session = Session.create(program, `visitor-${index}`);
      session.step(page(0));
      session.snapshot();
      session.dispose();
      program.dispose();
    }
    return engine.memorySize;
  };
  const settled = round(50);
  assert.equal(round(2_000), settled);
});

test('what is forgotten without dispose() is freed by the finalizer', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const engine = await runtime();
  const program = Program.load(engine, bytes);
  const round = async () => {
    for (let index = 0; index < 500; index++) Session.create(program, `visitor-${index}`).step(page(0));
    for (let pass = 0; pass < 2; pass++) {
      collect();
      await new Promise((next) => setTimeout(next, 20));
    }
    return engine.memorySize;
  };
  await round();
  const settled = await round();
  for (let count = 0; count < 5; count++) await round();
  assert.ok(engine.memorySize <= settled * 1.25);
});

test('a trap makes the instance unusable, with a code, and no other', async () => {
  const engine = await runtime();
  assert.throws(() => engine.call(() => { throw new WebAssembly.RuntimeError('unreachable'); }), { code: 'engine.crashed' });
  assert.throws(() => Program.load(engine, bytes), { code: 'engine.crashed' });
  assert.equal(Program.load(await runtime(), bytes).facts.site, 'test');
});

test('bytes that are no wasm are refused with a code', async () => {
  await assert.rejects(Engine.load(new Uint8Array([1, 2, 3])), { code: 'engine.unavailable' });
});

test('the studio evaluates rules and compiles packs, with diagnostics', async () => {
  const tools = await studio();
  assert.deepEqual(JSON.parse(tools.eval('{"rule":{"+":[1,{"var":"a"}]},"data":{"a":2}}')), { result: 3 });
  assert.equal(typeof JSON.parse(tools.eval('nonsense')).error.code, 'string');
  const { program, diagnostics } = tools.compile({ ...packFiles(), 'rules/wrong.json': '{\n  "id": "x",\n  "slto": "hero"\n}' });
  assert.equal(program, undefined);
  const typo = diagnostics.find(({ code }) => code === 'pack.unknown_key');
  assert.deepEqual([typo.severity, typo.file, typo.line, typo.column], ['error', 'rules/wrong.json', 3, 3]);
});

test('the studio warns as the command line does', async () => {
  const folder = join(root, 'tests/golden/diagnostics/always-the-same/pack');
  const files = Object.fromEntries(readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json')).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const { program, diagnostics } = (await studio()).compile(files);
  assert.ok(program, 'warnings are no errors');
  const { findings } = JSON.parse(execFileSync(wayline, ['check', folder, '--json'], { encoding: 'utf8' }));
  assert.ok(findings.length > 15);
  assert.deepEqual(diagnostics, findings);
});
