// A site's own script: what it imports from the package and from its peers, bundled as a site would bundle it.
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { modules } from '../../../web/entries.mjs';
import { build, root } from '../../support/built.mjs';

/** The package's names lead to the built modules, the peers to the installed ones. */
const resolvePackage = {
  name: 'package',
  setup: ({ onResolve }) => {
    for (const { name, file } of modules) onResolve({ filter: new RegExp(`^wayline${name.slice(1)}$`) }, () => ({ path: join(build, 'web', file) }));
  },
};

/** The text of a script made of this module. */
export async function siteScript(contents) {
  const { outputFiles } = await bundle({
    stdin: { contents, resolveDir: root, loader: 'jsx' },
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    nodePaths: [join(root, 'node_modules')],
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [resolvePackage],
    logLevel: 'error',
  });
  return outputFiles[0].text;
}
