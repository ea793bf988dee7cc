import type { Product } from '../catalogue/product.js';
import { formatPrice } from '../catalogue/product.js';
import type { Markup } from '../html.js';
import { html } from '../html.js';
import { productPath } from './layout.js';

export function pictureOf(product: Product, view: 'front' | 'back' | 'cloth' | 'pattern' = 'front'): string {
  return `/img/${product.id}${view === 'front' ? '' : `-${view}`}.svg`;
}

/** A product in a list. `eager` pictures are those that a phone shows first. */
export function card(product: Product, eager = false): Markup {
  const { id, name, colour, price, category } = product;
  return html`<li class="card" data-product="${id}" data-colour="${colour.slug}" data-price="${price}">
        <a href="${productPath(product)}">
          <span class="tile"><img src="${pictureOf(product)}" width="400" height="500" alt=""${!eager && html` loading="lazy"`}></span>
          <span class="card-name">${name}</span>
          <span class="card-facts"><span class="dot swatch-${colour.slug}" aria-hidden="true"></span>${colour.label}<span class="card-price${category === 'sale' && ' is-sale'}">${formatPrice(price)}</span></span>
        </a>
      </li>
      `;
}
