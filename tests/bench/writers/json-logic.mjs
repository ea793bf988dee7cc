// The rules in plain JsonLogic, for both of its engines: {slot: [{matches: logic, decision}]}, best first, with the strict
// comparisons, which are the faster ones. The only operator that is not JsonLogic's own is `starts_with`, which both
// engines are given. Data: {profile, device, page: {path, query}, now}.
import { day, slots } from '../pack/shop.mjs';
import { decision, ranked } from './ranked.mjs';

export function jsonLogicText(rules) {
  return JSON.stringify(Object.fromEntries(slots.map((slot) => [slot, ranked(rules, slot).map((rule) => ({ matches: logic(rule), decision: decision(rule) }))])));
}

const now = { var: 'now' };

function logic({ paths, clauses, schedule }) {
  const all = [];
  if (paths[0] !== '/**') all.push(page(paths));
  if (schedule) all.push({ '>=': [now, schedule.from] }, { '<': [now, schedule.to] });
  all.push(...clauses.map(condition));
  return all.length === 1 ? all[0] : all.length === 0 ? true : { and: all };
}

function page(paths) {
  const path = { var: 'page.path' };
  if (paths.length > 1) return { in: [path, paths] };
  return paths[0].endsWith('/**') ? { starts_with: [path, paths[0].slice(0, -2)] } : { '===': [path, paths[0]] };
}

function condition({ is, path, value, values, from, to, days, clauses }) {
  const read = { var: path };
  switch (is) {
    case 'equal': return { '===': [read, value] };
    case 'not_equal': return { '!==': [read, value] };
    case 'in': return { in: [read, values] };
    case 'not_in': return { '!': { in: [read, values] } };
    case 'between': return { '<=': [from, read, to] };
    case 'least': return { '>=': [read, value] };
    case 'most': return { '<=': [read, value] };
    case 'prefix': return { starts_with: [read, value] };
    case 'recent': return { '<=': [{ '-': [now, read] }, days * day] };
    case 'any': return { or: clauses.map(condition) };
    case 'all': return { and: clauses.map(condition) };
    default: throw new Error(`no clause is called ${is}`);
  }
}
