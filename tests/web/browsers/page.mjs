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
export const drained = (page, milliseconds) => eventually('the queue is empty', async () => (await inspect(page)).queue.pending === 0, milliseconds);
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

/** Keys of all that the device keeps. */
export const stored = (page) =>
  run(page, async () => {
    const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const database = await done(indexedDB.open('wayline:test'));
    const keys = (store) => done(database.transaction(store).objectStore(store).getAllKeys());
    const result = { events: await keys('events'), records: await keys('records'), assets: await keys('assets') };
    database.close();
    return result;
  });

/** The text of the stored profile. */
export const storedProfile = (page) =>
  run(page, async () => {
    const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
    const database = await done(indexedDB.open('wayline:test'));
    const { text } = await done(database.transaction('records').objectStore('records').get('profile'));
    database.close();
    return text;
  });
