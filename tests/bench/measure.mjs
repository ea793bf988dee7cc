// Compares what the contestants decide, then how long they take: the same code under Node and in a page.

/** A round of a contestant takes about that long: as many passes over its page views as fit. */
const roundTime = 60;
/** A contestant that is slower than that for all page views of a round gets a sample of them. */
const longestRound = 1500;
/** Page views of the smallest sample. */
const smallestSample = 25;
/** Untimed passes before the rounds, for the just-in-time compilers; as many as fit into the time, at least one. */
const warmUpTime = 400;

/**
 * Milliseconds of processor time where the host tells (Node), so that a busy neighbour does not count; else of the wall clock.
 * The time of the just-in-time compiler's and the collector's threads is in it.
 */
export const clock =
  typeof process === 'object' && process.cpuUsage
    ? () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      }
    : () => performance.now();

const sampleStep = 37; // prime, and no divisor of the number of views: samples take from every visit

const experienceOf = (decision) => decision?.experience ?? null;

/** Rules that interpreters go through for the sake of comparison; beyond it they decide every second, third, ... page view. */
const comparedRules = 1e7;

/** Compares the decisions; throws at the first that differs. `runs`: [{name, interpreted, contestant}]. Counts what was decided. */
export function verify(runs, ruleCount, slots, visitors, views) {
  const stride = Math.ceil((ruleCount * views.length) / comparedRules);
  arrive(runs, visitors);
  let filled = 0;
  for (const [number, { visitor, url, at }] of views.entries()) {
    const [expected, ...others] = runs
      .filter(({ interpreted }) => !interpreted || number % stride === 0)
      .map(({ name, contestant }) => ({ name, decisions: contestant.view(visitor, url, at).map((decision) => `${experienceOf(decision)} ${decision?.content?.text}`) }));
    filled += expected.decisions.filter((decision) => !decision.startsWith('null')).length;
    for (const { name, decisions } of others) {
      const slot = slots.findIndex((_, place) => decisions[place] !== expected.decisions[place]);
      if (slot < 0) continue;
      const who = `${expected.name} decides "${expected.decisions[slot]}", ${name} "${decisions[slot]}"`;
      throw new Error(`visitor ${visitor} at ${new Date(at).toISOString()} on ${url}, slot ${slots[slot]}: ${who}`);
    }
  }
  return { filled: filled / views.length, interpretersComparedEvery: stride };
}

/** Every visitor comes anew and has seen the home page, so that what follows is warm. */
function arrive(runs, visitors) {
  for (const { contestant } of runs) {
    contestant.begin(visitors);
    for (const [number, { start }] of visitors.entries()) contestant.view(number, 'https://shop.example/', start);
  }
}

/** Microseconds for one page view: [{name, sample, rounds: [µs, …], median}]. The contestants take turns, each round in another order. */
export function measure(runs, visitors, views, rounds) {
  const shuffled = views.map((_, number) => views[(number * sampleStep) % views.length]);
  const plans = runs.map(({ name, contestant }) => ({ name, contestant, ...planOf(contestant, visitors, views, shuffled), rounds: [] }));
  for (let round = 0; round < rounds; ++round) {
    for (let turn = 0; turn < plans.length; ++turn) {
      const plan = plans[(round + turn) % plans.length];
      plan.rounds.push(timeOf(plan, visitors));
    }
  }
  return plans.map(({ name, sample, rounds: times }) => ({ name, sample: sample.length, rounds: times, median: median(times) }));
}

/** Warms the contestant up and finds out how many page views, and how often, make a round. */
function planOf(contestant, visitors, views, shuffled) {
  const probe = { contestant, sample: inOrder(shuffled.slice(0, smallestSample)), passes: 1 };
  const slow = timeOf(probe, visitors) / 1000;
  const sample = slow * views.length > longestRound ? inOrder(shuffled.slice(0, Math.max(smallestSample, Math.floor(longestRound / slow)))) : views;
  const end = performance.now() + warmUpTime;
  let time;
  do {
    time = (timeOf({ contestant, sample, passes: 1 }, visitors) * sample.length) / 1000;
  } while (performance.now() < end);
  return { sample, passes: Math.max(1, Math.ceil(roundTime / time)) };
}

/** Page views are played in the order of time, visitor by visitor. */
const inOrder = (views) => [...views].sort((a, b) => a.visitor - b.visitor || a.at - b.at);

let sink = 0;

/** Microseconds for one page view of the sample; the visitors' arrival is not counted. */
function timeOf({ contestant, sample, passes }, visitors) {
  let total = 0;
  for (let pass = 0; pass < passes; ++pass) {
    arrive([{ contestant }], visitors);
    const start = clock();
    for (const { visitor, url, at } of sample) {
      for (const decision of contestant.view(visitor, url, at)) if (experienceOf(decision) !== null) ++sink;
    }
    total += clock() - start;
  }
  if (sink < 0) throw new Error('unreachable: keeps the decisions in use');
  return (total * 1000) / passes / sample.length;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
