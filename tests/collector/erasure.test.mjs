// A person is erased: gone from every file of the store, and not brought back by late retries.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { basic, ledger, metrics, post, rows, start, temporaryFolder, track, writeKey } from './collector.mjs';

const options = ['--erase-key', `secret:${writeKey}`];
const erase = (url, person, key = 'secret') => post(url, '/v1/erase', person, { headers: { authorization: basic(key) } });
const ofAda = track('of-ada', { userId: 'ada@example.org', anonymousId: 'v-ada' });

test('an erased person is deleted, from the files as well, and late retries do not bring them back', async (context) => {
  const folder = await temporaryFolder(context);
  const collector = await start(context, folder, { options });
  const batch = { batch: [ofAda, track('of-bob', { anonymousId: 'v-bob' })] };
  assert.equal((await post(collector.url, '/v1/batch', batch)).status, 200);
  const reply = await erase(collector.url, { userId: 'ada@example.org' });
  assert.deepEqual([reply.status, reply.body], [200, { success: true, deleted: 1 }]);
  const late = await post(collector.url, '/v1/batch', batch);
  assert.deepEqual(
    late.body.results.map(({ status, code, retryable }) => ({ status, code, retryable })),
    [{ status: 'rejected', code: 'event.suppressed', retryable: false }, { status: 'duplicate', code: undefined, retryable: undefined }],
  );
  // The anonymous part of the same person is refused too.
  const anonymous = await post(collector.url, '/v1/batch', { batch: [track('later', { anonymousId: 'v-ada' })] });
  assert.equal(anonymous.body.results[0].code, 'event.suppressed');
  assert.deepEqual(await rows(collector.database, 'SELECT message_id FROM events'), [{ message_id: 'of-bob' }]);
  assert.deepEqual(await ledger(collector.url), { received: 5, accepted: 2, duplicate: 1, rejected: 2 });
  assert.equal((await metrics(collector.url))[`wayline_events_erased_total{project="${writeKey}"}`], 1);
  // While the collector runs: when it ends, SQLite takes the write-ahead log away by itself.
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
  assert.ok(!files.some((text) => text.includes('of-ada')), 'no byte of the event is left');
});

test('an alias is erased with either of the persons that it says are one, and names the anonymous visitor of the other', async (context) => {
  const folder = await temporaryFolder(context);
  const collector = await start(context, folder, { options });
  const alias = (messageId, previousId, userId) => ({ messageId, type: 'alias', previousId, userId });
  const batch = [track('unnamed', { anonymousId: 'v-1' }), alias('named', 'v-1', 'ada'), alias('renamed', 'ada', 'ada-lovelace'), track('shared', { anonymousId: 'v-2', userId: 'bob' }), alias('kiosk', 'v-2', 'ada')];
  await post(collector.url, '/v1/batch', { batch });
  assert.deepEqual((await erase(collector.url, { userId: 'ada' })).body, { success: true, deleted: 4 });
  assert.deepEqual(await rows(collector.database, 'SELECT message_id FROM events'), [{ message_id: 'shared' }]);
  const { body } = await post(collector.url, '/v1/batch', { batch: batch.slice(0, 4) });
  assert.deepEqual(body.results.map(({ code }) => code), ['event.suppressed', 'event.suppressed', 'event.suppressed', undefined]);
  await collector.stop('SIGTERM');
  const files = readdirSync(folder).filter((name) => name.startsWith('events')).map((name) => readFileSync(join(folder, name), 'latin1'));
  assert.ok(!files.some((text) => /renamed|kiosk|ada-lovelace/.test(text)), 'no byte of them is left');
});

test('only an erase key erases, and only persons', async (context) => {
  const collector = await start(context, await temporaryFolder(context), { options });
  await post(collector.url, '/v1/batch', { batch: [ofAda] });
  assert.equal((await erase(collector.url, { userId: 'ada@example.org' }, writeKey)).status, 401);
  assert.equal((await post(collector.url, '/v1/erase', { userId: 'ada@example.org', writeKey: 'secret' }, { headers: {} })).status, 401);
  for (const nobody of [{}, { userId: '' }, { userId: 7 }, { anonymousId: null }, { userId: 42, anonymousId: 'v-ada' }, { userId: 'ada@example.org', anonymousId: '' }]) {
    const reply = await erase(collector.url, nobody);
    assert.deepEqual([reply.status, reply.body.error.code], [400, 'batch.wrong_shape']);
  }
  assert.equal((await fetch(`${collector.url}/v1/erase`)).status, 405);
  assert.deepEqual(await rows(collector.database, 'SELECT count(*) AS rows FROM events'), [{ rows: 1 }]);
});

test('without an erase key nobody erases', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  assert.equal((await erase(collector.url, { userId: 'ada@example.org' })).status, 401);
});
