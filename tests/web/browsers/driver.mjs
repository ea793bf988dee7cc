// The browser that WAYLINE_BROWSER names: chromium (when absent), firefox or webkit. All of them offer tab(), close() and, for a tab,
// open(address), run(function, …), front() and close(), also follow(address), as by a link, and back(address), to the page before, which may come from the
// back/forward cache. Each site has an origin of its own, and so its storage.
import { chromium, launchFirefox } from './puppeteer.mjs';
import { launchWebKit } from './webkit.mjs';

const browsers = { chromium, firefox: launchFirefox, webkit: launchWebKit };
export const name = process.env.WAYLINE_BROWSER ?? 'chromium';

export function launch() {
  if (!Object.hasOwn(browsers, name)) throw new Error(`WAYLINE_BROWSER is one of ${Object.keys(browsers).join(', ')}`);
  return browsers[name]();
}
