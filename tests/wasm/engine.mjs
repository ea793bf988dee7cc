// The engine of the browser under Node, and packs compiled from texts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../support/built.mjs';
import { load } from '../web/load.mjs';

export const { Engine, Program, Session, stepPageView, Studio, WaylineError } = await load('engine.ts');

export const bytesOf = (name) => new Uint8Array(readFileSync(join(build, 'web', name)));
export const runtime = () => Engine.load(bytesOf('wayline.wasm'));
export const studio = async () => new Studio(await Engine.load(bytesOf('wayline-studio.wasm')));

const site = {
  site: 'test', timezone: 'UTC', retention: '90d', session: { timeout: '30m' },
  consent: { purposes: ['analytics', 'personalization'], events: 'analytics' },
  teams: { marketing: {} },
  attributes: { 'profile.name': { type: 'string', source: 'account', purpose: 'personalization' } },
  events: { 'Product Viewed': { properties: { category: 'string' } }, Ordered: { properties: {} } },
  segments: { keen: { '>=': [{ count: ['Product Viewed', { within: '7d' }] }, 2] } },
};
const rule = {
  id: 'greeting', owner: 'marketing', slot: 'hero', page: { path: '/**' },
  variants: [{ id: 'only', content: { html: '<p>Welcome, {{profile.name | stranger}}.</p>' } }],
};
const note = { id: 'note-two', owner: 'marketing', slot: 'note', page: { path: '/two' }, variants: [{ id: 'only', content: { text: 'Two.' } }] };
const journey = {
  id: 'interest', owner: 'marketing', status: 'live', version: 1, priority: 50,
  enter: { on: 'Product Viewed', if: { segment: 'keen' } }, goal: { on: 'Ordered' }, exit: [{ on: 'Ordered', outcome: 'bought' }], start: 'tempted',
  stages: {
    tempted: {
      team: 'marketing', system: 'shop', needs: [],
      show: [{ slot: 'hero', page: { path: '/**' }, priority: 10, variants: [{ id: 'a', content: { text: 'You like this.' } }] }],
      after: [{ wait: '1h', go: 'reminded' }],
    },
    reminded: { team: 'marketing', system: 'shop', needs: [] },
  },
};

/** The texts of a pack with a page rule for all pages, one for /two, and one journey; `changes` are merged into its site.json. */
export const packFiles = (changes = {}) => ({
  'site.json': JSON.stringify({ ...site, ...changes }),
  'rules/greeting.json': JSON.stringify(rule),
  'rules/note.json': JSON.stringify(note),
  'journeys/interest.json': JSON.stringify(journey),
});

/** The compiled program of these files; fails with the diagnostics otherwise. */
export async function compile(files = packFiles()) {
  const { program, diagnostics } = (await studio()).compile(files);
  assert.ok(program, JSON.stringify(diagnostics, null, 1));
  return program;
}
