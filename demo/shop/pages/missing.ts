import { html } from '../html.js';
import type { Page } from './layout.js';

export const missing: Page = {
  path: '/404',
  kind: 'missing',
  title: 'Page not found | Hazel',
  description: 'This page does not exist.',
  main: html`<div class="narrow missing">
      <h1>This page was cut off</h1>
      <p class="lede">The address leads nowhere. The piece you are looking for may have sold out.</p>
      <p class="hero-actions"><a class="button" href="/">Go to the shop</a><a class="link" href="/help">Ask us</a></p>
    </div>`,
};
