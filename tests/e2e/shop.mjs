// The shop as a visitor's hands and eyes meet it.
import { eventually } from '../support/eventually.mjs';
import { inspect, keep, kept, ready } from '../web/browsers/page.mjs';
import { load } from '../web/load.mjs';

export { drained, inspect, ready } from '../web/browsers/page.mjs';

const { seal } = await load('store/sealed.ts');
const database = 'wayline:hazel-web';

/** Clicks the link and waits until the page it leads to is decided. */
export async function follow(page, selector) {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);
  await ready(page);
}

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
export const waiting = async (page) => Object.keys((await kept(page, database)).events);

const storedProfile = async (page) => JSON.parse((await kept(page, database)).records.profile.text);

/** The version of the stored engine state. */
export const stateVersion = async (page) => (await storedProfile(page)).state.wayline;

/** Writes the stored state as an engine of this version would, sealed as the SDK seals it. */
export async function forgeStateVersion(page, version) {
  const profile = await storedProfile(page);
  profile.state.wayline = version;
  profile.generation += 1_000; // as other tabs write it: this page's next write must not take it for its own
  await keep(page, 'records', seal(JSON.stringify(profile)), 'profile', database);
}
