import type { Colour } from './colours.js';
import { hash, pick } from './hash.js';
import type { Category, Garment } from './product.js';

/** Hedgerow and meadow plants, the family that a shop called Hazel would name its clothes after. */
const plants = [
  'Alder', 'Aspen', 'Betony', 'Birch', 'Bramble', 'Briar', 'Broom', 'Bryony', 'Campion', 'Cedar', 'Chicory', 'Clover',
  'Comfrey', 'Cowslip', 'Dogwood', 'Elder', 'Fennel', 'Fern', 'Flax', 'Gorse', 'Heather', 'Holly', 'Iris', 'Ivy',
  'Juniper', 'Larch', 'Laurel', 'Linden', 'Lovage', 'Mallow', 'Maple', 'Marram', 'Meadow', 'Medlar', 'Moss', 'Myrtle',
  'Nettle', 'Orchard', 'Osier', 'Poppy', 'Quince', 'Reed', 'Rowan', 'Rush', 'Sage', 'Sedge', 'Sloe', 'Sorrel',
  'Spruce', 'Tansy', 'Teasel', 'Thistle', 'Thyme', 'Vetch', 'Willow', 'Woad', 'Yarrow', 'Yew',
] as const;

/** Silhouettes that demo/shop/drawing knows how to draw, with the words for each. */
const silhouettes: Readonly<Record<Garment, Readonly<Record<string, string>>>> = {
  trousers: {
    straight: 'straight trousers',
    wide: 'wide-leg trousers',
    tapered: 'tapered trousers',
    flared: 'flared trousers',
    culotte: 'culottes',
    pleated: 'pleated trousers',
  },
  skirts: {
    pencil: 'pencil skirt',
    aline: 'A-line skirt',
    pleated: 'pleated skirt',
    tiered: 'tiered skirt',
    wrap: 'wrap skirt',
    buttoned: 'button-front skirt',
  },
  blouses: {
    shirt: 'shirt',
    bow: 'bow blouse',
    smock: 'smock blouse',
    wrap: 'wrap blouse',
    shell: 'sleeveless top',
    camp: 'short-sleeved blouse',
  },
};

const garments: readonly Garment[] = ['trousers', 'skirts', 'blouses'];

export interface Named {
  readonly name: string;
  readonly garment: Garment;
  readonly silhouette: string;
}

function garmentOf(model: string, category: Category): Garment {
  return category === 'sale' ? pick(garments, `${model}/garment`) : category;
}

/** Names are unique in the whole shop: a clash moves on to the next plant. */
export function nameProducts(
  models: readonly { readonly model: string; readonly category: Category }[],
): Map<string, Named> {
  const taken = new Set<string>();
  const names = new Map<string, Named>();
  for (const { model, category } of models) {
    const garment = garmentOf(model, category);
    const kinds = Object.keys(silhouettes[garment]);
    const silhouette = pick(kinds, `${model}/shape`);
    const words = silhouettes[garment][silhouette] ?? garment;
    let position = hash(`${model}/plant`);
    let name = '';
    do {
      name = `${plants[position % plants.length] ?? ''} ${words}`;
      position += 1;
    } while (taken.has(name));
    taken.add(name);
    names.set(model, { name, garment, silhouette });
  }
  return names;
}

const cuts: Readonly<Record<string, string>> = {
  straight: 'A clean line from hip to hem, with slanted pockets that lie flat.',
  wide: 'Falls straight from the hip and moves when you do. Worn with a flat shoe or a heel.',
  tapered: 'Room at the thigh, narrow at the ankle, a crease that stays where it is pressed.',
  flared: 'Close to the knee, then an easy flare that covers the shoe.',
  culotte: 'Cut to the middle of the calf, wide enough to be taken for a skirt.',
  pencil: 'Close at the hip, with a back vent long enough to walk in.',
  aline: 'Flat at the waist, then a gentle flare. The hem is faced, so it hangs straight.',
  tiered: 'Three gathered tiers, each a third wider than the one above.',
  wrap: 'Wraps across the front and ties at the side, so that it always fits.',
  buttoned: 'Buttons from waist to hem; leave as many open as the day needs.',
  shirt: 'A proper collar, a plain placket, and a curved hem that stays tucked.',
  bow: 'A soft tie at the neck that can be worn as a bow or left loose.',
  smock: 'Gathered at the yoke and full in the sleeve.',
  shell: 'Sleeveless, with a bound armhole that does not gape.',
  camp: 'An open collar and an easy short sleeve.',
  'trousers/pleated': 'Two pleats from a high waist, so the leg opens as you sit and closes as you stand.',
  'skirts/pleated': 'Knife pleats, pressed and stitched to the hip so that they keep their edge.',
  'blouses/wrap': 'Crosses at the front and ties at the back, with a neckline that stays put.',
};

const cloths: Readonly<Record<Garment, readonly string[]>> = {
  trousers: ['Cotton twill, 280 g', 'Wool and viscose, 240 g', 'Washed linen, 210 g', 'Cotton drill with 2% elastane'],
  skirts: ['Viscose crêpe, 180 g', 'Wool flannel, 260 g', 'Cotton poplin, 140 g', 'Linen and cotton, 190 g'],
  blouses: ['Cotton poplin, 120 g', 'Viscose twill, 110 g', 'Cotton voile, 80 g', 'Silk and cotton, 90 g'],
};

const cares = [
  'Wash at 30°, dry on a hanger, iron while damp.',
  'Wash at 40°, do not tumble dry, warm iron.',
  'Hand wash or wool programme, dry flat.',
] as const;

export interface Description {
  readonly description: string;
  readonly cloth: string;
  readonly care: string;
}

export function describe(
  model: string,
  garment: Garment,
  silhouette: string,
  colour: Colour,
  aboveAverage: boolean,
): Description {
  const cut = cuts[`${garment}/${silhouette}`] ?? cuts[silhouette] ?? '';
  const dye = colour.name === 'of many colors' ? 'Printed cloth, matched at the side seams.' : `Piece-dyed ${colour.label}.`;
  const finish = aboveAverage ? ' Seams are bound by hand.' : '';
  return {
    description: `${cut} ${dye}${finish}`,
    cloth: pick(cloths[garment], `${model}/cloth`),
    care: pick(cares, `${model}/care`),
  };
}
