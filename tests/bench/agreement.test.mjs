// Every engine of the benchmark decides every page view alike: what is timed is the same work.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { buildBundle } from './bundle.mjs';
import { contestants } from './contestants/names.mjs';
import { rulesOf } from './pack/rules.mjs';
import { shopOf } from './pack/shop.mjs';
import { sourceOf, writeAll } from './packs.mjs';

const sizes = [10, 100, 1000];
const bundled = writeAndBundle();

async function writeAndBundle() {
  sizes.forEach(writeAll);
  return import(pathToFileURL(await buildBundle()).href);
}

for (const rules of sizes) {
  test(`${contestants.length} engines agree on 1,000 page views over ${rules} rules`, async () => {
    const { compare } = await bundled;
    const { views, filled, interpretersComparedEvery } = await compare(rules, sourceOf(rules), 0);
    assert.equal(views, 1000);
    assert.equal(interpretersComparedEvery, 1);
    assert.ok(filled > 2 && filled < 4, `${filled} slots filled on a page: more rules must not mean more matches`);
  });
}

test('a decision that differs is found', async () => {
  const { compare, contestants: modules } = await bundled;
  const peer = modules.find(({ name }) => name === 'closures');
  const altered = { ...sourceOf(100), text: async (file) => (await sourceOf(100).text(file)).replaceAll('"experience":"site-', '"experience":"sight-') };
  assert.equal(peer.file, 'closures.js');
  await assert.rejects(compare(100, altered, 0), /wayline decides "site-/);
});

test('the rules are the same on every machine', () => {
  const text = JSON.stringify(rulesOf(1000, shopOf(1000)));
  assert.equal(createHash('sha256').update(text).digest('hex').slice(0, 16), 'c693417a790337e7', 'published figures are about these rules: say so when they change');
  const shares = Object.fromEntries(['equal', 'in', 'not_in', 'not_equal', 'between', 'least', 'most', 'prefix', 'recent', 'any'].map((is) => [is, text.split(`"is":"${is}"`).length - 1]));
  for (const [is, count] of Object.entries(shares)) assert.ok(count >= 50, `${is} occurs ${count} times in 1,000 rules`);
});
