// How soon a page is decided: Wayline beside GrowthBook, 1,000 rules, six slots, Chromium with four times less processor. Cold is a browser
// that was never here, warm a visitor who comes back by a link or an address. Writes build/bench/startup.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../../support/chromium.mjs';
import { median } from '../measure.mjs';
import { slots } from '../pack/shop.mjs';
import { output, writeAll } from '../packs.mjs';
import { pages, rules, startServer, visitor } from './pages.mjs';
import { Tab } from './tab.mjs';

const throttling = 4;
const coldLoads = 9;
/** Browsers of each contestant, by turns: a machine is not as fast in one minute as in the next. */
const warmBrowsers = 3;
/** In each of them. */
const warmLoads = 8;
/** Milliseconds a visitor looks at a page: exposures are counted, the next page is prepared. */
const look = 1_500;
/** Milliseconds that a browser needs for its own start: the renderers of its own windows take half of two processors for so long. */
const ownStart = 3_000;

/** Of the contestants; the bare page shows what the browser alone needs for it. */
const marks = { wayline: 'wayline:decided', growthbook: 'decided', bare: 'first-paint' };

// Before the page's own scripts: what the visitor would see, and what it costs.
function observe() {
  const seen = (window.seen = { shifts: 0, tasks: [], scripts: [], memories: [] });
  const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch('layout-shift', ({ value }) => (seen.shifts += value));
  watch('longtask', ({ duration }) => seen.tasks.push(duration));
  watch('long-animation-frame', ({ scripts }) => seen.scripts.push(...scripts.map(({ duration }) => duration)));
  const { Instance } = WebAssembly;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, args) {
      const instance = new target(...args);
      seen.memories.push(instance.exports.memory);
      return instance;
    },
  });
}

/** Runs `leave`, waits for the page that it leads to, and measures that. */
async function load(tab, contestant, leave) {
  await tab.evaluate(() => void (window.left = true));
  await leave();
  const isDecided = (mark) => !window.left && performance.getEntriesByName(mark).length > 0 && performance.getEntriesByName('first-paint').length > 0;
  await tab.until(isDecided, marks[contestant]);
  if (contestant === 'wayline') {
    await tab.until(() => window.wayline.ready instanceof Promise);
    await tab.evaluate(() => window.wayline.ready);
  }
  await sleep(look);
  const result = await tab.evaluate((mark) => {
    const at = (name) => performance.getEntriesByName(name)[0].startTime;
    // From the script that decides: the snippet if it did, else the one that came after it.
    const begin = performance.getEntriesByName('started').filter(({ startTime }) => startTime <= at(mark)).at(-1)?.startTime ?? 0;
    const { shifts, tasks, scripts, memories } = window.seen;
    const wasm = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
    return { taken: at(mark) - begin, decided: at(mark), painted: at('first-paint'), shifts, longest: Math.max(0, ...tasks), longestScript: Math.max(0, ...scripts), wasm };
  }, marks[contestant]);
  return { ...result, heap: await tab.heapSize() };
}

/** The same visitor for both: Wayline learns of it once. */
async function introduce(tab, contestant) {
  if (contestant === 'wayline') await tab.evaluate((traits) => window.wayline.identify('visitor', traits).then(() => undefined), { ...visitor, last_order: Date.now() - 10 * 86_400_000 });
}

async function cold(origin, contestant) {
  const browser = await launchChromium();
  try {
    await sleep(ownStart);
    const tab = await Tab.open(browser, throttling, observe);
    return await load(tab, contestant, () => tab.goto(origin + pages[0]));
  } finally {
    await browser.close();
  }
}

async function warm(origin, contestant) {
  const browser = await launchChromium();
  const results = [];
  try {
    const tab = await Tab.open(browser, throttling, observe);
    await load(tab, contestant, () => tab.goto(origin + pages[0]));
    await introduce(tab, contestant);
    await sleep(look);
    let here = pages[0];
    for (let round = 0; round < warmLoads; round++) {
      // By turns the page again, as by its address, and another one by its link.
      const byAddress = round % 2 === 0;
      if (!byAddress) here = pages[(round + 1) % pages.length];
      const follow = () => tab.evaluate((path) => document.querySelector(`a[href="${path}"]`).click(), here);
      results.push(await load(tab, contestant, byAddress ? () => tab.goto(origin + here) : follow));
    }
    const shown = await tab.evaluate(() => [...document.querySelectorAll('[data-wayline-slot]')].map((element) => element.textContent));
    return { results, shown };
  } finally {
    await browser.close();
  }
}

const summary = (loads) => ({
  loads: loads.length,
  milliseconds: median(loads.map(({ taken }) => taken)),
  fromNavigation: median(loads.map(({ decided }) => decided)),
  firstPaint: median(loads.map(({ painted }) => painted)),
  decidedBeforePaint: loads.filter(({ decided, painted }) => decided < painted).length,
  layoutShift: Math.max(...loads.map(({ shifts }) => shifts)),
  longestTask: median(loads.map(({ longest }) => longest)),
  longestTaskEver: Math.max(...loads.map(({ longest }) => longest)),
  longestScript: median(loads.map(({ longestScript }) => longestScript)),
  longestScriptEver: Math.max(...loads.map(({ longestScript }) => longestScript)),
  megabytes: median(loads.map(({ heap, wasm }) => heap + wasm)) / 1e6,
});

export async function run() {
  writeAll(rules);
  const { origins, stop } = await startServer();
  try {
    const coldRuns = { wayline: [], growthbook: [], bare: [] };
    for (let load = 0; load < coldLoads; load++) for (const contestant of Object.keys(coldRuns)) coldRuns[contestant].push(await cold(origins[contestant], contestant));
    const warmRuns = { wayline: [], growthbook: [] };
    const shown = {};
    for (let turn = 0; turn < warmBrowsers; turn++) {
      for (const contestant of Object.keys(warmRuns)) {
        const visits = await warm(origins[contestant], contestant);
        warmRuns[contestant].push(...visits.results);
        shown[contestant] = visits.shown;
      }
    }
    const report = { rules, slots: slots.length, throttling, shown, bare: { cold: summary(coldRuns.bare) } };
    for (const contestant of Object.keys(warmRuns)) report[contestant] = { cold: summary(coldRuns[contestant]), warm: summary(warmRuns[contestant]) };
    report.times = {
      cold: report.growthbook.cold.milliseconds / report.wayline.cold.milliseconds,
      coldFromNavigation: report.growthbook.cold.fromNavigation / report.wayline.cold.fromNavigation,
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
const tasks = ({ longestTask, longestTaskEver, longestScript, longestScriptEver }) => `longest task ${number(longestTask, 0)} ms (at most ${number(longestTaskEver, 0)}), of scripts ${number(longestScript, 0)} ms (${number(longestScriptEver, 0)})`;
for (const contestant of ['wayline', 'growthbook']) {
  for (const kind of ['cold', 'warm']) {
    const summed = report[contestant][kind];
    const { loads, milliseconds, fromNavigation, firstPaint, decidedBeforePaint, layoutShift, megabytes } = summed;
    console.log(`${contestant} ${kind}: ${number(milliseconds)} ms to the decision, ${number(fromNavigation)} ms from the navigation, before the first paint (at ${number(firstPaint)} ms) in ${decidedBeforePaint} of ${loads} loads, layout shift ${number(layoutShift, 4)}, ${tasks(summed)}, ${number(megabytes)} MB`);
  }
}
console.log(`the page without either, cold: ${number(report.bare.cold.milliseconds)} ms to the first paint, ${tasks(report.bare.cold)}`);
console.log(`GrowthBook takes ${number(report.times.cold)} times as long cold (${number(report.times.coldFromNavigation)} from the navigation), ${number(report.times.warm)} times warm`);
const same = JSON.stringify(report.shown.wayline) === JSON.stringify(report.shown.growthbook);
console.log(same ? 'both show the same' : `they show different contents: ${JSON.stringify(report.shown)}`);
process.exitCode = same ? 0 : 1;
