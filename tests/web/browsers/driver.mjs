// The browser that WAYLINE_BROWSER names: chromium (when absent), firefox or webkit. All of them offer tab(), close() and, for a tab,
// open(address), run(function, …), front() and close(); each site has an origin of its own, and so its storage.
import { chromium, launchFirefox } from './puppeteer.mjs';
import { launchWebKit } from './webkit.mjs';

const browsers = { chromium, firefox: launchFirefox, webkit: launchWebKit };
export const name = process.env.WAYLINE_BROWSER ?? 'chromium';

export function launch() {
  if (!Object.hasOwn(browsers, name)) throw new Error(`WAYLINE_BROWSER is one of ${Object.keys(browsers).join(', ')}`);
  return browsers[name]();
}
