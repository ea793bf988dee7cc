// Writes docs/documents.md from the JSON Schemas and the example pack. `--check` only says whether it is up to date.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cell, put } from './generated.mjs';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const example = 'tests/packs/hazel-small';

const schemas = new Map(readdirSync(path('core/schema')).filter((file) => file.endsWith('.schema.json')).sort()
  .map((file) => [file, JSON.parse(readFileSync(path(`core/schema/${file}`), 'utf8'))]));

/** Documents in the order in which an author meets them, with the example's file of each. */
const documents = [
  { file: 'site.schema.json', example: 'site.json' },
  { file: 'rules.schema.json', example: 'rules/dresses.json' },
  { file: 'journey.schema.json', example: 'journeys/service-recovery.json' },
  { file: 'story.schema.json', example: 'tests/service.json' },
];

/** {home, name, schema} of what a $ref in the file `home` leads to. */
function resolve(home, reference) {
  const [file, name] = reference.split('#/$defs/');
  return { home: file || home, name, schema: schemas.get(file || home).$defs[name] };
}

const words = (name) => name.replaceAll('_', ' ');
/** To the section of a definition. */
const link = (name) => `[${words(name)}](#${name.replaceAll('_', '-')})`;
const isObject = (schema) => schema.properties !== undefined;
const isAlternative = (schema) => schema.oneOf?.some(({ type, $ref }) => type || $ref);

/** A definition that has a section of its own: an object, or a rule with a short form. */
const hasSection = (schema) => isObject(schema) || schema.if !== undefined || schema.$ref !== undefined;

const keyText = (names) => (names?.['x-refers-to'] ? nameOf(names['x-refers-to']) : 'name');
const article = (noun) => (/^[aeio]/.test(noun) ? 'an' : 'a');
const nameOf = (kind) => `name of ${article(kind)} ${kind}`;

/** A definition that says no more than its type: not worth a link. */
const isPlain = (schema) => Object.keys(schema).every((keyword) => keyword === 'description' || keyword === 'type') && schema.type;

function typeText(home, schema) {
  if (schema['x-refers-to']) return nameOf(schema['x-refers-to']) + (Array.isArray(schema.type) && schema.type.includes('null') ? ' or null' : '');
  if (schema.$ref) {
    const { home: file, name, schema: definition } = resolve(home, schema.$ref);
    if (isPlain(definition)) return typeText(file, definition);
    return hasSection(definition) ? link(name) : `[${words(name)}](#values)`;
  }
  if (isAlternative(schema)) return schema.oneOf.map((branch) => typeText(home, branch)).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === 'array' && schema.items['x-refers-to']) return `list of names of ${schema.items['x-refers-to']}s`;
  if (schema.type === 'array') return `list of ${typeText(home, schema.items)}`;
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') return `object: ${keyText(schema.propertyNames)} → ${typeText(home, schema.additionalProperties)}`;
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  if (schema.type === 'integer') return 'whole number';
  return schema.type ?? 'any JSON';
}

/** A definition with a place of its own is linked; what a plain one says is said where it is used, behind what is said there. */
function describe(home, schema) {
  if (!schema.$ref) return schema.description ?? '';
  const { home: file, schema: definition } = resolve(home, schema.$ref);
  if (schema.description && !isPlain(definition)) return schema.description;
  return [schema.description, describe(file, definition)].filter(Boolean).join(' ');
}

/** Rows [key, type, default, meaning]; keys of objects without a name of their own are written with a dot. */
function rows(home, schema, prefix = '') {
  return Object.entries(schema.properties ?? {}).filter(([key]) => key !== '$schema').flatMap(([key, value]) => {
    const required = schema.required?.includes(key);
    const shown = value.default === undefined ? '' : `\`${JSON.stringify(value.default)}\``;
    const row = [`\`${prefix}${key}\``, typeText(home, value), required ? 'required' : shown, describe(home, value)];
    const nested = value.items && isObject(value.items) ? value.items : value;
    const objects = [nested, ...(value.oneOf ?? []).filter(isObject)].filter(isObject);
    return [row, ...objects.flatMap((object) => rows(home, object, `${prefix}${key}.`))];
  });
}

function table(lines) {
  return ['| key | value | default | meaning |', '| --- | --- | --- | --- |', ...lines.map((line) => `| ${line.map(cell).join(' | ')} |`)].join('\n');
}

function section(home, name, schema, level) {
  const heading = `${'#'.repeat(level)} ${words(name)}`;
  const base = schema.$ref ? link(resolve(home, schema.$ref).name) : undefined;
  const note = base ? `As ${base}${schema.required ? `; ${schema.required.map((key) => `\`${key}\``).join(' and ')} are required` : ''}.` : '';
  const short = schema.if ? `The short form is ${link(resolve(home, schema.then.$ref).name)}.` : '';
  return [heading, schema.description, note, short, isObject(schema) ? table(rows(home, schema)) : ''].filter(Boolean).join('\n\n');
}

function documentSection({ file, example: shown }) {
  const schema = schemas.get(file);
  const parts = [`## ${schema.title}`, schema.description];
  if (isObject(schema)) parts.push(table(rows(file, schema)));
  const definitions = Object.entries(schema.$defs ?? {}).filter(([, definition]) => hasSection(definition));
  parts.push(...definitions.map(([name, definition]) => section(file, name, definition, 3)));
  const text = readFileSync(path(`${example}/${shown}`), 'utf8').trimEnd();
  parts.push(`### Example: ${shown}`, `\`\`\`jsonc\n${text}\n\`\`\``);
  return parts.join('\n\n');
}

function sharedSection() {
  const home = 'common.schema.json';
  const definitions = Object.entries(schemas.get(home).$defs);
  return ['## Parts that documents share', ...definitions.filter(([, schema]) => hasSection(schema)).map(([name, schema]) => section(home, name, schema, 3))].join('\n\n');
}

function valuesSection() {
  const scalars = documents.map(({ file }) => file).concat('common.schema.json')
    .flatMap((home) => Object.entries(schemas.get(home).$defs ?? {}).filter(([, schema]) => !hasSection(schema) && !isPlain(schema)).map(([name, schema]) => [name, home, schema]));
  const lines = scalars.map(([name, home, schema]) => `| ${words(name)} | ${cell(typeText(home, schema))} | ${cell(schema.description)} |`);
  return ['## Values', '', '| name | written as | meaning |', '| --- | --- | --- |', ...lines].join('\n');
}

put('docs/documents.md', `<!-- Generated by docs/documents.mjs from core/schema and ${example}; do not edit. -->
# The documents of a pack

A pack is a folder of JSON files; \`//\` and \`/* */\` comments are allowed. \`wayline check\` says what is wrong with them, \`wayline schema\`
prints the JSON Schemas that this page is made from, for editors. Keys that are not listed here are errors. What works but can hardly be meant is a warning:

- a condition that always says the same, or a range that holds nothing;
- a branch, a way or an experience that another always comes before;
- a share of visitors that leaves nobody, or a moment that is none;
- a comparison with what the declared type, a page, a parameter or a device can not be;
- a property that the event lacks;
- braces that fill in nothing, or what nobody can read.

${[...documents.map(documentSection), sharedSection(), valuesSection()].join('\n\n')}
`);
