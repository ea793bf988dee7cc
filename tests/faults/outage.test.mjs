// T10: a thousand clients through an outage of ten minutes, on a clock of the test: the real sender, and a network of function calls.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { seededRandom } from '../support/random.mjs';
import { load } from '../web/load.mjs';
import { amount } from './stage.mjs';

const { Sender, memoryStorage, uniqueId } = await load('delivery/sender.ts', 'store/key-value-storage.ts', 'store/unique-id.ts');

const second = 1_000;
const minute = 60 * second;
const clients = amount(1_000, 200);
/** Between two events of a client. */
const pause = 10 * second;
const steadyTime = 2 * minute;
const outage = 10 * minute;
const recovery = amount(12, 7) * minute;
/** Requests are counted in windows of this length. */
const tick = 10 * second;
/** A page is left for the next one after so long, which begins to retry from the first second again. */
const pageTime = 3 * minute;

test(`T10: ${clients} clients, ${outage / minute} min of outage: the recovery peaks at twice the steady rate at most`, async (context) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-01-31T12:00:00Z') });
  const random = seededRandom(10);
  let down = false;
  let requests = 0;
  const stored = new Set();
  const original = globalThis.fetch;
  globalThis.fetch = async (_, { body }) => {
    requests++;
    if (down) return new Response('', { status: 503 });
    const results = JSON.parse(body).batch.map(({ messageId }) => ({ messageId, status: stored.has(messageId) ? 'duplicate' : 'accepted' }));
    for (const { messageId } of results) stored.add(messageId);
    return new Response(JSON.stringify({ success: true, results }));
  };
  context.after(() => {
    globalThis.fetch = original;
    mock.timers.reset();
  });
  const tracked = [];
  for (let number = 0; number < clients; number++) simulate(random, tracked);

  const rates = { steady: [], outage: [], recovery: [] };
  const pass = async (time, list) => {
    for (let at = 0; at < time; at += tick) {
      requests = 0;
      for (let inside = 0; inside < tick; inside += second / 2) {
        mock.timers.tick(second / 2);
        await settle();
      }
      list.push(requests);
    }
  };
  await pass(steadyTime, rates.steady);
  down = true;
  await pass(outage, rates.outage);
  down = false;
  await pass(recovery, rates.recovery);
  const steady = rates.steady.slice(-6).reduce((sum, count) => sum + count, 0) / 6;
  const peak = Math.max(...rates.recovery);
  context.diagnostic(`requests in ${tick / second} s: steady ${Math.round(steady)}, in the outage at most ${Math.max(...rates.outage)}, recovery ${rates.recovery.slice(0, 12).join(' ')}`);
  assert.ok(peak <= 2 * steady, `peak ${peak}, steady ${steady}`);
  const late = Date.now() - recovery;
  assert.deepEqual(tracked.filter(({ id, at }) => at < late && !stored.has(id)), [], 'all of the outage is delivered');
});

/** One visitor: an event at every pause, a new page now and then. */
function simulate(random, tracked) {
  const storage = memoryStorage(() => undefined);
  const listener = { settled: () => undefined, dropped: () => undefined, inFlight: () => undefined, problem: () => undefined };
  const endpoint = { url: 'http://localhost/v1', writeKey: 'test', acknowledge: 'ids' };
  let sender;
  const page = () => {
    sender?.stop();
    sender = new Sender({ storage, endpoint, name: 'test', permitted: () => true, random }, listener);
    sender.wake();
    setTimeout(page, pageTime);
  };
  const track = () => {
    const id = uniqueId();
    const text = JSON.stringify({ messageId: id, type: 'track', event: 'Counted' });
    tracked.push({ id, at: Date.now() });
    void storage.commit(() => ({ events: [{ id, importance: 1, text, size: text.length }] })).then(() => sender.wake());
    setTimeout(track, pause);
  };
  setTimeout(page, random() * pageTime);
  sender = new Sender({ storage, endpoint, name: 'test', permitted: () => true, random }, listener);
  setTimeout(track, random() * pause);
}

/** Lets all promises go as far as they come without time. */
async function settle() {
  for (let round = 0; round < 30; round++) await new Promise((next) => setImmediate(next));
}
