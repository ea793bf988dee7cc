/**
 * Keeps the shop open without a network. The frame of the shop (start, shelves, styles, scripts) is stored when the worker
 * is installed, the rest (217 product pages and their pictures) when a page asks for it. Pages and files come from the store
 * first; the SDK and its engine come from the network first, so that a new build is used at once. Nothing under /v1 is touched:
 * events must reach the collector or stay in the SDK's own queue, and the pack is the SDK's to keep.
 */
declare const self: ServiceWorkerGlobalScope;

/** Written by demo/build.mjs: a digest of all files, and their addresses. */
declare const siteDigest: string;
declare const frameFiles: readonly string[];
declare const otherFiles: readonly string[];

const storeName = `hazel-${siteDigest}`;
const liveStoreName = 'hazel-live';
/** Requests at a time while filling: the visitor's own come first. */
const fillWidth = 4;
/** How long the network may take for the SDK before the stored copy is used, in milliseconds. */
const networkPatience = 2500;

const liveAddresses: readonly string[] = ['/wayline.js', '/wayline.wasm', '/wayline-panel.js'];

/** Fetches a file of the site and stores it under its clean address, even when the server answered through a redirect. */
async function add(store: Cache, address: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${String(response.status)}`);
  await store.put(address, response.redirected ? new Response(response.body, { headers: response.headers }) : response);
}

async function install(): Promise<void> {
  const store = await caches.open(storeName);
  await Promise.all(frameFiles.map(async (address) => add(store, address)));
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  const stale = names.filter((name) => name.startsWith('hazel-') && name !== storeName && name !== liveStoreName);
  await Promise.all(stale.map(async (name) => caches.delete(name)));
  await self.clients.claim();
  const live = await caches.open(liveStoreName);
  // The first page loaded these before the worker was there. A refusal (no network) is met again when they are asked for.
  await Promise.allSettled(liveAddresses.map(async (address) => live.add(address)));
}

async function fill(): Promise<void> {
  const store = await caches.open(storeName);
  const known = new Set((await store.keys()).map((request) => new URL(request.url).pathname));
  const wanted = otherFiles.filter((address) => !known.has(address));
  const work = wanted[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const address of work) await add(store, address);
  };
  await Promise.allSettled(Array.from({ length: fillWidth }, worker));
}

/** `/sale/?colour=red` and `/sale` are the same page. */
function pageAddress(url: URL): string {
  return url.pathname.length > 1 ? url.pathname.replace(/\/$/u, '') : '/';
}

async function storeFirst(request: Request): Promise<Response> {
  const store = await caches.open(storeName);
  const address = pageAddress(new URL(request.url));
  const stored = await store.match(address);
  if (stored !== undefined) return stored;
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) await store.put(address, response.clone());
    return response;
  } catch (error) {
    const missing = request.mode === 'navigate' ? await store.match('/404.html') : undefined;
    if (missing === undefined) throw error;
    return new Response(missing.body, { status: 404, headers: missing.headers });
  }
}

async function networkFirst(request: Request): Promise<Response> {
  const live = await caches.open(liveStoreName);
  const stored = await live.match(request.url);
  const fresh = fetch(request).then(async (response) => {
    if (response.ok) await live.put(request.url, response.clone());
    return response.status === 304 && stored !== undefined ? stored : response;
  });
  if (stored === undefined) return fresh;
  const late = new Promise<Response>((resolve) => {
    setTimeout(resolve, networkPatience, stored);
  });
  return Promise.race([fresh.catch(() => stored), late]);
}

self.addEventListener('install', (event) => {
  event.waitUntil(install());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(activate());
});

self.addEventListener('message', (event) => {
  if (event.data === 'fill') event.waitUntil(fill());
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (liveAddresses.includes(url.pathname)) event.respondWith(networkFirst(event.request));
  else if (!url.pathname.startsWith('/v1/')) event.respondWith(storeFirst(event.request));
});

export {};
