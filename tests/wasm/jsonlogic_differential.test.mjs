// Random rules over random data, in json-logic-js and in Wayline: what the reference defines must come out the same.
// `WAYLINE_DIFFERENTIAL=200000 node --test …` runs that many; the seed of a failing run is in its message.
import assert from 'node:assert/strict';
import test from 'node:test';
import jsonLogic from 'json-logic-js';
import { seededRandom } from '../support/random.mjs';
import { canonical, evaluators } from '../vectors/evaluators.mjs';

const count = Number(process.env.WAYLINE_DIFFERENTIAL ?? 20_000);
const firstSeed = Number(process.env.WAYLINE_SEED ?? 1);
const batch = 20_000;

const strings = ['', 'a', 'b', 'ab', 'abc', '0', '1', '-1', '10', '9', ' 12 ', '1e3', '0x10', '3.5abc', 'true', 'null', 'Infinity', '-Infinity', 'NaN', '.5', '5.',
  'été', '日本語', '😀', 'x😀y', '\u{10FFFF}', '\uFFFD', '\n', '\u2028', '"', '1,2', ',', '[object Object]', 'a.b', 'length', 'aé😀z'];
const numbers = [0, 1, -1, 2, 3, 10, 0.1, 0.2, 0.5, -2.5, 1e21, 1e-7, 123456789.125, 9007199254740991, 5e-324, 1.7976931348623157e308, 42, 100];
const keys = ['a', 'b', 'c', 'x', 'list', 'text', 'length', '0', '1', 'current', 'accumulator', 'a.b', 'b.c', 'list.0', 'list.1.a', 'c.a.b', 'text.0', 'text.length', ''];

class Generator {
  constructor(random) {
    this.random = random;
  }
  below(limit) {
    return Math.floor(this.random() * limit);
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  scalar() {
    switch (this.below(8)) {
      case 0: return null;
      case 1: return true;
      case 2: return false;
      case 3: case 4: return this.pick(strings);
      default: return this.random() < 0.8 ? this.pick(numbers) : (this.random() - 0.5) * 10 ** this.below(12);
    }
  }
  data(depth) {
    const kind = this.below(10);
    if (depth === 0 || kind < 5) return this.scalar();
    if (kind < 7) return Array.from({ length: this.below(5) }, () => this.data(depth - 1));
    // Single-key objects in data are values, never rules: `missing` of the reference would run them, so its keys stay scalars.
    const object = {};
    for (let i = this.below(4); i >= 0; --i) object[this.pick(['a', 'b', 'c', 'x', 'list', 'text', '0', 'length'])] = this.data(depth - 1);
    return object;
  }
  document() {
    return { a: this.data(2), b: this.data(2), c: this.data(3), list: Array.from({ length: this.below(5) }, () => this.data(2)), text: this.pick(strings), x: this.scalar() };
  }
  /** A list of operands, or now and then the one that stands for a list of one. */
  operands(least, most, depth) {
    const length = least + this.below(most - least + 1);
    const list = Array.from({ length }, () => this.rule(depth - 1));
    return length === 1 && !Array.isArray(list[0]) && this.random() < 0.5 ? list[0] : list;
  }
  rule(depth) {
    if (depth <= 0 || this.random() < 0.15) return this.leaf();
    switch (this.below(14)) {
      case 0: return { [this.pick(['==', '===', '!=', '!=='])]: this.operands(1, 3, depth) };
      case 1: return { [this.pick(['<', '<=', '>', '>='])]: this.operands(1, 3, depth) };
      case 2: return { [this.pick(['and', 'or'])]: this.operands(0, 4, depth) };
      case 3: return { [this.pick(['if', '?:'])]: this.operands(0, 6, depth) };
      case 4: return { [this.pick(['!', '!!'])]: this.operands(1, 2, depth) };
      case 5: return { [this.pick(['+', '-', '*', '/', '%'])]: this.operands(1, 3, depth) };
      case 6: return { [this.pick(['min', 'max', 'cat'])]: this.operands(0, 4, depth) };
      case 7: return { substr: this.operands(1, 3, depth) };
      case 8: return { in: this.operands(1, 2, depth) };
      case 9: return { merge: this.operands(0, 3, depth) };
      case 10: return { [this.pick(['map', 'filter', 'all', 'none', 'some'])]: [this.listLike(depth - 1), this.rule(depth - 1)] };
      case 11: return { reduce: [this.listLike(depth - 1), this.rule(depth - 1), ...(this.random() < 0.8 ? [this.rule(depth - 1)] : [])] };
      case 12: return this.presence();
      default: return this.operands(0, 3, depth);
    }
  }
  presence() {
    const names = Array.from({ length: this.below(4) }, () => (this.random() < 0.9 ? this.pick(keys) : this.pick(numbers)));
    if (this.random() < 0.6) return { missing: this.random() < 0.2 ? [names] : names };
    return { missing_some: [this.below(4), names] };
  }
  listLike(depth) {
    if (this.random() < 0.5) return { var: this.pick(['list', 'a', 'b', 'c', '']) };
    return this.random() < 0.6 ? Array.from({ length: this.below(4) }, () => this.leaf()) : this.rule(depth);
  }
  leaf() {
    const kind = this.random();
    if (kind < 0.45) return this.variable();
    if (kind < 0.5) return this.random() < 0.5 ? {} : { a: this.scalar(), b: { var: 'a' } };
    return this.scalar();
  }
  variable() {
    const path = this.random() < 0.9 ? this.pick(keys) : this.pick([0, 1, 1.5, null, true, { var: 'text' }, { cat: ['a', '.', 'b'] }]);
    if (this.random() < 0.3) return { var: [path, this.scalar()] };
    return { var: this.random() < 0.5 ? [path] : path };
  }
}

/** What the reference gives, or nothing where it throws: Wayline never does, and says so in core/spec/rules.md. */
function reference(rule, data) {
  try {
    // A function of a prototype, such as a list's, is no value; such names are not among the keys.
    return { value: jsonLogic.apply(rule, data) };
  } catch {
    return undefined;
  }
}

function compare(name, evaluate, seed, size) {
  const generator = new Generator(seededRandom(seed));
  const cases = [];
  while (cases.length < size) {
    const rule = generator.rule(4), data = generator.document();
    const expected = reference(rule, data);
    if (expected) cases.push({ rule, data, expected: `{"result":${canonical(expected.value)}}` });
  }
  const answers = evaluate(cases.map(({ rule, data }) => JSON.stringify({ rule, data })));
  for (const [i, answer] of answers.entries()) {
    const { rule, data, expected } = cases[i];
    assert.equal(answer, expected, `${name}, seed ${seed}: ${JSON.stringify({ rule, data })}`);
  }
  return cases.length;
}

for (const [name, evaluate] of Object.entries(evaluators)) {
  if (process.env.WAYLINE_ONLY && process.env.WAYLINE_ONLY !== name) continue;
  test(`${name}: ${count} random rules agree with json-logic-js`, () => {
    const log = console.log;
    console.log = () => {}; // the reference's `log` prints
    let done = 0;
    try {
      for (let seed = firstSeed; done < count; ++seed) done += compare(name, evaluate, seed, Math.min(batch, count - done));
    } finally {
      console.log = log;
    }
    assert.equal(done, count);
  });
}
