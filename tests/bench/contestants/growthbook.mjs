// GrowthBook: a feature for each slot, evaluated for the visitor's attributes.
import { GrowthBookClient } from '@growthbook/growthbook';
import { day, slots } from '../pack/shop.mjs';
import { pageOf } from './page.mjs';

export const name = 'growthbook';
export const interpreted = true;
export const file = 'growthbook.json';

export async function create({ text }) {
  const client = new GrowthBookClient();
  client.initSync({ payload: { features: JSON.parse(await text(file)) } });
  return new GrowthBook(client);
}

class GrowthBook {
  #visitors = [];

  constructor(client) {
    this.client = client;
  }

  begin(visitors) {
    this.#visitors = visitors.map(({ profile, device }) => {
      const { country, tier, age, orders, spent, last_order, store, brand, company } = profile;
      const attributes = { country, tier, age, orders, spent, store, brand, company, ...device, path: '', utm_campaign: undefined, days_since_order: undefined, now: 0 };
      return { lastOrder: last_order, context: { attributes } };
    });
  }

  view(visitor, url, at) {
    const { lastOrder, context } = this.#visitors[visitor];
    const { path, query } = pageOf(url);
    const { attributes } = context;
    attributes.path = path;
    attributes.utm_campaign = query.utm_campaign;
    attributes.days_since_order = (at - lastOrder) / day;
    attributes.now = at;
    return slots.map((slot) => this.client.evalFeature(slot, context).value);
  }
}
