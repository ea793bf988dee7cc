// json-logic-engine, each rule compiled to a function ahead.
import { LogicEngine } from 'json-logic-engine';
import { slots } from '../pack/shop.mjs';
import { pageOf, resident } from './page.mjs';

export const name = 'json-logic-engine';
export const interpreted = true;
export const file = 'json-logic.json';

/** Compiled into each rule, not called from it. */
const startsWith = {
  method: ([text, beginning]) => text.startsWith(beginning),
  compile: ([text, beginning], state) => state.compile`(${text}).startsWith(${beginning})`,
  deterministic: true,
};

export async function create({ text }) {
  const engine = new LogicEngine();
  engine.addMethod('starts_with', startsWith);
  const bySlot = JSON.parse(await text(file));
  return new Compiled(slots.map((slot) => bySlot[slot].map(({ matches, decision }) => ({ matches: engine.build(matches), decision }))));
}

class Compiled {
  #visitors = [];

  constructor(lists) {
    this.lists = lists;
  }

  begin(visitors) {
    this.#visitors = visitors.map(resident);
  }

  view(visitor, url, at) {
    const data = this.#visitors[visitor];
    data.page = pageOf(url);
    data.now = at;
    return this.lists.map((list) => first(list, data));
  }
}

function first(list, data) {
  for (const { matches, decision } of list) if (matches(data)) return decision;
  return null;
}
