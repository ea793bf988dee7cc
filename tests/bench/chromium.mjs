// The benchmark in a real Chromium.
import { launchChromium } from '../support/chromium.mjs';
import { contestants } from './contestants/names.mjs';
import { shopOf } from './pack/shop.mjs';
import { visitsOf } from './pack/visits.mjs';

/** Each cold figure is the median of that many browsers. */
const coldStarts = 7;

/** The comparison of one size, in a page of its own. */
export const compareInChromium = (origin, ruleCount, rounds) => inPage(origin, ({ compare, fetched }, count, times) => compare(count, fetched(count), times), ruleCount, rounds);

/** Milliseconds to the first decision for each contestant, each in browsers that have run nothing yet. */
export async function firstDecisions(origin, ruleCount) {
  const times = {};
  const visit = firstVisit(ruleCount);
  for (const name of contestants) {
    const samples = [];
    for (let start = 0; start < coldStarts; ++start) {
      samples.push(await inPage(origin, ({ firstDecision, fetched }, count, first, who) => firstDecision(first, who, fetched(count)), ruleCount, visit, name));
    }
    times[name] = middle(samples);
  }
  return times;
}

/** What loading a program takes Wayline, step by step. */
export async function loading(origin, ruleCount) {
  const samples = [];
  const visit = firstVisit(ruleCount);
  for (let start = 0; start < coldStarts; ++start) samples.push(await inPage(origin, ({ load, fetched }, count, first) => load(first, fetched(count)), ruleCount, visit));
  return Object.fromEntries(Object.keys(samples[0]).map((step) => [step, middle(samples.map((sample) => sample[step]))]));
}

function firstVisit(ruleCount) {
  const { visitors, views } = visitsOf(shopOf(ruleCount));
  return { visitor: visitors[0], view: views[0] };
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** Runs `work(exports of the bundle, …input)` in a page of a fresh browser. */
async function inPage(origin, work, ...input) {
  const browser = await launchChromium({ protocolTimeout: 0 });
  try {
    const page = await browser.newPage();
    await page.goto(origin);
    return await page.evaluate(`import('/bench.bundle.mjs').then((bundle) => (${work})(bundle, ...${JSON.stringify(input)}))`);
  } finally {
    await browser.close();
  }
}
