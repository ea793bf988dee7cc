import type { Candidate, Explanation } from '../engine/decision.js';
import type { WaylineClient } from '../client/wayline-client.js';
import { button, element } from './element.js';
import type { Highlight } from './highlight.js';
import type { View } from './timeline.js';
import { reasonText, shortReason, sightText } from './words.js';

/** What decided, as its author wrote it, and the value that it saw. */
function predicateLine({ predicate, result, saw }: Candidate): HTMLElement | null {
  if (typeof predicate !== 'string') return null;
  return element('code', { class: 'predicate' }, predicate, ' ', element('span', { class: 'saw' }, sightText(result, saw)));
}

/** Who keeps it silent, and why. */
function holdLine({ heldBy, heldFor = '' }: Candidate): HTMLElement | null {
  return heldBy === undefined ? null : element('p', { class: 'soft' }, `Held by ${heldBy}${heldFor === '' ? '' : `: ${heldFor}`}.`);
}

function candidateItem(candidate: Candidate): HTMLElement {
  const { experience, reason } = candidate;
  return element(
    'li',
    { class: 'candidate' },
    element('div', { class: 'row' }, element('code', {}, experience), element('span', { class: 'chip' }, shortReason(reason))),
    element('p', { class: 'soft' }, reasonText(reason)),
    holdLine(candidate),
    predicateLine(candidate),
  );
}

/** Who may try variants out, on the page of now. */
interface Previewer {
  readonly client: WaylineClient;
  readonly highlight: Highlight;
  readonly forced: Readonly<Record<string, string>>;
}

/** Every variant that could be in the slot on this page, to be tried out; pressed again, it is as decided. */
function previewChoice(name: string, { previews }: Explanation, { client, forced }: Previewer): HTMLElement {
  const others = Object.entries(forced).filter(([other]) => !Object.hasOwn(previews, other));
  const buttons = Object.entries(previews).flatMap(([experience, variants]) =>
    variants.map((variant) => {
      const pressed = forced[experience] === variant;
      const label = `${experience} · ${variant}`;
      const force = (): void => client.force(Object.fromEntries(pressed ? others : [...others, [experience, variant]]));
      return button(label, { class: pressed ? 'small strong' : 'small', 'aria-pressed': String(pressed), 'data-key': `preview ${name} ${label}` }, force);
    }),
  );
  return element('details', { 'data-open': `preview ${name}` }, element('summary', { 'data-key': `preview ${name}` }, 'Preview'), element('div', { class: 'actions' }, ...buttons));
}

function slotCard(name: string, explanation: Explanation, previewer: Previewer | null): HTMLElement {
  const { experience, variant, reason, candidates, withheld } = explanation;
  const winner = candidates.find((candidate) => candidate.experience === experience);
  const others = candidates.filter((candidate) => candidate !== winner);
  const held = reason === 'held' ? candidates.find(({ heldBy }) => heldBy !== undefined) : undefined;
  const count = `${String(others.length)} ${winner === undefined ? '' : 'other '}${others.length === 1 ? 'candidate' : 'candidates'}`;
  return element(
    'li',
    { class: 'card' },
    element(
      'div',
      { class: 'row' },
      element('span', { class: 'name' }, name),
      element('span', { class: reason === 'forced' ? 'chip held' : experience === null ? 'chip' : 'chip on' }, reason === 'forced' ? 'preview' : experience === null ? 'default' : 'personalised'),
      previewer === null ? null : button('Show', { class: 'small push', 'data-key': `show ${name}`, 'aria-label': `Show ${name} on the page` }, () => previewer.highlight.show(name)),
    ),
    experience === null ? null : element('p', {}, element('code', {}, variant === null ? experience : `${experience} · ${variant}`)),
    element('p', { class: 'why' }, reasonText(reason)),
    held === undefined ? null : holdLine(held),
    withheld === undefined ? null : element('p', { class: 'why' }, 'Others see ', element('code', {}, withheld), '; that this visitor saw the default is counted.'),
    winner === undefined ? null : predicateLine(winner),
    previewer === null || Object.keys(explanation.previews).length === 0 ? null : previewChoice(name, explanation, previewer),
    others.length === 0
      ? null
      : element('details', { 'data-open': `slot ${name}` }, element('summary', { 'data-key': `slot ${name}` }, count), element('ul', {}, ...others.map(candidateItem))),
  );
}

/** The page names a slot that the pack does not. The SDK reports whoever asks for it, so it is not asked. */
function unknownSlot(name: string, known: readonly string[]): HTMLElement {
  const head = element('div', { class: 'row' }, element('span', { class: 'name' }, name), element('span', { class: 'chip' }, 'default'));
  return element('li', { class: 'card' }, head, element('p', { class: 'why' }, `The pack has no slot of this name. It has ${known.join(', ') || 'none'}.`));
}

export function slotsSection(client: WaylineClient, { live, slots, inspection: { holdout, forced, slots: known }, explain }: View, highlight: Highlight): HTMLElement[] {
  if (slots.length === 0) return [element('p', { class: 'empty' }, live ? 'This page has no slots.' : 'Nothing was meant for the page of that moment.')];
  return [
    ...(holdout === true ? [element('p', { class: 'card' }, 'This visitor is in the holdout: decisions are made and measured, and the default is shown.')] : []),
    element('ul', {}, ...slots.map((name) => (known?.includes(name) === false ? unknownSlot(name, known) : slotCard(name, explain(name), live ? { client, highlight, forced } : null)))),
  ];
}
