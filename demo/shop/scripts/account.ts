import type { Account } from './account-store.js';
import { forgetAccount, keepAccount, readAccount, traitsOf } from './account-store.js';
import { lastOrder } from './checkout.js';
import { money } from './money.js';
import { fieldText, find, onSubmit } from './page.js';
import { bindConsentForm } from './privacy.js';
import { identify, reset, track } from './wayline.js';

/** A customer number from the email, so that the same customer is the same on every device. */
async function customerId(email: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(email.toLowerCase()));
  return `customer-${[...new Uint8Array(digest).slice(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function show(): void {
  const account = readAccount();
  find('[data-account-form]', HTMLFormElement).hidden = account !== null;
  find('[data-account]', HTMLElement).hidden = account === null;
  find('[data-account-title]', HTMLElement).textContent = account === null ? 'Sign in or join' : `Hello, ${account.first_name}`;
  if (account === null) return;
  const gold = account.tier === 'gold';
  find('[data-account-line]', HTMLElement).textContent = account.email;
  find('[data-gold-line]', HTMLElement).textContent = gold
    ? 'You are a gold member: alterations are free on every piece.'
    : 'Gold members have every piece altered free and see the sale a day early.';
  find('[data-gold]', HTMLButtonElement).hidden = gold;
}

function startSignIn(): void {
  const form = find('[data-account-form]', HTMLFormElement);
  const status = find('[data-account-status]', HTMLElement);
  onSubmit(form, async () => {
    const email = fieldText(form, 'email');
    const account: Account = { id: await customerId(email), first_name: fieldText(form, 'first_name'), email, tier: 'none' };
    keepAccount(account);
    form.reset();
    show();
    status.textContent = 'You are signed in.';
    await identify(account.id, traitsOf(account));
    await track('Signed In', { method: 'email' });
  });
  find('[data-gold]', HTMLButtonElement).addEventListener('click', () => {
    const account = readAccount();
    if (account === null) return;
    const gold: Account = { ...account, tier: 'gold' };
    keepAccount(gold);
    show();
    status.textContent = 'Welcome to gold.';
    void identify(gold.id, traitsOf(gold)).then(async () => track('Membership Upgraded', { tier: 'gold' }));
  });
  find('[data-sign-out]', HTMLButtonElement).addEventListener('click', () => {
    void track('Signed Out').then(reset);
    forgetAccount();
    show();
    status.textContent = 'You are signed out, and this device has forgotten you.';
  });
}

function startReview(): void {
  const order = lastOrder();
  if (order === null) return;
  find('[data-orders]', HTMLElement).hidden = false;
  find('[data-order-line]', HTMLElement).textContent = `${order.order_id}, ${money(order.total)}`;
  const form = find('[data-review-form]', HTMLFormElement);
  onSubmit(form, async () => {
    const rating = Number(fieldText(form, 'rating'));
    form.hidden = true;
    find('[data-review-status]', HTMLElement).textContent = 'Thank you. The pattern makers read every one.';
    await track('Product Reviewed', { order_id: order.order_id, rating });
  });
}

export function startAccount(): void {
  show();
  startSignIn();
  startReview();
  bindConsentForm(find('[data-consent-form]', HTMLFormElement), find('[data-consent-status]', HTMLElement));
}
