// What runs under Node and in the page: a comparison of all contestants over one pack, and what loading it takes.
import { contestants } from './contestants/index.mjs';
import { measure, verify } from './measure.mjs';
import { shopOf, slots } from './pack/shop.mjs';
import { visitsOf } from './pack/visits.mjs';
import { Engine, Program, Session } from '../../web/src/engine.ts';

export { contestants } from './contestants/index.mjs';
export { median } from './measure.mjs';

/** First everything is compared, then it is timed. `source` reads the files of the pack. */
export async function compare(ruleCount, source, rounds) {
  const { visitors, views } = visitsOf(shopOf(ruleCount));
  const runs = [];
  for (const { name, interpreted, create } of contestants) runs.push({ name, interpreted, contestant: await create(source) });
  const compared = verify(runs, ruleCount, slots, visitors, views);
  return { rules: ruleCount, views: views.length, ...compared, times: rounds === 0 ? [] : measure(runs, visitors, views, rounds) };
}

/** The files of a pack, fetched by a page. */
export const fetched = (ruleCount) => ({
  bytes: async (file) => (await fetch(`/packs/${ruleCount}/${file}`)).arrayBuffer(),
  text: async (file) => (await fetch(`/packs/${ruleCount}/${file}`)).text(),
  wasm: async () => (await fetch('/wayline.wasm')).arrayBuffer(),
});

/**
 * Milliseconds from the files, which are there already, to a visitor's first decisions; nothing has run before, nor was the visit made up here,
 * which would leave its garbage to be collected meanwhile. `visit`: {visitor, view}.
 */
export async function firstDecision({ visitor, view }, name, source) {
  const { create, file } = contestants.find((contestant) => contestant.name === name);
  const text = file.endsWith('.wayline') ? undefined : await source.text(file);
  const bytes = text === undefined ? await source.bytes(file) : undefined;
  const wasm = text === undefined ? await source.wasm() : undefined;
  const start = performance.now();
  const contestant = await create({ text: async () => text, bytes: async () => bytes, wasm: async () => wasm });
  contestant.begin([visitor]);
  contestant.view(0, view.url, view.at);
  return performance.now() - start;
}

/** The same for Wayline, step by step, in milliseconds; and bytes of wasm memory. */
export async function load({ visitor, view }, source) {
  const wasm = await source.wasm();
  const bytes = new Uint8Array(await source.bytes('program.wayline'));
  const { id, start, profile, device } = visitor;
  const marks = [performance.now()];
  const mark = () => marks.push(performance.now());
  const engine = await Engine.load(wasm);
  mark();
  const program = Program.load(engine, bytes);
  mark();
  const session = Session.create(program, id);
  session.step({ at: start, identify: id, traits: profile, device });
  mark();
  session.step({ at: view.at, page: { url: view.url } });
  mark();
  const [engineReady, programReady, visitorKnown, firstView] = marks.slice(1).map((at, step) => at - marks[step]);
  return { engine: engineReady, program: programReady, visitor: visitorKnown, view: firstView, memory: engine.memorySize };
}

/** A contestant that has decided one visit, for the memory it holds. */
export async function settled(ruleCount, name, source) {
  const contestant = await contestants.find((candidate) => candidate.name === name).create(source);
  const { visitors, views } = visitsOf(shopOf(ruleCount));
  contestant.begin([visitors[0]]);
  for (const { url, at } of views.filter(({ visitor }) => visitor === 0)) contestant.view(0, url, at);
  return contestant;
}
