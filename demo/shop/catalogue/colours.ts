/** The fourteen colours of the data set, as words, URL slugs and dyes. */
export interface Colour {
  /** The word that events and rules use, as demo/data/eshop.mapping.json writes it. */
  readonly name: string;
  /** The word that customers read. */
  readonly label: string;
  readonly slug: string;
  /** sRGB, `#rrggbb`. For "of many colors" the ground on which its pattern is printed. */
  readonly dye: string;
}

const dyes: Readonly<Record<string, string>> = {
  beige: '#cfb692',
  black: '#2a2a2d',
  blue: '#5b86bd',
  brown: '#74503a',
  burgundy: '#702438',
  gray: '#90959a',
  green: '#4f7f55',
  'navy blue': '#28376a',
  'of many colors': '#f0e6d2',
  olive: '#74713f',
  pink: '#e3a3ae',
  red: '#c2392f',
  violet: '#7d66a8',
  white: '#f7f5ef',
};

const labels: Readonly<Record<string, string>> = {
  gray: 'grey',
  'navy blue': 'navy',
  'of many colors': 'printed',
};

/** Throws when the data names a colour that has no dye here: the build stops. */
export function colourOf(name: string): Colour {
  const dye = dyes[name];
  if (dye === undefined) throw new Error(`the catalogue has no dye for the colour "${name}"`);
  return { name, label: labels[name] ?? name, slug: name.replaceAll(' ', '-'), dye };
}

export const allColours: readonly Colour[] = Object.keys(dyes).map(colourOf);
