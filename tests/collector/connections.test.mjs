// More connections than the collector has room for: whoever has something to ask is served.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { test } from 'node:test';

import { eventually } from '../support/eventually.mjs';
import { basic, batchOf, lockDatabase, metrics, post, start, temporaryFolder, writeKey } from './collector.mjs';

/** Files that the collector may open, connections included, and how many of them it keeps for itself: limits::own_files. */
const files = 64;
const own = 32;
const limited = { through: ['sh', '-c', `ulimit -n ${files}; exec "$0" "$@"`] };

/** A kept connection; `ask` resolves with the answer's first line, `ended` tells whether the collector has ended it. */
async function keep(context, port) {
  const socket = connect(port, '127.0.0.1');
  context.after(() => socket.destroy());
  await once(socket, 'connect');
  const connection = { socket, ended: false, said: '' };
  socket.setEncoding('latin1').on('data', (text) => (connection.said += text));
  socket.on('error', () => undefined).on('close', () => (connection.ended = true));
  connection.ask = async () => {
    connection.said = '';
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('an answer', () => connection.said.includes('"ok"') || connection.ended);
    return connection.said.split('\r\n')[0];
  };
  return connection;
}

async function fill(context, port, count) {
  const kept = [];
  for (let number = 0; number < count; ++number) {
    const connection = await keep(context, port);
    assert.equal(await connection.ask(), 'HTTP/1.1 200 OK');
    kept.push(connection);
  }
  return kept;
}

test('a connection that is idle longest makes room for a new one, and a request under way does not', async (context) => {
  const collector = await start(context, await temporaryFolder(context), limited);
  const body = JSON.stringify({ ...batchOf('slow'), writeKey });
  const slow = await keep(context, collector.port);
  slow.socket.write(`POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
  const kept = await fill(context, collector.port, files - own - 1);
  assert.equal(await kept[0].ask(), 'HTTP/1.1 200 OK');

  const started = Date.now();
  const late = await fill(context, collector.port, 2);
  assert.ok(Date.now() - started < 5000, 'without waiting for the idle to run out of time');
  assert.deepEqual(kept.map(({ ended }) => ended), kept.map((_, place) => place === 1 || place === 2));
  assert.deepEqual([slow.ended, late[0].ended, late[1].ended], [false, false, false]);

  slow.socket.write(body.slice(10));
  await eventually('the slow one is answered', () => slow.said.includes('accepted'));
});

test('clients that take their time make room, those that wait for the database do not', async (context) => {
  const collector = await start(context, await temporaryFolder(context), limited);
  const unlock = await lockDatabase(context, collector.database);
  const waiting = Array.from({ length: 5 }, (_, index) => post(collector.url, '/v1/batch', batchOf(`waits ${index}`)));
  await eventually('five batches in the queue', async () => (await metrics(collector.url)).wayline_queue_batches === 5);
  const slow = [];
  for (let number = 0; number < files; ++number) {
    const connection = await keep(context, collector.port);
    connection.socket.write('POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
    slow.push(connection);
  }
  const started = Date.now();
  await fill(context, collector.port, 1);
  assert.ok(Date.now() - started < 8000, 'long before their time is over');
  await unlock();
  for (const reply of await Promise.all(waiting)) assert.ok([200, 503].includes(reply.status), 'answered, whatever became of the lock');
  assert.ok(slow[0].ended);
});

test('as many connections as there is room for leave the files that the collector needs', async (context) => {
  const folder = await temporaryFolder(context);
  const collector = await start(context, folder, limited);
  await post(collector.url, '/v1/batch', batchOf('first'), { headers: { authorization: basic(writeKey), connection: 'close' } });
  await eventually('the connection is closed', async () => (await metrics(collector.url)).wayline_connections === 1);
  const descriptors = (await readdir(`/proc/${collector.child.pid}/fd`)).length;
  assert.ok(descriptors <= own - 8, `${descriptors} before there are many connections`);
  await fill(context, collector.port, 2 * files);
  assert.equal((await post(collector.url, '/v1/batch', batchOf('more'))).status, 200);
  assert.equal((await fetch(`${collector.url}/no-such-page`)).status, 404);
  assert.equal(collector.complaints(), '');
});

test('a collector that may open few files raises its limit as far as it is allowed to', async (context) => {
  const through = ['sh', '-c', `ulimit -S -n ${files}; exec "$0" "$@"`];
  const collector = await start(context, await temporaryFolder(context), { through });
  const kept = await fill(context, collector.port, 2 * files);
  assert.ok(kept.every(({ ended }) => !ended));
});
