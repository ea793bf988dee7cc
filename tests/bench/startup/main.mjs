// How soon a page is decided: Wayline beside GrowthBook, 1,000 rules, six slots, Chromium with four times less processor. Cold is a browser
// that was never here, warm a visitor who comes back by a link or an address. Writes build/bench/startup.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../../e2e/chromium.mjs';
import { median } from '../measure.mjs';
import { slots } from '../pack/shop.mjs';
import { output, writeAll } from '../packs.mjs';
import { pages, rules, startServer, visitor } from './pages.mjs';

const throttling = 4;
const coldLoads = 5;
const warmLoads = 20;
/** Milliseconds a visitor looks at a page: exposures are counted, the next page is prepared. */
const look = 1_500;

const marks = { wayline: 'wayline:decided', growthbook: 'decided' };

// Before the page's own scripts: what the visitor would see, and what it costs.
function observe() {
  const seen = (window.seen = { shifts: 0, tasks: [], memories: [] });
  const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch('layout-shift', ({ value }) => (seen.shifts += value));
  watch('longtask', ({ duration }) => seen.tasks.push(duration));
  const { Instance } = WebAssembly;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, args) {
      const instance = new target(...args);
      seen.memories.push(instance.exports.memory);
      return instance;
    },
  });
}

async function loaded(page, contestant) {
  await page.waitForFunction((mark) => performance.getEntriesByName(mark).length > 0 && performance.getEntriesByName('first-paint').length > 0, { polling: 20 }, marks[contestant]);
  if (contestant === 'wayline') await page.evaluate(async () => {
    while (!window.wayline.ready) await new Promise((next) => setTimeout(next, 5));
    await window.wayline.ready;
  });
  await sleep(look);
  const result = await page.evaluate((mark) => {
    const at = (name) => performance.getEntriesByName(name)[0].startTime;
    // From the script that decides: the snippet if it did, else the one that came after it.
    const begin = performance.getEntriesByName('started').filter(({ startTime }) => startTime <= at(mark)).at(-1).startTime;
    const { shifts, tasks, memories } = window.seen;
    const wasm = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
    return { taken: at(mark) - begin, decided: at(mark), painted: at('first-paint'), shifts, longest: Math.max(0, ...tasks), wasm };
  }, marks[contestant]);
  const { JSHeapUsedSize: heap } = await page.metrics();
  return { ...result, heap };
}

async function visit(browser, origin, arrive) {
  const page = await browser.newPage();
  await page.emulateCPUThrottling(throttling);
  await page.evaluateOnNewDocument(observe);
  const result = await arrive(page, origin);
  return { page, result };
}

/** The same visitor for both: Wayline learns of it once. */
async function introduce(page, contestant) {
  if (contestant === 'wayline') await page.evaluate((traits) => window.wayline.identify('visitor', traits), { ...visitor, last_order: Date.now() - 10 * 86_400_000 });
}

async function cold(origin, contestant) {
  const browser = await launchChromium();
  try {
    const { result } = await visit(browser, origin, async (page, address) => (await page.goto(address + pages[0]), loaded(page, contestant)));
    return result;
  } finally {
    await browser.close();
  }
}

async function warm(origin, contestant) {
  const browser = await launchChromium();
  const results = [];
  try {
    const { page } = await visit(browser, origin, async (tab, address) => {
      await tab.goto(address + pages[0]);
      await loaded(tab, contestant);
      await introduce(tab, contestant);
      await sleep(look);
      for (let load = 0; load < warmLoads; load++) {
        const next = pages[(load + 1) % pages.length];
        // By turns the page again, as by its address, and another one by its link.
        if (load % 2 === 0) await tab.goto(tab.url());
        else await Promise.all([tab.waitForNavigation(), tab.evaluate((path) => document.querySelector(`a[href="${path}"]`).click(), next)]);
        results.push(await loaded(tab, contestant));
      }
    });
    const shown = await page.$$eval('[data-wayline-slot]', (elements) => elements.map((element) => element.textContent));
    return { results, shown };
  } finally {
    await browser.close();
  }
}

const summary = (loads) => ({
  loads: loads.length,
  milliseconds: median(loads.map(({ taken }) => taken)),
  decidedBeforePaint: loads.filter(({ decided, painted }) => decided < painted).length,
  layoutShift: Math.max(...loads.map(({ shifts }) => shifts)),
  longestTask: Math.max(...loads.map(({ longest }) => longest)),
  megabytes: median(loads.map(({ heap, wasm }) => heap + wasm)) / 1e6,
});

export async function run() {
  writeAll(rules);
  const { origins, stop } = await startServer();
  try {
    const coldRuns = { wayline: [], growthbook: [] };
    for (let load = 0; load < coldLoads; load++) for (const contestant of Object.keys(coldRuns)) coldRuns[contestant].push(await cold(origins[contestant], contestant));
    const warmRuns = { wayline: await warm(origins.wayline, 'wayline'), growthbook: await warm(origins.growthbook, 'growthbook') };
    const report = { rules, slots: slots.length, throttling, shown: {} };
    for (const contestant of Object.keys(coldRuns)) {
      report[contestant] = { cold: summary(coldRuns[contestant]), warm: summary(warmRuns[contestant].results) };
      report.shown[contestant] = warmRuns[contestant].shown;
    }
    report.times = {
      cold: report.growthbook.cold.milliseconds / report.wayline.cold.milliseconds,
      warm: report.growthbook.warm.milliseconds / report.wayline.warm.milliseconds,
    };
    return report;
  } finally {
    stop();
  }
}

const report = await run();
mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'startup.json'), `${JSON.stringify(report, null, 1)}\n`);
const number = (value, digits = 1) => value.toFixed(digits);
for (const contestant of ['wayline', 'growthbook']) {
  for (const kind of ['cold', 'warm']) {
    const { loads, milliseconds, decidedBeforePaint, layoutShift, longestTask, megabytes } = report[contestant][kind];
    console.log(`${contestant} ${kind}: ${number(milliseconds)} ms to the decision, before the first paint in ${decidedBeforePaint} of ${loads} loads, layout shift ${number(layoutShift, 4)}, longest task ${number(longestTask, 0)} ms, ${number(megabytes)} MB`);
  }
}
console.log(`GrowthBook takes ${number(report.times.cold)} times as long cold, ${number(report.times.warm)} times warm`);
const same = JSON.stringify(report.shown.wayline) === JSON.stringify(report.shown.growthbook);
console.log(same ? 'both show the same' : `they show different contents: ${JSON.stringify(report.shown)}`);
process.exitCode = same ? 0 : 1;
