import { allColours } from './catalogue/colours.js';
import type { Product } from './catalogue/product.js';
import { categories } from './catalogue/product.js';
import type { CodeTables } from './catalogue/read.js';
import { readCatalogue } from './catalogue/read.js';
import { drawGarment, drawPattern, drawSwatch } from './drawing/garment.js';
import { account } from './pages/account.js';
import { basket } from './pages/basket.js';
import { pictureOf } from './pages/card.js';
import { categoryPage } from './pages/category.js';
import { checkout, order } from './pages/checkout.js';
import { help } from './pages/help.js';
import { home } from './pages/home.js';
import type { Page } from './pages/layout.js';
import { document } from './pages/layout.js';
import { missing } from './pages/missing.js';
import { productPage } from './pages/product.js';

/** A file of the finished site; `path` is relative to its root. */
export interface SiteFile {
  readonly path: string;
  readonly text: string;
}

function fileOf(page: Page): string {
  if (page.path === '/') return 'index.html';
  return page === missing ? '404.html' : `${page.path.slice(1)}/index.html`;
}

function pictures(product: Product): SiteFile[] {
  return [
    { path: pictureOf(product).slice(1), text: drawGarment(product, 'front') },
    { path: pictureOf(product, 'back').slice(1), text: drawGarment(product, 'back') },
    { path: pictureOf(product, 'cloth').slice(1), text: drawSwatch(product) },
    { path: pictureOf(product, 'pattern').slice(1), text: drawPattern(product) },
  ];
}

/** Swatch dots: inline styles are forbidden by the shop's policy, so each dye is a class. */
export function swatchStyles(): string {
  return allColours
    .map(({ slug, dye, name }) =>
      name === 'of many colors'
        ? `.swatch-${slug} { background: conic-gradient(#c2392f 0 25%, #28376a 0 50%, #d99a3d 0 75%, #4f7f55 0); }`
        : `.swatch-${slug} { background: ${dye}; }`,
    )
    .join('\n');
}

export function buildSite(zip: Uint8Array, tables: CodeTables): SiteFile[] {
  const products = readCatalogue(zip, tables);
  const pages: Page[] = [
    home(products),
    ...categories.map((category) => categoryPage(category, products)),
    ...products.map((product) => productPage(product, products)),
    basket,
    checkout,
    order,
    help,
    account,
    missing,
  ];
  return [
    ...pages.map((page) => ({ path: fileOf(page), text: document(page) })),
    ...products.flatMap(pictures),
  ];
}
