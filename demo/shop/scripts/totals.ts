import type { Basket } from './basket-store.js';
import { totalsOf } from './basket-store.js';
import { money } from './money.js';
import { create } from './page.js';

export function showTotals(list: HTMLElement, basket: Basket): void {
  const { goods, discount, delivery, total } = totalsOf(basket);
  const rows: (readonly [string, string])[] = [['Pieces', money(goods)]];
  if (discount > 0) rows.push([`Code ${basket.coupon}`, `−${money(discount)}`]);
  rows.push(['Delivery', delivery === 0 ? 'Free' : money(delivery)], ['Total', money(total)]);
  list.replaceChildren(
    ...rows.map(([term, value]) => create('div', '', create('dt', '', term), create('dd', '', value))),
  );
}
