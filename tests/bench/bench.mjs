// What runs under Node and in the page: a comparison of all contestants over one pack.
import { contestants } from './contestants/index.mjs';
import { measure, verify } from './measure.mjs';
import { shopOf, slots } from './pack/shop.mjs';
import { visitsOf } from './pack/visits.mjs';

export { contestants } from './contestants/index.mjs';
export { median } from './measure.mjs';

/** First everything is compared, then it is timed. `source` reads the files of the pack. */
export async function compare(ruleCount, source, rounds) {
  const { visitors, views } = visitsOf(shopOf(ruleCount));
  const runs = [];
  for (const { name, create } of contestants) runs.push({ name, contestant: await create(source) });
  const compared = verify(runs, slots, visitors, views);
  return { rules: ruleCount, views: views.length, ...compared, times: measure(runs, visitors, views, rounds) };
}
