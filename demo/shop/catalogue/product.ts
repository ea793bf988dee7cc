import type { Colour } from './colours.js';

export type Category = 'trousers' | 'skirts' | 'blouses' | 'sale';
export type Garment = 'trousers' | 'skirts' | 'blouses';

export interface Product {
  /** The model code of the data set: A1 … A43, B1 … B34, C1 … C59, P1 … P82. */
  readonly id: string;
  readonly category: Category;
  /** What it is; differs from `category` for sale items only. */
  readonly garment: Garment;
  readonly silhouette: string;
  readonly colour: Colour;
  /** US dollars. */
  readonly price: number;
  /** Dearer than the average of its category, as the data says. */
  readonly aboveAverage: boolean;
  readonly name: string;
  readonly description: string;
  readonly cloth: string;
  readonly care: string;
}

export const categoryLabels: Readonly<Record<Category, string>> = {
  trousers: 'Trousers',
  skirts: 'Skirts',
  blouses: 'Blouses',
  sale: 'Sale',
};

export const categories: readonly Category[] = ['trousers', 'skirts', 'blouses', 'sale'];

/** Whole dollars, as the data has them. */
export function formatPrice(price: number): string {
  return `$${price.toFixed(0)}`;
}
