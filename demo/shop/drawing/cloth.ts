import { hash, pick } from '../catalogue/hash.js';
import type { Product } from '../catalogue/product.js';

/** How a product's cloth is painted: the fill of every part, and the SVG definitions that it needs. */
export interface Cloth {
  readonly fill: string;
  readonly definitions: string;
  /** The colour of seams and edges. */
  readonly edge: string;
  readonly button: string;
}

/** Grounds and inks of the printed cloths. */
const prints: readonly (readonly [ground: string, one: string, two: string, three: string])[] = [
  ['#f1e7d3', '#c2392f', '#28376a', '#d99a3d'],
  ['#2c3b4d', '#e8c9a0', '#c96a4f', '#8fb0a8'],
  ['#f3dcd3', '#7d2f4b', '#4f7f55', '#e0a23b'],
  ['#e4e6d5', '#3f6b57', '#c2703d', '#2a3340'],
  ['#3a2a35', '#d88c9a', '#f0d8b6', '#7aa08a'],
  ['#dbe4ea', '#28376a', '#c2392f', '#ffffff'],
];

function channel(colour: string, index: number): number {
  return Number.parseInt(colour.slice(1 + index * 2, 3 + index * 2), 16);
}

/** Mixes `colour` towards `target` (0 or 255) by `share`, 0 to 1. */
function mix(colour: string, target: number, share: number): string {
  const mixed = [0, 1, 2].map((index) => Math.round(channel(colour, index) * (1 - share) + target * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(colour: string): number {
  return (0.3 * channel(colour, 0) + 0.59 * channel(colour, 1) + 0.11 * channel(colour, 2)) / 255;
}

function pattern(size: number, content: string, turn = 0): string {
  return `<pattern id="c" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(${turn})">${content}</pattern>`;
}

function square(size: number, colour: string): string {
  return `<path d="M0 0H${size}V${size}H0Z" fill="${colour}"/>`;
}

function printed(seed: string): Cloth {
  const [ground, one, two, three] = pick(prints, `${seed}/inks`);
  const designs: readonly (() => string)[] = [
    () => pattern(44, `${square(44, ground)}<g fill="${one}"><circle cx="10" cy="8" r="4"/><circle cx="16" cy="12" r="4"/><circle cx="14" cy="19" r="4"/><circle cx="7" cy="19" r="4"/><circle cx="4" cy="12" r="4"/></g><circle cx="10" cy="14" r="3" fill="${three}"/><g fill="${two}"><circle cx="33" cy="31" r="3"/><circle cx="37" cy="35" r="3"/><circle cx="35" cy="40" r="3"/><circle cx="30" cy="39" r="3"/><circle cx="29" cy="34" r="3"/></g><circle cx="33" cy="36" r="2.2" fill="${ground}"/><path d="M20 34q4-7 9-6-2 6-9 6zM26 10q6-5 10-2-4 5-10 2z" fill="${three}"/>`, 12),
    () => pattern(36, `${square(36, ground)}<path d="M0 4H36V10H0Z" fill="${one}"/><path d="M0 14H36V16H0Z" fill="${three}"/><path d="M0 22H36V29H0Z" fill="${two}"/>`),
    () => pattern(52, `${square(52, ground)}<path d="M0 6H52V20H0ZM0 30H52V34H0Z" fill="${one}" opacity=".62"/><path d="M8 0V52H24V0ZM36 0V52H40V0Z" fill="${two}" opacity=".62"/><path d="M0 42H52V43.5H0ZM46 0V52H47.5V0Z" fill="${three}"/>`),
    () => pattern(30, `${square(30, ground)}<circle cx="8" cy="8" r="4.4" fill="${one}"/><circle cx="23" cy="23" r="4.4" fill="${two}"/><circle cx="23" cy="8" r="1.6" fill="${three}"/><circle cx="8" cy="23" r="1.6" fill="${three}"/>`, 15),
    () => pattern(48, `${square(48, ground)}<path d="M24 2L44 24 24 46 4 24Z" fill="${one}"/><path d="M24 12L35 24 24 36 13 24Z" fill="${ground}"/><path d="M24 18L30 24 24 30 18 24Z" fill="${two}"/><path d="M0 0L8 0 0 9ZM48 0L40 0 48 9ZM0 48L8 48 0 39ZM48 48L40 48 48 39Z" fill="${three}"/>`),
  ];
  const design = pick(designs, `${seed}/print`);
  return { fill: 'url(#c)', definitions: design(), edge: mix(luminance(ground) > 0.5 ? ground : one, 0, 0.58), button: three };
}

/** No two dye lots are the same: up to a third darker or a fifth lighter, by model. Black and white stay what they are. */
function dyeLot(seed: string, dye: string): string {
  const light = luminance(dye);
  if (light < 0.18 || light > 0.9) return dye;
  const step = (hash(`${seed}/lot`) % 56) - 35;
  return step < 0 ? mix(dye, 0, -step / 100) : mix(dye, 255, step / 100);
}

function dyed(seed: string, colour: string, fine: boolean): Cloth {
  const dye = dyeLot(seed, colour);
  const dark = luminance(dye) < 0.3;
  const edge = dark ? mix(dye, 255, 0.3) : mix(dye, 0, luminance(dye) > 0.85 ? 0.46 : 0.5);
  const thread = dark ? mix(dye, 255, 0.16) : mix(dye, 0, 0.1);
  const button = dark ? mix(dye, 255, 0.5) : mix(dye, 255, 0.62);
  const textures: readonly string[] = fine
    ? [
        '',
        '',
        pattern(14, `${square(14, dye)}<path d="M7 0V14" stroke="${thread}" stroke-width="1.4"/>`),
        pattern(18, `${square(18, dye)}<circle cx="5" cy="5" r="1.5" fill="${thread}"/><circle cx="14" cy="14" r="1.5" fill="${thread}"/>`),
      ]
    : [
        '',
        pattern(5, `${square(5, dye)}<path d="M0 5L5 0" stroke="${thread}" stroke-width=".9"/>`),
        pattern(16, `${square(16, dye)}<path d="M8 0V16" stroke="${thread}" stroke-width="1.2"/>`),
        pattern(20, `${square(20, dye)}<path d="M0 10L5 0 10 10 15 0 20 10M0 20L5 10 10 20 15 10 20 20" fill="none" stroke="${thread}" stroke-width="1"/>`),
        pattern(22, `${square(22, dye)}<path d="M0 0H11V11H0ZM11 11H22V22H11Z" fill="${thread}" opacity=".5"/>`),
      ];
  const definitions = textures[hash(`${seed}/weave`) % textures.length] ?? '';
  return { fill: definitions === '' ? dye : 'url(#c)', definitions, edge, button };
}

export function clothOf(product: Product): Cloth {
  return product.colour.name === 'of many colors'
    ? printed(product.id)
    : dyed(product.id, product.colour.dye, product.garment === 'blouses');
}
