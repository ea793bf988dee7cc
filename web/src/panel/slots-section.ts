import type { Candidate, Explanation } from '../engine/decision.js';
import { button, element } from './element.js';
import type { Highlight } from './highlight.js';
import type { View } from './timeline.js';
import { reasonText, shortReason, valueText } from './words.js';

/** What decided, as its author wrote it, and the value that it saw. */
function predicateLine({ predicate, result, saw }: Candidate): HTMLElement | null {
  if (typeof predicate !== 'string') return null;
  return element('code', { class: 'predicate' }, predicate, ' ', element('span', { class: 'saw' }, `→ ${valueText(result)}${saw === undefined ? '' : `, saw ${valueText(saw)}`}`));
}

function candidateItem(candidate: Candidate): HTMLElement {
  const { experience, reason } = candidate;
  return element(
    'li',
    { class: 'candidate' },
    element('div', { class: 'row' }, element('code', {}, experience), element('span', { class: 'chip' }, shortReason(reason))),
    element('p', { class: 'soft' }, reasonText(reason)),
    predicateLine(candidate),
  );
}

function slotCard(name: string, explanation: Explanation, highlight: Highlight | null): HTMLElement {
  const { experience, variant, reason, candidates } = explanation;
  const winner = candidates.find((candidate) => candidate.experience === experience);
  const others = candidates.filter((candidate) => candidate !== winner);
  const count = `${String(others.length)} ${winner === undefined ? '' : 'other '}${others.length === 1 ? 'candidate' : 'candidates'}`;
  return element(
    'li',
    { class: 'card' },
    element(
      'div',
      { class: 'row' },
      element('span', { class: 'name' }, name),
      element('span', { class: experience === null ? 'chip' : 'chip on' }, experience === null ? 'default' : 'personalised'),
      highlight === null ? null : button('Show', { class: 'small push', 'data-key': `show ${name}`, 'aria-label': `Show ${name} on the page` }, () => highlight.show(name)),
    ),
    experience === null ? null : element('p', {}, element('code', {}, variant === null ? experience : `${experience} · ${variant}`)),
    element('p', { class: 'why' }, reasonText(reason)),
    winner === undefined ? null : predicateLine(winner),
    others.length === 0
      ? null
      : element('details', { 'data-open': `slot ${name}` }, element('summary', { 'data-key': `slot ${name}` }, count), element('ul', {}, ...others.map(candidateItem))),
  );
}

export function slotsSection({ live, slots, inspection: { holdout }, explain }: View, highlight: Highlight): HTMLElement[] {
  if (slots.length === 0) return [element('p', { class: 'empty' }, live ? 'This page has no slots.' : 'Nothing was meant for the page of that moment.')];
  return [
    ...(holdout === true ? [element('p', { class: 'card' }, 'This visitor is in the holdout: decisions are made and measured, and the default is shown.')] : []),
    element('ul', {}, ...slots.map((name) => slotCard(name, explain(name), live ? highlight : null))),
  ];
}
