import { readBasket, totalsOf } from './basket-store.js';
import { find } from './page.js';

/** Keeps the number beside "Basket" in the header right, in this tab and when another tab changes the basket. */
export function showBasketCount(): void {
  const badge = find('[data-basket-count]', HTMLElement);
  const show = (): void => {
    const { pieces } = totalsOf(readBasket());
    badge.hidden = pieces === 0;
    badge.textContent = pieces === 0 ? '' : String(pieces);
  };
  document.addEventListener('hazel-basket', show);
  window.addEventListener('storage', show);
  show();
}
