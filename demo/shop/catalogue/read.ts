import { strFromU8, unzipSync } from 'fflate';
import { colourOf } from './colours.js';
import { describe, nameProducts } from './names.js';
import type { Category, Product } from './product.js';
import { categories } from './product.js';

/** The columns that the catalogue needs, by their names in the data set. */
const columns = {
  model: 'page 2 (clothing model)',
  category: 'page 1 (main category)',
  colour: 'colour',
  price: 'price',
  aboveAverage: 'price 2',
} as const;

/** The code tables of demo/data/eshop.mapping.json, so that shop and replay agree on every word. */
export interface CodeTables {
  readonly category: Readonly<Record<string, string>>;
  readonly colour: Readonly<Record<string, string>>;
}

interface Facts {
  readonly model: string;
  readonly colour: string;
  readonly price: number;
  readonly aboveAverage: boolean;
  /** How often the model was clicked in each category; one model of the data was filed under two. */
  readonly clicks: Map<Category, number>;
}

function asCategory(word: string | undefined): Category {
  const category = categories.find((each) => each === word);
  if (category === undefined) throw new Error(`unknown category "${word ?? ''}"`);
  return category;
}

function collectFacts(csv: string, tables: CodeTables): Facts[] {
  const lines = csv.split(/\r?\n/u).filter((line) => line !== '');
  const header = (lines[0] ?? '').split(';');
  const at = (name: string): number => {
    const index = header.indexOf(name);
    if (index < 0) throw new Error(`the data set has no column "${name}"`);
    return index;
  };
  const index = {
    model: at(columns.model),
    category: at(columns.category),
    colour: at(columns.colour),
    price: at(columns.price),
    aboveAverage: at(columns.aboveAverage),
  };
  const facts = new Map<string, Facts>();
  for (const line of lines.slice(1)) {
    const cells = line.split(';');
    const model = cells[index.model] ?? '';
    const category = asCategory(tables.category[cells[index.category] ?? '']);
    let entry = facts.get(model);
    if (entry === undefined) {
      entry = {
        model,
        colour: tables.colour[cells[index.colour] ?? ''] ?? '',
        price: Number(cells[index.price]),
        aboveAverage: cells[index.aboveAverage] === '1',
        clicks: new Map(),
      };
      facts.set(model, entry);
    }
    entry.clicks.set(category, (entry.clicks.get(category) ?? 0) + 1);
  }
  return [...facts.values()];
}

function mostClicked(clicks: Map<Category, number>): Category {
  const ranked = [...clicks].sort((one, other) => other[1] - one[1]);
  return asCategory(ranked[0]?.[0]);
}

/** Model codes sort as people read them: A2 before A10. */
function byModel(one: Facts, other: Facts): number {
  return (
    one.model.charAt(0).localeCompare(other.model.charAt(0)) ||
    Number(one.model.slice(1)) - Number(other.model.slice(1))
  );
}

/** Every product of the data set, in the order of the model codes. */
export function readCatalogue(zip: Uint8Array, tables: CodeTables): Product[] {
  const [file] = Object.values(unzipSync(zip));
  if (file === undefined) throw new Error('the data set is an empty zip');
  const facts = collectFacts(strFromU8(file), tables).sort(byModel);
  const names = nameProducts(
    facts.map((fact) => ({ model: fact.model, category: mostClicked(fact.clicks) })),
  );
  return facts.map((fact) => {
    const named = names.get(fact.model);
    if (named === undefined) throw new Error(`no name for ${fact.model}`);
    const colour = colourOf(fact.colour);
    return {
      id: fact.model,
      category: mostClicked(fact.clicks),
      colour,
      price: fact.price,
      aboveAverage: fact.aboveAverage,
      ...named,
      ...describe(fact.model, named.garment, named.silhouette, colour, fact.aboveAverage),
    };
  });
}
