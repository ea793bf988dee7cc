// Every vector of the rule language, and every example of its reference, through the command and through the wasm module.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { canonical, evaluators } from './evaluators.mjs';

const folder = new URL('.', import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));

/** The line that a vector stands for, and the answer it asks for. */
function vector({ name, result, error, ...line }) {
  return { name, line: JSON.stringify(line), expected: error ? { error } : { result } };
}

const official = read('jsonlogic-official/tests.json')
  .filter(Array.isArray)
  .map(([rule, data, result]) => vector({ name: JSON.stringify(rule), rule, data, result }));

const own = readdirSync(new URL('operators', folder)).flatMap((file) => read(`operators/${file}`).cases.map((entry) => vector({ ...entry, name: `${file}: ${entry.name}` })));

const { operators } = read('../../core/spec/operators.json');
const examples = operators.flatMap(({ name, examples: list }) => list.filter(({ steps }) => !steps).map((entry) => vector({ ...entry, name: `the reference's ${name}` })));

const nested = (times, open, inner, close) => `${open.repeat(times)}${inner}${close.repeat(times)}`;
const hostile = [
  ['10,000 operations inside one another', `{"rule":${nested(10_000, '{"!":', '1', '}')}}`, 'rule.too_deep'],
  ['100,000 lists inside one another', `{"rule":${nested(100_000, '[', '1', ']')}}`, 'rule.too_deep'],
  ['data 10,000 levels deep', `{"rule":1,"data":${nested(10_000, '[', '', ']')}}`, 'json.too_deep'],
  ['no JSON', '{"rule":', 'json.syntax'],
  ['no object', '[]', 'rule.bad_argument'],
  ['no rule', '{"data":{}}', 'rule.bad_argument'],
  ['an empty line', '', 'json.syntax'],
].map(([name, line, error]) => ({ name, line, expected: { error } }));

// The studio has no time zone files; the native command reads those of the machine.
const needsZone = ({ line }) => line.includes('"timezone"');

test('the vectors are all there', () => {
  assert.equal(official.length, 277);
  assert.ok(own.length > 350, `${own.length} of our own`);
  assert.ok(examples.length > 50, `${examples.length} examples`);
});

for (const [name, evaluate] of Object.entries(evaluators)) {
  for (const [title, all] of Object.entries({ 'official cases': official, 'own vectors': own, 'examples of the reference': examples, 'hostile lines': hostile })) {
    const vectors = name === 'wasm' ? all.filter((entry) => !needsZone(entry)) : all;
    test(`${name}: ${vectors.length} ${title}`, () => {
      const answers = evaluate(vectors.map(({ line }) => line));
      for (const [i, entry] of vectors.entries()) {
        const answer = JSON.parse(answers[i]);
        if (entry.expected.error) assert.equal(answer.error?.code, entry.expected.error, `${entry.name}: ${answers[i]}`);
        else assert.equal(answers[i], `{"result":${canonical(entry.expected.result)}}`, entry.name);
      }
    });
  }
}
