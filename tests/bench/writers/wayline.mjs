// The pack of Wayline: a folder of documents, for `wayline build`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countries, slots, tiers } from '../pack/shop.mjs';

/** Rules in one document: it stays of a size that people open in an editor. */
const perDocument = 500;

const site = {
  site: 'benchmark',
  timezone: 'UTC',
  slots: Object.fromEntries(slots.map((slot) => [slot, {}])),
  attributes: {
    'profile.country': { type: 'string', enum: countries },
    'profile.tier': { type: 'string', enum: tiers },
    'profile.age': { type: 'number' },
    'profile.orders': { type: 'number' },
    'profile.spent': { type: 'number' },
    'profile.last_order': { type: 'date' },
    'profile.store': { type: 'string' },
    'profile.brand': { type: 'string' },
    'profile.company': { type: 'string' },
  },
};

export function writePack(folder, rules) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'rules'), { recursive: true });
  writeFileSync(join(folder, 'site.json'), JSON.stringify(site, null, 1));
  for (let from = 0; from < rules.length; from += perDocument) {
    const text = rules.slice(from, from + perDocument).map((rule) => JSON.stringify(pageRule(rule)));
    writeFileSync(join(folder, 'rules', `${String(from).padStart(6, '0')}.json`), `[\n${text.join(',\n')}\n]\n`);
  }
}

function pageRule({ id, slot, priority, paths, clauses, text, schedule }) {
  return {
    id, slot, priority,
    page: { path: paths.length === 1 ? paths[0] : paths },
    if: clauses.length === 1 ? condition(clauses[0]) : clauses.length === 0 ? undefined : { and: clauses.map(condition) },
    schedule: schedule && { from: new Date(schedule.from).toISOString(), to: new Date(schedule.to).toISOString() },
    variants: [{ id: 'only', content: { text } }],
  };
}

function condition({ is, path, value, values, from, to, days, clauses }) {
  const read = { var: path };
  switch (is) {
    case 'equal': return { '==': [read, value] };
    case 'not_equal': return { '!=': [read, value] };
    case 'in': return { in: [read, values] };
    case 'not_in': return { '!': { in: [read, values] } };
    case 'between': return { '<=': [from, read, to] };
    case 'least': return { '>=': [read, value] };
    case 'most': return { '<=': [read, value] };
    case 'prefix': return { starts_with: [read, value] };
    case 'recent': return { within: [read, `${days}d`] };
    case 'any': return { or: clauses.map(condition) };
    case 'all': return { and: clauses.map(condition) };
    default: throw new Error(`no clause is called ${is}`);
  }
}
