// What ships: no console, no way to run text, the exports that are documented.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from '../support/built.mjs';

const built = (name) => readFileSync(join(build, 'web', name), 'utf8');

test('the scripts print nothing and run no text', () => {
  for (const forbidden of [/\bconsole\./, /\beval\(/, /\bFunction\(/, /\bdocument\.write/, /\bunload\b/, /setTimeout\(["'`]/]) {
    for (const name of ['wayline.js', 'wayline-consent.js', 'wayline-panel.js']) assert.doesNotMatch(built(name), forbidden, name);
  }
});

test('the module for bundlers exports what it documents, and its types are beside it', async () => {
  const exported = await import(pathToFileURL(join(build, 'web/wayline.mjs')).href);
  assert.deepEqual(Object.keys(exported).toSorted(), ['WaylineError', 'createClient']);
  const engine = await import(pathToFileURL(join(build, 'web/wayline-engine.mjs')).href);
  assert.deepEqual(Object.keys(engine).toSorted(), ['Engine', 'Program', 'Session', 'Studio', 'WaylineError', 'stepPageView']);
  for (const name of ['index', 'engine']) assert.match(built(`types/${name}.d.ts`), /export/);
});

test('createClient refuses options that it does not understand before it starts anything', async () => {
  const { createClient } = await import(pathToFileURL(join(build, 'web/wayline.mjs')).href);
  globalThis.document = { baseURI: 'https://shop.test/' };
  try {
    assert.throws(() => createClient({ writekey: 'shop' }), { code: 'sdk.bad_configuration' });
  } finally {
    delete globalThis.document;
  }
});

test('the script knows the hash of the wasm that lies beside it', async () => {
  const bytes = readFileSync(join(build, 'web/wayline.wasm'));
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('base64');
  assert.ok(built('wayline.js').includes(`sha256-${hash}`), 'run `npm run build:web` after building the wasm');
});
