import type { JsonObject } from 'wayline';
import type { Basket, Line } from './basket-store.js';
import { applyCoupon, changeQuantity, lineProperties, readBasket, removeLine, totalsOf } from './basket-store.js';
import { money } from './money.js';
import { fieldText, find, onSubmit } from './page.js';
import { showTotals } from './totals.js';
import { track } from './wayline.js';

export function basketProperties(basket: Basket): JsonObject {
  const { pieces, total } = totalsOf(basket);
  return { currency: 'USD', pieces, total, coupon: basket.coupon, products: basket.lines.map(lineProperties) };
}

function lineElement(line: Line, refresh: () => void): DocumentFragment {
  const fragment = document.importNode(find('[data-line-template]', HTMLTemplateElement).content, true);
  const path = `/product/${encodeURIComponent(line.product_id)}`;
  find('[data-link]', HTMLAnchorElement, fragment).href = path;
  find('[data-link]', HTMLAnchorElement, fragment).setAttribute('aria-label', line.name);
  find('[data-picture]', HTMLImageElement, fragment).src = `/img/${encodeURIComponent(line.product_id)}.svg`;
  const name = find('[data-name]', HTMLAnchorElement, fragment);
  name.href = path;
  name.textContent = line.name;
  find('[data-facts]', HTMLElement, fragment).textContent = `Size ${line.size}, ${line.colour}`;
  find('[data-price]', HTMLElement, fragment).textContent = money(line.price * line.quantity);
  const quantity = find('[data-quantity]', HTMLSelectElement, fragment);
  quantity.value = String(line.quantity);
  quantity.addEventListener('change', () => {
    changeQuantity(line, Number(quantity.value));
    refresh();
  });
  const remove = find('[data-remove]', HTMLButtonElement, fragment);
  remove.setAttribute('aria-label', `Remove ${line.name}`);
  remove.addEventListener('click', () => {
    const left = removeLine(line);
    void track('Product Removed', { ...lineProperties(line), pieces_left: totalsOf(left).pieces });
    refresh();
  });
  return fragment;
}

function show(): void {
  const basket = readBasket();
  find('[data-basket]', HTMLElement).hidden = basket.lines.length === 0;
  find('[data-basket-empty]', HTMLElement).hidden = basket.lines.length > 0;
  find('[data-lines]', HTMLUListElement).replaceChildren(...basket.lines.map((line) => lineElement(line, show)));
  showTotals(find('[data-totals]', HTMLElement), basket);
}

export function startBasket(): void {
  show();
  void track('Cart Viewed', basketProperties(readBasket()));
  const form = find('[data-coupon-form]', HTMLFormElement);
  const status = find('[data-coupon-status]', HTMLElement);
  onSubmit(form, async () => {
    const code = fieldText(form, 'coupon').toUpperCase();
    if (code === '') return;
    await track('Coupon Entered', { coupon_id: code });
    const known = applyCoupon(code);
    status.textContent = known ? `${code} takes ten percent off.` : `We do not know the code ${code}.`;
    await track(known ? 'Coupon Applied' : 'Coupon Denied', { coupon_id: code });
    show();
  });
}
