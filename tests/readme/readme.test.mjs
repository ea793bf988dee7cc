// Every example of the guides is run as it stands there, and every link leads somewhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { build, root } from '../support/built.mjs';
import { blocks, links } from './documents.mjs';

/** Pages of examples that build on each other. The others are reference: what they show is checked where they are generated. */
const guides = ['README.md', 'docs/getting-started.md'];
const pages = ['README.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

// The examples run in a folder of their own, which holds the packs that the guides write and the programs under their usual path.
const folder = mkdtempSync(join(tmpdir(), 'wayline-readme-'));
symlinkSync(build, join(folder, 'build'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Commands of the tree itself: other steps run them, here they only have to be there. */
const ownCommand = /^(\.\/)?(demo\/(run|replay)|tests\/run|\.ci\/\w+)\b/;

for (const page of pages) {
  test(`${page}: every link leads somewhere`, () => {
    assert.deepEqual(links(page).filter((path) => !existsSync(join(root, path))), []);
  });
}

for (const guide of guides) {
  for (const block of blocks(guide).filter(({ language }) => language === 'jsonc' || language === 'json')) {
    const [, path] = /^\/\/ (\S+)\n/.exec(block.text) ?? [];
    test(`${guide}:${block.line}: the document says which file it is`, () => {
      assert.ok(path, 'the first line of an example is // and its path');
      write(path, block.text);
    });
  }

  for (const block of blocks(guide).filter(({ language }) => language === 'html')) {
    const [, path] = /^<!-- (\S+) -->\n/.exec(block.text) ?? [];
    if (path !== undefined) test(`${guide}:${block.line}: the page is written`, () => write(path, block.text.slice(block.text.indexOf('\n') + 1)));
  }

  for (const block of blocks(guide).filter(({ language }) => language === 'sh')) {
    for (const command of block.text.split('\n').filter((line) => line.trim() !== '')) {
      test(`${guide}:${block.line}: ${command.trim()}`, () => run(command, block.info === 'serve'));
    }
  }

  for (const { line, text } of blocks(guide).filter(({ info }) => info === 'serve')) {
    test(`${guide}:${line}: what is served is the page of the guide, whole, with its own pack and key`, () => {
      const [site, pack, key] = ['root', 'pack', 'write-key'].map((option) => new RegExp(`--${option} (\\S+)`).exec(text)[1]);
      const served = readFileSync(join(folder, site, 'index.html'), 'utf8');
      const [, script] = /<script async src="\/([^"]+)"/.exec(served);
      for (const file of [join(site, script), join(site, 'wayline.wasm'), join(site, 'wayline-panel.js'), pack]) accessSync(join(folder, file));
      assert.match(served, new RegExp(`data-write-key="${key}"`));
    });
  }

  for (const block of blocks(guide).filter(({ language }) => language === 'html')) {
    test(`${guide}:${block.line}: the script knows every attribute of the example`, () => {
      const script = readFileSync(join(build, 'web/wayline.js'), 'utf8');
      const named = [...block.text.matchAll(/data-([a-z-]+)/g)].map((match) => match[1]);
      assert.ok(named.length > 0);
      const camel = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
      assert.deepEqual(named.filter((name) => !script.includes(`data-${name}`) && !script.includes(camel(name))), []);
    });
  }
}

function write(path, text) {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** `serves`: the command would run until it is stopped, so only its options are read. */
function run(command, serves) {
  if (ownCommand.test(command)) return accessSync(join(root, command.split(' ')[0]), constants.X_OK);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -euo pipefail\n${command}${serves ? ' --help' : ''}`], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

test('every command of package.json has its script', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = Object.values(scripts).flatMap((script) => script.match(/[\w./-]+\.mjs/g) ?? []);
  assert.ok(files.length > 0);
  assert.deepEqual(files.filter((path) => !existsSync(join(root, path))), []);
});
