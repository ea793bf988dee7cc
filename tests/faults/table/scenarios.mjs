// The rows of the table: a fault, and what is counted once the client has had time to recover.
import { setTimeout as sleep } from 'node:timers/promises';
import { healthy, refusing } from './endpoint.mjs';
import { track } from './visit.mjs';

/** Between an event and the fault: every client has stored by then what it ever stores. */
const settled = 1_500;
/** What a client has to recover in, from the moment at which the next page is ready. */
const window = 30_000;
/** Silence after which no copy is expected any more: longer than the first retries of all clients. */
const silence = 8_000;

/** Milliseconds until `done`, at most the window. */
async function recover(done) {
  const end = Date.now() + window;
  while (!done() && Date.now() < end) await sleep(100);
}

async function undelivered(endpoint, count) {
  const ofTest = () => [...endpoint.stored.keys()].filter((token) => token.startsWith('event')).length;
  await recover(() => ofTest() >= count);
  return { lost: count - ofTest() };
}

/** Once all have arrived, and no copy comes any more. */
async function extra(endpoint, count) {
  await recover(() => endpoint.stored.size >= count);
  endpoint.lastRequest = Date.now();
  await recover(() => Date.now() - endpoint.lastRequest > silence);
  return endpoint.extra;
}

/** The visitor comes back, and does something: some clients send what they stored only with their next event. */
async function comeBack(visit) {
  await track(await visit.open(), 1, 'after');
}

async function reopened(visit, endpoint, count) {
  endpoint.behave = healthy;
  await comeBack(visit);
  return undelivered(endpoint, count);
}

async function crashed(visit, endpoint) {
  endpoint.behave = refusing(503);
  const page = await visit.open();
  await track(page, 100);
  await sleep(settled);
  await visit.crash(page);
  return reopened(visit, endpoint, 100);
}

async function killed(visit, endpoint) {
  endpoint.behave = refusing(503);
  await track(await visit.open(), 100);
  await sleep(settled);
  await visit.kill();
  return reopened(visit, endpoint, 100);
}

async function offline(visit, endpoint) {
  const page = await visit.open();
  await page.setOfflineMode(true);
  await track(page, 1_000);
  await sleep(settled);
  await visit.close();
  return reopened(visit, endpoint, 1_000);
}

async function manyTabs(visit, endpoint) {
  endpoint.behave = refusing(503);
  for (let tab = 0; tab < 5; tab++) await track(await visit.open(), 100, `event-${tab}`);
  await sleep(settled);
  await visit.close();
  return reopened(visit, endpoint, 500);
}

async function localStorageFull(visit, endpoint) {
  const blank = await visit.open('/blank');
  await blank.evaluate(() => {
    for (let size = 1 << 20, key = 0; size >= 1; ) {
      try {
        localStorage.setItem(`full-${key++}`, 'x'.repeat(size));
      } catch {
        size >>= 1;
      }
    }
  });
  endpoint.behave = refusing(503);
  await track(await visit.open(), 50);
  await sleep(settled);
  await visit.close();
  return reopened(visit, endpoint, 50);
}

async function tooLarge(visit, endpoint) {
  const refuse = refusing(413);
  endpoint.behave = (request) => {
    endpoint.behave = healthy;
    refuse(request);
  };
  await track(await visit.open(), 20);
  return undelivered(endpoint, 20);
}

async function tooMany(visit, endpoint) {
  endpoint.behave = refusing(429, { 'retry-after': '2' });
  await track(await visit.open(), 20);
  await sleep(2 * settled);
  endpoint.behave = healthy;
  return undelivered(endpoint, 20);
}

/** Cuts in half whatever holds an event, wherever the page can store. Resolves to how many texts that were. */
const corrupt = (page) =>
  page.evaluate(async () => {
    let count = 0;
    const half = (text) => (count++, text.slice(0, text.length / 2));
    for (const key of Object.keys(localStorage)) {
      const text = localStorage.getItem(key);
      if (text.includes('before-')) localStorage.setItem(key, half(text));
    }
    const answer = (request) => new Promise((done, failed) => ((request.onsuccess = () => done(request.result)), (request.onerror = () => failed(request.error))));
    for (const { name } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store, 'readwrite').objectStore(store);
        for (const record of await answer(records.getAll())) {
          if (records.keyPath === null || typeof record?.text !== 'string' || !record.text.includes('before-')) continue;
          await answer(records.put({ ...record, text: half(record.text) }));
        }
      }
      database.close();
    }
    return count;
  });

async function corruptQueue(visit, endpoint) {
  endpoint.behave = refusing(503);
  const page = await visit.open();
  await track(page, 5, 'before');
  await sleep(settled);
  const blank = await visit.open('/blank');
  await page.close();
  if ((await corrupt(blank)) === 0) return { nothing: 'stores no queue' };
  await track(await visit.open(), 20);
  await sleep(settled);
  await visit.close();
  return reopened(visit, endpoint, 20);
}

async function resetInBody(visit, endpoint) {
  endpoint.behave = (request) => {
    endpoint.behave = healthy;
    request.store();
    request.response.writeHead(200, { 'content-type': 'application/json', 'content-length': 4_000 });
    request.response.write('{"success":true,', () => setTimeout(() => request.response.destroy(), 50));
  };
  await track(await visit.open(), 20);
  return extra(endpoint, 20);
}

async function navigation(visit, endpoint) {
  const page = await visit.open();
  const begun = new Promise((done) => {
    endpoint.behave = ({ store, accept }) => {
      store();
      done();
      setTimeout(accept, 300);
    };
  });
  await track(page, 100);
  await begun;
  await page.goto(`${endpoint.origin}/blank`, { waitUntil: 'load' });
  endpoint.behave = healthy;
  await comeBack(visit);
  return extra(endpoint, 100);
}

export const scenarios = [
  { title: 'renderer crash, 100 pending', run: crashed },
  { title: 'browser SIGKILL 1.5 s after, 100 pending', run: killed },
  { title: '1000 events offline, close, reopen', run: offline },
  { title: '5 tabs x 100 against 503, close, reopen', run: manyTabs },
  { title: 'localStorage full, 503, close, 50 events', run: localStorageFull },
  { title: 'first response 413, 20 events', run: tooLarge },
  { title: '429 for 3 s, 20 events', run: tooMany },
  { title: 'corrupt stored queue, 503, 20 events', run: corruptQueue },
  { title: 'reset in mid-response: extra rows stored', run: resetInBody },
  { title: 'navigation after 200: extra rows stored', run: navigation },
];
