// The features of GrowthBook: one per slot, whose rules force a decision, best first. Attributes are flat, as
// GrowthBook's documentation has them, and what it can not work out (days since, now) comes as an attribute.
import { slots } from '../pack/shop.mjs';
import { decision, ranked } from './ranked.mjs';

export function featuresText(rules) {
  return JSON.stringify(Object.fromEntries(slots.map((slot) => [slot, { defaultValue: null, rules: ranked(rules, slot).map(forced) }])));
}

function forced(rule) {
  const { paths, clauses, schedule } = rule;
  const all = [];
  if (paths[0] !== '/**') all.push({ path: page(paths) });
  if (schedule) all.push({ now: { $gte: schedule.from, $lt: schedule.to } });
  all.push(...clauses.map(condition));
  return { force: decision(rule), condition: joined(all) };
}

const page = (paths) => {
  if (paths.length > 1) return { $in: paths };
  return paths[0].endsWith('/**') ? beginsWith(paths[0].slice(0, -2)) : paths[0];
};

/** One object when no attribute comes twice: that is what GrowthBook's editor writes, and it is faster than `$and`. */
function joined(conditions) {
  const keys = conditions.flatMap(Object.keys);
  return new Set(keys).size === keys.length ? Object.assign({}, ...conditions) : { $and: conditions };
}

const beginsWith = (text) => ({ $regex: `^${text}` });

function condition({ is, path, value, values, from, to, days, clauses }) {
  const name = path?.slice(path.lastIndexOf('.') + 1);
  switch (is) {
    case 'equal': return { [name]: value };
    case 'not_equal': return { [name]: { $ne: value } };
    case 'in': return { [name]: { $in: values } };
    case 'not_in': return { [name]: { $nin: values } };
    case 'between': return { [name]: { $gte: from, $lte: to } };
    case 'least': return { [name]: { $gte: value } };
    case 'most': return { [name]: { $lte: value } };
    case 'prefix': return { [name]: beginsWith(value) };
    case 'recent': return { days_since_order: { $lte: days } };
    case 'any': return { $or: clauses.map(condition) };
    case 'all': return joined(clauses.map(condition));
    default: throw new Error(`no clause is called ${is}`);
  }
}
