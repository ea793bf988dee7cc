// The shop's files and the pack over HTTP.
import assert from 'node:assert/strict';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

import { start, temporaryFolder } from './collector.mjs';

/** A raw GET: unlike fetch, neither resolves dots nor decodes. */
function get(collector, path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: collector.port, path, method, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    sent.on('error', reject).end();
  });
}

async function shop(context) {
  const folder = await temporaryFolder(context);
  const root = join(folder, 'www');
  await mkdir(join(root, 'product/A1'), { recursive: true });
  await writeFile(join(root, 'index.html'), 'home');
  await writeFile(join(root, '404.html'), 'lost');
  await writeFile(join(root, 'sale.html'), 'sale');
  await writeFile(join(root, 'product/A1/index.html'), 'dress');
  await writeFile(join(root, 'wayline.wasm'), Buffer.from('\0asm'));
  await writeFile(join(root, 'wayline.js'), 'plain'.repeat(100));
  await writeFile(join(root, 'wayline.js.br'), brotliCompressSync('plain'.repeat(100)));
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await symlink('../secret.txt', join(root, 'link.txt'));
  return { folder, root };
}

test('pages have clean URLs, types, tags, a policy and a 404 page', async (context) => {
  const { folder, root } = await shop(context);
  const collector = await start(context, folder, { options: ['--root', root] });
  for (const [path, status, body] of [['/', 200, 'home'], ['/product/A1', 200, 'dress'], ['/product/A1/', 200, 'dress'], ['/sale?from=mail', 200, 'sale'], ['/nope', 404, 'lost'], ['/product', 404, 'lost']]) {
    const response = await get(collector, path);
    assert.deepEqual([response.status, String(response.body)], [status, body], path);
    assert.equal(response.headers['content-security-policy'], "script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'self'", path);
    assert.equal(response.headers['x-content-type-options'], 'nosniff', path);
  }
  assert.equal((await get(collector, '/wayline.wasm')).headers['content-type'], 'application/wasm');
  const first = await get(collector, '/');
  assert.match(first.headers.etag, /^"[0-9a-f]{16}-4"$/);
  const again = await get(collector, '/', { 'if-none-match': first.headers.etag });
  assert.deepEqual([again.status, again.body.length, again.headers['content-length']], [304, 0, undefined]);
  const head = await get(collector, '/', {}, 'HEAD');
  assert.deepEqual([head.status, head.body.length, head.headers['content-length']], [200, 0, '4']);
});

test('a compressed sibling is served to those who take it', async (context) => {
  const { folder, root } = await shop(context);
  const collector = await start(context, folder, { options: ['--root', root, '--csp', "default-src 'none'"] });
  const packed = await fetch(`${collector.url}/wayline.js`, { headers: { 'accept-encoding': 'br' } });
  assert.equal(packed.headers.get('content-encoding'), 'br');
  assert.equal(packed.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(packed.headers.get('content-security-policy'), "default-src 'none'");
  assert.equal(await packed.text(), 'plain'.repeat(100));
  const plain = await get(collector, '/wayline.js', { 'accept-encoding': 'gzip' });
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(String(plain.body), 'plain'.repeat(100));
});

test('nothing outside the root is served', async (context) => {
  const { folder, root } = await shop(context);
  await writeFile(join(root, '.env'), 'secret');
  const collector = await start(context, folder, { options: ['--root', root] });
  for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/product/../../secret.txt', '/link.txt', '/.env', '/%2eenv', '//secret.txt', `/${folder}/secret.txt`, '/..%5csecret.txt', '/%00', '/%', 'secret.txt']) {
    const response = await get(collector, path);
    assert.ok([400, 404].includes(response.status), `${path}: ${response.status}`);
    assert.doesNotMatch(String(response.body), /^secret$/, path);
  }
});

test('the pack is served as it is on disk now', async (context) => {
  const { folder, root } = await shop(context);
  const collector = await start(context, folder, { options: ['--root', root] });
  const absent = await get(collector, '/v1/pack');
  assert.equal(absent.status, 503);
  assert.equal(JSON.parse(absent.body).error.code, 'collector.unavailable');
  for (const content of ['first', 'again', 'third, longer']) {
    await writeFile(join(folder, 'pack.new'), content);
    await rename(join(folder, 'pack.new'), join(folder, 'pack.wayline'));
    const fresh = await get(collector, '/v1/pack', { origin: 'https://shop.example' });
    assert.deepEqual([fresh.status, String(fresh.body)], [200, content]);
    assert.equal(fresh.headers['content-type'], 'application/octet-stream');
    assert.equal(fresh.headers['cache-control'], 'no-cache');
    assert.equal(fresh.headers['access-control-allow-origin'], '*');
    assert.match(fresh.headers['access-control-expose-headers'], /ETag/);
    assert.equal((await get(collector, '/v1/pack', { 'if-none-match': fresh.headers.etag })).status, 304);
  }
});
