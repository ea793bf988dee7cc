// The fenced blocks and links of a Markdown page.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../support/built.mjs';

/** {language, info, text, line} of each fenced block. */
export function blocks(path) {
  const found = [];
  let open;
  for (const [index, text] of readFileSync(join(root, path), 'utf8').split('\n').entries()) {
    const fence = /^```(\w*) ?(.*)$/.exec(text);
    if (fence && open) {
      found.push(open);
      open = undefined;
    } else if (fence) {
      open = { language: fence[1], info: fence[2], text: '', line: index + 1 };
    } else if (open) {
      open.text += `${text}\n`;
    }
  }
  return found;
}

/** Where the page's relative links and pictures point, as paths from the root. */
export const links = (path) =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map((match) => join(dirname(path), match[1]));
