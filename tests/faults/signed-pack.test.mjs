// T13: programs that are not the site's, or not its latest, and contents that would run code. Signed by the real `wayline build --sign`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { wayline } from '../support/built.mjs';
import { eventually } from '../support/eventually.mjs';
import { packFiles } from '../wasm/engine.mjs';
import { launch } from '../web/browsers/driver.mjs';
import { startSite, tag, Visitor } from './stage.mjs';


let folder, keyFile, publicKey, browser, site, visitor;

function newKey(path) {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }));
}

/** A pack whose hero says `text`, signed. Texts differ in length, as the site's ETags are lengths. */
function signed(text, { key = keyFile, options = [] } = {}) {
  const pack = mkdtempSync(join(folder, 'pack-'));
  const rule = { id: 'greeting', owner: 'marketing', slot: 'hero', page: { path: '/**' }, variants: [{ id: 'only', content: { text } }] };
  const files = { ...packFiles({ consent: { purposes: ['personalization'] } }), 'rules/greeting.json': JSON.stringify(rule) };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(pack, path)), { recursive: true });
    writeFileSync(join(pack, path), content);
  }
  const out = join(pack, 'out.wayline');
  const report = JSON.parse(execFileSync(wayline, ['build', pack, '-o', out, '--sign', key, '--json', ...options], { encoding: 'utf8' }));
  return { bytes: readFileSync(out), key: report.key };
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wayline-signed-'));
  keyFile = join(folder, 'key.pem');
  newKey(keyFile);
  publicKey = signed('any').key;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  site = await startSite();
  site.files.set('/listen.js', "window.told = []; window.wayline = [['on', 'error', ({ code, details }) => told.push([code, details.reason])]];");
  for (const path of ['/', '/two']) site.page(path, '<h1 data-wayline-slot="hero">Default</h1>', ['/listen.js', tag(`data-pack-key="${publicKey}"`)]);
  visitor = new Visitor(browser, site);
});
afterEach(async () => {
  await visitor.end();
  site.stop();
});

const hero = (page) => page.evaluate(() => document.querySelector('[data-wayline-slot=hero]').textContent);
const serve = ({ bytes }) => site.files.set('/v1/pack', bytes);
const told = (page) => page.evaluate(() => window.told);
/** Until the page has been told that a program was refused, and why. */
const refusal = (page) =>
  page.evaluate(async () => {
    const refused = () => window.told.find(([code]) => code === 'pack.untrusted');
    while (!refused()) await new Promise((next) => setTimeout(next, 20));
    return refused()[1];
  });
/** This site's Ed25519 is the browser's own; one without it checks all but the signature, and says so. */
const verifies = (page) =>
  page.evaluate(async () => {
    try {
      await crypto.subtle.importKey('raw', new Uint8Array(32), 'Ed25519', false, ['verify']);
      return true;
    } catch {
      return false;
    }
  });

test('T13: tampered, rolled back, expired and strangers\' programs are refused, and the last known good one goes on', async (context) => {
  const options = (version, ...rest) => ({ options: ['--pack-version', String(version), ...rest] });
  serve(signed('Five', options(5)));
  const first = await visitor.open();
  assert.equal(await hero(first), 'Five');
  const good = (await verifies(first)) ? [] : [['pack.untrusted', 'unverifiable']];
  assert.deepEqual(await told(first), good);
  await first.evaluate(async () => {
    const answer = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
    const database = await answer(indexedDB.open('wayline:test'));
    while ((await answer(database.transaction('assets').objectStore('assets').count())) < 2) await new Promise((next) => setTimeout(next, 20));
    database.close();
  });

  const stranger = join(folder, 'stranger.pem');
  newKey(stranger);
  const tampered = signed('Six of the tampered kind', options(6));
  tampered.bytes[tampered.bytes.indexOf('Six of')] = 'M'.charCodeAt(0);
  const offers = {
    signature: tampered,
    unsigned: signed('Six by a stranger, with a key of his own', { key: stranger, ...options(6) }),
    rolled_back: signed('Four, which was good before Five was, and is signed for ever', options(4)),
    expired: signed('Seven, whose time is over before anybody has seen it: it was valid for one second', options(7, '--valid', '1s')),
  };
  await new Promise((later) => setTimeout(later, 1_100)); // past the expiry
  for (const [reason, offer] of Object.entries(offers)) {
    if (reason === 'signature' && good.length > 0) continue; // by a browser that can not know
    serve(offer);
    const page = await visitor.open('/two');
    assert.equal(await hero(page), 'Five');
    if (good.length === 0) assert.equal(await refusal(page), reason);
    await page.gone();
    const again = await visitor.open('/two');
    assert.equal(await hero(again), 'Five', `${reason}: it was not kept either`);
    await again.gone();
  }
  context.diagnostic(`refused: ${Object.keys(offers).join(', ')}${good.length > 0 ? ', without Ed25519' : ''}`);
  serve(signed('Eight, which is newer than everything before it and still valid', options(8)));
  await eventually('the newer one is taken', async () => {
    const page = await visitor.open('/two');
    const text = await hero(page);
    await page.gone();
    return text.startsWith('Eight');
  }, 60_000);
});

test('T13: __proto__ in what the page says, and contents that would run code, change nothing', async () => {
  const fetched = signed('Hello <img src=x onerror=stolen=1>');
  serve(fetched);
  const page = await visitor.open();
  assert.equal(await hero(page), 'Hello <img src=x onerror=stolen=1>', 'text stays text');
  const result = await page.evaluate(async () => {
    const poison = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    await window.wayline.track('Counted', poison);
    await window.wayline.identify('someone', poison);
    localStorage.setItem('wayline:test:spill', '[{"__proto__":{"polluted":1}}]');
    return ['polluted' in {}, Object.keys(Object.prototype).length, typeof window.stolen, document.querySelectorAll('img').length];
  });
  assert.deepEqual(result, [false, 0, 'undefined', 0]);
  const sent = () => site.events.find(({ event }) => event === 'Counted');
  for (let wait = 0; wait < 100 && sent() === undefined; wait++) await new Promise((next) => setTimeout(next, 100));
  assert.equal(sent().properties.polluted, undefined);
});
