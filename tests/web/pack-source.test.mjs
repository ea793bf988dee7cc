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
const source = (begun) => new PackSource(`${server.origin}/pack`, () => Promise.resolve(storage), (error) => problems.push(error), [], begun);
const textOf = ({ bytes }) => new TextDecoder().decode(bytes);
/** The clock of the test itself, which no test stops. */
const realTimeout = globalThis.setTimeout;

test('a program is fetched, kept and, under the same ETag, unchanged', async () => {
  const before = Date.now();
  const pack = await source().fetch();
  assert.deepEqual([pack.etag, pack.source, pack.loadedAt >= before], ['"1"', 'network', true]);
  await source().keep(pack);
  const cached = await source().cached();
  assert.equal(textOf(cached), 'program');
  assert.deepEqual([cached.etag, cached.source, cached.loadedAt >= pack.loadedAt], ['"1"', 'cache', true]);
  assert.equal(await source().fetch(Promise.resolve(cached.etag)), 'unchanged');
});

test('a server that names no version is asked for all of it each time', async () => {
  answer = (_, response) => response.writeHead(200).end('program');
  const pack = await source().fetch();
  assert.equal(pack.etag, '');
  assert.equal(textOf(await source().fetch(Promise.resolve(pack.etag))), 'program');
});

test('a device that has nothing, or can not be read or written, has no program, and takes none away', async () => {
  assert.equal(await source().cached(), undefined);
  const pack = await source().fetch();
  const refuse = () => Promise.reject(new Error('broken'));
  Object.assign(storage, { readAsset: refuse, writeAsset: refuse, removeAsset: refuse });
  assert.equal(await source().cached(), undefined);
  await source().keep(pack);
  assert.deepEqual(problems.map(({ code }) => code), ['storage.failed']);
  answer = (_, response) => response.writeHead(410).end();
  await assert.rejects(source().fetch(), { code: 'pack.withdrawn' });
});

test('a program is kept before it is said to be', async () => {
  const { writeAsset } = storage;
  storage.writeAsset = async (...asset) => (await new Promise((next) => setTimeout(next, 20)), writeAsset.apply(storage, asset));
  await source().keep(await source().fetch());
  assert.ok(await source().cached());
  await storage.removeAsset('program');
  await source().confirm({ ...(await source().fetch()), loadedAt: 0 });
  assert.ok(await source().cached());
});

test('a program that is not there is unavailable, whatever is sent in its place', async () => {
  const pack = await source().fetch();
  await source().keep(pack);
  answer = (_, response) => response.writeHead(404, { etag: pack.etag }).end('Not found');
  await assert.rejects(source().fetch(Promise.resolve(pack.etag)), { code: 'pack.unavailable', details: { url: `${server.origin}/pack`, status: 404 } });
  assert.ok(await source().cached(), 'the last good one stays');
});

test('a program that the server withdraws is deleted from the device, after this page has read it there', async () => {
  await source().keep(await source().fetch());
  answer = (_, response) => response.writeHead(410).end();
  let isRead;
  const read = new Promise((resolve) => (isRead = resolve));
  const refused = assert.rejects(source().fetch(read), { code: 'pack.withdrawn', details: { url: `${server.origin}/pack` } });
  await new Promise((next) => setTimeout(next, 100));
  assert.ok(await source().cached(), 'not read yet');
  const { removeAsset } = storage;
  storage.removeAsset = async (name) => (await new Promise((next) => setTimeout(next, 20)), removeAsset.call(storage, name));
  isRead('"1"');
  await refused;
  assert.equal(await source().cached(), undefined);
});

test('what the snippet asked for is the answer to the first question alone, if it asked for this program and was answered', async () => {
  const url = `${server.origin}/pack`;
  const of = (text) => ({ ok: true, status: 200, headers: new Headers(), arrayBuffer: () => Promise.resolve(new TextEncoder().encode(text).buffer) });
  const texts = async (begun) => {
    const one = source(begun);
    return [textOf(await one.fetch()), textOf(await one.fetch())];
  };
  assert.deepEqual(await texts({ url, answer: Promise.resolve(of('begun')) }), ['begun', 'program']);
  assert.deepEqual(await texts({ url: `${url}/other`, answer: Promise.resolve(of('begun')) }), ['program', 'program']);
  assert.deepEqual(await texts({ url, answer: Promise.reject(new Error('no network')) }), ['program', 'program']);
});

test('what the server confirms is written anew once a day, not at each page view', async (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 1e12 });
  await source().keep(await source().fetch());
  const pack = await source().cached();
  const written = [];
  storage.writeAsset = async (name, { savedAt }) => written.push(savedAt);
  await source().confirm(pack);
  context.mock.timers.tick(86_400_000 + 1);
  await source().confirm(pack);
  assert.deepEqual(written, [1e12 + 86_400_001]);
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
