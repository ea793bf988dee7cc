// What the package offers: the name under which a module is imported, its source in web/src, and its file in build/web.
// build.mjs builds them, package.mjs packs them, and the tests hold them against what npm packs.

/** ES modules for bundlers, Node and edges. */
export const modules = [
  { name: '.', source: 'index', file: 'wayline.mjs' },
  { name: './engine', source: 'engine', file: 'wayline-engine.mjs' },
  { name: './panel', source: 'panel/show-panel', file: 'wayline-panel.mjs' },
  { name: './consent', source: 'adapters/consent/follow-consent', file: 'wayline-consent.mjs' },
  { name: './consent/google', source: 'adapters/consent/google', file: 'wayline-consent-google.mjs' },
  { name: './consent/tcf', source: 'adapters/consent/tcf', file: 'wayline-consent-tcf.mjs' },
  { name: './consent/gpc', source: 'adapters/consent/gpc', file: 'wayline-consent-gpc.mjs' },
  { name: './openfeature', source: 'adapters/openfeature', file: 'wayline-openfeature.mjs' },
  { name: './react', source: 'adapters/react', file: 'wayline-react.mjs' },
];

/** Scripts for a page's own tags; `atOnce`: most of what is in it runs as soon as it is there. */
export const scripts = [
  { source: 'script', file: 'wayline.js', atOnce: true },
  { source: 'snippet', file: 'wayline-snippet.js', atOnce: true },
  { source: 'panel/index', file: 'wayline-panel.js' },
  { source: 'adapters/consent/script', file: 'wayline-consent.js' },
];

/** Served beside the script, or given to `wayline/engine`. */
export const assets = ['wayline.wasm', 'wayline-studio.wasm'];

/** What the adapters bind to; the site brings it. */
export const peers = { '@openfeature/web-sdk': '^1.7.0', react: '>=18' };
