// The clauses of core/spec/journeys.md, and random visits to the shop: the native command and the module that pages load give the same bytes.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Engine, Program, Session, bytesOf } from '../wasm/engine.mjs';
import { wayline } from '../support/built.mjs';
import { seededRandom } from '../support/random.mjs';
import { canonical } from './evaluators.mjs';

const folder = 'tests/vectors/journeys';
/** Steps of the random visits; a longer run: WAYLINE_RANDOM_STEPS=1000000. */
const randomSteps = Number(process.env.WAYLINE_RANDOM_STEPS ?? 20_000);
/** At most so many of them at a time, of visitors of their own: their answers are one text. */
const stepsAtOnce = 20_000;

let engine, scratch;
before(async () => {
  engine = await Engine.load(bytesOf('wayline.wasm'));
  scratch = mkdtempSync(join(tmpdir(), 'wayline-journeys-'));
});
after(() => rmSync(scratch, { recursive: true }));

/** The compiled pack of a folder. */
function build(pack, name = 'pack.wayline') {
  const program = join(scratch, name);
  execFileSync(wayline, ['build', pack, '-o', program], { stdio: ['ignore', 'ignore', 'inherit'] });
  return program;
}

let builds = 0;

/** The program of a vector's documents, by path. */
function buildDocuments(documents) {
  const pack = mkdtempSync(join(scratch, 'pack-'));
  for (const [path, document] of Object.entries(documents)) {
    mkdirSync(dirname(join(pack, path)), { recursive: true });
    writeFileSync(join(pack, path), JSON.stringify(document));
  }
  return build(pack, `pack-${++builds}.wayline`);
}

/** One canonical line for each step, as `wayline run` writes them. */
function runNatively(program, steps) {
  const run = spawnSync(wayline, ['run', program], { input: steps.map((step) => `${JSON.stringify(step)}\n`).join(''), maxBuffer: 1 << 30 });
  assert.ok(run.status === 0 || run.status === 1, `${run.stderr}`);
  return run.stdout.toString().split('\n').slice(0, -1);
}

/** The sessions in another program, as a page continues them when a new pack was published. */
function restoreIn(loaded, sessions, dropped) {
  for (const [visitor, session] of sessions) {
    const restored = Session.create(loaded, visitor, JSON.parse(session.snapshot()));
    assert.deepEqual(restored.restoration.dropped, dropped ?? []);
    session.dispose();
    sessions.set(visitor, restored);
  }
}

/**
 * `programs`: for the number of a step, the program that is published before it, and what its states lose by it. `stepped` is given each step's number and
 * the session afterwards.
 */
function runInWasm(program, steps, programs = new Map(), stepped = () => undefined) {
  const loaded = [Program.load(engine, readFileSync(program))];
  const sessions = new Map();
  const lines = steps.map((step, index) => {
    if (programs.has(index)) {
      const { file, dropped } = programs.get(index);
      loaded.push(Program.load(engine, readFileSync(file)));
      restoreIn(loaded.at(-1), sessions, dropped);
    }
    const visitor = step.visitor ?? 'visitor';
    if (!sessions.has(visitor)) sessions.set(visitor, Session.create(loaded.at(-1), visitor));
    const session = sessions.get(visitor);
    try {
      return canonical(session.step(step));
    } catch (error) {
      return canonical({ error: { code: error.code } });
    } finally {
      stepped(index, session);
    }
  });
  for (const session of sessions.values()) session.dispose();
  for (const each of loaded) each.dispose();
  return lines;
}

/** Messages of refusals are for people; the code is the contract. */
const withoutMessage = (line) => {
  const answer = JSON.parse(line);
  return answer.error ? canonical({ error: { code: answer.error.code } }) : line;
};

/** What of `expected` is not in `actual`: members named, lists item by item, scalars exactly. */
function assertHolds(expected, actual, place) {
  if (Array.isArray(expected)) {
    assert.equal(actual?.length, expected.length, place);
    expected.forEach((item, index) => assertHolds(item, actual[index], `${place}[${index}]`));
  } else if (expected !== null && typeof expected === 'object') {
    for (const [key, value] of Object.entries(expected)) assertHolds(value, actual?.[key], `${place}.${key}`);
  } else {
    assert.deepEqual(actual, expected, place);
  }
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const vector = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  test(`${vector.clause} ${vector.about}`, () => {
    const program = buildDocuments(vector.files);
    const steps = vector.steps.map((step) => step.in);
    const later = vector.steps.flatMap(({ files, dropped }, index) => (files ? [[index, { file: buildDocuments(files), dropped }]] : []));
    const lines = runInWasm(program, steps, new Map(later), (index, session) => {
      const { state } = vector.steps[index];
      if (state !== undefined) assertHolds(state, JSON.parse(session.snapshot()), `${file} state after step ${index + 1}`);
    });
    lines.forEach((line, index) => assertHolds(vector.steps[index].out, JSON.parse(line), `${file} step ${index + 1}`));
    // One run of the command has one pack; where the pack changes, the native tests see what is expected.
    if (later.length === 0) assert.deepEqual(lines, runNatively(program, steps).map(withoutMessage));
  });
}

/** Visits to the shop that people would not make, but browsers and attackers might. */
function* randomVisits(count, seed) {
  const next = seededRandom(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const odd = () => pick([null, 0, -0, 1e21, 0.1 + 0.2, '', 'sale', 'é😀', [], [1, 'a'], { a: 1 }, true, 'x'.repeat(300)]);
  const events = ['Product Viewed', 'Product Added', 'Product Removed', 'Cart Viewed', 'Checkout Started', 'Order Completed', 'Case Opened', 'Case Updated',
    'Case Closed', 'Coupon Entered', 'Personal Shopper Requested', 'Handoff Acknowledged', 'Something Else',
    'Membership Upgraded', 'Hold Placed', 'Hold Released'];
  const paths = ['/', '/trousers/', '/skirts/', '/blouses/?colour=blue', '/sale/', '/product/A13/', '/basket/', '/checkout/', '/help/', '/account/?a=%F0%9F%98%80&b=%zz'];
  let at = Date.UTC(2026, 2, 1, 10);
  for (let step = 0; step < count; step++) {
    at += pick([0, 1, 1000, 20_000, 600_000, 3_600_000, 86_400_000, -50_000]) ;
    const line = { at, visitor: `v${Math.floor(next() * 40)}`, ...(next() < 0.7 ? { id: `m${Math.floor(next() * count)}` } : {}) };
    const properties = () => ({ category: pick(['trousers', 'skirts', 'blouses', 'sale', odd()]), price: next() < 0.8 ? Math.floor(next() * 9000) / 100 : odd(), rating: pick([1, 5, odd()]),
      product_id: pick(['A13', 'B2', odd()]), pieces_left: pick([0, 1, odd()]), total: next() * 200, sale: next() < 0.5,
      by: pick(['sales', 'service', odd()]), scope: pick(['everything', 'team:marketing', 'team:sales', 'journey:first-visit', odd()]), expires: pick(['1h', '3d', null, odd()]), handoff: `m${Math.floor(next() * count)}/2` });
    const kind = next();
    if (kind < 0.4) yield { ...line, page: { url: `https://hazel.example${pick(paths)}` }, ...(next() < 0.1 ? { explain: true } : {}) };
    else if (kind < 0.8) yield { ...line, track: pick(events), properties: properties(), ...(next() < 0.3 ? { decide: ['hero', 'announcement'] } : {}) };
    else if (kind < 0.86) yield { ...line, identify: pick(['ada', 'bo', null]), traits: { first_name: odd(), tier: pick(['gold', 'none', odd()]), unknown: odd() } };
    else if (kind < 0.92) yield { ...line, consent: { personalization: next() < 0.7, service: next() < 0.7, other: true } };
    else if (kind < 0.95) yield { ...line, exposure: { slot: 'hero', experience: pick(['first-visit.arrive.hero', 'greeting', 'nothing']), variant: pick(['a', 'b', 'code']) } };
    else if (kind < 0.97) yield { ...line, tick: true };
    else yield { ...line, [pick(['track', 'page', 'consent', 'decide'])]: odd() };
  }
}

test(`${randomSteps.toLocaleString('en')} random steps: native and wasm agree byte for byte`, () => {
  const program = build('demo/pack');
  for (let done = 0, seed = 20260301; done < randomSteps; done += stepsAtOnce, seed++) {
    const steps = [...randomVisits(Math.min(stepsAtOnce, randomSteps - done), seed)];
    const native = runNatively(program, steps).map(withoutMessage);
    const wasm = runInWasm(program, steps);
    assert.equal(wasm.length, native.length);
    for (let step = 0; step < native.length; step++) assert.equal(wasm[step], native[step], `seed ${seed}, step ${step + 1}: ${JSON.stringify(steps[step])}`);
    assert.ok(native.some((line) => line.includes('"matched"')) && native.some((line) => line.includes('step.malformed')));
  }
});
