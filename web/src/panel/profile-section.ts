import type { WaylineClient } from '../client/wayline-client.js';
import type { InspectedTrait } from '../engine/session-inspection.js';
import { consentSection } from './consent-section.js';
import { element, facts, heading, type Child } from './element.js';
import type { View } from './timeline.js';
import { age, valueText } from './words.js';

/** The score at which an intent's bar is full; packs cap most intents at ten. */
const fullIntent = 10;

function traitCard(name: string, { value, source, observedAt, purpose, readable }: InspectedTrait, now: number): HTMLElement {
  const origin = [source === undefined ? '' : `from ${source}`, observedAt === undefined ? '' : age(observedAt, now), typeof purpose === 'string' ? `for ${purpose}` : ''];
  return element(
    'li',
    { class: 'card' },
    element('div', { class: 'row' }, element('span', { class: 'name' }, name), element('code', {}, valueText(value)), element('span', { class: readable ? 'chip on push' : 'chip bad push' }, readable ? 'readable' : 'unreadable')),
    element('p', { class: 'soft' }, origin.filter((part) => part !== '').join(', ')),
  );
}

function intentRow(name: string, score: number): readonly [string, ...Child[]] {
  const bar = element('span');
  bar.style.width = `${String(Math.min(100, (score / fullIntent) * 100))}%`;
  return [name, score.toFixed(2), element('div', { class: 'meter', 'aria-hidden': 'true' }, bar)];
}

function intentList(intents: readonly (readonly [string, number])[]): HTMLElement[] {
  const none = intents.filter(([, score]) => score === 0).map(([name]) => name);
  const some = intents.filter(([, score]) => score !== 0);
  return [
    ...(some.length === 0 ? [] : [facts(some.map(([name, score]) => intentRow(name, score)))]),
    ...(none.length === 0 ? [] : [element('p', { class: 'why' }, `None in ${none.join(', ')}.`)]),
  ];
}

export function profileSection(client: WaylineClient, { inspection, at: now, live }: View): HTMLElement[] {
  const { visitor = '', user, profile = {}, segments = {}, intents = {}, computed = {} } = inspection;
  const traits = Object.entries(profile);
  const held = Object.entries(segments);
  return [
    heading('Visitor'),
    facts([
      ['Device', element('code', {}, visitor)],
      ['Customer', typeof user === 'string' ? element('code', {}, user) : 'unknown'],
    ]),
    heading('Consent'),
    ...consentSection(client, inspection, live),
    heading('Traits'),
    traits.length === 0 ? element('p', { class: 'empty' }, 'None. Traits that need a consent which is not granted are not kept.') : element('ul', {}, ...traits.map(([name, trait]) => traitCard(name, trait, now))),
    heading('Intents'),
    ...intentList(Object.entries(intents)),
    heading('Segments'),
    element('p', { class: 'row' }, ...held.map(([name, holds]) => element('span', { class: holds ? 'chip on' : 'chip' }, holds ? name : `not ${name}`))),
    heading('Computed'),
    facts(Object.entries(computed).map(([name, value]) => [name, element('code', {}, valueText(value))])),
  ];
}
