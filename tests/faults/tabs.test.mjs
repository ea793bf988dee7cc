// T4: five tabs, and the one that sends is killed again and again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { amount, drained, meetOnce, queueOf } from './stage.mjs';

const tabs = amount(5, 3);
const events = amount(500, 60);
const kills = amount(10, 2);
/** Milliseconds from a kill to the next request. */
const takeover = 5_000;

let site, device;
meetOnce((met) => ({ site, device } = met));

/** Answers slowly, so that a kill hits a request; knows the requests under way, and the page load that each is of. */
function answerSlowly(underWay) {
  site.misbehave = (_, response, body) => {
    underWay.set(response, body.wayline.bootId);
    response.once('close', () => underWay.delete(response));
    // We may hear of a killed tab's end later than another tab does.
    const alive = [...underWay.values()].filter((boot) => !underWay.dead.has(boot));
    if (alive.length > underWay.most.length) underWay.most = alive;
    setTimeout(() => {
      if (!response.destroyed) response.end(site.store(body));
    }, 500);
    return true;
  };
}

/** The tab that has a request under way. */
const sender = (open) =>
  eventually('a tab is sending', async () => {
    for (const tab of open) if ((await queueOf(tab)).inFlight > 0) return tab;
    return undefined;
  }, 30_000);

test(`T4: ${tabs} tabs x ${events} events, the sender killed ${kills} times: all rows, takeover under 5 s, 1 request at a time`, async (context) => {
  const underWay = Object.assign(new Map(), { most: [], dead: new Set() });
  answerSlowly(underWay);
  let open = [];
  for (let number = 0; number < tabs; number++) open.push(await device.open());
  const accepted = [];
  for (const tab of open) await tab.exposeFunction('accept', (ids) => void accepted.push(...ids));
  // A few at a time, so that there is something to send until the last kill.
  const trackSome = (tab, count) =>
    tab.evaluate(async (number) => {
      const acceptances = await Promise.all(Array.from({ length: number }, () => window.wayline.track('Counted', {})));
      await window.accept(acceptances.filter(({ stored }) => stored === 'indexeddb').map(({ messageId }) => messageId));
    }, count);
  const share = Math.ceil(events / (kills + 1));
  const times = [];
  for (let kill = 0; kill < kills; kill++) {
    await Promise.all(open.map((tab) => trackSome(tab, share)));
    const sending = await sender(open);
    for (const boot of underWay.values()) underWay.dead.add(boot);
    const before = site.batches.length;
    const begin = Date.now();
    await device.crash(sending);
    open = open.filter((tab) => tab !== sending);
    await eventually('another tab sends', () => site.batches.length > before, 2 * takeover);
    times.push(Date.now() - begin);
    const fresh = await device.open();
    await fresh.exposeFunction('accept', (ids) => void accepted.push(...ids));
    open.push(fresh);
  }
  while (accepted.length < tabs * events) await trackSome(open[0], Math.min(100, tabs * events - accepted.length));
  await drained(open[0], 60_000);
  context.diagnostic(`takeovers after ${times.join(', ')} ms; ${site.batches.length} requests`);
  assert.deepEqual(accepted.filter((id) => !site.rows.has(id)), [], 'accepted and lost');
  assert.equal(new Set(accepted).size, tabs * events);
  assert.ok(Math.max(...times) < takeover, `takeover after ${Math.max(...times)} ms`);
  assert.equal(underWay.most.length, 1, `at once: ${underWay.most.join(', ')}`);
});
