// The program from a real HTTP server that stalls, and its age on the device.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { LocalServer } from '../support/local-server.mjs';
import { load } from './load.mjs';

const { PackSource, memoryStorage } = await load('pack/pack-source.ts', 'store/key-value-storage.ts');

let server, answer, storage, problems;
before(async () => {
  server = await new LocalServer((request, response) => answer(request, response)).start();
});
after(() => server.stop());
beforeEach(() => {
  problems = [];
  storage = memoryStorage((error) => problems.push(error));
  answer = (_, response) => response.writeHead(200, { etag: '"1"' }).end('program');
});
const source = () => new PackSource(`${server.origin}/pack`, () => Promise.resolve(storage), (error) => problems.push(error));
/** The clock of the test itself, which no test stops. */
const realTimeout = globalThis.setTimeout;

test('a program is fetched, kept and, under the same ETag, unchanged', async () => {
  const pack = await source().fetch();
  await source().keep(pack);
  const cached = await source().cached();
  assert.equal(new TextDecoder().decode(cached.bytes), 'program');
  assert.equal(await source().fetch(Promise.resolve(cached.etag)), 'unchanged');
});

test('a body that stalls ends in pack.unavailable, not in waiting for ever', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half');
  };
  const refused = assert.rejects(source().fetch(), { code: 'pack.unavailable' });
  await new Promise((next) => realTimeout(next, 300));
  context.mock.timers.tick(15_000);
  await refused;
});

test('a program that the server goes on confirming is used for ever, one that it does not for 30 days', async (context) => {
  const day = 86_400_000;
  context.mock.timers.enable({ apis: ['Date'], now: 1_000 * day });
  await source().keep(await source().fetch());
  for (let visit = 0; visit < 3; visit++) {
    context.mock.timers.tick(29 * day);
    const pack = await source().cached();
    assert.ok(pack, `visit ${visit}`);
    await source().confirm(pack);
  }
  context.mock.timers.tick(31 * day);
  assert.equal(await source().cached(), undefined);
});
