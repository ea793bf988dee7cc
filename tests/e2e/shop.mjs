// The shop as a visitor's hands and eyes meet it.
import { eventually } from '../support/eventually.mjs';

/** The SDK runs and has made its first decisions. */
export const ready = (page) =>
  page.evaluate(async () => {
    while (window.wayline?.ready === undefined) await new Promise((next) => setTimeout(next, 10));
    await window.wayline.ready;
  });

/** Clicks the link and waits until the page it leads to is decided. */
export async function follow(page, selector) {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);
  await ready(page);
}

export const inspect = (page) => page.evaluate(() => JSON.parse(JSON.stringify(window.wayline.inspect())));

/** What the slots of this page show that is not their default: [{slot, experience, text}]. */
export const personalised = (page) =>
  page.evaluate(() => {
    const { decisions } = window.wayline.inspect();
    return [...document.querySelectorAll('[data-wayline-slot]')].flatMap((element) => {
      const slot = element.getAttribute('data-wayline-slot');
      const experience = decisions[slot]?.experience ?? null;
      return experience === null ? [] : [{ slot, experience, text: element.innerText.trim() }];
    });
  });

/** Grants every purpose on the banner, as a visitor does, and waits until the choice is on the device. */
export async function allowAll(page) {
  await page.click('[data-consent=all]');
  await eventually('consent is recorded', async () => Object.values((await inspect(page)).consent ?? {}).some(Boolean));
}

/** The worker has stored all pages, so that the shop opens without a network. */
export async function stored(page, address) {
  await eventually(`${address} is stored for offline use`, () =>
    page.evaluate(async (path) => (await caches.match(path)) !== undefined && navigator.serviceWorker.controller !== null, address), 60_000);
}

/** Ids of the events on the device that the endpoint has not confirmed. */
export const waiting = (page) =>
  page.evaluate(async () => {
    const ids = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((done, failed) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
      if (database.objectStoreNames.contains('events')) {
        ids.push(...(await new Promise((done, failed) => {
          const request = database.transaction('events').objectStore('events').getAllKeys();
          request.onsuccess = () => done(request.result);
          request.onerror = () => failed(request.error);
        })));
      }
      database.close();
    }
    return ids;
  });

export const drained = (page) => eventually('the queue is empty', async () => (await inspect(page)).queue.pending === 0, 30_000);

/** The version of the stored engine state; with `forged`, that is written in its place first, sealed as the SDK seals it. */
export const stateVersion = (page, forged) =>
  page.evaluate(async (replacement) => {
    const settled = (request) => new Promise((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    let version;
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name));
      if (database.objectStoreNames.contains('records')) {
        const records = database.transaction('records', 'readwrite').objectStore('records');
        const record = await settled(records.get('profile'));
        const document = JSON.parse(record.text);
        if (replacement !== null) {
          document.state.wayline = replacement;
          document.generation++; // as another tab writes it: this page's next write must not take it for its own
          const text = JSON.stringify(document);
          let checksum = 0x811c9dc5;
          for (let index = 0; index < text.length; index++) checksum = Math.imul(checksum ^ text.charCodeAt(index), 0x01000193);
          await settled(records.put({ ...record, checksum: checksum >>> 0, text }, 'profile'));
        }
        version = document.state.wayline;
      }
      database.close();
    }
    return version;
  }, forged ?? null);
