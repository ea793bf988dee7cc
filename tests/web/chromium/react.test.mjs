// The React binding with the real React and the real engine in Chromium.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { eventually } from '../../support/eventually.mjs';
import { compile } from '../../wasm/engine.mjs';
import { siteScript } from './site-script.mjs';
import { meetForEach } from './visit.mjs';

const often = (times) => ({ '>=': [{ count: ['Product Viewed', { within: '7d' }] }, times] });
const files = {
  'site.json': JSON.stringify({ site: 'react', timezone: 'UTC', events: { 'Product Viewed': { properties: {} } } }),
  'rules/hero.json': JSON.stringify([
    { id: 'offer', slot: 'hero', page: { path: '/**' }, if: often(1), dismissible: true, variants: [{ id: 'json', content: { json: { title: 'For you' } } }] },
    { id: 'offer-two', slot: 'hero', page: { path: '/**' }, priority: 5, if: often(2), variants: [{ id: 'json', content: { json: { title: 'Still for you' } } }] },
    { id: 'note', slot: 'note', page: { path: '/**' }, if: often(1), variants: [{ id: 'html', content: { html: '<b>Ours</b>' } }] },
  ]),
};
// For the browser and for the server.
const components = `
  import { StrictMode, useState } from 'react';
  import { flushSync } from 'react-dom';
  import { Slot, useSlot } from 'wayline/react';
  globalThis.renders = 0;
  function Hero() {
    const { decision, attributes } = useSlot('hero', globalThis.client);
    renders += 1;
    return <section {...attributes} data-wayline-update="live" id="hero">{decision === null ? 'Default' : decision.content.json.title}
      {decision !== null && <button id="no" data-wayline-dismiss="">No</button>}</section>;
  }
  function App() {
    const [state, setState] = useState({ hero: true, note: true, words: ['one', 'two'], key: 'note' });
    globalThis.change = (part) => flushSync(() => setState((old) => ({ ...old, ...part })));
    return <main>
      {state.hero && <Hero />}
      {state.note && <Slot name={state.key} as="p" id="note" data-wayline-update="live">{state.words.map((word) => <i key={word}>{word}</i>)}</Slot>}
    </main>;
  }`;
const script = await siteScript(`${components}
  import { createRoot, hydrateRoot } from 'react-dom/client';
  import { createClient } from 'wayline';
  window.createClient = () => (window.client = createClient({ pack: '/v1/pack', endpoint: '/v1', writeKey: 'react', wasm: '/wayline.wasm' }));
  window.mount = () => { window.reactRoot = createRoot(document.getElementById('root'), { onUncaughtError: (error) => told.push(String(error)), onRecoverableError: (error) => told.push(String(error)) }); flushSync(() => reactRoot.render(<StrictMode><App /></StrictMode>)); };
  window.hydrate = () => { window.reactRoot = hydrateRoot(document.getElementById('root'), <App />, { onUncaughtError: (error) => told.push(String(error)), onRecoverableError: (error) => told.push(String(error)) }); };
  window.told = [];`);
const program = await compile(files);
// Rendered in one go: React's channel for what is to come later would keep this process alive.
const server = { TextEncoder, MessageChannel: class { port1 = {}; port2 = { postMessage() {} }; }, setTimeout, queueMicrotask };
runInNewContext(await siteScript(`${components} import { renderToString } from 'react-dom/server.browser'; globalThis.rendered = renderToString(<App />);`), server);
const { rendered } = server;
let site, page, problems;

const prepare = (fresh) => {
  fresh.files.set('/site.js', script);
  fresh.page('/', '<div id="root"></div>', ['<script defer src="/site.js"></script>']);
  fresh.page('/rendered', `<div id="root">${rendered}</div>`, ['<script defer src="/site.js"></script>']);
};
meetForEach((met) => ({ site, page, problems } = met), { program, prepare });

async function mounted() {
  await page.goto(site.origin, { waitUntil: 'load' });
  await page.evaluate(async () => {
    mount();
    await createClient().ready;
  });
}
const html = (id) => page.evaluate((name) => document.getElementById(name)?.innerHTML ?? null, id);
const shows = (id, expected) => eventually(`${id} shows ${expected}`, async () => (await html(id))?.includes(expected));
const view = () => page.evaluate(() => client.track('Product Viewed'));
const change = (part) => page.evaluate((given) => change(given), part);
const nothingWentWrong = async () => assert.deepEqual([problems, await page.evaluate(() => told)], [[], []]);

test('useSlot gives what the slot shows, and the component renders it', async () => {
  await mounted();
  assert.match(await html('hero'), /^Default/);
  await view();
  await shows('hero', 'For you');
  await view();
  await shows('hero', 'Still for you');
  await nothingWentWrong();
});

test('however often a page starts the SDK, there is one', async () => {
  await mounted();
  assert.equal(await page.evaluate(() => window.client === createClient()), true);
  await view();
  await shows('hero', 'For you');
  await page.click('#no');
  await shows('hero', 'Default');
  await nothingWentWrong();
});

test('a dismissal from inside the component brings the default back', async () => {
  await mounted();
  await view();
  await shows('hero', 'For you');
  await page.click('#no');
  await shows('hero', 'Default');
  await eventually('the engine knows', async () => page.evaluate(() => client.decide('hero').experience === null));
  await nothingWentWrong();
});

test('what the component rendered counts as seen', async () => {
  await mounted();
  await page.evaluate(() => client.on('exposure', ({ slot, decision }) => told.push(`${slot} ${decision.experience}`)));
  await view();
  await eventually('both slots are seen', async () => (await page.evaluate(() => told.length)) >= 2);
  assert.deepEqual((await page.evaluate(() => told)).toSorted(), ['hero offer', 'note note']);
});

test('React goes on rendering the default under our content, and it is up to date when it comes back', async () => {
  await mounted();
  await view();
  await shows('note', '<b>Ours</b>');
  await change({ words: ['two', 'three', 'four'] });
  assert.equal(await html('note'), '<b>Ours</b>');
  await page.evaluate(() => client.reset());
  await shows('note', '<i>two</i><i>three</i><i>four</i>');
  await change({ words: ['five'] });
  assert.match(await html('note'), /<i>five<\/i>/);
  await nothingWentWrong();
});

test('unmounted and mounted again, slots show at once what they show', async () => {
  await mounted();
  await view();
  await shows('hero', 'For you');
  await change({ hero: false, note: false });
  assert.deepEqual([await html('hero'), await html('note')], [null, null]);
  await view();
  await eventually('the engine has decided anew', async () => page.evaluate(() => client.decide('hero').experience === 'offer-two'));
  await change({ hero: true, note: true });
  await shows('hero', 'Still for you');
  await shows('note', 'Ours');
  await change({ key: 'other' });
  await shows('note', '<i>one</i>');
  await page.evaluate(() => reactRoot.unmount());
  assert.equal(await html('root'), '');
  await view();
  await nothingWentWrong();
});

test('a change that concerns no slot renders nothing', async () => {
  await mounted();
  await view();
  await shows('hero', 'For you');
  const before = await page.evaluate(() => renders);
  await page.evaluate(() => client.track('Something Else').then(() => client.flush()));
  assert.equal(await page.evaluate(() => renders), before);
});

test('what the server rendered is taken over, also when the SDK was there first', async () => {
  await page.goto(`${site.origin}/rendered`, { waitUntil: 'load' });
  await page.evaluate(async () => {
    await createClient().ready;
    await client.track('Product Viewed');
  });
  assert.equal(await html('hero'), 'Default', 'React finds what the server wrote');
  assert.equal(await html('note'), '<span><i>one</i><i>two</i></span>', 'here too');
  await page.evaluate(() => { document.getElementById('note').kept = true; });
  await page.evaluate(() => hydrate());
  await shows('hero', 'For you');
  await shows('note', '<b>Ours</b>');
  assert.equal(await page.evaluate(() => document.getElementById('note').kept), true, 'the element is the one that the server wrote');
  await page.evaluate(() => client.reset());
  await shows('note', '<i>one</i><i>two</i>');
  await nothingWentWrong();
});
