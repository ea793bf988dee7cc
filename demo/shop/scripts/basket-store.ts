import type { JsonObject } from 'wayline';
import { forget, hasFields, keep, recall } from './memory.js';

/** A line of the basket; the facts are those at the time of adding. */
export interface Line {
  readonly product_id: string;
  readonly name: string;
  readonly category: string;
  readonly colour: string;
  readonly price: number;
  readonly sale: boolean;
  readonly size: string;
  readonly quantity: number;
}

export interface Basket {
  readonly lines: readonly Line[];
  readonly coupon: string;
}

/** More of one piece than this is a typing error. */
const maximumQuantity = 5;
const freeDeliveryFrom = 80;
const deliveryPrice = 5;
/** Codes that take ten percent off; the journeys hand them out. */
const coupons: readonly string[] = ['HAZEL10', 'LASTROLL'];
const couponShare = 0.1;

function isLine(value: unknown): value is Line {
  return hasFields(value, {
    product_id: 'string',
    name: 'string',
    category: 'string',
    colour: 'string',
    price: 'number',
    sale: 'boolean',
    size: 'string',
    quantity: 'number',
  });
}

function isBasket(value: unknown): value is Basket {
  return hasFields(value, { coupon: 'string' }) && Array.isArray(value['lines']) && value['lines'].every(isLine);
}

export function readBasket(): Basket {
  return recall('basket', isBasket) ?? { lines: [], coupon: '' };
}

function write(basket: Basket): Basket {
  keep('basket', basket);
  document.dispatchEvent(new CustomEvent('hazel-basket'));
  return basket;
}

export function emptyBasket(): void {
  forget('basket');
  document.dispatchEvent(new CustomEvent('hazel-basket'));
}

function same(line: Line, other: Pick<Line, 'product_id' | 'size'>): boolean {
  return line.product_id === other.product_id && line.size === other.size;
}

export function addLine(line: Omit<Line, 'quantity'>): Basket {
  const basket = readBasket();
  const known = basket.lines.some((each) => same(each, line));
  const lines = known
    ? basket.lines.map((each) => (same(each, line) ? { ...each, quantity: Math.min(each.quantity + 1, maximumQuantity) } : each))
    : [...basket.lines, { ...line, quantity: 1 }];
  return write({ ...basket, lines });
}

export function changeQuantity(line: Line, quantity: number): Basket {
  const basket = readBasket();
  return write({ ...basket, lines: basket.lines.map((each) => (same(each, line) ? { ...each, quantity } : each)) });
}

export function removeLine(line: Line): Basket {
  const basket = readBasket();
  return write({ ...basket, lines: basket.lines.filter((each) => !same(each, line)) });
}

/** False when the shop does not know the code; the basket then stays as it is. */
export function applyCoupon(code: string): boolean {
  if (!coupons.includes(code)) return false;
  write({ ...readBasket(), coupon: code });
  return true;
}

export interface Totals {
  readonly pieces: number;
  readonly goods: number;
  readonly discount: number;
  readonly delivery: number;
  readonly total: number;
}

/** All amounts in US dollars. */
export function totalsOf({ lines, coupon }: Basket): Totals {
  const pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
  const goods = lines.reduce((sum, line) => sum + line.quantity * line.price, 0);
  const discount = coupon === '' ? 0 : Math.round(goods * couponShare * 100) / 100;
  const delivery = pieces === 0 || goods - discount >= freeDeliveryFrom ? 0 : deliveryPrice;
  return { pieces, goods, discount, delivery, total: goods - discount + delivery };
}

/** A line as Segment's e-commerce events name it. */
export function lineProperties({ quantity, size, ...product }: Line): JsonObject {
  return { ...product, currency: 'USD', quantity, variant: size };
}
