// Events over HTTP: routes, keys, verdicts, what is stored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';

import { basic, batchOf, ledger, post, rows, start, temporaryFolder, track, writeKey } from './collector.mjs';

const noHeaders = { headers: {} };

test('a batch is stored with its columns, and each event gets a verdict', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const message = track('m1', { userId: 'u1', context: { wayline: { sequence: 7 } }, properties: { price: 12.5, title: 'kleid „Ä“ 👗' } });
  const before = new Date().toISOString();
  const reply = await post(collector.url, '/v1/batch', {
    batch: [message, track('m1'), { messageId: 'm2', type: 'track' }, 'no object', track('m3', { timestamp: 'noon' })],
    sentAt: '2026-01-31T12:00:01.000Z',
  });
  assert.equal(reply.status, 200);
  assert.equal(reply.body.success, true);
  assert.deepEqual(
    reply.body.results.map(({ messageId, status, code, retryable }) => ({ messageId, status, code, retryable })),
    [
      { messageId: 'm1', status: 'accepted', code: undefined, retryable: undefined },
      { messageId: 'm1', status: 'duplicate', code: undefined, retryable: undefined },
      { messageId: 'm2', status: 'rejected', code: 'event.missing_name', retryable: false },
      { messageId: null, status: 'rejected', code: 'event.not_object', retryable: false },
      { messageId: 'm3', status: 'rejected', code: 'event.bad_timestamp', retryable: false },
    ],
  );
  const [row, ...others] = await rows(collector.database, 'SELECT * FROM events');
  assert.equal(others.length, 0);
  const { body, received_at: receivedAt, occurred_at: occurredAt, ...columns } = row;
  assert.deepEqual(columns, {
    project: writeKey,
    message_id: 'm1',
    type: 'track',
    event: 'Product Viewed',
    anonymous_id: 'v1',
    user_id: 'u1',
    timestamp: '2026-01-31T12:00:00.000Z',
    sent_at: '2026-01-31T12:00:01.000Z',
    sequence: 7,
  });
  assert.deepEqual(JSON.parse(body), message);
  // The clock that wrote 12:00:01 as the time of sending is wrong by its distance to ours.
  assert.ok(Math.abs(Date.parse(receivedAt) - Date.parse(occurredAt) - 1_000) <= 1, occurredAt);
  assert.ok(receivedAt >= before && receivedAt <= new Date().toISOString(), receivedAt);
  assert.deepEqual(await ledger(collector.url), { received: 5, accepted: 1, duplicate: 1, rejected: 3 });
});

test('every route of Segment takes its message, long and short', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const types = { track: ['track', 't'], page: ['page', 'p'], screen: ['screen', 's'], identify: ['identify', 'i'], group: ['group', 'g'], alias: ['alias', 'a'] };
  for (const [type, paths] of Object.entries(types)) {
    for (const path of paths) {
      const reply = await post(collector.url, `/v1/${path}`, { ...track(path), type: undefined, writeKey }, noHeaders);
      assert.deepEqual(reply.body, { success: true, results: [{ messageId: path, status: 'accepted' }] }, path);
      assert.deepEqual(await rows(collector.database, `SELECT type FROM events WHERE message_id = '${path}'`), [{ type }]);
    }
  }
  for (const path of ['batch', 'b']) {
    const reply = await post(collector.url, `/v1/${path}`, { ...batchOf(`in ${path}`), writeKey }, noHeaders);
    assert.equal(reply.body.results[0].status, 'accepted');
  }
  assert.equal((await post(collector.url, '/v1/nothing', {})).body.error.code, 'http.not_found');
});

test('only a configured key may write, as Basic user or in the body; it names the project', async (context) => {
  const collector = await start(context, await temporaryFolder(context), { keys: ['web:shop', 'app:shop', 'other'] });
  const send = (id, body, headers) => post(collector.url, '/v1/batch', { ...batchOf(id), ...body }, { headers });
  for (const [body, headers] of [
    [{}, {}],
    [{ writeKey: 'unknown' }, {}],
    [{ writeKey: '' }, {}],
    [{ writeKey: 5 }, {}],
    [{}, { authorization: basic('unknown') }],
    [{ writeKey: 'web' }, { authorization: basic('unknown') }],
    [{}, { authorization: 'Basic !' }],
  ]) {
    const reply = await send('refused', body, headers);
    assert.equal(reply.status, 401, JSON.stringify([body, headers]));
    assert.equal(reply.body.error.code, 'key.unknown');
  }
  assert.equal((await send('a', {}, { authorization: basic('web') })).status, 200);
  assert.equal((await send('b', { writeKey: 'app' }, {})).status, 200);
  assert.equal((await send('c', { writeKey: 'other' }, { authorization: 'Bearer token' })).status, 200);
  assert.deepEqual(await rows(collector.database, 'SELECT project, message_id FROM events ORDER BY message_id'), [
    { project: 'shop', message_id: 'a' },
    { project: 'shop', message_id: 'b' },
    { project: 'other', message_id: 'c' },
  ]);
});

test('bodies may be gzip, zlib or plain, whatever their headers say', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const authorization = basic(writeKey);
  const bodies = {
    'gzip, labelled': [gzipSync, { 'content-encoding': 'gzip', 'content-type': 'application/json' }],
    'gzip, no label': [gzipSync, { 'content-type': 'application/json' }],
    'gzip, wrong label': [gzipSync, { 'content-encoding': 'identity', 'content-type': 'application/x-www-form-urlencoded' }],
    'zlib, labelled': [deflateSync, { 'content-encoding': 'deflate' }],
    'plain, labelled gzip': [(text) => text, { 'content-encoding': 'gzip' }],
    'plain text': [(text) => text, { 'content-type': 'text/plain;charset=UTF-8' }],
  };
  for (const [name, [encode, headers]] of Object.entries(bodies)) {
    const reply = await post(collector.url, '/v1/batch', encode(JSON.stringify(batchOf(name))), { headers: { authorization, ...headers } });
    assert.deepEqual(reply.body.results, [{ messageId: name, status: 'accepted' }], name);
  }
});

test('a page of any origin may send: preflight, and headers that it may read', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const preflight = await fetch(`${collector.url}/v1/batch`, {
    method: 'OPTIONS',
    headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
  assert.match(preflight.headers.get('access-control-allow-methods'), /\bPOST\b/);
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'Authorization, Content-Type, Content-Encoding, If-None-Match');
  for (const reply of [await post(collector.url, '/v1/batch', batchOf('a')), await post(collector.url, '/v1/batch', 'x')]) {
    assert.equal(reply.headers.get('access-control-allow-origin'), '*', reply.status);
    assert.match(reply.headers.get('access-control-expose-headers'), /Retry-After/);
  }
});

test('half an emoji does not cost the batch it travels in', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const reply = await post(collector.url, '/v1/batch', { batch: [track('a'), track('b', { properties: { title: '👗'.slice(0, 1) } })] });
  assert.deepEqual(reply.body.results.map(({ status }) => status), ['accepted', 'accepted']);
  const [{ body }] = await rows(collector.database, "SELECT body FROM events WHERE message_id = 'b'");
  assert.equal(JSON.parse(body).properties.title, '\uFFFD');
});

test('the ledger balances and survives a restart', async (context) => {
  const folder = await temporaryFolder(context);
  const first = await start(context, folder);
  await post(first.url, '/v1/batch', { batch: [track('a'), track('a'), {}] });
  assert.deepEqual(await first.stop(), { code: 0, signal: null });
  const second = await start(context, folder);
  await post(second.url, '/v1/batch', batchOf('a', 'b'));
  const { received, accepted, duplicate, rejected } = await ledger(second.url);
  assert.deepEqual([accepted, duplicate, rejected], [2, 2, 1]);
  assert.equal(received, accepted + duplicate + rejected);
  assert.deepEqual(await rows(second.database, 'SELECT * FROM ledger'), [{ project: writeKey, accepted: 2, duplicate: 2, rejected: 1, erased: 0 }]);
});
