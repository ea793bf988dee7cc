// The OpenFeature provider under OpenFeature's own web SDK, over the real engine in Chromium.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.mjs';
import { compile } from '../../wasm/engine.mjs';
import { siteScript } from './site-script.mjs';
import { meetForEach } from './visit.mjs';

const rule = (id, slot, json, more = {}) => ({ id, slot, page: { path: '/**' }, variants: [{ id: `${id}-on`, content: { json } }], ...more });
const files = {
  'site.json': JSON.stringify({
    site: 'flags', timezone: 'UTC',
    attributes: { 'profile.plan': { type: 'string' } },
    events: { Upgraded: { properties: {} } },
  }),
  'rules/flags.json': JSON.stringify([
    rule('new-checkout', 'checkout', true),
    rule('limit-of-ten', 'limit', 10),
    rule('pro-theme', 'theme', { accent: 'gold' }, { if: { '==': [{ var: 'profile.plan' }, 'pro'] } }),
    { id: 'greeting', slot: 'headline', page: { path: '/**' }, variants: [{ id: 'warm', content: { text: 'Hello.' } }] },
    rule('for-nobody', 'beta', true, { coverage: 0 }),
    rule('old', 'legacy', true, { status: 'paused' }),
    rule('after-upgrade', 'thanks', 'yes', { if: { '>=': [{ count: ['Upgraded', { within: '7d' }] }, 1] } }),
  ]),
};
const script = await siteScript(`
  import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
  import { createClient } from 'wayline';
  import { WaylineProvider } from 'wayline/openfeature';
  window.heard = [];
  for (const type of Object.values(ProviderEvents)) OpenFeature.addHandler(type, (details) => heard.push([type, details?.flagsChanged?.toSorted() ?? null]));
  window.begin = (more) => (window.client = createClient({ pack: '/v1/pack', endpoint: '/v1', writeKey: 'flags', wasm: new URL('/wayline.wasm', location.href).href, ...more }));
  window.provide = async () => {
    window.provider = new WaylineProvider(window.client);
    await OpenFeature.setProviderAndWait(window.provider);
  };
  window.start = (more) => (begin(more), provide());
  window.OpenFeature = OpenFeature;
  window.flags = OpenFeature.getClient();`);
const program = await compile(files);
let site, page, problems;

const prepare = (fresh) => {
  fresh.files.set('/site.js', script);
  fresh.page('/', '', ['<script defer src="/site.js"></script>']);
};
const meet = (met) => {
  ({ site, page, problems } = met);
  return page.goto(site.origin, { waitUntil: 'load' });
};
meetForEach(meet, { program, prepare });

const start = () => page.evaluate(() => window.start());
const details = (type, key, fallback) =>
  page.evaluate(([name, flag, value]) => {
    const { errorMessage: _, flagKey: __, ...rest } = window.flags[`get${name}Details`](flag, value);
    return rest;
  }, [type, key, fallback]);
const heard = () => page.evaluate(() => window.heard);

test('values of every type, with variant, reason and where they come from', async () => {
  await start();
  assert.deepEqual(await details('Boolean', 'checkout', false), {
    value: true, variant: 'new-checkout-on', reason: 'TARGETING_MATCH', flagMetadata: { slot: 'checkout', experience: 'new-checkout', reason: 'matched' } });
  assert.equal((await details('Number', 'limit', 3)).value, 10);
  assert.equal((await details('String', 'headline', '')).value, 'Hello.');
  assert.deepEqual(problems, []);
});

test('an experience is a flag too, by its id', async () => {
  await start();
  assert.deepEqual(await details('Number', 'limit-of-ten', 3), {
    value: 10, variant: 'limit-of-ten-on', reason: 'TARGETING_MATCH', flagMetadata: { slot: 'limit', experience: 'limit-of-ten', reason: 'matched' } });
  assert.deepEqual(await details('Object', 'pro-theme', {}), { value: {}, reason: 'DEFAULT', flagMetadata: { slot: 'theme', experience: 'pro-theme', reason: 'not_matched' } });
});

test('where the default stays, the reason says why', async () => {
  await start();
  const reason = async (key, fallback) => {
    const { value, reason: standard, flagMetadata, variant } = await details('Boolean', key, fallback);
    return [value, standard, flagMetadata.reason, variant];
  };
  assert.deepEqual(await reason('theme', true), [true, 'DEFAULT', 'not_matched', undefined]);
  assert.deepEqual(await reason('beta', false), [false, 'SPLIT', 'not_covered', undefined]);
});

test('errors: before the engine, unknown flags, other types', async () => {
  const early = await page.evaluate(() => {
    window.starting = start();
    return flags.getBooleanDetails('checkout', false);
  });
  assert.deepEqual([early.value, early.errorCode], [false, 'PROVIDER_NOT_READY']);
  await page.evaluate(() => window.starting);
  assert.deepEqual(await details('Boolean', 'nothing', true), { value: true, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', flagMetadata: {} });
  const { value, errorCode, reason } = await details('String', 'limit', 'none');
  assert.deepEqual([value, errorCode, reason], ['none', 'TYPE_MISMATCH', 'ERROR']);
});

test('the targeting key identifies, its attributes are traits, and taking it away forgets', async () => {
  await start();
  await page.evaluate(() => OpenFeature.setContext({ targetingKey: 'ada', plan: 'pro' }));
  assert.deepEqual((await details('Object', 'theme', {})).value, { accent: 'gold' });
  assert.equal(await page.evaluate(() => client.inspect().user), 'ada');
  assert.ok((await heard()).some(([type, flags]) => type === 'PROVIDER_CONFIGURATION_CHANGED' && flags.includes('theme') && flags.includes('pro-theme')));
  await page.evaluate(() => OpenFeature.clearContext());
  assert.deepEqual([(await details('Object', 'theme', {})).value, await page.evaluate(() => client.inspect().user)], [{}, null]);
});

test('another targeting key is another person, who finds nothing of the one before', async () => {
  await start();
  await page.evaluate(() => OpenFeature.setContext({ targetingKey: 'ada', plan: 'pro' }));
  await page.evaluate(() => OpenFeature.setContext({ targetingKey: 'bob' }));
  assert.deepEqual([(await details('Object', 'theme', {})).value, await page.evaluate(() => [client.inspect().user, client.inspect().profile])], [{}, ['bob', {}]]);
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify(client.inspect())), /ada|pro"/);
});

test('tracking reaches the engine and the endpoint, and changes what follows from it', async () => {
  await start();
  assert.equal((await details('String', 'thanks', 'no')).value, 'no');
  await page.evaluate(() => flags.track('Upgraded', { value: 12.5, currency: 'EUR' }));
  await eventually('the flag changes', async () => (await details('String', 'thanks', 'no')).value === 'yes');
  const sent = () => site.events.find(({ event }) => event === 'Upgraded');
  await eventually('the event arrives', () => sent() !== undefined);
  assert.deepEqual(sent().properties, { value: 12.5, currency: 'EUR' });
});

test('without a pack the provider is in error; when it comes after all, it is ready, and knows whom it was told of', async () => {
  site.files.delete('/v1/pack');
  await page.evaluate(() => OpenFeature.setContext({ targetingKey: 'ada', plan: 'pro' }));
  const failure = await page.evaluate(() => start().then(() => null, (error) => error.code));
  assert.equal(failure, 'PROVIDER_NOT_READY');
  assert.deepEqual([(await details('Boolean', 'checkout', false)).value, (await heard()).at(-1)[0]], [false, 'PROVIDER_ERROR']);
  site.files.set('/v1/pack', Buffer.from(program));
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await eventually('the provider is ready', async () => (await heard()).some(([type]) => type === 'PROVIDER_READY'));
  assert.equal((await details('Boolean', 'checkout', false)).value, true);
  await eventually('she is known', async () => (await page.evaluate(() => client.inspect().user)) === 'ada');
  assert.deepEqual((await details('Object', 'theme', {})).value, { accent: 'gold' });
});

test('a provider that comes when the start has failed already is told so', async () => {
  site.files.delete('/v1/pack');
  await page.evaluate(() => new Promise((failed) => begin().on('error', failed)));
  const code = await page.evaluate(() => Promise.race([provide().then(() => null, (error) => error.code), new Promise((late) => setTimeout(late, 2000, 'late'))]));
  assert.deepEqual([code, await page.evaluate(() => flags.providerStatus)], ['PROVIDER_NOT_READY', 'ERROR']);
  site.files.set('/v1/pack', Buffer.from(program));
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await eventually('the provider is ready', () => page.evaluate(() => flags.providerStatus === 'READY'));
});

test('a key that has not signed the pack, or is none, leaves the provider in error', async () => {
  const status = (packKeys) => page.evaluate(async (keys) => {
    const error = await Promise.race([start({ packKeys: keys }).then(() => null, (cause) => cause.code), new Promise((late) => setTimeout(late, 2000, 'late'))]);
    return [error, flags.providerStatus];
  }, packKeys);
  assert.deepEqual(await status(['Jx/Ga1v3Oq9PphC2MUXdLxcPwVdGpHqNh7fHAuvLtyo=']), ['PROVIDER_NOT_READY', 'ERROR']);
  await page.reload({ waitUntil: 'load' });
  assert.deepEqual(await status(['none']), ['PROVIDER_FATAL', 'FATAL']);
});

test('with the pack of an earlier visit it is ready, and stale while the server can not be asked', async () => {
  await start();
  await eventually('the pack is kept', () => page.evaluate(() => new Promise((done) => {
    const opening = indexedDB.open('wayline:flags');
    opening.onsuccess = () => { const { result } = opening; const all = result.transaction('assets').objectStore('assets').getAllKeys(); all.onsuccess = () => { result.close(); done(all.result.length > 0); }; };
  })));
  await page.reload({ waitUntil: 'load' });
  site.files.delete('/v1/pack');
  await page.evaluate(() => OpenFeature.setContext({ targetingKey: 'ada' }));
  assert.equal(await page.evaluate(() => start().then(() => null, (error) => error.message)), null);
  await eventually('it is stale', () => page.evaluate(() => flags.providerStatus === 'STALE'));
  assert.equal((await details('Boolean', 'checkout', false)).value, true);
});

test('closed before the pack came, it is never ready', async () => {
  site.files.delete('/v1/pack');
  await page.evaluate(() => start().catch(() => OpenFeature.clearProviders()));
  const before = (await heard()).length;
  site.files.set('/v1/pack', Buffer.from(program));
  await page.evaluate(() => { provider.events.addHandler('PROVIDER_READY', () => heard.push(['closed'])); window.dispatchEvent(new Event('online')); return client.ready; });
  await page.evaluate(() => client.track('Upgraded'));
  await eventually('the client goes on', () => page.evaluate(() => client.decide('thanks').experience === 'after-upgrade'));
  assert.equal((await heard()).length, before);
});

test('closed, it tells nothing more', async () => {
  await start();
  await page.evaluate(() => OpenFeature.clearProviders());
  const before = (await heard()).length;
  await page.evaluate(() => client.track('Upgraded'));
  await eventually('the client goes on', () => page.evaluate(() => client.decide('thanks').experience === 'after-upgrade'));
  assert.equal((await heard()).length, before);
});
