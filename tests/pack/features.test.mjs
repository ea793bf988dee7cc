// The shop's pack is the example of what journeys can do: each feature stands in it, and a story tells of it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

/** Comments are taken out outside strings; nothing else of JSON is touched. */
const parse = (path) => JSON.parse(readFileSync(path, 'utf8').replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, text) => text ?? ''));
const read = (name) => readdirSync(`demo/pack/${name}`).flatMap((file) => parse(`demo/pack/${name}/${file}`));

const schemas = Object.fromEntries(readdirSync('core/schema').filter((name) => name.endsWith('.json')).map((name) => [name, parse(`core/schema/${name}`)]));
const site = parse('demo/pack/site.json');
const journeys = read('journeys');
const rules = read('rules');
const stages = journeys.flatMap(({ stages: own }) => Object.values(own));
const ways = stages.flatMap(({ on = [], after = [] }) => [...on, ...after]);
const shown = [...rules, ...stages.flatMap(({ show = [] }) => show)];
const actions = [...stages, ...ways].flatMap(({ do: own = [] }) => own);
const starts = [...ways, ...journeys.map(({ goal = {} }) => goal)].flatMap(({ start }) => start ?? []);
const steps = read('tests').flatMap(({ steps: own }) => own);
const effects = new Set(steps.flatMap(({ expect }) => expect?.effects ?? []).map(({ event }) => event));
const reasons = new Set(steps.flatMap(({ expect }) => Object.values(expect?.slots ?? {})).map((slot) => slot?.reason));

const features = {
  'entry by event': journeys.some(({ enter }) => enter?.on),
  'entry by segment': journeys.some(({ enter }) => enter?.if?.segment),
  're-entry after a pause, at most n times': journeys.some(({ reenter }) => reenter?.after && reenter.max > 1),
  'entry only once': journeys.some(({ reenter }) => !reenter),
  'a limit of journeys at a time': site.concurrency?.length > 0,
  'versions in flight': journeys.some(({ version, migrate }) => version > 1 && migrate),
  'a wait': ways.some(({ wait }) => wait),
  'a wait until a time of day': ways.some(({ until }) => until?.time && !until.weekday && !until.date),
  'a wait until a weekday': ways.some(({ until }) => until?.weekday),
  'a wait until a date of the profile': ways.some(({ until }) => until?.date),
  'an immediate condition': ways.some(({ event, wait, until, if: condition }) => !event && !wait && !until && condition),
  'moments of truth': stages.some(({ moment_of_truth: marked }) => marked),
  'stages that name team, system and needs': stages.some(({ team, system, needs }) => team && system && needs?.length),
  'a secondary need with its reason': starts.some(({ reason }) => reason),
  'a hold of the site': site.holds?.length > 0,
  'a hold of a journey': journeys.some(({ holds }) => holds?.length > 0),
  'a hold of a person': steps.some(({ track, properties }) => track === 'Hold Placed' && properties.expires),
  'a hold that is released': steps.some(({ track }) => track === 'Hold Released'),
  'a hold that expires': steps.some(({ expect }) => expect?.effects?.some(({ properties }) => properties?.cause === 'expired')),
  'a hand-off that is acknowledged': actions.some(({ handoff }) => handoff?.acknowledge?.then) && steps.some(({ track }) => track === 'Handoff Acknowledged'),
  'a hand-off that is missed': effects.has('Handoff Missed'),
  'mutual exclusion': shown.some(({ group }) => group) && reasons.has('excluded'),
  'caps of pressure per page, session, day and week': ['page', 'session', '1d', '7d'].every((per) => site.pressure.caps.some((cap) => cap.per === per)),
  'a dismissal with its cool-down': shown.some(({ dismissible }) => dismissible?.for) && reasons.has('dismissed'),
  'goals with values': journeys.some(({ goal }) => goal?.value),
  'a holdout of the site and one of a journey': reasons.has('holdout') && site.holdout > 0 && journeys.some(({ holdout }) => holdout > 0),
  'quiet hours': reasons.has('quiet_hours'),
  'a cap that is reached': reasons.has('capped'),
  'a schedule that has passed': reasons.has('schedule'),
  'a preview': reasons.has('forced'),
  'revenue that is credited to what was seen': steps.some(({ expect }) => expect?.effects?.some(({ properties }) => properties?.value && properties.attribution?.length > 1)),
  'a trait whose source has precedence': steps.some(({ traits }) => traits?.tier?.source === 'crm') && steps.some(({ traits }) => traits?.tier?.source === 'account'),
};

for (const [feature, used] of Object.entries(features)) test(feature, () => assert.ok(used));

/** What the shop has no use for, and why. */
const unused = {
  'page_match.url': 'the shop has one host',
  'page_match.name': 'its pages have clean paths',
  'content.attributes': 'its slots are whole lines',
  'content.json': 'its own script decides nothing',
  'history.first': 'nobody in the shop asks what a customer did first',
  'step.page.path': 'a page of a story has an address',
  'effect_expectation.id': 'ids of effects follow from the numbers of the steps',
};

/** What `$ref` leads to, with the file that its own references are relative to and its name. */
function resolve(home, name, schema) {
  if (!schema.$ref) return { home, name, schema };
  const [file, definition] = schema.$ref.split('#/$defs/');
  return resolve(file || home, definition, schemas[file || home].$defs[definition]);
}

const branches = ({ items, additionalProperties, oneOf = [], then }) => [items, additionalProperties, then, ...oneOf].filter((each) => typeof each === 'object');

/** Every key that a schema offers, as `object.key`. */
function offered(home, name, reference, found = new Set(), visited = new Set()) {
  const place = resolve(home, name, reference);
  if (visited.has(place.schema)) return found;
  visited.add(place.schema);
  for (const [key, value] of Object.entries(place.schema.properties ?? {})) {
    found.add(`${place.name}.${key}`);
    offered(place.home, `${place.name}.${key}`, value, found, visited);
  }
  for (const branch of branches(place.schema)) offered(place.home, place.name, branch, found, visited);
  return found;
}

/** Those of them that a document has. */
function used(home, name, reference, document, found) {
  const place = resolve(home, name, reference);
  if (Array.isArray(document)) document.forEach((item) => used(place.home, place.name, place.schema.items ?? { oneOf: place.schema.oneOf?.flatMap((branch) => resolve(place.home, place.name, branch).schema.items ?? []) }, item, found));
  if (document === null || typeof document !== 'object' || Array.isArray(document)) return;
  for (const [key, value] of Object.entries(document)) {
    const property = place.schema.properties?.[key];
    if (property) found.add(`${place.name}.${key}`);
    if (property ?? typeof place.schema.additionalProperties === 'object') used(place.home, property ? `${place.name}.${key}` : place.name, property ?? place.schema.additionalProperties, value, found);
  }
  for (const branch of branches({ oneOf: place.schema.oneOf, then: place.schema.then })) used(place.home, place.name, branch, document, found);
}

test('each key that the schemas offer stands in the pack, or there is a reason why not', () => {
  const documents = [['site', [site]], ['journey', journeys], ['rules', rules], ['story', read('tests')]];
  const all = new Set(documents.flatMap(([name]) => [...offered(`${name}.schema.json`, name, schemas[`${name}.schema.json`])]));
  const found = new Set();
  for (const [name, each] of documents) each.forEach((document) => used(`${name}.schema.json`, name, schemas[`${name}.schema.json`], document, found));
  const missing = [...all].filter((key) => !found.has(key) && !/[.](\$schema|description)$/.test(key));
  assert.ok(all.size > 150, `${all.size} keys`);
  assert.deepEqual(missing.toSorted(), Object.keys(unused).toSorted());
});
