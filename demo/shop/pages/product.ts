import type { Product } from '../catalogue/product.js';
import { categoryLabels, formatPrice } from '../catalogue/product.js';
import { hash } from '../catalogue/hash.js';
import type { Markup } from '../html.js';
import { html } from '../html.js';
import { card, pictureOf } from './card.js';
import type { Page } from './layout.js';
import { productPath } from './layout.js';

const sizes = ['34', '36', '38', '40', '42', '44'] as const;
const relatedCount = 4;

/** The nearest in colour and price from the same shelf; ties are broken by model code. */
function related(product: Product, all: readonly Product[]): Product[] {
  const distance = (other: Product): number =>
    (other.colour.name === product.colour.name ? 0 : 20) +
    (other.garment === product.garment ? 0 : 30) +
    Math.abs(other.price - product.price) +
    (hash(`${product.id}/${other.id}`) % 8);
  return all
    .filter((other) => other.id !== product.id && other.category === product.category)
    .sort((one, other) => distance(one) - distance(other) || one.id.localeCompare(other.id))
    .slice(0, relatedCount);
}

function gallery(product: Product): Markup {
  const alternative = `${product.name} in ${product.colour.label}`;
  return html`<ul class="gallery" aria-label="Pictures" tabindex="0">
        <li class="tile"><img src="${pictureOf(product)}" width="400" height="500" alt="${alternative}, front"></li>
        <li class="tile"><img src="${pictureOf(product, 'back')}" width="400" height="500" alt="${alternative}, back"></li>
        <li class="tile"><img src="${pictureOf(product, 'cloth')}" width="400" height="500" alt="Swatch of the cloth" loading="lazy"></li>
        <li class="tile tile-paper"><img src="${pictureOf(product, 'pattern')}" width="400" height="500" alt="The paper pattern, model ${product.id}" loading="lazy"></li>
      </ul>`;
}

function buy(): Markup {
  return html`<form class="buy" data-buy>
          <fieldset class="sizes">
            <legend>Size</legend>
            <div>
              ${sizes.map((size) => html`<label><input type="radio" name="size" value="${size}" required${size === '38' && html` checked`}><span>${size}</span></label>
              `)}
            </div>
          </fieldset>
          <button class="button button-wide" type="submit">Add to basket</button>
          <p class="buy-status" role="status" data-buy-status></p>
        </form>`;
}

/** What the page's script needs to know of a product, as events name it. */
function productData(product: Product): string {
  return JSON.stringify({
    product_id: product.id,
    name: product.name,
    category: product.category,
    colour: product.colour.name,
    price: product.price,
    sale: product.category === 'sale',
  });
}

export function productPage(product: Product, all: readonly Product[]): Page {
  const { id, name, category, colour, price, description, cloth, care } = product;
  return {
    path: productPath(product),
    kind: 'product',
    title: `${name}, ${colour.label} | Hazel`,
    description,
    main: html`<div class="product" data-product-page="${productData(product)}">
      <nav class="crumbs" aria-label="You are here"><a href="/${category}">${categoryLabels[category]}</a><span aria-hidden="true"> / </span><span aria-current="page">${name}</span></nav>
      ${gallery(product)}
      <div class="product-info">
        <h1>${name}</h1>
        <p class="product-price${category === 'sale' && ' is-sale'}">${formatPrice(price)}${category === 'sale' && html` <span class="tag">Last pieces</span>`}</p>
        <p class="product-colour"><span class="dot swatch-${colour.slug}" aria-hidden="true"></span>${colour.label}<span class="product-model">Model ${id}</span></p>
        <p class="product-text">${description}</p>
        ${buy()}
        <div class="offer" data-wayline-slot="product-offer"><p>Delivered in two to four days. Free from $80.</p></div>
        <dl class="facts">
          <div><dt>Cloth</dt><dd>${cloth}</dd></div>
          <div><dt>Care</dt><dd>${care}</dd></div>
          <div><dt>Fit</dt><dd>True to size. Drawn on a size 38.</dd></div>
        </dl>
        <div class="advice" data-wayline-slot="product-advice"><p>Not sure of the size? <a href="/help#sizes">Measure a pair you own</a> and compare.</p></div>
      </div>
      <section class="section related" aria-labelledby="related">
        <h2 id="related">From the same shelf</h2>
        <ul class="cards cards-row">
          ${related(product, all).map((each) => card(each))}
        </ul>
      </section>
    </div>`,
  };
}
