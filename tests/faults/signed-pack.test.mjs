// T13: programs that are not the site's, or not its latest, and contents that would run code. Signed by the real `wayline build --sign`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { wayline } from '../support/built.mjs';
import { eventually } from '../support/eventually.mjs';
import { packFiles } from '../wasm/engine.mjs';
import { contentOf, meetForEach, stored, tag, told } from './stage.mjs';

let folder, keyFile, publicKey, site, open, close;

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
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});
const prepare = (fresh) => {
  for (const path of ['/', '/two']) fresh.page(path, '<h1 data-wayline-slot="hero">Default</h1>', ['/probe.js', tag(`data-pack-key="${publicKey}"`)]);
};
meetForEach((met) => ({ site, open, close } = met), { prepare });

const hero = (page) => contentOf(page, 'hero');
const serve = ({ bytes }) => site.files.set('/v1/pack', bytes);
/** Code and reason of every error that the page was told of. */
const refusals = async (page) => (await told(page)).map(({ code, details }) => [code, details.reason]);
/** This site's Ed25519 is the browser's own; one without it checks all but the signature, and says so. */
const verifies = (page) =>
  page.run(async () => {
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
  const first = await open();
  assert.equal(await hero(first), 'Five');
  const good = (await verifies(first)) ? [] : [['pack.untrusted', 'unverifiable']];
  assert.deepEqual(await refusals(first), good);
  await eventually('program and engine are kept', async () => (await stored(first)).assets.length === 2);

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
    const page = await open('/two');
    assert.equal(await hero(page), 'Five');
    if (good.length === 0) assert.deepEqual(await eventually('it is refused', async () => (await refusals(page))[0]), ['pack.untrusted', reason]);
    await close(page);
    const again = await open('/two');
    assert.equal(await hero(again), 'Five', `${reason}: it was not kept either`);
    await close(again);
  }
  context.diagnostic(`refused: ${Object.keys(offers).join(', ')}${good.length > 0 ? ', without Ed25519' : ''}`);
  serve(signed('Eight, which is newer than everything before it and still valid', options(8)));
  await eventually('the newer one is taken', async () => {
    const page = await open('/two');
    const text = await hero(page);
    await close(page);
    return text.startsWith('Eight');
  }, 60_000);
});

test('T13: __proto__ in what the page says, and contents that would run code, change nothing', async () => {
  const fetched = signed('Hello <img src=x onerror=stolen=1>');
  serve(fetched);
  const page = await open();
  assert.equal(await hero(page), 'Hello &lt;img src=x onerror=stolen=1&gt;', 'text stays text');
  const result = await page.run(async () => {
    const poison = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    await window.wayline.track('Counted', poison);
    await window.wayline.identify('someone', poison);
    localStorage.setItem('wayline:test:spill', '[{"__proto__":{"polluted":1}}]');
    return ['polluted' in {}, Object.keys(Object.prototype).length, typeof window.stolen, document.querySelectorAll('img').length];
  });
  assert.deepEqual(result, [false, 0, 'undefined', 0]);
  const sent = () => site.events.find(({ event }) => event === 'Counted');
  const { properties } = await eventually('the event arrives', sent);
  assert.equal(properties.polluted, undefined);
});
