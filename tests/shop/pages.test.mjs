// Every generated page: its policy, its links and pictures, its slots; and what the pack's contents refer to.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../support/built.mjs';
import { Site } from './site.mjs';

/** Served beside the pages, made by other builds. */
const elsewhere = new Set(['/wayline.js', '/wayline.wasm', '/wayline-panel.js', '/wayline-snippet.js']);

let site, pages;
before(() => {
  site = new Site().build();
  pages = site.files().filter((file) => file.endsWith('.html')).map((file) => [file, site.read(file)]);
});
after(() => site?.dispose());

const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, group]) => group);
const withoutComments = (text) => text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, string) => string ?? '');

/** All texts of the pack's documents of one kind. */
function packTexts(folder) {
  const path = join(root, 'demo/pack', folder);
  return readdirSync(path).map((file) => JSON.stringify(JSON.parse(withoutComments(readFileSync(join(path, file), 'utf8')))).replaceAll('\\"', '"'));
}

test('217 products of the data set, each with a name of its own', () => {
  const products = pages.filter(([file]) => file.startsWith('product/'));
  assert.equal(products.length, 217);
  assert.equal(new Set(products.map(([, text]) => /<h1>([^<]+)<\/h1>/.exec(text)?.[1])).size, 217);
});

test('each product has its four pictures, and no two front pictures are the same file', () => {
  const pictures = site.files().filter((file) => file.startsWith('img/'));
  assert.equal(pictures.length, 4 * 217);
  assert.equal(new Set(pictures.filter((file) => /^img\/[A-Z]\d+\.svg$/.test(file)).map((file) => site.read(file))).size, 217);
});

test('no page has inline script, inline style or a handler, and all have the policy', () => {
  for (const [file, text] of pages) {
    assert.match(text, /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval';[^"]*require-trusted-types-for 'script'">/, file);
    assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=/, file);
  }
});

test('every link and every file that a page asks for exists', () => {
  const missing = pages.flatMap(([file, text]) =>
    matches(text, /(?:href|src)="(\/[^"]*)"/g).filter((address) => !elsewhere.has(address) && address !== '/' && site.fileOf(address) === undefined).map((address) => `${file}: ${address}`));
  assert.deepEqual(missing, []);
});

test('every link to a part of a page finds that part', () => {
  const broken = pages.flatMap(([file, text]) =>
    matches(text, /href="(\/[^"#]*#[^"]+)"/g).filter((address) => {
      const [path, id] = address.split('#');
      return !site.read(site.fileOf(path) ?? 'index.html').includes(`id="${id}"`);
    }).map((address) => `${file}: ${address}`));
  assert.deepEqual(broken, []);
});

test('the slots of the pages are the slots of the pack', () => {
  const used = new Set(pages.flatMap(([, text]) => matches(text, /data-wayline-slot="([^"]+)"/g)));
  const { slots } = JSON.parse(withoutComments(readFileSync(join(root, 'demo/pack/site.json'), 'utf8')));
  assert.deepEqual([...used].sort(), Object.keys(slots).sort());
});

test('what the pack shows leads to pages and pictures that exist', () => {
  const texts = [...packTexts('journeys'), ...packTexts('rules')];
  const addresses = texts.flatMap((text) => matches(text, /(?:href|src)="(\/[^"]*)"/g)).map((address) => address.replace(/\{\{[^|}]*\|\s*([^}]*?)\s*\}\}/g, '$1'));
  assert.ok(addresses.length > 20);
  assert.deepEqual(addresses.filter((address) => address !== '/' && site.fileOf(address) === undefined), []);
});

test('what the pack shows is styled by the shop', () => {
  const styles = site.read('assets/shop.css');
  const classes = new Set([...packTexts('journeys'), ...packTexts('rules')].flatMap((text) => matches(text, /class="([^"]+)"/g)).flatMap((names) => names.split(' ')));
  assert.deepEqual([...classes].filter((name) => !styles.includes(`.${name}`)), []);
});

test('building twice gives the same files', () => {
  const again = new Site().build();
  try {
    assert.deepEqual(again.files(), site.files());
    assert.deepEqual(site.files().filter((file) => again.read(file) !== site.read(file)), []);
  } finally {
    again.dispose();
  }
});
