// What is measured and what is not: defaults in place of what a holdout withholds, previews, and what the engine did not take.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/eventually.mjs';
import { compile, packFiles } from '../../wasm/engine.mjs';
import { allow, call, codes, contentOf, drained, go, inspect, storedProfile } from './page.mjs';
import { tag } from './site.mjs';
import { meetForEach } from './visit.mjs';

/** Longer than an experience must be in view to be seen. */
const longEnough = 1_400;
const draft = {
  id: 'draft', owner: 'marketing', slot: 'hero', status: 'draft', dismissible: true, page: { path: '/**' },
  variants: [{ id: 'a', content: { text: 'Draft A' } }, { id: 'b', content: { html: '<p>Draft B <button data-wayline-dismiss>no</button></p>' } }],
};
const programOf = (changes) => compile({ ...packFiles(changes), 'rules/draft.json': JSON.stringify(draft) });
const shown = await programOf();
const withheld = await programOf({ holdout: 1 });
let site, open;
const prepare = (fresh) => {
  fresh.page('/', '<h1 data-wayline-slot="hero">Default</h1>', ['/probe.js', tag('data-patience="60000"')]);
  fresh.page('/two', `<h1 data-wayline-slot="hero">Default</h1>${'<p>filler</p>'.repeat(200)}<p data-wayline-slot="note">no note</p>`, ['/probe.js', tag('data-patience="60000"')]);
};
meetForEach((met) => ({ site, open } = met), { program: shown, prepare });

/** Slot, experience and variant of each exposure that was delivered. */
const exposures = () => {
  const viewed = new Map(site.events.filter(({ event }) => event === 'Experiment Viewed').map((event) => [event.messageId, event.properties]));
  return [...viewed.values()].map(({ slot, experiment_id: experience, variation_id: variant }) => `${slot} ${experience} ${variant}`).toSorted();
};

test('where a holdout withholds an experience the default is shown, and that it was seen is counted: in view for a second, once', async () => {
  site.ship(withheld);
  const page = await open('/two');
  await page.run(() => {
    window.announced = 0;
    document.addEventListener('wayline:content', () => (window.announced += 1));
  });
  await allow(page);
  const { decisions } = await inspect(page);
  assert.deepEqual([decisions.hero.reason, decisions.hero.withheld, decisions.hero.experience], ['holdout', 'greeting', null]);
  assert.equal(await contentOf(page, 'hero'), 'Default');
  await eventually('the hero is counted', async () => (await drained(page), exposures().length > 0));
  await sleep(longEnough);
  await drained(page);
  assert.deepEqual(exposures(), ['hero greeting holdout'], 'the note was never in view');
  assert.equal(await page.run(() => window.announced), 0, 'no slot changed');
  await page.run(() => document.querySelector('[data-wayline-slot=note]').scrollIntoView());
  await eventually('the note is counted too', async () => (await drained(page), exposures().length === 2));
  assert.deepEqual(exposures(), ['hero greeting holdout', 'note note-two holdout']);
  // Each counts once: what comes back into view, here and on later pages, is nothing new.
  await go(page, site.origin);
  await sleep(longEnough);
  await drained(page);
  assert.equal(exposures().length, 2);
  assert.equal(await page.run(() => window.wayline.inspect().steps.filter(({ exposure }) => exposure?.variant === 'holdout').length), 1);
  assert.equal(await contentOf(page, 'hero'), 'Default');
});

test('a default that is not withheld is nobody\'s exposure, nor one whose experience may no longer be shown', async () => {
  site.ship(await compile({ ...packFiles({ holdout: 1 }), 'rules/greeting.json': JSON.stringify({
    id: 'greeting', owner: 'marketing', slot: 'hero', page: { path: '/**' }, purpose: 'personalization', variants: [{ id: 'only', content: { text: 'For you.' } }] }) }));
  const page = await open();
  await call(page, 'consent', { analytics: true });
  await sleep(longEnough);
  await call(page, 'consent', { personalization: true });
  await eventually('it is withheld', async () => (await inspect(page)).decisions.hero.withheld === 'greeting');
  await call(page, 'consent', { personalization: false });
  await sleep(longEnough);
  await drained(page);
  assert.deepEqual(exposures(), []);
});

test('a forced variant shows at once, and is neither exposed nor counted nor stored', async () => {
  const page = await open();
  await allow(page);
  await eventually('what was decided is counted', async () => (await drained(page), exposures().length === 1));
  const before = await inspect(page);
  const profile = await storedProfile(page);
  await call(page, 'force', { draft: 'b', nothing: 'x' });
  assert.match(await contentOf(page, 'hero'), /Draft B/);
  const { decisions, forced } = await inspect(page);
  assert.deepEqual([decisions.hero.experience, decisions.hero.variant, decisions.hero.reason, forced], ['draft', 'b', 'forced', { draft: 'b', nothing: 'x' }]);
  assert.equal((await call(page, 'explain', 'hero')).reason, 'forced');
  await sleep(longEnough);
  await page.run(() => document.querySelector('[data-wayline-dismiss]').click());
  assert.equal(await contentOf(page, 'hero'), 'Default', 'it can be closed');
  await call(page, 'force', { draft: 'a' });
  assert.equal(await contentOf(page, 'hero'), 'Default', 'what was closed stays closed on this page');
  await drained(page);
  assert.deepEqual(exposures(), ['hero greeting only']);
  assert.deepEqual([await storedProfile(page), (await inspect(page)).steps], [profile, before.steps]);
  assert.ok(!site.events.some(({ event }) => event === 'Experience Dismissed'));
  assert.doesNotMatch(await page.run(() => JSON.stringify({ ...localStorage, ...sessionStorage })), /draft/i);
  await go(page, site.origin);
  assert.equal(await contentOf(page, 'hero'), '<p>Welcome, stranger.</p>');
  assert.deepEqual((await inspect(page)).forced, {});
});

test('a variant that is forced before the script is there shows as soon as the page is decided', async () => {
  site.files.set('/queue.js', "window.wayline = [5, null, 'x', ['force', { draft: 'a' }]];");
  site.page('/queued', '<h1 data-wayline-slot="hero">Default</h1>', ['/queue.js', '/probe.js', tag()]);
  const page = await open('/queued');
  assert.equal((await inspect(page)).decisions.hero.reason, 'forced');
  assert.equal(await contentOf(page, 'hero'), 'Draft A');
});

test('a preview goes as it came, and what it hid is measured as ever', async () => {
  const page = await open();
  await call(page, 'force', { draft: 'a' });
  await allow(page);
  assert.equal(await contentOf(page, 'hero'), 'Draft A');
  await sleep(longEnough);
  await call(page, 'force', {});
  assert.equal(await contentOf(page, 'hero'), '<p>Welcome, stranger.</p>');
  await eventually('it is counted', async () => (await drained(page), exposures().length > 0));
  assert.deepEqual(exposures(), ['hero greeting only']);
  // The variant in force all the same: a preview of it is none.
  await call(page, 'force', { greeting: 'only' });
  assert.equal((await inspect(page)).decisions.hero.reason, 'forced');
  await call(page, 'force', { greeting: 5 });
  await call(page, 'force', 'draft');
  assert.deepEqual((await codes(page)).filter((code) => code === 'sdk.bad_call').length, 2);
  assert.equal((await inspect(page)).decisions.hero.reason, 'forced', 'what is no preview changes nothing');
});

test('what may be forced is said with the explanation: every experience of the slot on this page', async () => {
  const page = await open('/two');
  const { previews } = await call(page, 'explain', 'hero');
  assert.deepEqual(previews, { draft: ['a', 'b'], greeting: ['only'], 'interest.tempted.hero': ['a'] });
});

test('what the engine did not take is told as an error, once, with the name of the trait or the purpose', async () => {
  const page = await open();
  await page.run(() => {
    window.notices = [];
    window.wayline.on('error', ({ code, details }) => window.notices.push([code, details.name, details.call]));
  });
  await call(page, 'consent', { personalisation: true });
  await allow(page);
  await call(page, 'identify', 'user-1', { name: 5, nobody: true });
  await call(page, 'identify', 'user-1', { name: 'Anna' });
  const expected = [['consent.undeclared', 'personalisation', 'consent'], ['trait.wrong_type', 'name', 'identify'], ['trait.undeclared', 'nobody', 'identify']];
  assert.deepEqual(await page.run(() => window.notices), expected);
  assert.equal((await inspect(page)).profile.name.value, 'Anna');
});

test('an experience counts once on each page, also where pages come without a load', async () => {
  const page = await open();
  await allow(page);
  const seen = () => page.run(() => window.wayline.inspect().steps.filter(({ exposure }) => exposure !== undefined).length);
  await eventually('it is seen', async () => (await seen()) === 1);
  await page.run(() => history.pushState({}, '', '/?again'));
  await eventually('it is seen on the next page too', async () => (await seen()) === 2);
});
