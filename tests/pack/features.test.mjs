// The shop's pack is the example of what journeys can do: each feature stands in it, and a story tells of it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

/** Comments are taken out outside strings; nothing else of JSON is touched. */
const parse = (path) => JSON.parse(readFileSync(path, 'utf8').replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, text) => text ?? ''));
const read = (name) => readdirSync(`demo/pack/${name}`).flatMap((file) => parse(`demo/pack/${name}/${file}`));

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
};

for (const [feature, used] of Object.entries(features)) test(feature, () => assert.ok(used));
