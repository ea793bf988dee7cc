/** What the JavaScript contestants read of a page view's address; every one of them pays for this, as Wayline does for its own. */
export function pageOf(url) {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const question = url.indexOf('?', start);
  if (question < 0) return { path: url.slice(start), query: {} };
  const query = {};
  for (const pair of url.slice(question + 1).split('&')) {
    const equals = pair.indexOf('=');
    query[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  return { path: url.slice(start, question), query };
}

/** One object for each visitor, all of one shape, which is kept and changed in place. */
export function resident({ profile, device }) {
  const { country, tier, age, orders, spent, last_order, store, brand, company } = profile;
  return { profile: { country, tier, age, orders, spent, last_order, store, brand, company }, device, page: { path: '', query: {} }, now: 0 };
}
