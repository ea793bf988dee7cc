// T2: every way in which a request can fail. T9: an endpoint that takes less than the client would send, and one event that it never takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount, assertDelivered, cut, drained, meetForEach, queueOf, refuse, track } from './stage.mjs';

const events = amount(500, 50);
/** Requests that fail before one succeeds. */
const failures = amount(3, 2);

let site, open;
meetForEach((met) => ({ site, open } = met));

const partOfAnAnswer = (_, response, body) => {
  site.store(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 });
  response.write('{"success":true,"results":[', () => setTimeout(() => response.destroy(), 20));
  return true;
};

const faults = {
  'status 500': refuse(500),
  'no answer until the time-out': () => true,
  'a reset before the answer': cut,
  'a reset inside the answer': partOfAnAnswer,
  'a reset after the commit': (request, _, body) => (site.store(body), cut(request)),
};

for (const [name, fault] of Object.entries(faults)) {
  test(`T2: ${name}, ${failures} times, ${events} events: 0 lost, rows = ids`, async () => {
    const page = await open();
    await drained(page);
    let failed = 0;
    site.misbehave = (request, response, body) => failed++ < failures && fault(request, response, body);
    const ids = await track(page, events);
    assert.equal(ids.length, events);
    await assertDelivered(site, ids);
    await drained(page);
    assert.ok(failed > failures, `${failed} requests`);
    assert.deepEqual((await queueOf(page)).droppedBy, {});
  });
}

const limit = 10_240;
const sizeOf = (body) => Buffer.byteLength(JSON.stringify(body));

test('T9: 413 above 10 KB and a poison event among 100: 99 delivered, at most 2 log2 n extra requests', async () => {
  const page = await open();
  await drained(page);
  const poison = 40;
  site.batches.splice(0);
  site.misbehave = (_, response, body) => {
    const tooLarge = sizeOf(body) > limit || body.batch.some(({ properties }) => properties.index === poison);
    return tooLarge && (response.writeHead(413).end(), true);
  };
  const ids = await track(page, 100);
  await drained(page);
  assert.deepEqual(ids.filter((id) => !site.rows.has(id)), [ids[poison]]);
  assert.deepEqual((await queueOf(page)).droppedBy, { refused: 1 });
  // So many it takes to bring 99 of them in batches of the allowed size, and one for the poison.
  const bytes = sizeOf(site.events.find(({ properties }) => properties.index === poison));
  const fewest = Math.ceil((99 * bytes) / limit) + 1;
  const extra = site.batches.length - fewest;
  assert.ok(extra <= 2 * Math.log2(100), `${extra} extra requests of ${site.batches.length}`);
});
