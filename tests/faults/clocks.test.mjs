// T7: the device's clock is set by a day, forth and back, within a session and within a retry. The collector is the real one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows, start, temporaryFolder } from '../collector/collector.mjs';
import { eventually } from '../support/eventually.mjs';
import { cut, meetForEach } from './stage.mjs';

const day = 86_400_000;
/** Milliseconds by which a corrected time may be wrong. */
const tolerance = 2_000;

let site, open;
meetForEach((met) => ({ site, open } = met));

/** Passes every batch on to the collector. */
const passOn = (collector) => (_, response, body) => {
  const headers = { 'content-type': 'text/plain' };
  fetch(`${collector.url}/v1/batch`, { method: 'POST', headers, body: JSON.stringify(body) }).then(
    async (reply) => response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text()),
    () => response.destroy(),
  );
  return true;
};

test('T7: the clock goes a day forth and back, in a session and in a retry: the order is exact, times are right within 2 s', async (context) => {
  const collector = await start(context, await temporaryFolder(context), { keys: ['test'] });
  const page = await open();
  const times = [];
  const trackNow = async () => {
    times.push(Date.now());
    await page.run((index) => window.wayline.track('Counted', { index }), times.length - 1);
  };
  const shift = (days) => page.run((milliseconds) => window.shiftClock(milliseconds), days * day);

  site.misbehave = cut; // what follows waits, and is sent again and again under clocks that change
  await trackNow();
  await shift(1);
  await trackNow();
  await page.run(() => window.wayline.flush().catch(() => undefined));
  await shift(-1);
  await trackNow();
  site.misbehave = passOn(collector);
  const arrived = (count) => eventually(`${count} rows`, async () => (await rows(collector.database, "SELECT 1 FROM events WHERE event = 'Counted'")).length === count, 30_000);
  await arrived(3);
  await shift(1); // and under one that is wrong from the event to its request
  await trackNow();
  await arrived(4);
  await shift(-2);
  await trackNow();
  await arrived(5);

  const stored = await rows(collector.database, "SELECT sequence, occurred_at, timestamp, json_extract(body, '$.properties.index') AS place FROM events WHERE event = 'Counted' ORDER BY sequence");
  assert.deepEqual(stored.map(({ place }) => place), [0, 1, 2, 3, 4]);
  const errors = stored.map(({ occurred_at: occurred }, index) => Date.parse(occurred) - times[index]);
  const raw = stored.map(({ timestamp }, index) => Math.round((Date.parse(timestamp) - times[index]) / day));
  context.diagnostic(`the clock was wrong by ${raw.join(', ')} days; corrected to ${errors.join(', ')} ms`);
  assert.deepEqual(raw, [0, 1, 0, 1, -1]);
  assert.ok(errors.every((error) => Math.abs(error) < tolerance), errors.join(', '));
});

test('a journey that waits goes on within a minute, though the clock went on without the page: the machine slept, or it was set', async () => {
  const page = await open();
  for (let index = 0; index < 2; index++) await page.run(() => window.wayline.track('Product Viewed', {}));
  // Nothing else happens any more that would tell the engine the time.
  await eventually('the slot was seen', () => site.events.some(({ event }) => event === 'Experiment Viewed'));
  await page.run((hour) => {
    const native = window.setTimeout;
    window.setTimeout = (work, milliseconds) => native(work, milliseconds === 60_000 ? 20 : milliseconds);
    window.wayline.track('Counted', {}).then(() => window.shiftClock(hour));
  }, day / 24);
  await eventually('the stage after the wait', () => page.run(() => window.wayline.inspect().journeys.interest.stage === 'reminded'));
  assert.ok(await page.run(() => window.wayline.inspect().steps.at(-1).tick));
});
