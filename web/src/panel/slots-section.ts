import type { Inspection, WaylineClient } from '../client/wayline-client.js';
import type { Candidate, Explanation } from '../engine/decision.js';
import { button, element } from './element.js';
import type { Highlight } from './highlight.js';
import { reasonText, shortReason, valueText } from './words.js';

/** The slots of this page, in the order of the page. */
export function slotNames(): string[] {
  const names = [...document.querySelectorAll('[data-wayline-slot]')].map((slot) => slot.getAttribute('data-wayline-slot') ?? '');
  return [...new Set(names)].filter((name) => name !== '');
}

function candidateItem(candidate: Candidate): HTMLElement {
  const { experience, reason, predicate, saw, result } = candidate;
  const won = reason === 'matched';
  return element(
    'li',
    { class: won ? 'candidate won' : 'candidate' },
    element('div', { class: 'row' }, element('code', {}, experience), element('span', { class: won ? 'chip on' : 'chip' }, won ? 'shown' : shortReason(reason))),
    element('p', { class: 'soft' }, reasonText(reason)),
    typeof predicate === 'string'
      ? element('code', { class: 'predicate' }, predicate, ' ', element('span', { class: 'saw' }, `→ ${valueText(result)}${saw === undefined ? '' : `, saw ${valueText(saw)}`}`))
      : null,
  );
}

function slotCard(name: string, explanation: Explanation, highlight: Highlight): HTMLElement {
  const { experience, variant, reason, candidates } = explanation;
  return element(
    'li',
    { class: 'card' },
    element(
      'div',
      { class: 'row' },
      element('span', { class: 'name' }, name),
      element('span', { class: experience === null ? 'chip' : 'chip on' }, experience === null ? 'default' : 'personalised'),
      button('Show', { class: 'small push', 'data-key': `show ${name}`, 'aria-label': `Show ${name} on the page` }, () => highlight.show(name)),
    ),
    experience === null ? null : element('p', {}, element('code', {}, variant === null ? experience : `${experience} · ${variant}`)),
    element('p', { class: 'why' }, reasonText(reason)),
    candidates.length === 0
      ? null
      : element(
          'details',
          { 'data-open': `slot ${name}` },
          element('summary', { 'data-key': `slot ${name}` }, candidates.length === 1 ? '1 candidate' : `${String(candidates.length)} candidates`),
          element('ul', {}, ...candidates.map(candidateItem)),
        ),
  );
}

export function slotsSection(client: WaylineClient, { holdout }: Inspection & { readonly holdout?: unknown }, highlight: Highlight): HTMLElement[] {
  const names = slotNames();
  if (names.length === 0) return [element('p', { class: 'empty' }, 'This page has no slots.')];
  return [
    ...(holdout === true ? [element('p', { class: 'card' }, 'This visitor is in the holdout: decisions are made and measured, and the default is shown.')] : []),
    element('ul', {}, ...names.map((name) => slotCard(name, client.explain(name), highlight))),
  ];
}
