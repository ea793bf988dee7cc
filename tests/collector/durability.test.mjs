// What was answered 2xx is on disk, whatever happens; what can not be stored is answered 503, never 200.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { connect } from 'node:net';
import { test } from 'node:test';

import { eventually } from '../support/eventually.mjs';
import { seededRandom } from '../support/random.mjs';
import { batchOf, ledger, lockDatabase, metrics, post, rows, start, temporaryFolder, track, writeKey } from './collector.mjs';

/** T12 asks for 200: `./tests/faults/run --full`. */
const killRounds = process.env.WAYLINE_FAULTS === 'full' ? 200 : 20;
const posters = 8;
const batchSize = 10;

/** Posts batches until the connection breaks, noting every id sent and every id acknowledged. */
async function postUntilBroken(collector, name, sent, acknowledged) {
  for (let number = 0; ; ++number) {
    const ids = Array.from({ length: batchSize }, (_, index) => `${name}/${number}/${index}`);
    sent.push(ids);
    let reply;
    try {
      reply = await post(collector.url, '/v1/batch', batchOf(...ids));
    } catch {
      return;
    }
    assert.equal(reply.status, 200);
    for (const { messageId, status } of reply.body.results) {
      assert.equal(status, 'accepted');
      acknowledged.add(messageId);
    }
  }
}

test(`kill -9 under load, ${killRounds} times: every acknowledged id is stored, each once; replays add no row`, async (context) => {
  const folder = await temporaryFolder(context);
  const random = seededRandom(20260131);
  const sent = [];
  const acknowledged = new Set();
  for (let round = 0; round < killRounds; ++round) {
    const collector = await start(context, folder);
    const load = Array.from({ length: posters }, (_, poster) => postUntilBroken(collector, `${round}/${poster}`, sent, acknowledged));
    const before = acknowledged.size;
    await eventually('a batch is acknowledged', () => acknowledged.size > before);
    await new Promise((resolve) => setTimeout(resolve, random() * 100));
    assert.deepEqual(await collector.stop('SIGKILL'), { code: null, signal: 'SIGKILL' });
    await Promise.all(load);
  }
  context.diagnostic(`${acknowledged.size} events acknowledged, ${sent.length * batchSize} sent`);

  const collector = await start(context, folder);
  const stored = await rows(collector.database, 'SELECT message_id FROM events');
  const storedIds = new Set(stored.map((row) => row.message_id));
  assert.equal(stored.length, storedIds.size);
  assert.deepEqual([...acknowledged].filter((id) => !storedIds.has(id)), []);
  assert.deepEqual(await rows(collector.database, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  assert.equal((await ledger(collector.url)).accepted, stored.length);

  // Each request three times at once, in chunks that stay below the queue's limit.
  for (let at = 0; at < sent.length; at += 50) {
    const chunk = sent.slice(at, at + 50);
    await Promise.all([...chunk, ...chunk, ...chunk].map(async (ids) => assert.equal((await post(collector.url, '/v1/batch', batchOf(...ids))).status, 200)));
  }
  const distinct = new Set(sent.flat()).size;
  assert.deepEqual(await rows(collector.database, 'SELECT count(*) AS rows, count(DISTINCT message_id) AS ids FROM events'), [{ rows: distinct, ids: distinct }]);
  const { received, accepted, duplicate, rejected } = await ledger(collector.url);
  assert.deepEqual([accepted, rejected], [distinct, 0]);
  assert.equal(received, accepted + duplicate);
});

test('the same new batch from many connections at once is stored once', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const replies = await Promise.all(Array.from({ length: 40 }, () => post(collector.url, '/v1/batch', batchOf('a', 'b', 'c'))));
  const verdicts = replies.flatMap((reply) => reply.body.results.map(({ status }) => status));
  assert.equal(verdicts.filter((status) => status === 'accepted').length, 3);
  assert.equal(verdicts.filter((status) => status === 'duplicate').length, 117);
  assert.deepEqual(await ledger(collector.url), { received: 120, accepted: 3, duplicate: 117, rejected: 0 });
});

test('a full queue answers 503 with Retry-After, and what it took is stored', async (context) => {
  const collector = await start(context, await temporaryFolder(context), { options: ['--queue', '2'] });
  const unlock = await lockDatabase(context, collector.database);
  const taken = ['a', 'b'].map((id) => post(collector.url, '/v1/batch', batchOf(id)));
  await eventually('the queue is full', async () => (await metrics(collector.url)).wayline_queue_batches === 2);
  const refused = await post(collector.url, '/v1/batch', batchOf('c'));
  assert.equal(refused.status, 503);
  assert.equal(refused.body.error.code, 'collector.busy');
  assert.match(refused.headers.get('retry-after'), /^[1-5]$/);
  assert.match(refused.headers.get('access-control-expose-headers'), /Retry-After/);
  await unlock();
  for (const reply of await Promise.all(taken)) assert.equal(reply.status, 200);
  assert.equal((await post(collector.url, '/v1/batch', batchOf('c'))).body.results[0].status, 'accepted');
  assert.deepEqual(await rows(collector.database, 'SELECT count(*) AS rows FROM events'), [{ rows: 3 }]);
});

test('a database that stays locked gives 503, shows in /healthz, and recovers', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const unlock = await lockDatabase(context, collector.database);
  const reply = await post(collector.url, '/v1/batch', batchOf('a'));
  assert.equal(reply.status, 503);
  assert.equal(reply.body.error.code, 'collector.unavailable');
  assert.equal((await fetch(`${collector.url}/healthz`)).status, 503);
  await unlock();
  // Without any batch: nobody sends to a collector that is reported ill.
  await eventually('the collector is well again', async () => (await fetch(`${collector.url}/healthz`)).status === 200, 20_000);
  assert.equal((await post(collector.url, '/v1/batch', batchOf('a'))).status, 200);
  assert.deepEqual(await ledger(collector.url), { received: 1, accepted: 1, duplicate: 0, rejected: 0 });
});

test('a database that was taken away gives 503 until it is back, also when nobody reads the complaints', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const elsewhere = `${collector.database}.moved`;
  collector.child.stderr.destroy();
  await rename(collector.database, elsewhere);
  const reply = await post(collector.url, '/v1/batch', batchOf('a'));
  assert.deepEqual([reply.status, reply.body.error.code], [503, 'collector.unavailable']);
  assert.equal((await fetch(`${collector.url}/healthz`)).status, 503);
  await rename(elsewhere, collector.database);
  await eventually('the collector is well again', async () => (await fetch(`${collector.url}/healthz`)).status === 200, 20_000);
  assert.equal((await post(collector.url, '/v1/batch', batchOf('a'))).status, 200);
  assert.deepEqual(await rows(collector.database, 'SELECT message_id FROM events'), [{ message_id: 'a' }]);
});

test('a full disk gives 503, keeps what was acknowledged, and is got over', async (context) => {
  const folder = await temporaryFolder(context);
  // Files may grow to 1 MB (2048 blocks of 512 bytes); writing further fails, as on a full disk, instead of killing.
  const full = await start(context, folder, { through: ['sh', '-c', 'trap "" XFSZ; ulimit -f 2048; exec "$0" "$@"'] });
  const acknowledged = [];
  let refused;
  for (let number = 0; number < 100 && refused === undefined; ++number) {
    const ids = Array.from({ length: 10 }, (_, index) => `${number}/${index}`);
    const reply = await post(full.url, '/v1/batch', { batch: ids.map((id) => track(id, { text: 'x'.repeat(20_000) })) });
    if (reply.status === 200) acknowledged.push(...ids);
    else refused = reply;
  }
  assert.equal(refused?.status, 503);
  assert.equal(refused.body.error.code, 'collector.unavailable');
  assert.match(refused.headers.get('retry-after'), /^[1-5]$/);
  assert.ok(acknowledged.length > 0);
  assert.equal((await fetch(`${full.url}/healthz`)).status, 503);
  assert.match(full.complaints(), /commit failed/);
  await full.stop('SIGKILL');

  const roomy = await start(context, folder);
  const stored = await rows(roomy.database, 'SELECT message_id FROM events ORDER BY rowid');
  assert.deepEqual(stored.map((row) => row.message_id), acknowledged);
  assert.equal((await post(roomy.url, '/v1/batch', batchOf('after'))).body.results[0].status, 'accepted');
});

test('SIGTERM drains: what is under way is answered, idle connections are closed, the exit is clean', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const idle = connect(collector.port, '127.0.0.1');
  await once(idle, 'connect');
  const unlock = await lockDatabase(context, collector.database);
  const pending = Array.from({ length: 10 }, (_, index) => post(collector.url, '/v1/batch', batchOf(`pending ${index}`)));
  // A request of which only a part has come: it is waited for as well.
  const body = JSON.stringify({ ...batchOf('in pieces'), writeKey });
  const slow = connect(collector.port, '127.0.0.1');
  slow.write(`POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
  let slowReply = '';
  slow.setEncoding('latin1').on('data', (text) => (slowReply += text));
  await eventually('all requests have come', async () => {
    const samples = await metrics(collector.url);
    return samples.wayline_queue_batches === 10 && samples.wayline_connections >= 12;
  });

  const idleClosed = once(idle, 'close');
  idle.resume();
  const stopped = collector.stop('SIGTERM');
  await idleClosed;
  await assert.rejects(fetch(`${collector.url}/healthz`, { headers: { connection: 'close' } }));
  slow.write(body.slice(10));
  await unlock();
  for (const reply of await Promise.all(pending)) {
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get('connection'), 'close');
  }
  assert.deepEqual(await stopped, { code: 0, signal: null });
  assert.match(slowReply, /^HTTP\/1\.1 200 .*accepted/s);
  assert.deepEqual(await rows(collector.database, 'SELECT count(*) AS rows FROM events'), [{ rows: 11 }]);
});

test('under load the commits are grouped', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const requests = 400;
  const unlock = await lockDatabase(context, collector.database);
  const replies = Array.from({ length: 100 }, (_, index) => post(collector.url, '/v1/batch', batchOf(`held ${index}`)));
  await eventually('all are held', async () => (await metrics(collector.url)).wayline_queue_batches === 100);
  await unlock();
  for (const reply of await Promise.all(replies)) assert.equal(reply.status, 200);
  for (let at = 100; at < requests; at += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => post(collector.url, '/v1/batch', batchOf(`free ${at + index}`))));
  }
  const commits = (await metrics(collector.url)).wayline_commit_seconds_count;
  context.diagnostic(`${requests} batches in ${commits} commits`);
  assert.ok(commits <= requests - 98, `${commits} commits`);
  assert.equal((await ledger(collector.url)).accepted, requests);
});
