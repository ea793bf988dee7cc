// Who comes, and what they look at: page views in the order in which they happen, visitor by visitor, as in a browser.
import { Random } from './random.mjs';
import { countries, day, devices, languages, season, sources } from './shop.mjs';

const visitorCount = 100;
const viewsEach = 10;
const seed = 20261122;
const origin = 'https://shop.example';

/** `visitors`: {id, start (ms), profile, device}; `views`: {visitor (a place in the list), url, at (ms)}. */
export function visitsOf(shop) {
  const random = new Random(seed);
  const visitors = Array.from({ length: visitorCount }, (_, number) => visitor(random, shop, number));
  const views = visitors.flatMap(({ start }, number) => visit(random, shop, number, start));
  return { visitors, views };
}

/** Most are strangers with little to tell; texts that are not known are absent. */
function visitor(random, { stores, brands, companies }, number) {
  const place = random.below(countries.length);
  const customer = random.chance(0.55);
  // Half a minute after the full minute: no schedule begins or ends in that instant.
  const start = season + random.below(3 * 24 * 60) * 60_000 + 30_000;
  const profile = {
    country: countries[place], tier: customer ? random.share({ none: 0.5, silver: 0.25, gold: 0.15, platinum: 0.1 }) : 'none', age: 18 + random.below(60),
    orders: customer ? 1 + random.below(9) : 0, spent: customer ? random.skewed(150) : 0,
  };
  if (customer) profile.last_order = start - 1 - random.below(120 * day);
  if (random.chance(0.6)) profile.store = random.pick(stores);
  if (random.chance(0.6)) profile.brand = random.pick(brands);
  if (random.chance(0.1)) profile.company = random.pick(companies);
  return { id: `visitor-${number}`, start, profile, device: { type: random.pick(devices), language: random.pick(languages) } };
}

function visit(random, shop, visitor, start) {
  let at = start;
  return Array.from({ length: viewsEach }, (_, number) => {
    at += 5_000 + random.below(120_000);
    return { visitor, at, url: origin + (number === 0 ? entry(random, shop) : page(random, shop)) };
  });
}

/** Four visits in ten begin with a campaign's link. */
function entry(random, shop) {
  const path = random.chance(0.4) ? '/' : page(random, shop);
  if (path.includes('?') || !random.chance(0.4)) return path;
  return `${path}?utm_source=${random.pick(sources)}&utm_medium=link&utm_campaign=${random.pick(shop.campaigns)}`;
}

function page(random, { products, categories, campaigns }) {
  switch (random.share({ home: 0.12, product: 0.42, category: 0.3, internal: 0.04, cart: 0.06, account: 0.03, help: 0.03 })) {
    case 'home': return '/';
    case 'product': return random.pick(products);
    case 'category': return `${random.pick(categories)}/${random.pick(['new', 'all', 'sale'])}${random.chance(0.3) ? '?sort=price&page=2' : ''}`;
    case 'internal': return `/c/all/new?utm_campaign=${random.pick(campaigns)}`;
    case 'cart': return '/cart';
    case 'account': return '/account';
    default: return '/help/returns';
  }
}
