// The rules written by hand, as functions.
import { slots } from '../pack/shop.mjs';
import { pageOf, resident } from './page.mjs';

export const name = 'closures';
export const file = 'closures.js';

export async function create({ text }) {
  const bySlot = new Function(await text(file))();
  return new Closures(slots.map((slot) => bySlot[slot]));
}

class Closures {
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

function first(list, view) {
  for (const { matches, decision } of list) if (matches(view)) return decision;
  return null;
}
