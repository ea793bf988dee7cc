// What tests do on a page where Wayline runs: one of Puppeteer's, or a tab of browsers/driver.mjs.
import { eventually } from '../../support/eventually.mjs';

export const run = (page, ...work) => (page.run === undefined ? page.evaluate(...work) : page.run(...work));

/** Waits for the first decisions. */
export const ready = (page) =>
  run(page, async () => {
    while (!window.wayline?.ready) await new Promise((next) => setTimeout(next, 5));
    await window.wayline.ready;
  });

/** Opens the address, and waits for the first decisions there. */
export async function go(page, address) {
  await (page.open === undefined ? page.goto(address, { waitUntil: 'load' }) : page.open(address));
  await ready(page);
}

export const call = (page, method, ...args) => run(page, (name, list) => window.wayline[name](...list), method, args);
export const inspect = (page) => run(page, () => JSON.parse(JSON.stringify(window.wayline.inspect())));
/** Grants what the pack of wasm/engine.mjs asks for. */
export const allow = (page) => call(page, 'consent', { analytics: true, personalization: true });
export const drained = (page, milliseconds = 30_000) => eventually('the queue is empty', async () => (await inspect(page)).queue.pending === 0, milliseconds);
/** Nothing waits, and nothing is being sent: Firefox's back/forward cache keeps no page that holds a lock. */
export async function atRest(page) {
  await drained(page);
  await eventually('the sender ends its turn', () => run(page, async () => (await navigator.locks.query()).held.length === 0));
}

/** The errors that the SDK reported on a page with probe.js. */
export const told = (page) => run(page, () => window.told);
export const codes = async (page) => (await told(page)).map(({ code }) => code);

/** What a slot shows. */
export const contentOf = (page, slot) => run(page, (name) => document.querySelector(`[data-wayline-slot=${name}]`).innerHTML, slot);

/** All that the device keeps, by store and key, in the order of the keys. Bytes do not travel. */
export async function kept(page, database = 'wayline:test') {
  const text = await run(page, async (name) => {
    const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const opened = await done(indexedDB.open(name));
    const contents = {};
    for (const store of opened.objectStoreNames) {
      const records = opened.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())]);
      contents[store] = Object.fromEntries(keys.map((key, index) => [key, values[index]]));
    }
    opened.close();
    return JSON.stringify(contents); // WebKit's driver shuffles the members of objects
  }, database);
  return JSON.parse(text);
}

/** Puts a record on the device; `key` for stores whose records do not say theirs. */
export const keep = (page, store, record, key, database = 'wayline:test') =>
  run(page, async (name, storeName, what) => {
    const done = (request) => new Promise((resolve, reject) => ((request.onsuccess = () => resolve(request.result)), (request.onerror = () => reject(request.error))));
    const opened = await done(indexedDB.open(name));
    await done(opened.transaction(storeName, 'readwrite').objectStore(storeName).put(...what));
    opened.close();
  }, database, store, key === undefined ? [record] : [record, key]);

/** Keys of all that the device keeps. */
export async function stored(page) {
  const { records, events, assets } = await kept(page);
  return { records: Object.keys(records), events: Object.keys(events), assets: Object.keys(assets) };
}

/** The text of the stored profile. */
export const storedProfile = async (page) => (await kept(page)).records.profile.text;
