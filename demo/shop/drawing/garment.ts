import { hash } from '../catalogue/hash.js';
import type { Garment, Product } from '../catalogue/product.js';
import { blouses } from './blouses.js';
import type { Cloth } from './cloth.js';
import { clothOf } from './cloth.js';
import { board } from './path.js';
import type { Draw, Sketch, View } from './sketch.js';
import { skirts } from './skirts.js';
import { trousers } from './trousers.js';

const shapes: Readonly<Record<Garment, Readonly<Record<string, Draw>>>> = { trousers, skirts, blouses };

function sketchOf(product: Product, view: View): Sketch {
  const draw = shapes[product.garment][product.silhouette];
  if (draw === undefined) throw new Error(`nothing draws ${product.garment}/${product.silhouette}`);
  return draw(view, product.id);
}

/** Each model has proportions of its own: a little narrower or wider, shorter or longer, hung from the same line. */
function proportions({ id }: Product): string {
  const wide = 0.96 + (hash(`${id}/width`) % 9) / 100;
  const long = 0.93 + (hash(`${id}/length`) % 11) / 100;
  const left = board.middle * (1 - wide);
  return `matrix(${wide.toFixed(2)} 0 0 ${long.toFixed(2)} ${left.toFixed(1)} ${((1 - long) * 60).toFixed(1)})`;
}

function paths(list: readonly string[] | undefined): string {
  return (list ?? []).map((d) => `<path d="${d}"/>`).join('');
}

function paint(sketch: Sketch, cloth: Cloth): string {
  const parts = sketch.parts
    .map((d) => `<path d="${d}" fill="${cloth.fill}"/><path d="${d}" fill="url(#v)"/>`)
    .join('');
  const buttons = (sketch.buttons ?? [])
    .map(([x, y]) => `<circle cx="${x}" cy="${Math.round(y)}" r="4.2"/>`)
    .join('');
  return [
    `<g stroke="${cloth.edge}" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round">`,
    sketch.inside === undefined ? '' : `<g fill="${cloth.fill}">${paths(sketch.inside)}</g><g fill="#000" fill-opacity=".3" stroke="none">${paths(sketch.inside)}</g>`,
    parts,
    '</g>',
    `<g clip-path="url(#k)"><g fill="#000" opacity=".11" filter="url(#b)">${paths(sketch.shade)}</g>`,
    `<g fill="#fff" opacity=".13" filter="url(#b)">${paths(sketch.light)}</g></g>`,
    `<g clip-path="url(#k)" fill="none" stroke="${cloth.edge}" stroke-width="1.3" stroke-linecap="round">${paths(sketch.seams)}`,
    `<g stroke-dasharray="3.4 3" stroke-width="1">${paths(sketch.stitches)}</g></g>`,
    buttons === '' ? '' : `<g fill="${cloth.button}" stroke="${cloth.edge}" stroke-width="1">${buttons}</g>`,
  ].join('');
}

function definitions(sketch: Sketch, cloth: Cloth): string {
  return [
    '<defs>',
    cloth.definitions,
    '<linearGradient id="v"><stop offset="0" stop-color="#000" stop-opacity=".17"/><stop offset=".22" stop-color="#000" stop-opacity="0"/>',
    '<stop offset=".5" stop-color="#fff" stop-opacity=".07"/><stop offset=".78" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".2"/></linearGradient>',
    '<filter id="b"><feGaussianBlur stdDeviation="2.2"/></filter>',
    '<filter id="d" x="-20%" y="-10%" width="140%" height="130%"><feDropShadow dx="0" dy="7" stdDeviation="8" flood-color="#2b2419" flood-opacity=".2"/></filter>',
    `<clipPath id="k">${paths(sketch.parts)}</clipPath>`,
    '</defs>',
  ].join('');
}

/** What the picture shows of the drawing board, always four to five: short garments are shown closer. */
const frames: Readonly<Record<Garment, string>> = {
  trousers: '0 0 400 500',
  skirts: '22 34 356 445',
  blouses: '32 12 336 420',
};

function svg(content: string, frame: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${frame}" width="${board.width}" height="${board.height}">${content}</svg>\n`;
}

/** The garment as it hangs, in the product's own colour; the ground is left to the page. */
export function drawGarment(product: Product, view: View): string {
  const sketch = sketchOf(product, view);
  const cloth = clothOf(product);
  return svg(`${definitions(sketch, cloth)}<g filter="url(#d)"><g transform="${proportions(product)}">${paint(sketch, cloth)}</g></g>`, frames[product.garment]);
}

/** The paper pattern of the same garment: cutting line, sewing line, grain line, and no cloth. */
export function drawPattern(product: Product): string {
  const sketch = sketchOf(product, 'front');
  const label = product.garment === 'trousers' ? 150 : 262;
  return svg(
    [
      `<g transform="${proportions(product)}"><g fill="none" stroke="#4d5347" stroke-linejoin="round">`,
      `<g stroke-width="20">${paths(sketch.parts)}</g><g stroke="#fbfaf5" stroke-width="17.6">${paths(sketch.parts)}</g>`,
      `<g fill="#fbfaf5" stroke="none">${paths(sketch.parts)}</g>`,
      `<g stroke-dasharray="6 4" stroke-width="1.3">${paths(sketch.parts)}</g>`,
      `<g stroke-width=".9">${paths(sketch.seams)}</g>`,
      '<path d="M158 232V330M153 240L158 230 163 240M153 322L158 332 163 322" stroke-width="1.2"/>',
      '</g>',
      `<g font-family="Instrument Sans, Helvetica, Arial, sans-serif" font-size="13" fill="#4d5347"><text x="212" y="${label}" font-size="28">${product.id}</text>`,
      `<text x="212" y="${label + 20}" font-size="11">cut 2 on fold</text></g></g>`,
    ].join(''),
    frames[product.garment],
  );
}

/** A swatch of the cloth with pinked edges, twice its size. */
export function drawSwatch(product: Product): string {
  const cloth = clothOf(product);
  const left = 60;
  const right = 340;
  const top = 90;
  const bottom = 410;
  const tooth = 10;
  const points: string[] = [];
  for (let x = left; x < right; x += tooth * 2) points.push(`${x} ${top}`, `${x + tooth} ${top - tooth}`);
  for (let y = top; y < bottom; y += tooth * 2) points.push(`${right} ${y}`, `${right + tooth} ${y + tooth}`);
  for (let x = right; x > left; x -= tooth * 2) points.push(`${x} ${bottom}`, `${x - tooth} ${bottom + tooth}`);
  for (let y = bottom; y > top; y -= tooth * 2) points.push(`${left} ${y}`, `${left - tooth} ${y - tooth}`);
  const edge = `M${points.join('L')}Z`;
  const doubled = cloth.definitions.replace('patternTransform="', 'patternTransform="scale(2) ');
  return svg(
    [
      `<defs>${doubled}<linearGradient id="v" x2="1" y2="1"><stop stop-color="#fff" stop-opacity=".14"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".16"/></linearGradient>`,
      '<filter id="d" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="0" dy="6" stdDeviation="7" flood-color="#2b2419" flood-opacity=".22"/></filter></defs>',
      `<g transform="rotate(-4 200 250)"><path d="${edge}" fill="${cloth.fill}" filter="url(#d)"/><path d="${edge}" fill="url(#v)"/></g>`,
      '<g fill="#2b2419" opacity=".75"><circle cx="196" cy="96" r="4.5"/></g><path d="M196 96L214 62" stroke="#2b2419" stroke-width="1.6" stroke-linecap="round"/>',
    ].join(''),
    frames.trousers,
  );
}
