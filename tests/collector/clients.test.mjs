// Clients that others wrote, unchanged, against the collector.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Analytics } from '@segment/analytics-node';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';

import { ledger, rows, start, temporaryFolder, writeKey } from './collector.mjs';

const eventsWithTypes = 'SELECT type, event, user_id FROM events ORDER BY type, event';

test('@segment/analytics-node delivers every kind of event', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  const analytics = new Analytics({ writeKey, host: collector.url, flushAt: 3, maxRetries: 0 });
  const errors = [];
  analytics.on('error', (error) => errors.push(error));
  analytics.identify({ userId: 'u1', traits: { tier: 'gold' } });
  analytics.track({ userId: 'u1', event: 'Order Completed', properties: { total: 99.5 } });
  analytics.page({ userId: 'u1', name: 'Home' });
  analytics.screen({ userId: 'u1', name: 'Basket' });
  analytics.group({ userId: 'u1', groupId: 'g1' });
  analytics.alias({ userId: 'u1', previousId: 'v1' });
  await analytics.flush({ close: true });
  assert.deepEqual(errors, []);
  assert.deepEqual(await rows(collector.database, eventsWithTypes), [
    { type: 'alias', event: null, user_id: 'u1' },
    { type: 'group', event: null, user_id: 'u1' },
    { type: 'identify', event: null, user_id: 'u1' },
    { type: 'page', event: 'Home', user_id: 'u1' },
    { type: 'screen', event: 'Basket', user_id: 'u1' },
    { type: 'track', event: 'Order Completed', user_id: 'u1' },
  ]);
  assert.deepEqual(await ledger(collector.url), { received: 6, accepted: 6, duplicate: 0, rejected: 0 });
  const [{ body, sent_at: sentAt }] = await rows(collector.database, "SELECT body, sent_at FROM events WHERE type = 'track'");
  assert.equal(JSON.parse(body).properties.total, 99.5);
  assert.ok(Number.isFinite(Date.parse(sentAt)), sentAt);
});

test('@rudderstack/rudder-sdk-node delivers, gzipped and plain', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  for (const gzip of [true, false]) {
    const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: collector.url, gzip, flushAt: 2, retryCount: 0, logLevel: 'error' });
    analytics.track({ userId: 'u1', event: `Order Completed, gzip ${gzip}` });
    analytics.identify({ userId: 'u1', traits: { tier: 'gold' } });
    await analytics.flush();
  }
  assert.deepEqual(await rows(collector.database, eventsWithTypes), [
    { type: 'identify', event: null, user_id: 'u1' },
    { type: 'identify', event: null, user_id: 'u1' },
    { type: 'track', event: 'Order Completed, gzip false', user_id: 'u1' },
    { type: 'track', event: 'Order Completed, gzip true', user_id: 'u1' },
  ]);
});
