// T8: every request arrives three times, at once and again after a restart. The collector is the real one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows, start, temporaryFolder } from '../collector/collector.mjs';
import { eventually } from '../support/eventually.mjs';
import { amount, meetForEach, track } from './stage.mjs';

const events = amount(1_000, 100);

let site, open, close;
meetForEach((met) => ({ site, open, close } = met));

const post = async (collector, body) => {
  const response = await fetch(`${collector.url}/v1/batch`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
};

test(`T8: every request of ${events} events three times, at once and after a restart: 0 extra rows`, async (context) => {
  const folder = await temporaryFolder(context);
  const first = await start(context, folder, { keys: ['test'] });
  site.misbehave = (_, response, body) => {
    // Whichever of the three is answered first is the answer that the page sees.
    const copies = [1, 2, 3].map(() => post(first, body));
    Promise.race(copies).then(
      ({ status, text }) => response.writeHead(status, { 'content-type': 'application/json' }).end(text),
      () => response.destroy(),
    );
    return true;
  };
  const page = await open();
  const ids = await track(page, events);
  assert.equal(ids.length, events);
  const stored = async (collector) => (await rows(collector.database, 'SELECT message_id FROM events')).map(({ message_id: id }) => id);
  const sent = () => [...new Set(site.events.map(({ messageId }) => messageId))];
  const complete = () =>
    eventually('all are stored', async () => {
      const there = new Set(await stored(first));
      return ids.every((id) => there.has(id)) && sent().every((id) => there.has(id));
    }, 30_000);
  await complete();
  await close(page);
  await complete(); // what the page said as it went
  assert.equal((await stored(first)).length, sent().length);
  await first.stop('SIGKILL');

  const second = await start(context, folder, { keys: ['test'] });
  const replies = await Promise.all(site.batches.flatMap((body) => [body, body, body]).map((body) => post(second, body)));
  assert.deepEqual(replies.map(({ status }) => status).filter((status) => status !== 200), []);
  assert.deepEqual(replies.flatMap(({ text }) => JSON.parse(text).results).filter(({ status }) => status !== 'duplicate'), []);
  assert.deepEqual((await stored(second)).toSorted(), sent().toSorted());
});
