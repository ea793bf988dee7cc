// The rules as someone would write them by hand who has to keep a page fast: a list per slot, best first, each rule a
// function of {profile, device, page: {path, query}, now} that looks at the page first. One script, whose value is the lists.
import { slots } from '../pack/shop.mjs';
import { decision, ranked } from './ranked.mjs';

/** Longer sets are looked up in a Set, shorter ones are compared one by one. */
const longSet = 4;

export function closuresText(rules) {
  const lists = slots.map((slot) => `  ${slot}: [\n${ranked(rules, slot).map(entry).join('')}  ],\n`);
  return `const day = 86400000;\n${[...sets(rules)].map(([text, name]) => `const ${name} = new Set(${text});\n`).join('')}return {\n${lists.join('')}};\n`;
}

/** Names of the sets that are long enough to need one. */
function sets(rules) {
  const names = new Map();
  const visit = ({ values = [], clauses = [] }) => {
    if (values.length >= longSet) names.set(JSON.stringify(values), setName(values));
    clauses.forEach(visit);
  };
  rules.forEach(({ clauses }) => clauses.forEach(visit));
  return names;
}

const setName = (values) => `set_${values.join('_').replaceAll('-', '')}`;

function entry(rule) {
  const { paths, clauses, schedule } = rule;
  const all = [];
  if (paths[0] !== '/**') all.push(page(paths));
  if (schedule) all.push(`view.now >= ${schedule.from}`, `view.now < ${schedule.to}`);
  all.push(...clauses.map(condition));
  return `    { decision: ${JSON.stringify(decision(rule))}, matches: (view) => ${all.join(' && ') || 'true'} },\n`;
}

function page(paths) {
  if (paths[0].endsWith('/**')) return `view.page.path.startsWith('${paths[0].slice(0, -2)}')`;
  return oneOf('view.page.path', paths);
}

function oneOf(read, values) {
  if (values.length >= longSet) return `${setName(values)}.has(${read})`;
  const alternatives = values.map((value) => `${read} === '${value}'`).join(' || ');
  return values.length === 1 ? alternatives : `(${alternatives})`;
}

function condition({ is, path, value, values, from, to, days, clauses }) {
  const read = `view.${path}`;
  switch (is) {
    case 'equal': return `${read} === '${value}'`;
    case 'not_equal': return `${read} !== '${value}'`;
    case 'in': return oneOf(read, values);
    case 'not_in': return `!${values.length >= longSet ? oneOf(read, values) : `(${oneOf(read, values)})`}`;
    case 'between': return `${read} >= ${from} && ${read} <= ${to}`;
    case 'least': return `${read} >= ${value}`;
    case 'most': return `${read} <= ${value}`;
    case 'prefix': return `${read}.startsWith('${value}')`;
    case 'recent': return `view.now - ${read} <= ${days} * day`;
    case 'any': return `(${clauses.map(condition).join(' || ')})`;
    case 'all': return `(${clauses.map(condition).join(' && ')})`;
    default: throw new Error(`no clause is called ${is}`);
  }
}
