// The tree that git knows, for checks over its text.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/built.mjs';

const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)))
  .sort();

/** Paths of the tree that the pattern matches, relative to its root. */
export const paths = (pattern) => tracked.filter((path) => pattern.test(path));

export const read = (path) => readFileSync(join(root, path), 'utf8');

/** "path:line: text" for each line of these files that the pattern matches. */
export function lines(files, pattern) {
  return files.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((text, index) => (pattern.test(text) ? [`${path}:${index + 1}: ${text.trim()}`] : [])),
  );
}
