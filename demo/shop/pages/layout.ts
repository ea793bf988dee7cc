import type { Product } from '../catalogue/product.js';
import { categories, categoryLabels } from '../catalogue/product.js';
import type { Markup } from '../html.js';
import { html } from '../html.js';

export interface Page {
  /** The path without a trailing slash, or `/`. */
  readonly path: string;
  /** What the page's script looks for: one of the modules in demo/shop/scripts. */
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  readonly main: Markup;
}

/**
 * No inline script, style or handler anywhere; wasm may compile, `eval` may not. The collector sends none of its
 * own, so that the page works the same from any static server.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

function navigation(path: string): Markup {
  return html`<nav class="nav" aria-label="Shop">
      <ul>
        ${categories.map(
          (category) => html`<li><a class="nav-${category}" href="/${category}"${path === `/${category}` && html` aria-current="page"`}>${categoryLabels[category]}</a></li>
        `,
        )}
      </ul>
    </nav>`;
}

function header(path: string): Markup {
  return html`<header class="masthead">
    <a class="wordmark" href="/"><span class="visually-hidden">Home: </span>Hazel</a>
    ${navigation(path)}
    <nav class="tools" aria-label="Your shop">
      <ul>
        <li><a href="/help"${path === '/help' && html` aria-current="page"`}>Help</a></li>
        <li><a href="/account"${path === '/account' && html` aria-current="page"`}>Account</a></li>
        <li><a href="/basket"${path === '/basket' && html` aria-current="page"`}>Basket<span class="count" data-basket-count hidden></span></a></li>
      </ul>
    </nav>
  </header>`;
}

const footer = html`<footer class="footer">
    <div class="footer-inner">
      <div>
        <p class="wordmark">Hazel</p>
        <p>Trousers, skirts and blouses, drawn and cut in Warsaw.</p>
      </div>
      <nav aria-label="Service">
        <h2>Service</h2>
        <ul>
          <li><a href="/help#delivery">Delivery</a></li>
          <li><a href="/help#returns">Returns</a></li>
          <li><a href="/help#sizes">Sizes</a></li>
          <li><a href="/help#shopper">Personal shopper</a></li>
        </ul>
      </nav>
      <nav aria-label="You">
        <h2>You</h2>
        <ul>
          <li><a href="/account">Account</a></li>
          <li><a href="/basket">Basket</a></li>
          <li><a href="/account#privacy">Privacy choices</a></li>
        </ul>
      </nav>
      <p class="footer-note">Hazel is the demonstration shop of Wayline. Nothing here can be bought. Models, colours and prices come from
        “Clickstream data for online shopping” by M. Łapczyński and S. Białowąs (CC BY 4.0); names and drawings are ours.</p>
    </div>
  </footer>`;

export function document({ path, kind, title, description, main }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <script src="/wayline-snippet.js" data-pack="/v1/pack" data-write-key="hazel-web"></script>
  <meta name="description" content="${description}">
  <meta name="theme-color" content="#f1f0ea">
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  <link rel="manifest" href="/site.webmanifest">
  <link rel="preload" href="/assets/bodoni-moda-latin-opsz-normal.woff2" as="font" type="font/woff2" crossorigin>
  <link rel="stylesheet" href="/assets/shop.css">
  <script async src="/wayline.js" data-pack="/v1/pack" data-endpoint="/v1" data-write-key="hazel-web"></script>
  <script type="module" src="/assets/shop.js"></script>
  <script type="module" src="/wayline-panel.js"></script>
</head>
<body data-page="${kind}">
  <a class="skip" href="#main">Skip to content</a>
  <aside class="announcement" aria-label="Announcement">
    <div data-wayline-slot="announcement"><p>Free delivery from $80. Free returns for 30 days.</p></div>
  </aside>
  ${header(path)}
  <main id="main" tabindex="-1">
    ${main}
  </main>
  ${footer}
</body>
</html>
`.text;
}

export function productPath(product: Pick<Product, 'id'>): string {
  return `/product/${product.id}`;
}
