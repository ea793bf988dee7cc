import { html } from '../html.js';
import type { Page } from './layout.js';
import { purposeChoices } from './purposes.js';
import { rating } from './rating.js';

export const account: Page = {
  path: '/account',
  kind: 'account',
  title: 'Account | Hazel',
  description: 'Your details, your membership, your privacy choices.',
  main: html`<div class="narrow">
      <h1>Account</h1>
      <div class="note" data-wayline-slot="account-note"><p>With an account your orders, sizes and cases are in one place.</p></div>
      <div class="account-columns">
        <section class="panel-card" aria-labelledby="signin">
          <h2 id="signin" data-account-title>Sign in or join</h2>
          <form class="stack" data-account-form>
            <p class="field"><label for="first-name">First name</label><input id="first-name" name="first_name" autocomplete="given-name" required></p>
            <p class="field"><label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" required></p>
            <button class="button" type="submit">Continue</button>
          </form>
          <div data-account hidden>
            <p data-account-line></p>
            <p data-gold-line></p>
            <p class="hero-actions"><button class="button" type="button" data-gold>Become a gold member</button><button class="link" type="button" data-sign-out>Sign out</button></p>
          </div>
          <p class="field-note" role="status" data-account-status></p>
        </section>
        <section class="panel-card" id="privacy" aria-labelledby="privacy-title">
          <h2 id="privacy-title">Privacy choices</h2>
          <p>The shop works without any of these. What you allow, you can take back here at any time.</p>
          <form class="stack" data-consent-form>
            ${purposeChoices('account')}
            <button class="button" type="submit">Save choices</button>
            <p class="field-note" role="status" data-consent-status></p>
          </form>
        </section>
        <section class="panel-card" aria-labelledby="orders" data-orders hidden>
          <h2 id="orders">Last order</h2>
          <p data-order-line></p>
          <form class="stack" data-review-form>
            ${rating('How do you like it?')}
            <button class="button button-plain" type="submit">Send review</button>
          </form>
          <p class="field-note" role="status" data-review-status></p>
        </section>
      </div>
    </div>`,
};
