// Page rules in a form of no engine; writers/ says each in the language of each contestant.
//
// rule: {id, slot, priority, text, paths: [path or beginning/**] , schedule?: {from, to}, clauses: [clause]}; all clauses hold
// clause: {is: 'equal' | 'not_equal' | 'in' | 'not_in' | 'between' | 'least' | 'most' | 'prefix' | 'recent' | 'any' | 'all', …}
import { Random } from './random.mjs';
import { countries, day, devices, languages, season, slots, tiers } from './shop.mjs';

/** Of the rules beyond the first ten, how many are about what. */
const subjects = { product: 0.35, category: 0.19, campaign: 0.14, store: 0.12, brand: 0.12, company: 0.05, either: 0.03 };
/** How many rules ask for what besides their subject; two or three of these in a typical rule. */
const shares = { tier: 0.3, range: 0.35, schedule: 0.3, recent: 0.15, not: 0.25, nested: 0.2, language: 0.1, device: 0.15 };
/** Rules for whole sections of the shop, which every pack begins with. */
const broadRules = 10;
const seed = 20261121;

export const anywhere = '/**';

const equal = (path, value) => ({ is: 'equal', path, value });
const isIn = (path, values) => ({ is: 'in', path, values });

/** The first `count` page rules; packs of other sizes differ, except for the broad rules. */
export function rulesOf(count, shop) {
  const random = new Random(seed);
  const rules = [];
  for (let number = 0; number < Math.min(count, broadRules); ++number) rules.push(broadRule(random, number));
  while (rules.length < count) rules.push(narrowRule(random, shop, rules.length));
  return rules;
}

function broadRule(random, number) {
  const section = [anywhere, '/', '/c/**', '/p/**', '/p/**', '/cart', anywhere, '/c/**', anywhere, '/account'][number];
  const clauses = [extra(random, random.pick(['tier', 'not', 'nested', 'device']))];
  return rule(random, 'site', number, slots[number % slots.length], 10 * random.below(3), [section], clauses, 0);
}

function narrowRule(random, shop, number) {
  const subject = random.share(subjects);
  const { paths, clauses, slot } = about[subject](random, shop);
  for (const [name, share] of Object.entries(shares)) {
    if (name !== 'schedule' && random.chance(share)) clauses.push(extra(random, name));
  }
  return rule(random, subject, number, slot, 10 * (3 + random.below(7)), paths, clauses);
}

function rule(random, subject, number, slot, priority, paths, clauses, scheduled = shares.schedule) {
  const id = `${subject}-${String(number).padStart(6, '0')}`;
  const built = { id, slot, priority, paths, clauses, text: `Offer ${number}: ${random.pick(texts)} Until ${1 + random.below(28)} December, or as long as there is any.` };
  return random.chance(scheduled) ? { ...built, schedule: schedule(random) } : built;
}

const texts = ['Two for the price of one.', 'Delivered free to your door.', 'Altered while you wait.', 'The last ones of the roll.', 'Chosen for you by our stylists.'];

/** Where a rule of this subject shows, and whom it speaks to. */
const about = {
  product: (random, { products }) => ({ slot: random.pick(['offer', 'advice']), paths: random.several(products, random.chance(0.15) ? 3 : 1), clauses: [] }),
  category: (random, { categories }) => ({ slot: random.pick(['banner', 'hero']), paths: [`${random.pick(categories)}/**`], clauses: [] }),
  campaign: (random, { campaigns }) => ({
    slot: random.pick(['hero', 'announcement']), paths: [random.pick(['/', anywhere, '/c/**'])], clauses: [equal('page.query.utm_campaign', random.pick(campaigns))],
  }),
  store: (random, { stores }) => ({
    slot: random.pick(['announcement', 'note']), paths: [random.pick([anywhere, '/account', '/cart'])],
    clauses: [random.chance(0.6) ? equal('profile.store', random.pick(stores)) : isIn('profile.store', random.several(stores, 2 + random.below(4)))],
  }),
  brand: (random, { brands }) => ({
    slot: random.pick(slots), paths: [random.pick([anywhere, '/c/**', '/p/**'])],
    clauses: [random.chance(0.7) ? equal('profile.brand', random.pick(brands)) : isIn('profile.brand', random.several(brands, 2 + random.below(3))), range(random)],
  }),
  company: (random, { companies }) => ({ slot: random.pick(['hero', 'note']), paths: [anywhere], clauses: [equal('profile.company', random.pick(companies))] }),
  either: (random, { campaigns, stores }) => ({
    slot: random.pick(['announcement', 'banner']), paths: [random.pick([anywhere, '/'])],
    clauses: [{ is: 'any', clauses: [equal('page.query.utm_campaign', random.pick(campaigns)), equal('profile.store', random.pick(stores))] }],
  }),
};

function extra(random, name) {
  switch (name) {
    case 'tier': return random.chance(0.5) ? equal('profile.tier', random.pick(tiers)) : isIn('profile.tier', random.several(tiers, 2));
    case 'range': return range(random);
    case 'recent': return { is: 'recent', path: 'profile.last_order', days: random.pick([7, 14, 30, 90]) };
    case 'not': return random.chance(0.5) ? { is: 'not_in', path: 'profile.country', values: random.several(countries, 1 + random.below(4)) } : { is: 'not_equal', path: 'profile.tier', value: random.pick(tiers) };
    case 'language': return { is: 'prefix', path: 'device.language', value: random.pick(languages).slice(0, random.pick([2, 3])) };
    case 'device': return equal('device.type', random.pick(devices));
    default: return nested(random);
  }
}

function range(random) {
  const [path, median] = random.pick([['profile.spent', 120], ['profile.orders', 3], ['profile.age', 38]]);
  const from = Math.round(median * random.pick([0.3, 0.5, 0.8, 1, 1.5]));
  const kind = random.below(4);
  if (kind === 0) return { is: 'most', path, value: from };
  return kind === 1 ? { is: 'least', path, value: from } : { is: 'between', path, from, to: Math.round(from + median * random.pick([0.3, 0.8, 2])) };
}

/** The typical exception: this tier, or those who buy on that device, or … */
function nested(random) {
  const both = { is: 'all', clauses: [range(random), equal('device.type', random.pick(devices))] };
  const clauses = [equal('profile.tier', random.pick(tiers)), both];
  if (random.chance(0.4)) clauses.push({ is: 'prefix', path: 'device.language', value: random.pick(languages).slice(0, 2) });
  return { is: 'any', clauses };
}

/** From a day to three weeks, on whole hours, within three months of the season: one in eight or so runs. */
function schedule(random) {
  const from = season + (random.below(180) - 90) * day;
  return { from, to: from + (1 + random.below(21)) * day };
}
