import type { Point } from './path.js';

export type View = 'front' | 'back';

/** What a silhouette draws; demo/shop/drawing/garment.ts paints it in the cloth of the product. */
export interface Sketch {
  /** Filled with cloth, one after the other, each with its own edge. */
  readonly parts: readonly string[];
  /** The inside of the garment, seen through the neck or behind the hem: cloth in shadow, under `parts`. */
  readonly inside?: readonly string[];
  /** Folds, in shadow. */
  readonly shade?: readonly string[];
  /** Folds, in light. */
  readonly light?: readonly string[];
  /** Sewn lines. */
  readonly seams?: readonly string[];
  /** Top-stitching: dashed. */
  readonly stitches?: readonly string[];
  readonly buttons?: readonly Point[];
}

export type Draw = (view: View, seed: string) => Sketch;
