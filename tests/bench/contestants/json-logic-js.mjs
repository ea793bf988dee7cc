// json-logic-js interprets each rule from its JSON.
import jsonLogic from 'json-logic-js';
import { slots } from '../pack/shop.mjs';
import { pageOf, resident } from './page.mjs';

export const name = 'json-logic-js';
export const interpreted = true;
export const file = 'json-logic.json';

jsonLogic.add_operation('starts_with', (text, beginning) => text.startsWith(beginning));

export async function create({ text }) {
  const bySlot = JSON.parse(await text(file));
  return new JsonLogic(slots.map((slot) => bySlot[slot]));
}

class JsonLogic {
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
  for (const { matches, decision } of list) if (jsonLogic.apply(matches, data)) return decision;
  return null;
}
