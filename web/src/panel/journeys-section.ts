import type { InspectedHold, InspectedJourney, InspectedStage } from '../engine/session-inspection.js';
import { element, heading } from './element.js';
import type { View } from './timeline.js';
import { age } from './words.js';

type Journey = InspectedJourney & { readonly id: string };

const isLive = ({ status }: Journey): boolean => status === 'active' || status === 'held';

function stopClass(kind: string, stage: InspectedStage, journey: Journey): string {
  const here = journey.status !== null && stage.id === journey.stage;
  return [kind, stage.momentOfTruth ? 'truth' : '', here ? 'here' : '', here && !isLive(journey) ? 'ended' : ''].filter((name) => name !== '').join(' ');
}

function statusChip(journey: Journey): HTMLElement {
  const { status, outcome, heldBy } = journey;
  if (status === null) return element('span', { class: 'chip' }, 'not entered');
  if (status === 'held') return element('span', { class: 'chip held' }, heldBy === undefined ? 'held' : `held by ${heldBy}`);
  if (status === 'active') return element('span', { class: 'chip on' }, 'active');
  return element('span', { class: 'chip' }, outcome === undefined || outcome === 'goal' ? status : `${status}: ${outcome}`);
}

function stageItem(stage: InspectedStage, journey: Journey): HTMLElement {
  const about = [stage.team, stage.system, stage.momentOfTruth ? 'moment of truth' : ''].filter((part) => part !== '').join(', ');
  const here = journey.status !== null && stage.id === journey.stage;
  return element(
    'li',
    { class: stopClass('stage', stage, journey), ...(here ? { 'aria-current': 'step' } : {}) },
    element('span', { class: here ? 'name' : '' }, stage.id),
    element('span', { class: 'soft' }, about === '' ? '' : ` ${about}`),
  );
}

function journeyCard(journey: Journey, now: number): HTMLElement {
  const { id, owner, stage, stages, count = 0, stageAt, status } = journey;
  const place = stageAt === undefined ? '' : `${isLive(journey) ? 'In' : 'Ended in'} ${stage ?? ''} ${age(stageAt, now)}${count > 1 ? `, time ${String(count)}` : ''}`;
  return element(
    'li',
    { class: 'card' },
    element('div', { class: 'row' }, element('span', { class: 'name' }, id), statusChip(journey), element('span', { class: 'soft push' }, owner)),
    element('div', { class: 'map', 'aria-hidden': 'true' }, ...stages.map((each) => element('span', { class: stopClass('stop', each, journey), title: each.id }, status === null ? '' : each.id))),
    place === '' ? null : element('p', { class: 'why' }, place),
    element(
      'details',
      { 'data-open': `journey ${id}` },
      element('summary', { 'data-key': `journey ${id}` }, `${String(stages.length)} stages`),
      element('ol', { class: 'stages' }, ...stages.map((each) => stageItem(each, journey))),
    ),
  );
}

function holdCard({ by, scope, reason, at, expires }: InspectedHold, now: number): HTMLElement {
  const what = scope.replace(/^(team|journey):/, '$1 ');
  const until = expires === null ? '' : `, until ${new Date(expires).toLocaleString()}`;
  return element(
    'li',
    { class: 'card' },
    element('div', { class: 'row' }, element('span', { class: 'name' }, `${by} holds ${what}`), element('span', { class: 'chip held push' }, 'held')),
    element('p', { class: 'why' }, `${reason === '' ? 'No reason was given' : reason}, ${age(at, now)}${until}.`),
  );
}

export function journeysSection({ inspection: { journeys, holds = [] }, at: now }: View): HTMLElement[] {
  const all = Object.entries(journeys ?? {}).map(([id, journey]): Journey => ({ ...journey, id }));
  const groups: readonly (readonly [string, readonly Journey[]])[] = [
    ['On the way', all.filter(isLive)],
    ['Ended', all.filter((journey) => journey.status !== null && !isLive(journey))],
    ['Not entered', all.filter(({ status }) => status === null)],
  ];
  const shown = groups.filter(([, members]) => members.length > 0);
  if (shown.length === 0) return [element('p', { class: 'empty' }, 'The pack has no journeys.')];
  const held = holds.length === 0 ? [] : [heading('Held by a person'), element('ul', {}, ...holds.map((hold) => holdCard(hold, now)))];
  return [...held, ...shown.flatMap(([title, members]) => [heading(title), element('ul', {}, ...members.map((journey) => journeyCard(journey, now)))])];
}
