// The sender against a real HTTP server that misbehaves as it is told.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { LocalServer } from '../support/local-server.mjs';
import { load } from './load.mjs';

const { Sender, LastChance, memoryStorage, uniqueId } = await load('delivery/sender.ts', 'delivery/last-chance.ts', 'store/key-value-storage.ts', 'store/unique-id.ts');

const realFetch = globalThis.fetch;
let server, rows, storage, log, answer, requests, senders;

/** A collector in miniature: remembers ids, answers as Wayline's does. `answer` may take over and return true. */
beforeEach(async () => {
  requests = [];
  senders = [];
  rows = new Set();
  answer = () => false;
  server = new LocalServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    requests.push({ ids: body.batch.map(({ messageId }) => messageId), body, size: text.length, type: request.headers['content-type'], at: performance.now() });
    if (answer(request, response, body, text)) return;
    const results = body.batch.map(({ messageId }) => ({ messageId, status: rows.has(messageId) ? 'duplicate' : 'accepted' }));
    for (const { messageId } of results) rows.add(messageId);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ success: true, results }));
  });
  await server.start();
  log = { delivered: [], refused: [], problems: [], dropped: 0 };
  storage = memoryStorage((error) => log.problems.push(error));
});
afterEach(() => {
  for (const each of senders) each.stop();
  return server.stop();
});

const event = (id = uniqueId(), size) => {
  const text = JSON.stringify({ messageId: id, type: 'track', event: 'E', padding: 'x'.repeat(size ?? 0) });
  return { id, importance: 1, text, size: text.length };
};
const fill = async (...events) => {
  await storage.commit(() => ({ events }), 'relaxed');
  return events.map(({ id }) => id);
};
const many = (count, size) => Array.from({ length: count }, () => event(undefined, size));
/** Where the sender sends; `batch` is how an endpoint that answers for no event confirms. */
const endpoint = (acknowledge = 'ids') => ({ url: `${server.origin}/v1`, writeKey: 'key', acknowledge });
const sender = (options = {}) => {
  const made = new Sender(
    { storage, endpoint: endpoint(), name: 'test', permitted: () => true, random: () => 0, ...options },
    {
      settled: (delivered, refused) => (log.delivered.push(...delivered), log.refused.push(...refused)),
      dropped: (count) => (log.dropped += count),
      inFlight: () => {},
      problem: (error) => log.problems.push(error),
    });
  senders.push(made);
  return made;
};
const left = async () => (await storage.oldest(100_000, 1e9, new Set())).map(({ id }) => id);
const codes = () => log.problems.map(({ code }) => code);

test('sends all in order, in batches, as text/plain with the key inside', async () => {
  const ids = await fill(...many(600));
  await sender().drain();
  assert.deepEqual(requests.flatMap((request) => request.ids), ids);
  assert.deepEqual(requests.map((request) => request.ids.length), [250, 250, 100]);
  assert.equal(requests[0].type, 'text/plain');
  assert.equal(requests[0].body.writeKey, 'key');
  assert.match(requests[0].body.sentAt, /^\d{4}-.*Z$/);
  assert.deepEqual(await left(), []);
  assert.deepEqual(log.delivered, ids);
});

test('deletes only what the answer names', async () => {
  const ids = await fill(...many(3));
  let first = true;
  answer = (_, response) => {
    if (!first) return false;
    first = false;
    response.end(JSON.stringify({ success: true, results: [{ messageId: ids[1], status: 'accepted' }, { messageId: 'unasked', status: 'accepted' }] }));
    return true;
  };
  await sender().drain();
  assert.deepEqual(requests[1].ids, [ids[0], ids[2]]);
  assert.deepEqual(await left(), []);
});

for (const [what, body] of [['nothing', ''], ['no verdicts', '{"success":true}'], ['text', 'OK'], ['verdicts of other events', '{"results":[{"messageId":"x","status":"accepted"}]}']]) {
  test(`a 200 that says ${what} delivers nothing, and the events stay`, async () => {
    const ids = await fill(...many(3));
    answer = (_, response) => (requests.length < 4 ? (response.end(body), true) : false);
    await sender().drain();
    assert.deepEqual(requests.slice(0, 4).map((request) => request.ids.length), [3, 1, 1, 1]);
    assert.deepEqual([...rows].toSorted(), ids);
    assert.ok(codes().includes('delivery.failed'));
  });
}

test('a Segment-compatible endpoint without verdicts can be trusted when the site says so', async () => {
  await fill(...many(3));
  answer = (_, response) => (response.end('{"success":true}'), true);
  await sender({ endpoint: endpoint('batch') }).drain();
  assert.equal(requests.length, 1);
  assert.deepEqual(await left(), []);
});

test('a page in the place of an answer confirms nothing, also where a site trusts answers without verdicts', async () => {
  const ids = await fill(...many(3));
  answer = (_, response) => (requests.length > 1 ? false : (response.writeHead(200).end('\n<!doctype html><title>Log in to this network</title>'), true));
  await sender({ endpoint: endpoint('batch') }).drain();
  assert.deepEqual(requests.map((request) => request.ids.length), [3, 1, 2]);
  assert.deepEqual([log.delivered, codes()], [ids, ['delivery.failed']]);
});

// Each success lets four times as many through. What failed alone goes alone once more, unless the endpoint only wanted to be left alone; what was passed over goes last.
for (const [status, ...sizes] of [[408, 20, 1, 1, 4, 11, 4], [429, 20, 1, 1, 4, 11, 4], [500, 20, 1, 1, 1, 15, 3], [503, 20, 1, 1, 1, 15, 3]]) {
  test(`${status}: everything is kept, then a probe at a time, then more and more`, async () => {
    const ids = await fill(...many(20));
    answer = (_, response) => (requests.length <= 2 ? (response.writeHead(status).end(), true) : false);
    await sender().drain();
    assert.deepEqual(requests.map((request) => request.ids.length), sizes);
    assert.deepEqual([...rows].toSorted(), ids);
    assert.deepEqual(await left(), []);
  });
}

test('Retry-After is waited for', async () => {
  await fill(...many(2));
  answer = (_, response) => (requests.length === 1 ? (response.writeHead(429, { 'retry-after': '1' }).end(), true) : false);
  await sender().drain();
  assert.ok(requests[1].at - requests[0].at >= 990);
});

test('Retry-After is waited for by whoever sends next, though the network came back or a person asks', async () => {
  await fill(...many(2));
  answer = (_, response) => (requests.length === 1 ? (response.writeHead(503, { 'retry-after': '1' }).end(), true) : false);
  const first = sender();
  const drained = first.drain();
  await eventually('a request fails', () => codes().includes('delivery.failed'));
  first.stop();
  await drained;
  const other = sender();
  const again = other.drain();
  const impatient = setInterval(() => other.retryNow(), 50);
  await again;
  clearInterval(impatient);
  assert.ok(requests[1].at - requests[0].at >= 990, `${requests[1].at - requests[0].at} ms`);
  assert.deepEqual(requests.map((request) => request.ids.length), [2, 1, 1]);
});

test('a connection reset before, inside and after the answer loses nothing and stores nothing twice', async () => {
  const ids = await fill(...many(20));
  answer = (request, response, body) => {
    if (requests.length === 1) return request.socket.destroy(), true;
    if (requests.length > 3) return false;
    for (const { messageId } of body.batch) rows.add(messageId);
    response.writeHead(200, { 'content-length': 1000 });
    response.write('{"success":true,"results":[');
    setTimeout(() => request.socket.destroy(), 20);
    return true;
  };
  await sender().drain();
  assert.deepEqual([...rows].toSorted(), ids);
  assert.deepEqual(await left(), []);
});

test('413 above 10 KB: halves, loses nothing, few extra requests', async () => {
  const ids = await fill(...many(100, 500));
  answer = (_, response, body, text) => (text.length > 10_240 ? (response.writeHead(413).end(), true) : false);
  await sender().drain();
  assert.deepEqual([...rows], ids);
  const refused = requests.filter((request) => request.size > 10_240).length;
  assert.ok(refused <= 2 * Math.log2(100), `${refused} refused`);
});

test('a poison event among 100 that alone is too large: 99 delivered, one set aside', async () => {
  const events = many(100, 100);
  events[40] = event(events[40].id, 20_000);
  const ids = await fill(...events);
  answer = (_, response, body, text) => (text.length > 10_240 ? (response.writeHead(413).end(), true) : false);
  await sender().drain();
  assert.deepEqual([...rows], ids.toSpliced(40, 1));
  assert.deepEqual(log.refused, [ids[40]]);
  assert.deepEqual(log.problems.find(({ code }) => code === 'event.rejected').details, { id: ids[40], code: 'too_large' });
  const fewest = Math.ceil(100 * events[0].size / 10_240);
  assert.ok(requests.length - fewest <= 2 * Math.log2(100), `${requests.length} requests`);
  assert.deepEqual(await left(), []);
});

test('a batch in which events are refused: the good are delivered, the bad set aside, the retryable kept', async () => {
  const ids = await fill(...many(4));
  answer = (_, response) => {
    if (requests.length > 1) return false;
    const results = [
      { messageId: ids[0], status: 'accepted' },
      { messageId: ids[1], status: 'rejected', code: 'event.missing_name', retryable: false },
      { messageId: ids[2], status: 'rejected', code: 'collector.busy', retryable: true },
      { messageId: ids[3], status: 'duplicate' },
    ];
    return response.end(JSON.stringify({ success: true, results })), true;
  };
  await sender().drain();
  assert.deepEqual(requests[1].ids, [ids[2]]);
  assert.deepEqual(log.refused, [ids[1]]);
  assert.equal(log.problems.find(({ code }) => code === 'event.rejected').details.code, 'event.missing_name');
  assert.deepEqual(await left(), []);
});

test('a 400 with verdicts sets the named aside and delivers nothing by itself', async () => {
  const ids = await fill(...many(3));
  answer = (_, response) => {
    if (requests.length > 1) return false;
    const results = [{ messageId: ids[0], status: 'rejected', code: 'x' }, { messageId: ids[1], status: 'accepted' }];
    return response.writeHead(400).end(JSON.stringify({ results })), true;
  };
  await sender().drain();
  assert.deepEqual(requests[1].ids, ids.slice(1));
  assert.deepEqual(await left(), []);
});

test('a 400 without verdicts isolates the event as soon as another is taken', async () => {
  const ids = await fill(...many(16));
  answer = (_, response, body) => (body.batch.some(({ messageId }) => messageId === ids[9]) ? (response.writeHead(400).end('bad'), true) : false);
  const one = sender();
  await one.drain();
  assert.deepEqual([...rows].toSorted(), ids.toSpliced(9, 1));
  const later = await fill(event());
  one.retryNow();
  await one.drain();
  assert.deepEqual([log.refused, rows.has(later[0]), await left()], [[ids[9]], true, []]);
});

test('a 400 without verdicts isolates the oldest events too, though nothing got through before', async () => {
  const ids = await fill(...many(8));
  const poison = new Set(ids.slice(0, 2));
  answer = (_, response, body) => (body.batch.some(({ messageId }) => poison.has(messageId)) ? (response.writeHead(400).end('bad'), true) : false);
  await sender().drain();
  assert.deepEqual([...rows].toSorted(), ids.slice(2));
  assert.deepEqual(log.refused.toSorted(), ids.slice(0, 2));
  assert.deepEqual(await left(), []);
});

for (const status of [400, 401, 403, 404]) {
  test(`an endpoint that answers ${status} to everything costs no event`, async () => {
    const ids = await fill(...many(4));
    const patient = sender();
    answer = (_, response) => {
      if (requests.length > 8) patient.stop();
      return response.writeHead(status).end(), true;
    };
    await patient.drain();
    assert.deepEqual(await left(), ids);
    assert.ok(codes().includes('delivery.refused'));
  });
}

for (const already of [0, 3]) {
  test(`an endpoint that answers 400 to everything for a while, after ${already} events were taken, costs no event`, async () => {
    const earlier = await fill(...many(already));
    const patient = sender();
    await patient.drain();
    const ids = await fill(...many(8));
    answer = (_, response) => (requests.length < 15 ? (response.writeHead(400).end('<h1>Bad gateway</h1>'), true) : false);
    await patient.drain();
    await eventually('all are taken', () => rows.size === already + 8);
    assert.deepEqual([...rows].toSorted(), [...earlier, ...ids]);
    assert.deepEqual([log.refused, await left()], [[], []]);
    assert.ok(requests.slice(14).some((request) => request.ids.length > 1), 'in batches again');
  });
}

test('a lone event that the endpoint refuses is not sent again at once', async () => {
  await fill(event());
  const patient = sender({ random: () => 1 });
  setTimeout(() => patient.stop(), 500);
  answer = (_, response) => (response.writeHead(400).end(), true);
  await patient.drain();
  assert.equal(requests.length, 1);
});

/** Answers with this status to every batch that holds one of these. */
const stumblingOver = (ids, status = 500) => (_, response, body) => body.batch.some(({ messageId }) => ids.includes(messageId)) && (response.writeHead(status).end(), true);
const sizes = () => requests.map((request) => request.ids.length);
/** Milliseconds that were waited for after each failure; with a jitter of a thousandth these are the seconds that a client waits at most. */
const waits = () => log.problems.map(({ details }) => details.wait);
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

for (const status of [403, 500]) {
  test(`an event to which the endpoint always answers ${status} stays, and holds up no other`, async () => {
    const ids = await fill(...many(600));
    const one = sender();
    answer = stumblingOver([ids[0]], status);
    await one.drain();
    assert.deepEqual([...rows].toSorted(), ids.slice(1));
    const others = requests.filter(({ ids: [id, second] }) => id !== ids[0] || second !== undefined);
    assert.deepEqual(others.map((request) => request.ids.length), [250, 1, 4, 16, 64, 250, 15, 250, 1, 4, 16, 64, 161, 3]);
    assert.deepEqual([log.refused, await left()], [[], [ids[0]]]);

    const [later] = await fill(event());
    requests = [];
    await one.drain();
    assert.deepEqual(requests[0].ids, [later]);
    await fill(event());
    one.retryNow();
    answer = () => false;
    await one.drain();
    assert.deepEqual(await left(), []);
  });
}

for (const [what, count, seconds, isBad] of [
  ['thirty at the head of the queue', 130, 90, (index) => index < 30],
  ['ten at its end', 110, 60, (index) => index >= 100],
  ['twenty scattered in it', 200, 240, (index) => index % 10 === 3],
  ['one in the midst of a batch', 250, 20, (index) => index === 120],
  ['twenty at both ends', 120, 20 * 300, (index) => index < 10 || index >= 110],
]) {
  test(`events that always fail, ${what}, hold up the good ones for a while only, and cost few requests`, async () => {
    const ids = await fill(...many(count));
    const bad = ids.filter((_, index) => isBad(index));
    answer = stumblingOver(bad);
    const one = sender({ random: () => 0.001 });
    one.wake();
    await eventually('all good ones are taken', () => rows.size === count - bad.length);
    one.stop();
    // Whoever is tried once more waits by itself.
    const failed = requests.filter((request) => request.ids.some((id) => bad.includes(id))).map((request) => request.ids);
    const isFirst = (list, index) => list.length > 1 || failed.findIndex((other) => other.length === 1 && other[0] === list[0]) === index;
    const rests = waits().filter((_, index) => isFirst(failed[index], index));
    assert.ok(sum(rests) < seconds, `${sum(rests)} s`);
    assert.ok(rests.length < 20 + 6 * bad.length, `${rests.length} failures`);
    assert.deepEqual([...rows].toSorted(), ids.filter((id) => !bad.includes(id)));
  });
}

test('an event that failed is tried again by and by, though nothing else happens, and delivered when it is taken', async () => {
  const [bad] = await fill(event());
  answer = stumblingOver([bad]);
  const one = sender({ random: () => 0.001 });
  await one.drain();
  await eventually('it is tried again', () => requests.length >= 8);
  assert.deepEqual(waits().slice(0, 7), [1, 1, 2, 4, 8, 16, 32], 'less and less often');
  answer = () => false;
  await eventually('it is delivered', () => rows.has(bad));
});

test('events that failed wait by themselves: what comes next goes at once', async () => {
  const bad = await fill(...many(3));
  answer = stumblingOver(bad);
  const one = sender({ random: () => 0.02 });
  one.drain();
  await eventually('they are tried again and again', () => waits().at(-1) > 600);
  const begin = performance.now();
  await fill(event());
  await one.drain();
  assert.deepEqual([rows.size, performance.now() - begin < 500], [1, true]);
  assert.deepEqual(await left(), bad);
});

test('an endpoint that is down is asked less and less often, and when it is back no event goes alone that need not', async () => {
  const ids = await fill(...many(600));
  answer = (_, response) => requests.length <= 10 && (response.writeHead(500).end(), true);
  const one = sender({ random: () => 0.001 });
  await one.drain();
  assert.deepEqual(waits(), [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
  assert.deepEqual(sizes().slice(0, 16), [250, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 16, 64, 250, 185]);
  assert.deepEqual([...rows].toSorted(), ids);
});

test('an endpoint that wants to be left alone is, also when an event is tried once more', async () => {
  const [bad] = await fill(...many(2));
  answer = (_, response) => {
    const status = [500, 500, 200, 429][requests.length - 1] ?? 200;
    return status !== 200 && (response.writeHead(status).end(), true);
  };
  await sender({ random: () => 0.1 }).drain();
  assert.deepEqual(requests.map(({ ids }) => ids.includes(bad)), [true, true, false, true, true]);
  assert.ok(requests[4].at - requests[3].at > 90);
});

/** Answers the first requests with these statuses, the others as it should. */
const answering = (...statuses) => (_, response) => {
  const status = statuses[requests.length - 1] ?? 200;
  return status !== 200 && (response.writeHead(status).end('<h1>Bad gateway</h1>'), true);
};

for (const [what, ...statuses] of [
  ['the one that is tried once more meets the outage again', 500, 500, 200, 503, 400],
  ['the one that is tried once more is asked to wait', 500, 500, 200, 429, 400],
]) {
  test(`no event is set aside by its first refusal: ${what}`, async () => {
    const ids = await fill(...many(5));
    const one = sender();
    answer = answering(...statuses);
    await one.drain();
    await one.drain();
    assert.deepEqual([[...rows].toSorted(), log.refused], [ids, []]);
  });
}

test('when it refuses many in a row, each has its turn before one is asked again', async () => {
  const ids = await fill(...many(20));
  answer = (_, response) => response.writeHead(400).end();
  const one = sender();
  await one.drain();
  const alone = requests.flatMap((request) => (request.ids.length === 1 ? request.ids : []));
  assert.deepEqual(alone.slice(0, 4), [ids[0], ids[4], ids[19], ids[1]], 'far ahead soon, then the oldest');
  assert.deepEqual(alone.slice(0, 20).toSorted(), ids);
});

test('a pause of years, which no server asked for, is none', async () => {
  const ids = await fill(...many(2));
  await storage.writeSetting('pause', String(Date.now() + 1e12));
  const hasty = sender();
  const timer = setTimeout(() => hasty.stop(), 2_000);
  await hasty.drain();
  clearTimeout(timer);
  assert.deepEqual(log.delivered, ids);
});

test('one request at a time, however often it is asked', async () => {
  await fill(...many(300));
  let open = 0;
  let most = 0;
  answer = (_, response) => {
    most = Math.max(most, ++open);
    response.once('close', () => open--);
    return false;
  };
  const one = sender();
  one.wake();
  await Promise.all([one.drain(), one.drain(), one.drain()]);
  assert.equal(most, 1);
});

test('stop aborts the request; what was sent stays until it is confirmed', async () => {
  const ids = await fill(...many(2));
  answer = () => requests.length === 1;
  const one = sender();
  const drained = one.drain();
  await eventually('a request is under way', () => requests.length > 0);
  one.stop();
  await drained;
  assert.deepEqual(await left(), ids);
  await one.drain();
  assert.deepEqual(await left(), ids, 'whoever asks, until it is woken');
  one.wake();
  await one.drain();
  assert.deepEqual(await left(), []);
});

test('a sender that is stopped gives its turn back at once, though the storage never answers, as in a page that is frozen', async (context) => {
  let turns = Promise.resolve();
  const locks = { request: (name, options, work) => (turns = turns.then(work)) };
  globalThis.navigator = { locks };
  context.after(() => delete globalThis.navigator);
  const ids = await fill(event());
  const asked = [];
  const frozen = sender({ storage: { removeOlderThan: () => new Promise(() => asked.push('removeOlderThan')) } });
  const drained = frozen.drain();
  await eventually('the storage is asked', () => asked.length > 0);
  frozen.stop();
  await drained;
  await sender().drain();
  assert.deepEqual(log.delivered, ids);
});

test('without permission nothing is sent, also when it ends between two requests', async () => {
  const ids = await fill(...many(300));
  let permitted = false;
  const one = sender({ permitted: () => permitted });
  await one.drain();
  assert.equal(requests.length, 0);
  permitted = true;
  answer = () => ((permitted = false), false);
  await one.drain();
  assert.equal(requests.length, 1);
  assert.deepEqual(await left(), ids.slice(250));
});

test('events older than the server remembers are dropped and counted', async () => {
  const old = (Date.now() - 40 * 86_400_000).toString(16).padStart(12, '0');
  await fill(event(`${old.slice(0, 8)}-${old.slice(8)}-7000-8000-000000000000`), event());
  await sender().drain();
  assert.equal(log.dropped, 1);
  assert.equal(requests[0].ids.length, 1);
});

test('a time of no network ends at once when it is told that the network is back', async () => {
  await fill(...many(2));
  answer = (request) => (requests.length === 1 ? (request.socket.destroy(), true) : false);
  const one = sender({ random: () => 1 });
  const begin = performance.now();
  const drained = one.drain();
  await eventually('a request fails', () => codes().includes('delivery.failed'));
  one.retryNow();
  await drained;
  assert.ok(performance.now() - begin < 900);
  assert.deepEqual(await left(), []);
});

test('the mirror counts an event once, however often it was stored', async () => {
  const heavy = event(undefined, 40_000);
  const settled = await new Promise((resolve) => {
    const mirror = new LastChance(endpoint(), (batch, outcome) => resolve([batch, outcome]));
    mirror.add([heavy]);
    mirror.add([heavy]);
    mirror.send(() => false, new AbortController().signal);
    setTimeout(() => resolve('nothing was sent'), 1_000).unref();
  });
  assert.deepEqual(settled, [[heavy], { kind: 'answered', delivered: [heavy.id], refused: [] }]);
});

test('while the page is left no more is under way than browsers let through, and the oldest stay behind', () => {
  const sent = [];
  globalThis.fetch = (_, { body }) => (sent.push(body), new Promise(() => undefined));
  try {
    const events = many(100, 1_000);
    const mirror = new LastChance(endpoint(), () => undefined);
    for (const each of events) mirror.add([each]);
    const unsent = (id) => !events.slice(-20).some((each) => each.id === id);
    mirror.send(unsent, new AbortController().signal);
    mirror.send(() => false, new AbortController().signal);
    assert.equal(sent.length, 2);
    assert.ok(sent[0].length + sent[1].length <= 60 * 1024, 'both together');
    const ids = sent.flatMap((body) => JSON.parse(body).batch.map(({ messageId }) => messageId));
    assert.ok(ids.length > 50 && ids.every((id) => events.slice(-60).some((each) => each.id === id)), 'of the newest');
  } finally {
    globalThis.fetch = realFetch;
  }
});
