// The site of the start-up benchmark: the same six slots on every address, once with Wayline and once with GrowthBook, each as its guide
// says it is embedded in a page that must not flicker, and once with neither.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { slots } from '../pack/shop.mjs';
import { build, root } from '../../support/built.mjs';
import { folderOf } from '../packs.mjs';

export const rules = 1_000;
/** What GrowthBook works out for its attributes, and what Wayline is told of the visitor once. */
export const visitor = { country: 'PL', tier: 'gold', age: 30, orders: 3, spent: 200, store: 'store-3', brand: 'brand-2' };
export const pages = ['/p/wool-coat-9', '/p/linen-shirt-0', '/p/rain-boots-5', '/c/women/linen-shirts-0/all'];

/** Marks the moment in which a script begins to run. What its first lines tell the browser stays first. */
const started = (script) => String(script).replace(/^(\/\/.*\n)*/, "$&performance.mark('started');\n");
const embedded = {
  wayline: `<script src="/wayline-snippet.js" data-write-key="bench" data-pack="/pack" data-hide></script>
    <script async src="/wayline.js" data-pack="/pack" data-endpoint="/v1" data-write-key="bench"></script>`,
  growthbook: '<script async src="/growthbook.js"></script>',
  bare: '',
};

/** Names of one server, so that the same addresses have the same rules. */
const names = { wayline: 'localhost', growthbook: '127.0.0.1', bare: 'bare.localhost' };

const page = (contestant, address) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>${address}</title>${embedded[contestant]}
  <body><h1>Shop</h1>${slots.map((slot) => `<p data-wayline-slot="${slot}" style="min-height: 2em">The default of ${slot}, as everybody sees it.</p>`).join('')}
  ${pages.map((path) => `<p><a href="${path}">${path}</a></p>`).join('')}</body></html>`;

/** GrowthBook's own script, and what its guide has a page do with it. */
function growthbook() {
  const sdk = readFileSync(join(root, 'node_modules/@growthbook/growthbook/dist/bundles/index.min.js'), 'utf8');
  return `${sdk}
(async () => {
  const attributes = { ...${JSON.stringify(visitor)}, type: 'desktop', language: navigator.language, path: location.pathname, days_since_order: 10, now: Date.now() };
  const client = new growthbook.GrowthBook({ apiHost: location.origin, clientKey: 'bench', attributes });
  await client.init({ timeout: 3000 });
  const decisions = ${JSON.stringify(slots)}.map((slot) => [slot, client.evalFeature(slot).value]);
  performance.mark('decided');
  if (document.readyState === 'loading') await new Promise((parsed) => document.addEventListener('DOMContentLoaded', parsed));
  for (const [slot, decision] of decisions) if (decision !== null) document.querySelector(\`[data-wayline-slot=\${slot}]\`).textContent = decision.content.text;
})();`;
}

export async function startServer() {
  const packs = folderOf(rules);
  const features = JSON.stringify({ status: 200, features: JSON.parse(readFileSync(join(packs, 'growthbook.json'), 'utf8')), dateUpdated: '2026-01-01T00:00:00Z' });
  const files = {
    '/wayline.js': ['text/javascript', started(readFileSync(join(build, 'web/wayline.js')))],
    '/wayline-snippet.js': ['text/javascript', started(readFileSync(join(build, 'web/wayline-snippet.js')))],
    '/wayline.wasm': ['application/wasm', readFileSync(join(build, 'web/wayline.wasm'))],
    '/pack': ['application/octet-stream', readFileSync(join(packs, 'program.wayline'))],
    '/growthbook.js': ['text/javascript', started(growthbook())],
    '/api/features/bench': ['application/json', features],
    '/favicon.ico': ['image/x-icon', ''],
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (request.method === 'POST') return void answer(request, response);
    const { hostname } = new URL(`http://${request.headers.host}`);
    const contestant = Object.keys(names).find((name) => names[name] === hostname);
    const [type, body] = files[pathname] ?? ['text/html', page(contestant, pathname)];
    response.writeHead(200, { 'content-type': type, 'cache-control': type === 'text/html' ? 'no-store' : 'max-age=3600', etag: '"1"' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const origins = Object.fromEntries(Object.entries(names).map(([contestant, name]) => [contestant, `http://${name}:${port}`]));
  return { origins, stop: () => (server.closeAllConnections(), server.close()) };
}

/** Every event is taken. */
async function answer(request, response) {
  let text = '';
  for await (const chunk of request) text += chunk;
  const results = JSON.parse(text).batch.map(({ messageId }) => ({ messageId, status: 'accepted' }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ success: true, results }));
}
