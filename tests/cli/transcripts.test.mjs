// What every command says, failures included: tests/golden/cli/*.txt are commands and their output, run in a copy of
// that folder. tests/golden/regenerate writes them anew; what changed is then seen in the diff.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { copyOfSamples, samples, shell } from './wayline.mjs';

const prompt = '$ ';
const names = readdirSync(samples).filter((name) => name.endsWith('.txt')).sort();

/** The commands of a transcript: its lines that begin with a prompt, and remarks. */
const commandsOf = (text) => text.split('\n').filter((line) => line.startsWith(prompt) || line.startsWith('# '));

function play(lines, cwd) {
  const blocks = lines.map((line) => {
    if (!line.startsWith(prompt)) return `${line}\n`;
    const { status, output } = shell(line.slice(prompt.length), cwd);
    return `${line}\n${output}${output === '' || output.endsWith('\n') ? '' : '\n'}${status === 0 ? '' : `[exit code ${status}]\n`}`;
  });
  return blocks.join('\n');
}

test('every command has a transcript', () => {
  const { output } = shell('wayline help --json', samples);
  const commands = JSON.parse(output).commands.map(({ name }) => name);
  const text = names.map((name) => readFileSync(join(samples, name), 'utf8')).join('\n');
  assert.ok(commands.length >= 12);
  assert.deepEqual(commands.filter((name) => !text.includes(`$ wayline ${name}`) && !text.includes(`| wayline ${name}`)), []);
});

for (const name of names) {
  test(`transcript ${name}`, (context) => {
    const file = join(samples, name);
    const expected = readFileSync(file, 'utf8');
    const actual = play(commandsOf(expected), copyOfSamples(context));
    if (process.env.WAYLINE_REGENERATE) writeFileSync(file, actual);
    else assert.equal(actual, expected, 'if this is meant: tests/golden/regenerate');
  });
}
