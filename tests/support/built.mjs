// Where the tree is, and what was built of it. Variables name builds elsewhere, and other programs, such as those with sanitizers.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const build = resolve(process.env.WAYLINE_BUILD ?? join(root, 'build'));
export const wayline = resolve(process.env.WAYLINE ?? join(build, 'native/bin/wayline'));
export const collector = resolve(process.env.WAYLINE_COLLECTOR ?? join(build, 'native/bin/wayline-collector'));
