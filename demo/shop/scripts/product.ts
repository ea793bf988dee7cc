import type { Line } from './basket-store.js';
import { addLine, lineProperties } from './basket-store.js';
import { hasFields } from './memory.js';
import { create, fieldText, find, onSubmit } from './page.js';
import { track } from './wayline.js';

type Product = Omit<Line, 'size' | 'quantity'>;

function isProduct(value: unknown): value is Product {
  return hasFields(value, { product_id: 'string', name: 'string', category: 'string', colour: 'string', price: 'number', sale: 'boolean' });
}

function thisProduct(): Product {
  const value: unknown = JSON.parse(find('[data-product-page]', HTMLElement).dataset['productPage'] ?? 'null');
  if (!isProduct(value)) throw new Error('the page does not say which product it shows');
  return value;
}

export function startProduct(): void {
  const product = thisProduct();
  void track('Product Viewed', { ...product, currency: 'USD' });
  const form = find('[data-buy]', HTMLFormElement);
  const status = find('[data-buy-status]', HTMLElement);
  onSubmit(form, async () => {
    const line = { ...product, size: fieldText(form, 'size') };
    addLine(line);
    status.replaceChildren(`Size ${line.size} is in your basket. `, create('a', '', 'See the basket'));
    find('a', HTMLAnchorElement, status).href = '/basket';
    await track('Product Added', lineProperties({ ...line, quantity: 1 }));
  });
}
