// The clients of the table: their pages, and how to read what they send.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { build as built, root } from '../../support/built.mjs';
import { bytesOf, compile, packFiles } from '../../wasm/engine.mjs';

const listOf = (body) => (Array.isArray(body) ? body : (body.batch ?? [body]));
const ofSegment = (body) => listOf(body).map(({ messageId, properties }) => ({ id: messageId, token: properties?.token }));

/** Name in the table, npm package, and what a body of its requests says: the token that the test gave each event, and the event's id. */
export const peers = {
  wayline: { title: 'Wayline', events: ofSegment },
  segment: { title: 'Segment analytics-next', package: '@segment/analytics-next', events: ofSegment },
  rudderstack: { title: 'RudderStack', package: '@rudderstack/analytics-js', events: ofSegment },
  snowplow: { title: 'Snowplow', package: '@snowplow/browser-tracker', events: (body) => (body.data ?? []).map(({ eid, se_la }) => ({ id: eid, token: se_la })) },
  posthog: { title: 'PostHog', package: 'posthog-js', events: (body) => listOf(body).map(({ uuid, properties }) => ({ id: uuid, token: properties?.label })) },
};

export function titleOf(name) {
  const { title, package: folder } = peers[name];
  if (folder === undefined) return title;
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', folder, 'package.json'), 'utf8'));
  return `${title} ${version}`;
}

async function scriptOf(name) {
  const entry = fileURLToPath(new URL(`peers/${name}.mjs`, import.meta.url));
  const define = { 'process.env.NODE_ENV': '"production"' };
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife', minify: true, define, logLevel: 'error' });
  return outputFiles[0].contents;
}

/** Path -> content of everything that the pages of these clients load. */
export async function pagesOf(names) {
  const files = new Map([['/blank', '<!doctype html><title>blank</title>']]);
  for (const name of names) {
    const wayline = '<script async src="/wayline.js" data-pack="/v1/pack" data-endpoint="/wayline" data-write-key="test"></script>';
    const own = name === 'wayline' ? wayline : '';
    files.set(`/${name}.peer.js`, await scriptOf(name));
    files.set(`/${name}`, `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title><script src="/${name}.peer.js"></script>${own}`);
  }
  files.set('/wayline.js', readFileSync(join(built, 'web/wayline.js')));
  files.set('/wayline.wasm', Buffer.from(bytesOf('wayline.wasm')));
  // A site whose events need no consent, as the others ask for none.
  files.set('/v1/pack', Buffer.from(await compile(packFiles({ consent: { purposes: ['personalization'] } }))));
  return files;
}
