import type { Markup } from '../html.js';
import { html } from '../html.js';
import type { Page } from './layout.js';

function field(name: string, label: string, autocomplete: string, type = 'text'): Markup {
  return html`<p class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required></p>
          `;
}

export const checkout: Page = {
  path: '/checkout',
  kind: 'checkout',
  title: 'Checkout | Hazel',
  description: 'Address and delivery.',
  main: html`<div class="narrow">
      <h1>Checkout</h1>
      <div class="note" data-wayline-slot="checkout-note"><p>This is a demonstration shop: no payment is taken and nothing is sent.</p></div>
      <form class="checkout" data-checkout hidden>
        <fieldset>
          <legend>Where to</legend>
          ${field('name', 'Name', 'name')}
          ${field('email', 'Email', 'email', 'email')}
          ${field('street', 'Street and number', 'street-address')}
          ${field('postcode', 'Postcode', 'postal-code')}
          ${field('city', 'City', 'address-level2')}
        </fieldset>
        <fieldset>
          <legend>How</legend>
          <label class="choice"><input type="radio" name="delivery" value="courier" checked>Courier, two to four days</label>
          <label class="choice"><input type="radio" name="delivery" value="locker">Parcel locker, two to four days</label>
        </fieldset>
        <aside class="summary" aria-label="Summary">
          <dl class="totals" data-totals></dl>
          <button class="button button-wide" type="submit">Place the order</button>
        </aside>
      </form>
      <div class="empty" data-basket-empty hidden>
        <p>There is nothing to pay for: the basket is empty.</p>
        <p><a class="button" href="/">Back to the shop</a></p>
      </div>
      <noscript><p>The checkout needs JavaScript.</p></noscript>
    </div>`,
};

export const order: Page = {
  path: '/order',
  kind: 'order',
  title: 'Thank you | Hazel',
  description: 'Your order.',
  main: html`<div class="narrow order">
      <h1>Thank you</h1>
      <p class="lede" data-order-summary>Your order is on the table and will be packed today.</p>
      <div class="note" data-wayline-slot="order-note"><p>You will get a message when the parcel leaves. Keep the box: it is made to be used again.</p></div>
      <p class="hero-actions"><a class="button" href="/account">See your account</a><a class="link" href="/">Back to the shop</a></p>
    </div>`,
};
