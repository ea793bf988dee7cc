// A real Chromium, headless, with a profile of its own that vanishes with it.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import puppeteer from 'puppeteer-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

// No sandbox: it needs user namespaces, which containers refuse, and only our own pages are opened. The rest keeps
// Chromium from calling home, which would count as requests of the page.
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-sync', '--disable-component-update'];

/** A zone in which it is about noon now: the shop has quiet hours at night, by the visitor's clock. */
function noon() {
  const east = 12 - new Date().getUTCHours();
  return `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
}

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not in this folder: the next one is tried.
      }
    }
  }
  throw new Error(`none of ${names.join(', ')} is on the PATH; set CHROMIUM`);
}

export const launchChromium = (options = {}) =>
  puppeteer.launch({ executablePath: executable(), args: flags, env: { ...process.env, TZ: noon() }, headless: true, defaultViewport: { width: 1280, height: 900 }, ...options });
