// One person on several devices: each device's state becomes part of one profile, and only that person's token opens it.
// The devices are real ones: `wayline run` with the shop's pack, each with its own state, which it exchanges with a real collector.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { root, wayline } from '../support/built.mjs';
import { basic, post, rows, start, temporaryFolder, writeKey } from './collector.mjs';

const identityKey = 'a secret that only the site knows: 32 bytes';
const options = ['--identity-key', `${identityKey}:${writeKey}`, '--erase-key', `secret:${writeKey}`];

const encoded = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** What the site's server gives to whoever is signed in: a JWT, made without a library so that nothing but RFC 7515 is agreed on. */
function tokenOf(sub, { key = identityKey, header = { alg: 'HS256', typ: 'JWT' }, hash = 'sha256', ...claims } = {}) {
  const signed = `${encoded(header)}.${encoded({ sub, exp: Math.floor(Date.now() / 1000) + 60, ...claims })}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}
const credentials = (token, key = writeKey) => ({ authorization: `Basic ${Buffer.from(`${key}:${token}`).toString('base64')}` });

const exchange = (url, state, token) => post(url, '/v1/profile', state, { headers: credentials(token) });
async function profile(url, token, key) {
  const response = await fetch(`${url}/v1/profile`, { headers: credentials(token, key) });
  return { status: response.status, body: await response.json() };
}

/** What a state tells of the person, whichever device it is on. */
function ofThePerson({ visitor, page, pageNumber, device, session, experiences, ...state }) {
  const seen = Object.entries(experiences).map(([id, { seenPage, seenSession, seenInSession, ...memory }]) => [id, memory]);
  return { ...state, experiences: Object.fromEntries(seen) };
}

/** A collector with the shop's pack, and devices that run it. */
async function shop(context) {
  const folder = await temporaryFolder(context);
  const pack = join(folder, 'pack.wayline');
  const [hash] = execFileSync(wayline, ['build', 'demo/pack', '-o', pack], { cwd: root, encoding: 'utf8' }).match(/[0-9a-f]{16}$/m);
  const collector = await start(context, folder, { options });
  const device = (name) => {
    const file = join(folder, `${name}.state`);
    let known = false;
    return {
      /** Plays steps, and answers with the outcome of each. */
      play(...steps) {
        const input = steps.map((step) => `${JSON.stringify({ visitor: name, ...step })}\n`).join('');
        const output = execFileSync(wayline, ['run', pack, ...(known ? ['--state', file] : []), '--save-state', file], { input, encoding: 'utf8' });
        known = true;
        return output.trim().split('\n').map((line) => JSON.parse(line));
      },
      state: () => JSON.parse(readFileSync(file, 'utf8')),
      adopt: (state) => writeFileSync(file, `${JSON.stringify(state)}\n`),
      /** Sends what it knows and goes on with what all of the person's devices know. */
      async exchange(token) {
        const reply = await exchange(collector.url, this.state(), token);
        assert.equal(reply.status, 200, JSON.stringify(reply.body));
        this.adopt(reply.body);
        return reply.body;
      },
    };
  };
  return { collector, device, folder, pack, hash };
}

const at = (time) => ({ at: `2026-03-02T${time}+02:00` });
const view = (time, product_id, category, name) => ({ ...at(time), track: 'Product Viewed', properties: { product_id, category, name, price: 40, sale: false } });
const page = (time, path, decide) => ({ ...at(time), page: { url: `https://hazel.example${path}` }, ...(decide ? { decide } : {}) });
const allow = (time) => ({ ...at(time), consent: { analytics: true, personalization: true, service: true } });
const isAda = (time) => ({ ...at(time), identify: 'ada', traits: { first_name: 'Ada' } });

test('what one device learnt, interleaved in time, decides on the other one', async (context) => {
  const { device } = await shop(context);
  const [phone, laptop] = [device('phone'), device('laptop')];
  phone.play(allow('10:00:00'), view('10:01:00', 'A13', 'trousers', 'Oak trousers'), isAda('10:02:00'), view('10:20:00', 'C17', 'blouses', 'Larch blouse'));
  laptop.play(allow('10:05:00'), view('10:10:00', 'B3', 'skirts', 'Elm skirt'), isAda('10:11:00'));
  await phone.exchange(tokenOf('ada'));
  await laptop.exchange(tokenOf('ada'));
  const [home] = laptop.play(page('10:30:00', '/', ['home-edit', 'hero']));
  assert.match(home.decisions['home-edit'].content.html, /Larch blouse/, 'the latest of both, by time');

  phone.play({ ...at('10:40:00'), track: 'Case Opened', properties: { case_id: 'S-1', topic: 'delivery' } });
  await phone.exchange(tokenOf('ada'));
  await laptop.exchange(tokenOf('ada'));
  const [silent] = laptop.play(page('10:50:00', '/', ['hero', 'announcement']));
  assert.equal(silent.decisions.hero.experience, 'service-recovery.acknowledge.hero');
  assert.equal(silent.journeys['first-visit'].status, 'held');
  laptop.play({ ...at('10:55:00'), track: 'Case Closed', properties: { case_id: 'S-1', topic: 'delivery', rating: 5 } });
  await laptop.exchange(tokenOf('ada'));
  await phone.exchange(tokenOf('ada'));
  const [closed] = phone.play(page('11:00:00', '/', ['hero']));
  assert.equal(closed.journeys['service-recovery'].status, 'completed');
});

test('the profile is what `wayline merge` makes of the devices, in any order, and each keeps what is its own', async (context) => {
  const { collector, device, folder, pack } = await shop(context);
  const devices = ['phone', 'laptop', 'tablet'].map(device);
  devices.forEach((each, index) => each.play(allow(`10:0${index}:00`), view(`10:1${index}:00`, `A${index}`, 'trousers', `Piece ${index}`), isAda(`10:2${index}:00`)));
  const states = devices.map((each) => each.state());
  // All at once and each twice: transactions put them in some order.
  const replies = await Promise.all([...states, ...states].map((state) => exchange(collector.url, state, tokenOf('ada'))));
  assert.deepEqual(replies.map(({ status }) => status), Array(6).fill(200));
  const merge = (left, right) => {
    const files = [left, right].map((state, index) => join(folder, `merge-${index}`));
    files.forEach((file, index) => writeFileSync(file, JSON.stringify([left, right][index])));
    return JSON.parse(execFileSync(wayline, ['merge', pack, ...files], { encoding: 'utf8' }));
  };
  const stored = (await profile(collector.url, tokenOf('ada'))).body;
  assert.deepEqual(stored, ofThePerson(merge(states[0], merge(states[2], states[1]))));
  for (const each of devices) {
    const merged = await each.exchange(tokenOf('ada'));
    const own = states[devices.indexOf(each)];
    assert.deepEqual([merged.visitor, merged.page, merged.device, merged.session], [own.visitor, own.page, own.device, own.session]);
    assert.deepEqual(merged.history, stored.history);
  }
  assert.deepEqual((await profile(collector.url, tokenOf('ada'))).body, stored, 'what was merged from it adds nothing');
});

test('pages and sessions are counted on each device for itself', async (context) => {
  const { collector, device } = await shop(context);
  const [phone, laptop, tablet] = ['phone', 'laptop', 'tablet'].map(device);
  const first = 'first-visit.arrive.announcement';
  const seen = (time) => ({ ...at(time), exposure: { slot: 'announcement', journey: 'first-visit', experience: first, variant: 'returns' } });
  const counts = ({ pageNumber, session, experiences: { [first]: memory } }) => [pageNumber, session, memory.seenPage, memory.seenSession, memory.seenInSession];
  phone.play(allow('10:00:00'), page('10:02:00', '/', ['announcement']), seen('10:02:10'), isAda('10:03:00'));
  laptop.play(allow('12:00:00'), page('12:01:00', '/'), page('12:02:00', '/sale'), page('12:03:00', '/', ['announcement']), seen('12:03:10'), seen('12:03:20'), isAda('12:04:00'));
  tablet.play(allow('11:00:00'), isAda('11:01:00'));
  const [own, others] = [phone.state(), laptop.state()].map(counts);
  assert.ok(own[0] < others[0] && own[2] < others[2], 'they counted differently');
  await laptop.exchange(tokenOf('ada'));
  for (let round = 0; round < 2; round++) {
    const merged = await phone.exchange(tokenOf('ada'));
    assert.equal(merged.clock, laptop.state().clock, 'the later state is the other one');
    assert.deepEqual(counts(merged), own);
    assert.deepEqual(merged.experiences[first].seen, laptop.state().experiences[first].seen, 'what was seen anywhere was seen');
  }
  assert.deepEqual(counts(await laptop.exchange(tokenOf('ada'))), others);
  const unseen = await tablet.exchange(tokenOf('ada'));
  assert.deepEqual(counts(unseen), [undefined, tablet.state().session, undefined, undefined, undefined]);
  const stored = (await profile(collector.url, tokenOf('ada'))).body;
  assert.deepEqual(stored, ofThePerson(stored));
});

test('who signs out leaves nothing to the next person at the device', async (context) => {
  const { collector, device } = await shop(context);
  const shared = device('shared');
  shared.play(allow('10:00:00'), isAda('10:01:00'), view('10:02:00', 'A13', 'trousers', 'Oak trousers'), { ...at('10:03:00'), track: 'Case Opened', properties: { case_id: 'S-1', topic: 'other' } });
  await shared.exchange(tokenOf('ada'));
  shared.play({ ...at('10:04:00'), logout: true }, { ...at('10:05:00'), identify: 'bo', traits: { first_name: 'Bo' } });
  const bo = await shared.exchange(tokenOf('bo'));
  assert.equal(bo.user, 'bo');
  assert.doesNotMatch(JSON.stringify(bo), /Oak trousers|"Ada"|service-recovery/);
  const refused = await exchange(collector.url, shared.state(), tokenOf('ada'));
  assert.deepEqual([refused.status, refused.body.error.code], [401, 'token.refused']);
  assert.match(JSON.stringify((await profile(collector.url, tokenOf('ada'))).body), /Oak trousers/);
  const ended = shared.play({ ...at('10:06:00'), logout: true }, { ...at('10:07:00'), identify: 'ada' });
  assert.equal(ended.length, 2);
  assert.equal((await shared.exchange(tokenOf('ada'))).journeys['service-recovery'] === undefined, false);
});

test('what the person before chose on a shared device holds there, and is no choice of the next one', async (context) => {
  const { collector, device } = await shop(context);
  const [shared, phone, laptop] = ['shared', 'phone', 'laptop'].map(device);
  shared.play(allow('10:00:00'), isAda('10:01:00'), { ...at('10:02:00'), logout: true }, { ...at('10:03:00'), identify: 'bo' });
  const left = { at: 0, granted: true };
  assert.deepEqual((await shared.exchange(tokenOf('bo'))).consent, { analytics: left, personalization: left, service: left });
  assert.deepEqual((await profile(collector.url, tokenOf('bo'))).body.consent, {});
  laptop.play({ ...at('10:03:30'), identify: 'bo' });
  assert.deepEqual((await laptop.exchange(tokenOf('bo'))).consent, {});
  phone.play({ ...at('09:00:00'), consent: { analytics: false } }, { ...at('09:01:00'), identify: 'bo' });
  const denied = (await phone.exchange(tokenOf('bo'))).consent;
  assert.equal(denied.analytics.granted, false);
  assert.deepEqual((await shared.exchange(tokenOf('bo'))).consent, { ...denied, personalization: left, service: left }, 'the earlier choice is the person\'s own');
});

test('a choice that was withdrawn on one device is withdrawn on the others', async (context) => {
  const { device } = await shop(context);
  const [phone, laptop] = [device('phone'), device('laptop')];
  for (const each of [phone, laptop]) {
    each.play(allow('10:00:00'), isAda('10:01:00'));
    await each.exchange(tokenOf('ada'));
  }
  phone.play({ ...at('10:10:00'), consent: { personalization: false } });
  await phone.exchange(tokenOf('ada'));
  const merged = await laptop.exchange(tokenOf('ada'));
  assert.doesNotMatch(JSON.stringify(merged), /"Ada"/, 'the trait that needed it is gone');
});

test('to name somebody opens nothing: without that person\'s token, signed and in time, no profile is read or changed', async (context) => {
  const { collector, device } = await shop(context);
  const [phone, thief] = [device('phone'), device('thief')];
  phone.play(allow('10:00:00'), isAda('10:01:00'));
  await phone.exchange(tokenOf('ada'));
  const before = (await profile(collector.url, tokenOf('ada'))).body;
  thief.play(allow('10:00:00'), { ...at('10:02:00'), identify: 'ada', traits: { first_name: 'Eve' } });
  const [header, claims, signature] = tokenOf('ada').split('.');
  const refused = {
    'no token': '',
    'a word': 'ada',
    'not signed': `${encoded({ alg: 'none' })}.${claims}.`,
    'said not to be signed': tokenOf('ada', { header: { alg: 'none' } }),
    'signed otherwise': tokenOf('ada', { header: { alg: 'HS512' }, hash: 'sha512' }),
    'said to be signed otherwise': tokenOf('ada', { header: { alg: 'RS256' } }),
    'with an extension that must be understood': tokenOf('ada', { header: { alg: 'HS256', crit: ['b64'], b64: true } }),
    'with an empty list of such extensions': tokenOf('ada', { header: { alg: 'HS256', crit: [] } }),
    'signed by somebody else': tokenOf('ada', { key: 'another secret, just as long as it must be' }),
    'with other claims': `${header}.${encoded({ sub: 'ada', exp: 9e9 })}.${signature}`,
    'cut short': `${header}.${claims}.${signature.slice(0, -2)}`,
    'with more behind it': `${header}.${claims}.${signature}.${signature}`,
    'out of date': tokenOf('ada', { exp: Math.floor(Date.now() / 1000) - 1 }),
    'without an end': tokenOf('ada', { exp: undefined }),
    'with an end that is no number': tokenOf('ada', { exp: '9999999999' }),
    'not yet valid': tokenOf('ada', { nbf: Math.floor(Date.now() / 1000) + 60 }),
    'without a person': tokenOf(undefined),
    'of nobody': tokenOf(''),
    'longer than a token is': tokenOf('ada', { more: 'x'.repeat(5000) }),
  };
  for (const [why, token] of Object.entries(refused)) {
    const [read, sent] = [await profile(collector.url, token), await exchange(collector.url, thief.state(), token)];
    for (const reply of [read, sent]) assert.deepEqual([reply.status, reply.body.error?.code], [401, 'token.refused'], why);
  }
  const asEve = await exchange(collector.url, thief.state(), tokenOf('eve'));
  assert.deepEqual([asEve.status, asEve.body.error.code], [401, 'token.refused'], 'a token of one\'s own opens no other profile');
  assert.equal((await profile(collector.url, tokenOf('eve'))).status, 404);
  assert.equal((await profile(collector.url, tokenOf('ada'), 'unknown')).body.error.code, 'key.unknown');
  assert.equal((await fetch(`${collector.url}/v1/profile`)).status, 401);
  assert.equal((await fetch(`${collector.url}/v1/profile`, { method: 'DELETE', headers: credentials(tokenOf('ada')) })).status, 405);
  assert.deepEqual((await profile(collector.url, tokenOf('ada'))).body, before, 'nothing of all that has changed it');
});

test('without an identity key nobody has a profile, and a short key is refused', async (context) => {
  const collector = await start(context, await temporaryFolder(context));
  assert.equal((await profile(collector.url, tokenOf('ada'))).body.error.code, 'token.refused');
  assert.equal((await profile(collector.url, tokenOf('ada', { key: '' }))).body.error.code, 'token.refused');
  await assert.rejects(start(context, await temporaryFolder(context), { options: ['--identity-key', `short:${writeKey}`] }), /at least 32 bytes/);
});

test('keys of one project open nothing in another, and while keys change both are good', async (context) => {
  const folder = await temporaryFolder(context);
  execFileSync(wayline, ['build', 'demo/pack', '-o', join(folder, 'pack.wayline')], { cwd: root });
  const next = 'the next secret of the site, also 32 bytes long';
  const others = 'the secret of another site, which is its own';
  const collector = await start(context, folder, { keys: [writeKey, 'other'], options: [...options, '--identity-key', `${next}:${writeKey}`, '--identity-key', `${others}:other`] });
  for (const key of [identityKey, next]) assert.equal((await profile(collector.url, tokenOf('ada', { key }))).status, 404);
  assert.equal((await profile(collector.url, tokenOf('ada', { key: others }))).status, 401);
  assert.equal((await profile(collector.url, tokenOf('ada'), 'other')).status, 401);
});

test('a profile that was acknowledged survives a kill; what is no state is refused and changes nothing', async (context) => {
  const { collector, device, folder } = await shop(context);
  const phone = device('phone');
  phone.play(allow('10:00:00'), isAda('10:01:00'), view('10:02:00', 'A13', 'trousers', 'Oak trousers'));
  const state = phone.state();
  const zipped = await post(collector.url, '/v1/profile', gzipSync(JSON.stringify(state)), { headers: credentials(tokenOf('ada')) });
  assert.equal(zipped.status, 200);
  const refusals = [
    ['', 400, 'json.syntax'],
    ['[]', 401, 'token.refused'],
    [{ user: 'ada' }, 400, 'state.malformed'],
    [{ ...state, history: 7 }, 400, 'state.malformed'],
    [{ ...state, experiences: 7 }, 400, 'state.malformed'],
    [{ ...state, visitor: 7 }, 400, 'state.malformed'],
    [{ ...state, wayline: 1_000_000 }, 400, 'state.from_future'],
    [{ ...state, clock: Date.now() + 60_000 }, 400, 'state.malformed'],
    [{ ...state, consent: { analytics: { at: state.clock + 1, granted: true } } }, 400, 'state.malformed'],
    [{ ...state, exposures: [Date.now() + 60_000] }, 400, 'state.malformed'],
    [`{"user":"ada","user":"eve"}`, 400, 'json.duplicate_key'],
    [{ ...state, padding: 'x'.repeat(200_000) }, 413, 'batch.too_large'],
    [gzipSync(JSON.stringify({ ...state, padding: 'x'.repeat(2_000_000) })), 413, 'batch.too_large'],
    [`${'['.repeat(1000)}`, 400, 'json.too_deep'],
  ];
  for (const [body, status, code] of refusals) {
    const reply = await exchange(collector.url, body, tokenOf('ada'));
    assert.deepEqual([reply.status, reply.body.error?.code], [status, code], String(body).slice(0, 40));
  }
  const hurried = await exchange(collector.url, { ...state, clock: Date.now() + 5_000 }, tokenOf('ada'));
  assert.equal(hurried.status, 200, 'a clock that is a little ahead is as good as any');
  const before = (await profile(collector.url, tokenOf('ada'))).body;
  await collector.stop('SIGKILL');
  const again = await start(context, folder, { options });
  assert.deepEqual((await profile(again.url, tokenOf('ada'))).body, before);
});

test('a profile has a bound: what would exceed it is refused, and changes nothing', async (context) => {
  const { collector, device } = await shop(context);
  const phone = device('phone');
  phone.play(allow('10:00:00'), isAda('10:01:00'));
  const state = phone.state();
  /** A state with so many bytes of what the other ones do not have. */
  const heavy = (...journeys) => ({ ...state, journeys: Object.fromEntries(journeys.map((id) => [id, { status: 'exited', stage: 'none', version: 1, enteredAt: 1, outcome: 'x'.repeat(30_000) }])) });
  assert.equal((await exchange(collector.url, heavy('first-visit', 'service-recovery', 'abandoned-basket'), tokenOf('ada'))).status, 200);
  const before = (await profile(collector.url, tokenOf('ada'))).body;
  const refused = await exchange(collector.url, heavy('winter-sale', 'gold-welcome', 'aftercare'), tokenOf('ada'));
  assert.deepEqual([refused.status, refused.body.error?.code], [413, 'state.too_large']);
  assert.deepEqual((await profile(collector.url, tokenOf('ada'))).body, before);
  assert.equal((await exchange(collector.url, state, tokenOf('ada'))).status, 200, 'what fits is taken as before');
});

test('an erased person has no profile, in no file, and none comes back', async (context) => {
  const { collector, device, folder } = await shop(context);
  const [phone, other] = [device('phone'), device('other')];
  phone.play(allow('10:00:00'), isAda('10:01:00'), view('10:02:00', 'A13', 'trousers', 'Oak trousers'));
  other.play(allow('10:00:00'), { ...at('10:01:00'), identify: 'bo' });
  await phone.exchange(tokenOf('ada'));
  await other.exchange(tokenOf('bo'));
  const erased = await post(collector.url, '/v1/erase', { userId: 'ada' }, { headers: { authorization: basic('secret') } });
  assert.equal(erased.status, 200);
  assert.deepEqual(await rows(collector.database, 'SELECT user_id FROM profiles'), [{ user_id: 'bo' }]);
  for (const reply of [await profile(collector.url, tokenOf('ada')), await exchange(collector.url, phone.state(), tokenOf('ada'))]) {
    assert.deepEqual([reply.status, reply.body.error.code], [410, 'event.suppressed']);
  }
  await collector.stop('SIGTERM');
  const database = readdirSync(folder).filter((name) => name.startsWith('events.sqlite')).map((name) => readFileSync(join(folder, name), 'latin1'));
  assert.ok(!database.some((text) => text.includes('Oak trousers')), 'no byte of it is left');
});

test('a visitor who was erased by anonymous id is in no profile and brings nothing to one', async (context) => {
  const { collector, device } = await shop(context);
  const [phone, laptop] = [device('phone-of-ada'), device('laptop-of-ada')];
  for (const each of [phone, laptop]) {
    each.play(allow('10:00:00'), isAda('10:01:00'), page('10:02:00', '/'));
    await each.exchange(tokenOf('ada'));
  }
  const erased = await post(collector.url, '/v1/erase', { anonymousId: 'phone-of-ada' }, { headers: { authorization: basic('secret') } });
  assert.equal(erased.status, 200);
  const [{ state }] = await rows(collector.database, 'SELECT state FROM profiles');
  assert.doesNotMatch(state, /-of-ada/);
  const refused = await exchange(collector.url, phone.state(), tokenOf('ada'));
  assert.deepEqual([refused.status, refused.body.error.code], [410, 'event.suppressed']);
  await laptop.exchange(tokenOf('ada'));
});

test('a state of another program than the collector\'s changes nothing', async (context) => {
  const { collector, device, hash } = await shop(context);
  const phone = device('phone');
  phone.play(allow('10:00:00'), isAda('10:01:00'));
  const send = (program) => post(collector.url, `/v1/profile?program=${program}`, phone.state(), { headers: credentials(tokenOf('ada')) });
  for (const other of ['0000000000000001', '', 'word', `${hash}0`, `${hash}&`]) {
    const refused = await send(other);
    assert.deepEqual([refused.status, refused.body.error?.code], [409, 'pack.unavailable'], other);
  }
  assert.equal((await profile(collector.url, tokenOf('ada'))).status, 404);
  assert.equal((await send(hash)).status, 200);
});
