import type { Colour } from '../catalogue/colours.js';
import { allColours } from '../catalogue/colours.js';
import type { Category, Product } from '../catalogue/product.js';
import { categoryLabels } from '../catalogue/product.js';
import type { Markup } from '../html.js';
import { html } from '../html.js';
import { card } from './card.js';
import type { Page } from './layout.js';

/** Pictures that load at once: two rows on a desktop. */
const eagerCards = 8;

const introductions: Readonly<Record<Category, string>> = {
  trousers: 'Cut high enough to sit down in, with pockets that hold a phone.',
  skirts: 'From close at the knee to full at the ankle. All of them are lined, most of them have pockets.',
  blouses: 'Shirts that stay tucked, bows that can be left loose, sleeves with room for an elbow.',
  sale: 'The last of each roll: single sizes, ended prints, and samples from the table.',
};

const banners: Readonly<Record<Category, Markup>> = {
  trousers: html`<p><strong>Hemmed for you.</strong> Tell us your inside leg at checkout and we shorten them before they leave.</p>`,
  skirts: html`<p><strong>Between two sizes?</strong> Take the larger one. Waists are taken in free from $50.</p>`,
  blouses: html`<p><strong>Two at a time.</strong> Order two sizes and send one back: returns are free for 30 days.</p>`,
  sale: html`<p><strong>Marked down once, and that is it.</strong> Prices here do not fall again, and nothing is made twice.</p>`,
};

/** Ranges that the script understands: up to, from to, from. Whole dollars, both ends included. */
const prices = [
  { value: '0-37', label: 'Up to $37' },
  { value: '38-49', label: '$38 to $49' },
  { value: '50-999', label: '$50 and more' },
] as const;

function colourChoice(colour: Colour): Markup {
  return html`<li><label class="choice"><input type="checkbox" name="colour" value="${colour.slug}"><span class="dot swatch-${colour.slug}" aria-hidden="true"></span>${colour.label}</label></li>
            `;
}

function filters(products: readonly Product[]): Markup {
  const present = new Set(products.map((product) => product.colour.slug));
  return html`<form class="filters" data-filters>
        <details class="filter">
          <summary>Colour</summary>
          <fieldset><legend class="visually-hidden">Colour</legend><ul>
            ${allColours.filter((colour) => present.has(colour.slug)).map(colourChoice)}
          </ul></fieldset>
        </details>
        <details class="filter">
          <summary>Price</summary>
          <fieldset><legend class="visually-hidden">Price</legend><ul>
            <li><label class="choice"><input type="radio" name="price" value="" checked>Any price</label></li>
            ${prices.map(({ value, label }) => html`<li><label class="choice"><input type="radio" name="price" value="${value}">${label}</label></li>
            `)}
          </ul></fieldset>
        </details>
        <label class="sort">Sort by
          <select name="sort">
            <option value="">our order</option>
            <option value="price-up">price, low to high</option>
            <option value="price-down">price, high to low</option>
          </select>
        </label>
        <button class="link" type="reset">Clear</button>
        <p class="filter-count" role="status" data-count>${products.length} pieces</p>
      </form>`;
}

export function categoryPage(category: Category, all: readonly Product[]): Page {
  const products = all.filter((product) => product.category === category);
  const label = categoryLabels[category];
  return {
    path: `/${category}`,
    kind: 'category',
    title: `${label} at Hazel`,
    description: introductions[category],
    main: html`<div class="listing listing-${category}" data-list="${category}">
      <div class="listing-head">
        <h1>${label}</h1>
        <p>${introductions[category]}</p>
      </div>
      <div class="banner" data-wayline-slot="category-banner">${banners[category]}</div>
      ${filters(products)}
      <ul class="cards" data-cards>
        ${products.map((product, index) => card(product, index < eagerCards))}
      </ul>
      <p class="listing-empty" data-empty hidden>No piece has this colour at this price. Choose another colour or clear the filters.</p>
    </div>`,
  };
}
