// What happened in a replay, counted from the outputs of its steps and printed as `wayline replay` prints it.
const columnGap = '  ';

export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
export const counted = (number, noun) => `${grouped(number)} ${noun}${number === 1 ? '' : 's'}`;

const sorted = (map) => [...map].sort(([one], [other]) => (one < other ? -1 : 1));
const increase = (counts, name) => counts.set(name, (counts.get(name) ?? 0) + 1);

function entryOf(map, name, make) {
  if (!map.has(name)) map.set(name, make());
  return map.get(name);
}

export class Tally {
  events = 0;
  #duplicates = 0;
  #journeys = new Map();
  #slots = new Map();

  /** One step's output. */
  add({ duplicate, effects, decisions }) {
    this.events++;
    if (duplicate) this.#duplicates++;
    for (const effect of effects ?? []) this.#addEffect(effect);
    for (const [slot, decision] of Object.entries(decisions ?? {})) this.#addDecision(slot, decision);
  }

  #addEffect({ event, properties = {} }) {
    const journey = () => entryOf(this.#journeys, properties.journey, () => ({ entries: 0, goals: 0, heldOut: { entries: 0, goals: 0 }, stages: new Map(), outcomes: new Map() }));
    const count = (what) => {
      journey()[what]++;
      if (properties.holdout) journey().heldOut[what]++;
    };
    if (event === 'Journey Entered') count('entries');
    else if (event === 'Stage Entered') increase(journey().stages, properties.stage);
    else if (event === 'Goal Reached') count('goals');
    else if (event === 'Journey Exited') increase(journey().outcomes, properties.outcome);
  }

  #addDecision(slot, { experience, variant, reason }) {
    const counts = entryOf(this.#slots, slot, () => ({ shown: new Map(), defaults: new Map() }));
    if (experience === null) increase(counts.defaults, reason);
    else increase(entryOf(counts.shown, experience, () => new Map()), variant);
  }

  /** For people: journeys, then slots. */
  text() {
    const rows = [];
    for (const [id, { entries, goals, heldOut, stages, outcomes }] of sorted(this.#journeys)) {
      const ofThem = (count) => (heldOut.entries > 0 ? [['', 'of them held out', count]] : []);
      rows.push([`journey ${id}`, 'entries', entries], ...ofThem(heldOut.entries));
      for (const [stage, count] of sorted(stages)) rows.push(['', `stage ${stage}`, count]);
      rows.push(['', 'goals', goals], ...ofThem(heldOut.goals));
      for (const [outcome, count] of sorted(outcomes)) rows.push(['', `outcome ${outcome}`, count]);
    }
    for (const [name, { shown, defaults }] of sorted(this.#slots)) {
      const entries = [
        ...sorted(shown).flatMap(([experience, variants]) => sorted(variants).map(([variant, count]) => [`${experience}, variant ${variant}`, count])),
        ...sorted(defaults).map(([reason, count]) => [`default, ${reason}`, count]),
      ];
      entries.forEach(([what, count], index) => rows.push([index === 0 ? `slot ${name}` : '', what, count]));
    }
    const duplicates = this.#duplicates > 0 ? `${counted(this.#duplicates, 'duplicate event')}\n` : '';
    return duplicates + aligned(rows.map(([subject, what, count]) => [subject, what, grouped(count)]));
  }
}

/** The first two columns to the left, the third to the right. */
function aligned(rows) {
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
  return rows.map(([subject, what, count]) => `${subject.padEnd(widths[0])}${columnGap}${what.padEnd(widths[1])}${columnGap}${count.padStart(widths[2])}\n`).join('');
}
