import type { Category, Product } from '../catalogue/product.js';
import { formatPrice } from '../catalogue/product.js';
import type { Markup } from '../html.js';
import { html } from '../html.js';
import { card, pictureOf } from './card.js';
import type { Page } from './layout.js';

/** Chosen by eye, by model code. The build stops when the data no longer has them. */
const picks = {
  hero: 'C11',
  tiles: { trousers: 'A19', skirts: 'B26', blouses: 'C20' },
  edit: ['C6', 'A16', 'B4', 'C17'],
  sale: ['P1', 'P12', 'P23', 'P34', 'P48', 'P60', 'P72', 'P80'],
} as const;

const tileText: Readonly<Record<'trousers' | 'skirts' | 'blouses', string>> = {
  trousers: 'Straight, wide, tapered, flared',
  skirts: 'Pencil to pleated, knee to ankle',
  blouses: 'Shirts, bows, wraps and smocks',
};

function finder(products: readonly Product[]): (id: string) => Product {
  const byId = new Map(products.map((product) => [product.id, product]));
  return (id) => {
    const product = byId.get(id);
    if (product === undefined) throw new Error(`the home page shows ${id}, which is not in the catalogue`);
    return product;
  };
}

function cheapest(products: readonly Product[], category: Category): string {
  return formatPrice(Math.min(...products.filter((each) => each.category === category).map((each) => each.price)));
}

function categoryTiles(products: readonly Product[], find: (id: string) => Product): Markup {
  const names = ['trousers', 'skirts', 'blouses'] as const;
  return html`<section class="section" aria-labelledby="departments">
      <h2 id="departments" class="visually-hidden">Departments</h2>
      <ul class="departments">
        ${names.map(
          (name) => html`<li><a class="department department-${name}" href="/${name}">
          <img src="${pictureOf(find(picks.tiles[name]))}" width="400" height="500" alt="">
          <span class="department-name">${name}</span>
          <span class="department-text">${tileText[name]}. From ${cheapest(products, name)}.</span>
        </a></li>
        `,
        )}
      </ul>
    </section>`;
}

export function home(products: readonly Product[]): Page {
  const find = finder(products);
  const hero = find(picks.hero);
  const saleCount = products.filter((each) => each.category === 'sale').length;
  return {
    path: '/',
    kind: 'home',
    title: 'Hazel: trousers, skirts and blouses',
    description: 'Trousers, skirts and blouses, drawn and cut in Warsaw.',
    main: html`<div data-wayline-slot="hero">
      <section class="hero" aria-labelledby="hero-title">
        <div class="hero-text">
          <h1 id="hero-title">Drawn first,<br>then cut</h1>
          <p>Every Hazel garment begins as a paper pattern on our table in Warsaw. Wear the ones that lasted past the paper.</p>
          <p class="hero-actions"><a class="button" href="/blouses">Shop blouses</a><a class="link" href="/trousers">See the trousers</a></p>
        </div>
        <div class="hero-art" aria-hidden="true">
          <img class="hero-pattern" src="${pictureOf(hero, 'pattern')}" width="400" height="500" alt="">
          <img class="hero-garment" src="${pictureOf(hero)}" width="400" height="500" alt="">
        </div>
      </section>
    </div>
    ${categoryTiles(products, find)}
    <div data-wayline-slot="home-edit">
      <section class="section" aria-labelledby="edit">
        <div class="section-head"><h2 id="edit">Off the table this week</h2><a class="link" href="/blouses">All blouses</a></div>
        <ul class="cards cards-row">
          ${picks.edit.map((id) => card(find(id)))}
        </ul>
      </section>
    </div>
    <section class="sale-band" aria-labelledby="sale">
      <div class="sale-band-text">
        <h2 id="sale">${saleCount} last pieces,<br>marked down</h2>
        <p>Single sizes, last rolls of cloth, and prints we will not run again. From ${cheapest(products, 'sale')}.</p>
        <a class="button button-sale" href="/sale">Go to the sale</a>
      </div>
      <ul class="rail" aria-hidden="true">
        ${picks.sale.map((id) => html`<li><img src="${pictureOf(find(id))}" width="400" height="500" alt="" loading="lazy"></li>`)}
      </ul>
    </section>
    <section class="section promises" aria-labelledby="promises">
      <h2 id="promises">What you can count on</h2>
      <ul>
        <li><h3>It comes back free</h3><p>Thirty days to try it on at home. The label is already in the parcel.</p><a class="link" href="/help#returns">Returns</a></li>
        <li><h3>We take it in, or let it out</h3><p>Hems and waists are altered free for everything above $50.</p><a class="link" href="/help#sizes">Sizes and alterations</a></li>
        <li><h3>Somebody chooses with you</h3><p>A stylist looks at what you like and puts a rail together, by message or in the shop.</p><a class="link" href="/help#shopper">Personal shopper</a></li>
      </ul>
    </section>`,
  };
}
