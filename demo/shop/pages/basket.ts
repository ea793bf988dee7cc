import { html } from '../html.js';
import type { Page } from './layout.js';

export const basket: Page = {
  path: '/basket',
  kind: 'basket',
  title: 'Basket | Hazel',
  description: 'What you have put aside.',
  main: html`<div class="narrow">
      <h1>Basket</h1>
      <div class="note" data-wayline-slot="basket-note"><p>Your basket is kept on this device until you empty it.</p></div>
      <div class="basket" data-basket hidden>
        <ul data-lines></ul>
        <aside class="summary" aria-label="Summary">
          <form class="coupon" data-coupon-form>
            <label for="coupon">Code</label>
            <div class="joined"><input id="coupon" name="coupon" autocomplete="off" autocapitalize="characters" spellcheck="false"><button class="button button-plain" type="submit">Apply</button></div>
            <p class="field-note" role="status" data-coupon-status></p>
          </form>
          <dl class="totals" data-totals></dl>
          <a class="button button-wide" href="/checkout">Check out</a>
        </aside>
      </div>
      <div class="empty" data-basket-empty hidden>
        <p>Nothing here yet.</p>
        <p><a class="button" href="/blouses">Start with the blouses</a></p>
      </div>
      <template data-line-template>
        <li class="line">
          <a class="tile" data-link><img data-picture width="400" height="500" alt=""></a>
          <div class="line-facts">
            <a class="line-name" data-name></a>
            <p data-facts></p>
            <div class="line-actions">
              <label>Quantity <select data-quantity><option>1</option><option>2</option><option>3</option><option>4</option><option>5</option></select></label>
              <button class="link" type="button" data-remove>Remove</button>
            </div>
          </div>
          <p class="line-price" data-price></p>
        </li>
      </template>
      <noscript><p>The basket needs JavaScript.</p></noscript>
    </div>`,
};
