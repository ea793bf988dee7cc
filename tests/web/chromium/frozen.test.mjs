// A tab that the browser froze, as it does with tabs that nobody looked at for minutes: it is there, and does nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.mjs';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { call, drained, ready } from '../browsers/page.mjs';
import { tag } from '../browsers/site.mjs';
import { meetForEach } from './visit.mjs';

const program = await compile(packFiles({ consent: { purposes: ['personalization'] } }));
let site, page;
meetForEach((met) => ({ site, page } = met), { program, files: ['wayline.js'], prepare: (fresh) => fresh.page('/', 'nothing to decide', ['/probe.js', tag()]) });

const names = () => site.events.map(({ type, event }) => event ?? type);

test('a tab that is frozen while it waits to send again leaves sending to the others, and sends again once it goes on', async () => {
  // For so long nobody would send who waits for that tab.
  site.misbehave = (_, response) => (response.writeHead(503, { 'retry-after': '2' }).end(), true);
  await page.goto(site.origin);
  await ready(page);
  await call(page, 'track', 'One', {});
  await eventually('a batch has failed', () => site.batches.length > 0);
  const other = await page.browserContext().newPage();
  await other.goto(site.origin);
  await ready(other);
  const session = await page.createCDPSession();
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  site.misbehave = () => false;
  await call(other, 'track', 'Two', {});
  await drained(other);
  assert.deepEqual(['One', 'Two'].map((name) => names().includes(name)), [true, true]);
  await other.close();

  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await page.bringToFront();
  await call(page, 'track', 'Three', {});
  await eventually('it is delivered', () => names().includes('Three'));
  assert.equal(names().filter((name) => name === 'Three').length, 1);
});
