import { basketProperties } from './basket.js';
import { emptyBasket, readBasket, totalsOf } from './basket-store.js';
import { hasFields, keep, recall } from './memory.js';
import { money } from './money.js';
import { find, onSubmit } from './page.js';
import { showTotals } from './totals.js';
import { settled, track } from './wayline.js';

export interface Order {
  readonly order_id: string;
  readonly pieces: number;
  readonly total: number;
}

function isOrder(value: unknown): value is Order {
  return hasFields(value, { order_id: 'string', pieces: 'number', total: 'number' });
}

export function lastOrder(): Order | null {
  return recall('order', isOrder);
}

export function startCheckout(): void {
  const basket = readBasket();
  const form = find('[data-checkout]', HTMLFormElement);
  form.hidden = basket.lines.length === 0;
  find('[data-basket-empty]', HTMLElement).hidden = basket.lines.length > 0;
  if (basket.lines.length === 0) return;
  showTotals(find('[data-totals]', HTMLElement), basket);
  void track('Checkout Started', basketProperties(basket));
  onSubmit(form, async () => {
    const { pieces, total } = totalsOf(basket);
    const order: Order = { order_id: `H-${crypto.randomUUID().slice(0, 8).toUpperCase()}`, pieces, total };
    keep('order', order);
    await settled(track('Order Completed', { ...basketProperties(basket), order_id: order.order_id, revenue: total }));
    emptyBasket();
    location.assign('/order');
  });
}

export function startOrder(): void {
  const order = lastOrder();
  if (order === null) return;
  const pieces = order.pieces === 1 ? 'one piece' : `${String(order.pieces)} pieces`;
  find('[data-order-summary]', HTMLElement).textContent = `Order ${order.order_id}, ${pieces}, ${money(order.total)}. It will be packed today.`;
}
