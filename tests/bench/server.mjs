// Serves the bundle, the packs and the wasm to a page that is isolated, where the browser's clock counts in 5 microseconds.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../support/built.mjs';
import { output } from './packs.mjs';

const types = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };

/** {origin, close()}. */
export async function serve() {
  const server = createServer((request, response) => void answer(request.url, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function answer(url, response) {
  const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp', 'cache-control': 'no-store' };
  if (url === '/') return response.writeHead(200, { ...isolated, 'content-type': 'text/html' }).end('<!doctype html><title>Benchmark</title>');
  const place = /^\/(bench\.bundle\.mjs|packs\/\d+\/[\w.-]+)$/.test(url) ? join(output, url) : join(build, 'web/wayline.wasm');
  if (!place.endsWith('.wasm') || url === '/wayline.wasm') {
    const body = await readFile(place).catch(() => undefined);
    if (body) return response.writeHead(200, { ...isolated, 'content-type': types[place.slice(place.lastIndexOf('.'))] ?? 'application/octet-stream' }).end(body);
  }
  return response.writeHead(404).end();
}
