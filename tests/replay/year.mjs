// A year of a faithful customer's life in the shop, as steps: some 375 visits, a few looks at products each, a basket every week, an order
// every second one, now and then a case. The same in every run.

export const eventsOfAYear = 3_000;

const start = Date.UTC(2026, 0, 1, 9);
const day = 86_400_000;
const shelves = ['trousers', 'skirts', 'blouses', 'sale'];

/** @returns {{at: number, id: string}[]} inputs of the engine, in order of time */
export function year() {
  const steps = [];
  let at = start;
  const add = (step) => steps.push({ at: (at += 20_000), id: `m${steps.length}`, ...step });
  const track = (name, properties) => add({ track: name, properties });
  add({ consent: { analytics: true, personalization: true, service: true } });
  add({ identify: 'ada', traits: { first_name: 'Ada', tier: 'gold', email: 'ada@example.com' } });
  for (let visit = 0; steps.length < eventsOfAYear; visit++) {
    at = start + Math.floor((visit * day * 365) / 375) + (visit % 3) * 3_600_000;
    add({ page: { url: 'https://hazel.example/', title: 'Hazel' } });
    add({ exposure: { slot: 'hero', experience: 'category-interest.sale.hero', variant: 'rolls' } });
    for (let look = 0; look < 3; look++) {
      const piece = `A${(visit * 3 + look) % 80}`;
      add({ page: { url: `https://hazel.example/product/${piece}/` } });
      track('Product Viewed', {
        product_id: piece, name: `Wide trousers number ${look}`, category: shelves[(visit + look) % 4], colour: 'blue', price: 40 + look * 20, currency: 'USD', sale: false,
      });
    }
    if (visit % 7 === 0) track('Product Added', { product_id: 'A1', category: 'sale', price: 40, quantity: 1 });
    if (visit % 14 === 0) track('Order Completed', { order_id: `o${visit}`, total: 80, revenue: 80, pieces: 2 });
    if (visit % 60 === 0) track('Case Opened', { case_id: 'c', topic: 'size' });
    if (visit % 60 === 3) track('Case Closed', { case_id: 'c', rating: 5 });
  }
  return steps.slice(0, eventsOfAYear);
}
