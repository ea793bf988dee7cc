// The consent adapters without a browser: what they make of the commands and answers of the platforms.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { installGtag, installTagManager } from './hosts/google.mjs';
import { installTcfStub, Platform } from './hosts/tcf.mjs';
import { load } from './load.mjs';

const { followConsent, googleConsent, tcfConsent, globalPrivacyControl } = await load(
  'adapters/consent/follow-consent.ts', 'adapters/consent/google.ts', 'adapters/consent/tcf.ts', 'adapters/consent/gpc.ts');

let page, heard;
beforeEach(() => {
  page = {};
  heard = [];
  globalThis.window = page;
  mock.timers.enable({ apis: ['setTimeout'] });
});
afterEach(() => {
  mock.timers.reset();
  delete globalThis.window;
});
const say = (choices) => heard.push(choices);
const settle = () => new Promise((done) => setImmediate(done));

/** A client that has answered nothing yet, or knows these choices. */
function taker(known) {
  let begin;
  const client = { told: [], known, ready: new Promise((resolve) => (begin = resolve)), consent: (choices) => client.told.push(choices), inspect: () => (client.known === undefined ? {} : { consent: client.known }) };
  if (known !== undefined) begin();
  return { client, become: async (choices) => { client.known = choices; begin(); await settle(); } };
}

const types = { analytics: 'analytics_storage', ads: ['ad_user_data', 'ad_personalization'] };

test('Google: an update is the visitor\'s choice, whether it came before or comes after', () => {
  installGtag(page);
  page.gtag('consent', 'update', { analytics_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'denied' });
  googleConsent(types)(say);
  page.gtag('consent', 'update', { ad_personalization: 'granted' });
  page.gtag('consent', 'update', { analytics_storage: 'denied' });
  assert.deepEqual(heard, [{ analytics: true, ads: false }, { analytics: true, ads: true }, { analytics: false, ads: true }]);
});

test('Google: a default that denies withdraws nothing, one that grants holds after its wait', () => {
  installGtag(page);
  page.gtag('consent', 'default', { analytics_storage: 'granted', ad_user_data: 'denied', ad_personalization: 'denied', wait_for_update: 500 });
  googleConsent(types)(say);
  mock.timers.tick(499);
  assert.deepEqual(heard, []);
  mock.timers.tick(1);
  assert.deepEqual(heard, [{ analytics: true }]);
});

test('Google: an update within the wait counts, not the default', () => {
  installGtag(page);
  googleConsent(types)(say);
  page.gtag('consent', 'default', { analytics_storage: 'granted', wait_for_update: 500 });
  page.gtag('consent', 'update', { analytics_storage: 'denied' });
  mock.timers.tick(500);
  assert.deepEqual(heard.at(-1), { analytics: false });
  assert.ok(heard.every(({ analytics }) => analytics === false));
});

test('Google: defaults of regions, the most specific first; without a region none of them grants', () => {
  const defaults = () => {
    installGtag(page);
    page.dataLayer.length = 0;
    page.gtag('consent', 'default', { analytics_storage: 'granted' });
    page.gtag('consent', 'default', { analytics_storage: 'denied', region: ['PL', 'US-CA'] });
    page.gtag('consent', 'default', { analytics_storage: 'granted', region: ['US'] });
  };
  for (const [region, expected] of [['DE', true], ['PL', undefined], ['US-CA', undefined], ['US-NY', true], [undefined, undefined]]) {
    defaults();
    heard = [];
    googleConsent({ analytics: 'analytics_storage' }, region === undefined ? {} : { region })(say);
    mock.timers.tick(0);
    assert.equal(heard.at(-1)?.analytics, expected, String(region));
  }
});

test('Google: a region may stand alone, and in small letters', () => {
  for (const [region, known] of [['PL', 'pl'], ['pl', 'PL'], [['us-ca'], 'US-CA']]) {
    installGtag(page);
    page.dataLayer.length = 0;
    heard = [];
    page.gtag('consent', 'default', { analytics_storage: 'denied', region });
    page.gtag('consent', 'default', { analytics_storage: 'granted' });
    googleConsent({ analytics: 'analytics_storage' }, { region: known })(say);
    mock.timers.tick(0);
    assert.deepEqual(heard.flatMap(Object.keys), [], `${region} ${known}`);
  }
});

test('Google: what is no command of consent is passed over, and other scripts see what they saw', () => {
  installGtag(page);
  page.gtag('js', new Date());
  googleConsent(types)(say);
  const seen = installTagManager(page);
  for (const entry of [null, 5, { event: 'gtm.js' }, ['consent', 'update', { analytics_storage: 'granted' }]]) page.dataLayer.push(entry);
  page.gtag('consent', 'update', null);
  page.gtag('consent', 'update', { analytics_storage: 'yes' });
  assert.deepEqual(heard.flatMap(Object.keys), []);
  page.gtag('consent', 'update', { analytics_storage: 'granted' });
  assert.deepEqual(heard.at(-1), { analytics: true });
  assert.equal(seen.length, page.dataLayer.length);
});

test('Google: stopped, it hears nothing, also under a push of the tag manager; alone, it leaves no trace', () => {
  installGtag(page);
  const before = page.dataLayer.push;
  googleConsent(types)(say)();
  assert.equal(page.dataLayer.push, before);
  const stop = googleConsent(types)(say);
  installTagManager(page);
  stop();
  page.gtag('consent', 'update', { analytics_storage: 'granted' });
  assert.deepEqual([heard, page.dataLayer.length], [[], 1]);
});

const purposes = { analytics: [1, 8], personalization: [1, 5] };

test('TCF: choices of an earlier visit, through the stub that stands at the head of the page', () => {
  installTcfStub(page);
  tcfConsent(purposes)(say);
  assert.deepEqual(heard, []);
  const platform = new Platform(page, { consents: [1, 8] });
  assert.deepEqual([heard, platform.listeners], [[{ analytics: true, personalization: false }], 1]);
});

test('TCF: while the platform asks it is not listened to; what is chosen counts, and changes too', () => {
  const platform = new Platform(page);
  const stop = tcfConsent(purposes)(say);
  assert.deepEqual(heard, []);
  platform.choose([1, 5, 8]);
  platform.ask();
  platform.choose([1]);
  assert.deepEqual(heard, [{ analytics: true, personalization: true }, { analytics: false, personalization: false }]);
  stop();
  platform.choose([1, 5, 8]);
  assert.deepEqual([heard.length, platform.listeners], [2, 0]);
});

test('TCF: what a platform answers while it loads, or in error, is no denial', () => {
  const platform = new Platform(page, { loading: true });
  tcfConsent(purposes)(say);
  assert.deepEqual([heard, platform.listeners], [[], 1]);
  platform.load([1, 8]);
  assert.deepEqual(heard, [{ analytics: true, personalization: false }]);
  delete page.__tcfapi;
  new Platform(page, { consents: [], cmpStatus: 'error' });
  tcfConsent(purposes)(say);
  assert.equal(heard.length, 1);
});

test('TCF: a publisher\'s restriction of the vendor counts, unless it asks for consent; a string that is not of this site grants nothing', () => {
  const told = (more, vendor = 755) => {
    heard = [];
    delete page.__tcfapi;
    new Platform(page, { consents: [1, 5, 8], vendors: [755], ...more });
    tcfConsent(purposes, vendor === null ? {} : { vendor })(say);
    return heard[0].analytics;
  };
  const restricted = (type) => ({ publisher: { restrictions: { 8: { 755: type } } } });
  assert.deepEqual([0, 1, 2].map((type) => told(restricted(type))), [false, true, false]);
  assert.deepEqual([told(restricted(0), null), told({ publisher: { restrictions: { 8: { 12: 0 } } } })], [true, true]);
  assert.deepEqual([told({ isServiceSpecific: false }), told({ isServiceSpecific: undefined })], [false, true]);
});

test('TCF: a vendor\'s own consent is needed where a vendor is named', () => {
  const platform = new Platform(page, { consents: [1, 5, 8], vendors: [12] });
  tcfConsent(purposes, { vendor: 755 })(say);
  platform.choose([1, 5, 8], [12, 755]);
  assert.deepEqual(heard.map(({ analytics }) => analytics), [false, true]);
});

test('TCF: outside the GDPR the platform says nothing, unless the site says that this grants', () => {
  new Platform(page, { gdprApplies: false, consents: [] });
  tcfConsent(purposes)(say);
  tcfConsent(purposes, { outsideGdpr: 'granted' })(say);
  assert.deepEqual(heard, [{}, { analytics: true, personalization: true }]);
});

test('TCF: a platform that comes late is found; one that never comes is reported, and grants nothing', () => {
  let missed = 0;
  const missing = () => (missed += 1);
  tcfConsent(purposes, { missing })(say);
  mock.timers.tick(900);
  new Platform(page, { consents: [1, 8] });
  mock.timers.tick(100);
  assert.deepEqual([heard.length, missed], [1, 0]);
  delete page.__tcfapi;
  const stop = tcfConsent(purposes, { missing })(say);
  tcfConsent(purposes, { missing })(say);
  stop();
  const wait = () => { for (let waited = 0; waited < 20_000; waited += 100) mock.timers.tick(100); };
  wait();
  assert.deepEqual([heard.length, missed], [1, 1]);
  installTcfStub(page);
  tcfConsent(purposes, { missing })(say);
  wait();
  assert.deepEqual([heard.length, missed], [1, 2], 'a stub alone is no platform');
  new Platform(page, { consents: [1, 8] });
  wait();
  assert.deepEqual([heard.length, missed], [2, 2], 'and one that comes later still is heard');
});

test('GPC refuses what it is given, and is silent where the browser does not ask', () => {
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  try {
    for (const asked of [true, undefined, 'yes']) {
      Object.defineProperty(globalThis, 'navigator', { value: { globalPrivacyControl: asked }, configurable: true });
      globalPrivacyControl(['ads', 'sale'])(say);
    }
  } finally {
    if (navigator === undefined) delete globalThis.navigator;
    else Object.defineProperty(globalThis, 'navigator', navigator);
  }
  assert.deepEqual(heard, [{ ads: false, sale: false }]);
});

test('a grant waits for the client, and is told only when it is news', async () => {
  const { client, become } = taker();
  followConsent(client, [(tell) => (tell({ analytics: true, ads: false }), () => undefined)]);
  assert.deepEqual(client.told, [{ ads: false }], 'a denial does not wait');
  await become({ analytics: false, ads: false });
  assert.deepEqual(client.told.slice(1), [{ analytics: true }]);
  const returning = taker({ analytics: true, ads: false }).client;
  followConsent(returning, [(tell) => (tell({ analytics: true, ads: false }), () => undefined)]);
  await settle();
  assert.deepEqual(returning.told, [], 'what was chosen on an earlier page is no event of this one');
});

test('all sources that speak of a purpose must grant it; a change of any is told, alone', async () => {
  const { client } = taker({ analytics: false, ads: false });
  const tells = [];
  const source = (tell) => (tells.push(tell), () => undefined);
  const stop = followConsent(client, [source, source]);
  tells[0]({ analytics: true, ads: true });
  tells[1]({ ads: false });
  tells[1]({ ads: true });
  tells[0]({ analytics: false, ads: true });
  assert.deepEqual(client.told, [{ analytics: true, ads: true }, { ads: false }, { ads: true }, { analytics: false }]);
  stop();
});

test('what another tab has changed since is told again', async () => {
  const { client, become } = taker({ analytics: false });
  let tell;
  followConsent(client, [(told) => ((tell = told), () => undefined)]);
  tell({ analytics: true });
  tell({ analytics: true });
  await become({ analytics: true });
  tell({ analytics: true });
  client.known = { analytics: false };
  tell({ analytics: true });
  assert.deepEqual(client.told, [{ analytics: true }, { analytics: true }]);
});

test('stopped before the client runs, nothing is granted any more', async () => {
  const { client, become } = taker();
  let stops = 0;
  followConsent(client, [(tell) => (tell({ analytics: true }), () => (stops += 1))])();
  await become({ analytics: false });
  assert.deepEqual([client.told, stops], [[], 1]);
});
