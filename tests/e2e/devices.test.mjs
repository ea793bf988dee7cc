// Two real browsers of one person, and one of a stranger: what the phone learnt decides on the laptop, for whom the site's server vouches.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { launchChromium } from '../support/chromium.mjs';
import { eventually } from '../support/eventually.mjs';
import { Collector } from './collector.mjs';
import { allowAll, follow, inspect, personalised, ready } from './shop.mjs';
import { Visit } from './visit.mjs';

const key = 'what the server of this shop signs with, in secret';
const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
/** What the shop's server would give to whoever is signed in there. */
function tokenOf(sub) {
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub, exp: Math.floor(Date.now() / 1000) + 60 })}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

let collector, browser;
before(async () => {
  collector = await new Collector({ options: ['--identity-key', `${key}:hazel-web`] }).start();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await collector?.dispose();
});

/** A browser of its own, with nothing in it. */
async function device() {
  const context = await browser.createBrowserContext();
  const visit = await Visit.open(context, collector.origin);
  await visit.page.evaluateOnNewDocument(() => {
    window.wayline = [['on', 'error', ({ code }) => (window.codes ??= []).push(code)]];
  });
  await visit.arrive();
  return { visit, page: visit.page };
}
const identify = (page, user) => page.evaluate((id) => window.wayline.identify(id, { first_name: 'Ada' }), user);
const share = (page, token) => page.evaluate((word) => window.wayline.share(word), token);
const journeys = async (page) => (await inspect(page)).journeys;

let phone, laptop;

test('before consent nothing is exchanged, and a person must be known', async () => {
  phone = await device();
  await identify(phone.page, 'ada');
  assert.equal(await share(phone.page, tokenOf('ada')), false);
  await phone.page.evaluate(() => window.wayline.reset());
  await allowAll(phone.page);
  assert.equal(await share(phone.page, tokenOf('ada')), false);
  assert.deepEqual(phone.visit.problems, []);
});

test('what the phone learnt decides on the laptop at once, and stays after a reload', async () => {
  await identify(phone.page, 'ada');
  await follow(phone.page, '.nav-blouses');
  await follow(phone.page, '.card:nth-of-type(2) a');
  const seen = await phone.page.$eval('h1', (title) => title.innerText);
  await phone.page.evaluate(() => window.wayline.track('Case Opened', { case_id: 'S-1', topic: 'delivery' }));
  assert.equal(await share(phone.page, tokenOf('ada')), true);

  laptop = await device();
  await allowAll(laptop.page);
  const { visitor } = await inspect(laptop.page);
  await identify(laptop.page, 'ada');
  assert.equal((await journeys(laptop.page))['service-recovery'].status, null);
  assert.equal(await share(laptop.page, tokenOf('ada')), true);
  assert.equal((await inspect(laptop.page)).visitor, visitor, 'the device is itself');
  assert.equal((await journeys(laptop.page))['service-recovery'].stage, 'acknowledge');
  await laptop.page.reload({ waitUntil: 'load' });
  await ready(laptop.page);
  const shown = Object.fromEntries((await personalised(laptop.page)).map(({ slot, experience, text }) => [slot, { experience, text }]));
  assert.equal(shown.hero.experience, 'service-recovery.acknowledge.hero');
  assert.equal((await inspect(laptop.page)).computed.last_name, seen);
  assert.deepEqual(laptop.visit.problems, []);
});

test('what happens while the answer is under way is not lost: it is asked again', async () => {
  const { page } = phone;
  await page.evaluate(() => {
    const { fetch } = window;
    let first = true;
    window.fetch = async (url, ...rest) => {
      if (String(url).includes('/profile?') && first) {
        first = false;
        await window.wayline.track('Coupon Entered', { coupon_id: 'HAZEL10' });
      }
      window.exchanges = (window.exchanges ?? 0) + String(url).includes('/profile?');
      return fetch(url, ...rest);
    };
  });
  assert.equal(await share(page, tokenOf('ada')), true);
  assert.equal(await page.evaluate(() => window.exchanges), 2);
  await page.reload({ waitUntil: 'load' });
  await ready(page);
  const profile = await page.evaluate(() => JSON.parse(window.wayline.fork().snapshot()));
  assert.ok(profile.intents.engagement, 'the coupon counts');
  assert.ok(profile.journeys['service-recovery'], 'and so does the case');
});

test('whoever only names her learns nothing', async () => {
  const { page, visit } = await device();
  await allowAll(page);
  await identify(page, 'ada');
  for (const token of ['', 'ada', tokenOf('eve'), `${tokenOf('ada')}x`]) assert.equal(await share(page, token), false);
  assert.equal((await journeys(page))['service-recovery'].status, null);
  assert.deepEqual(await page.evaluate(() => window.codes), Array(4).fill('delivery.refused'));
  assert.deepEqual(visit.problems.filter((problem) => !/401/.test(problem)), []);
});

test('a page of another program than the collector\'s exchanges nothing', async () => {
  const { page } = await device();
  await allowAll(page);
  await identify(page, 'ada');
  await page.evaluate(() => {
    const { fetch } = window;
    window.fetch = (url, ...rest) => fetch(String(url).replace(/program=[0-9a-f]{16}$/, 'program=0000000000000001'), ...rest);
  });
  assert.equal(await share(page, tokenOf('ada')), false);
  assert.deepEqual(await page.evaluate(() => window.codes), ['delivery.refused']);
  assert.equal((await journeys(page))['service-recovery'].status, null);
});

test('with the collector gone the page goes on as it is', async () => {
  await collector.stop();
  await laptop.visit.away(true);
  assert.equal(await share(laptop.page, tokenOf('ada')), false);
  assert.equal((await journeys(laptop.page))['service-recovery'].stage, 'acknowledge');
  await laptop.visit.away(false);
  await collector.start();
});

test('consent that is withdrawn on the phone is withdrawn on the laptop', async () => {
  await phone.page.evaluate(() => window.wayline.consent({ personalization: false }));
  assert.equal(await share(phone.page, tokenOf('ada')), true);
  assert.equal(await share(laptop.page, tokenOf('ada')), true);
  await eventually('the laptop knows', async () => (await inspect(laptop.page)).consent.personalization === false);
  assert.equal((await inspect(laptop.page)).profile.first_name, undefined);
});
