// Hostile and broken input: every refusal has its code, and the collector lives on.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { basic, batchOf, post, rows, start, temporaryFolder, track, writeKey } from './collector.mjs';

const kilobyte = 1024;
const bodyLimit = 512 * kilobyte;

async function refused(collector, body, status, code) {
  const reply = await post(collector.url, '/v1/batch', body);
  assert.equal(reply.status, status);
  assert.equal(reply.body.error.code, code);
  assert.ok(reply.body.error.message.length > 10, reply.body.error.message);
}

/** Everything the server says on a connection over which `bytes` were sent, in pieces if it is a list. */
function converse(port, bytes) {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', async () => {
      for (const piece of [bytes].flat()) {
        socket.write(piece);
        await new Promise((next) => setTimeout(next, 20));
      }
    });
    socket.setEncoding('latin1').on('data', (text) => (answer += text));
    socket.on('error', () => undefined).on('close', () => resolve(answer));
  });
}

test('10 MB of random bytes get batch.too_large and lose nothing', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  await post(collector.url, '/v1/batch', batchOf('before'));
  const bytes = randomBytes(10 * kilobyte * kilobyte);
  await refused(collector, bytes, 413, 'batch.too_large');
  // Without a Content-Length, so that the size shows only while reading.
  const streamed = await fetch(`${collector.url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: basic(writeKey) },
    body: new Blob([bytes]).stream(),
    duplex: 'half',
  });
  assert.equal(streamed.status, 413);
  assert.equal((await streamed.json()).error.code, 'batch.too_large');
  await refused(collector, bytes.subarray(0, bodyLimit), 400, 'batch.malformed');
  await refused(collector, Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), bytes.subarray(0, 1000)]), 400, 'batch.bad_encoding');
  assert.equal((await post(collector.url, '/v1/batch', batchOf('after'))).status, 200);
  assert.deepEqual(await rows(collector.database, 'SELECT message_id FROM events ORDER BY rowid'), [{ message_id: 'before' }, { message_id: 'after' }]);
});

test('limits of size, number and depth hold exactly', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const padded = (length) => {
    const text = JSON.stringify(batchOf('padded'));
    return text + ' '.repeat(length - text.length);
  };
  assert.equal((await post(collector.url, '/v1/batch', padded(bodyLimit))).status, 200);
  await refused(collector, padded(bodyLimit + 1), 413, 'batch.too_large');
  await refused(collector, gzipSync(padded(bodyLimit + 1)), 413, 'batch.too_large');
  await refused(collector, gzipSync(Buffer.alloc(200 * kilobyte * kilobyte)), 413, 'batch.too_large');

  const ids = Array.from({ length: 500 }, (_, index) => `event ${index}`);
  assert.equal((await post(collector.url, '/v1/batch', batchOf(...ids))).body.results.length, 500);
  await refused(collector, batchOf(...ids, 'one more'), 413, 'batch.too_many');

  const deep = (depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const reply = await post(collector.url, '/v1/batch', {
    batch: [track('small'), track('large', { text: 'x'.repeat(32 * kilobyte) }), track('deep', { value: deep(1000) })],
  });
  assert.deepEqual(reply.body.results.map(({ status, code }) => code ?? status), ['accepted', 'event.too_large', 'event.too_deep']);
  await refused(collector, '['.repeat(bodyLimit), 400, 'batch.malformed');
});

test('bodies that are no batch get 400, always the same', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  for (let round = 0; round < 2; ++round) {
    for (const body of ['', '{', '{"batch":[}', '{"batch":[]}x', '\u0000', '{"batch":"\xff"}']) await refused(collector, Buffer.from(body, 'latin1'), 400, 'batch.malformed');
    for (const body of ['[]', 'null', '{}', '{"batch":{}}']) await refused(collector, body, 400, 'batch.wrong_shape');
  }
  assert.deepEqual((await post(collector.url, '/v1/batch', { batch: [] })).body, { success: true, results: [] });
});

test('what is no HTTP gets 400, too many headers 431, a wrong method 405', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  assert.match(await converse(collector.port, 'garbage\r\n\r\n'), /^HTTP\/1\.1 400 .*http\.malformed/s);
  assert.match(await converse(collector.port, randomBytes(4096)), /^HTTP\/1\.1 400 .*http\.malformed/s);
  assert.match(await converse(collector.port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(20 * kilobyte)}\r\n\r\n`), /^HTTP\/1\.1 431 .*http\.headers_too_large/s);
  assert.match(await converse(collector.port, 'POST /v1/batch HTTP/1.1\r\nContent-Length: -1\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.match(await converse(collector.port, 'POST /v1/batch HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n'), /^HTTP\/1\.1 413 .*batch\.too_large/s);
  for (const coding of ['identity', 'xchunked', 'chunked, identity']) {
    const answer = await converse(collector.port, `POST /v1/batch HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ${coding}\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 400 .*http\.malformed/s, coding);
    assert.doesNotMatch(answer, /200 OK/, `${coding}: a body is no request`);
  }
  for (const hosts of ['', 'Host: shop.example\r\nHost: other.example\r\n']) {
    assert.match(await converse(collector.port, `GET /healthz HTTP/1.1\r\n${hosts}\r\n`), /^HTTP\/1\.1 400 .*http\.malformed/s, hosts);
  }
  assert.match(await converse(collector.port, 'GET /healthz HTTP/1.0\r\n\r\n'), /^HTTP\/1\.0 200 /);
  for (const [method, path, allow] of [['GET', '/v1/batch', 'POST, OPTIONS'], ['DELETE', '/v1/pack', 'GET, HEAD, OPTIONS'], ['POST', '/', 'GET, HEAD']]) {
    const response = await fetch(collector.url + path, { method });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), allow);
    assert.equal((await response.json()).error.code, 'http.method_not_allowed');
  }
});

test('a request that names the host in its target is served as any other', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const get = (target) => converse(collector.port, `GET ${target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n`);
  assert.match(await get('http://shop.example/healthz'), /^HTTP\/1\.1 200 .*"ok"/s);
  assert.match(await get('http://shop.example/../secret'), /^HTTP\/1\.1 400 .*http\.malformed/s);
});

test('requests in pieces, several on one connection, and Expect: 100-continue are served', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const body = JSON.stringify({ ...batchOf('a'), writeKey });
  const head = `POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n`;
  const pieces = await converse(collector.port, [head.slice(0, 9), head.slice(9), '\r\n', body.slice(0, 5), `${body.slice(5)}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`]);
  assert.match(pieces, /^HTTP\/1\.1 200 .*accepted.*HTTP\/1\.1 200 .*"ok"/s);
  const expecting = await converse(collector.port, [`${head}Expect: 100-continue\r\nConnection: close\r\n\r\n`, body]);
  assert.match(expecting, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 .*duplicate/s);
  const old = await converse(collector.port, [`${head.replace('1.1', '1.0')}Expect: 100-continue\r\n\r\n`, body]);
  assert.match(old, /^HTTP\/1\.0 200 .*duplicate/s);
});

test('empty lines before a request are none of it', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const body = JSON.stringify({ ...batchOf('a'), writeKey });
  const sent = `POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const get = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  for (const bytes of [`\r\n${sent}\r\n${get}`, ['\r', `\n${sent}`, '\r\n', '\r\n\r', `\n${get}`]]) {
    assert.match(await converse(collector.port, bytes), /^HTTP\/1\.1 200 .*messageId.*HTTP\/1\.1 200 .*"ok"/s);
  }
  assert.match(await converse(collector.port, `\r${get}`), /^HTTP\/1\.1 400 .*http\.malformed/s);
});

/** limits::header_wait and body_wait, in milliseconds. */
const [headerWait, bodyWait] = [10_000, 20_000];

test('a request that does not come whole in time is answered 408, and the connection is closed', { timeout: 2 * bodyWait }, async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const timed = async (bytes) => {
    const started = Date.now();
    return { answer: await converse(collector.port, bytes), took: Date.now() - started };
  };
  const head = 'POST /v1/batch HTTP/1.1\r\nHost: x\r\n';
  const [inHead, inBody] = await Promise.all([timed(head), timed(`${head}Content-Length: 5000\r\n\r\n{"batch":[`)]);
  for (const { answer } of [inHead, inBody]) assert.match(answer, /^HTTP\/1\.1 408 .*Connection: close\r\n.*"code":"http\.timeout"/is);
  assert.ok(inHead.took >= headerWait && inHead.took < bodyWait, `${inHead.took} ms in the headers`);
  assert.ok(inBody.took >= bodyWait, `${inBody.took} ms in the body`);
});

test('connections that break off leave the collector well', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const head = `POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n{"batch":[`;
  for (let length = 1; length < head.length; length += 3) {
    await new Promise((resolve) => {
      const socket = connect(collector.port, '127.0.0.1', () => socket.write(head.slice(0, length), () => socket.resetAndDestroy()));
      socket.on('error', () => undefined).on('close', resolve);
    });
  }
  assert.equal((await post(collector.url, '/v1/batch', batchOf('after'))).status, 200);
  assert.equal(collector.complaints(), '');
});
