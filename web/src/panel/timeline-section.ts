import { button, element } from './element.js';
import { kindOf, timeOf, titleOf, type Change } from './moments.js';
import type { SaveForm } from './save-form.js';
import type { Timeline } from './timeline.js';
import { clock } from './words.js';

function changeItem({ what, name, before, after }: Change): HTMLElement {
  if (what === 'event') return element('li', {}, element('span', { class: 'soft' }, 'sent '), name);
  return element('li', {}, element('span', { class: 'soft' }, `${name} `), before === '' ? '' : `${before} → `, element('b', {}, after));
}

function momentItem(timeline: Timeline, index: number): HTMLElement | null {
  const moment = timeline.recording.moments[index];
  if (moment === undefined) return null;
  const here = timeline.index === index;
  const changes = timeline.changes(index);
  const title = button(titleOf(moment.input), { class: 'moment-title', 'data-key': `moment ${String(moment.input.id)}`, ...(here ? { 'aria-current': 'step' } : {}) }, () => timeline.go(index));
  return element(
    'li',
    { class: `moment is-${kindOf(moment.input)}${here ? ' here' : ''}` },
    element('div', { class: 'row' }, title, element('span', { class: 'soft push' }, clock(timeOf(moment.input)))),
    changes.length === 0 ? null : element('ul', { class: 'changes' }, ...changes.map(changeItem)),
  );
}

export function timelineSection(timeline: Timeline, form: SaveForm, changed: () => void): HTMLElement[] {
  const { moments } = timeline.recording;
  const [first] = moments;
  if (first === undefined) return [element('p', { class: 'empty' }, 'Nothing has happened since the panel was opened.')];
  const save = (): void => {
    form.open();
    changed();
  };
  const restart = (): void => {
    timeline.recording.restart();
    timeline.now();
  };
  return [
    element(
      'div',
      { class: 'row' },
      element('span', { class: 'soft' }, `${String(moments.length)} steps since ${clock(timeOf(first.input))}`),
      element(
        'span',
        { class: 'row push' },
        button('Begin anew', { class: 'small', 'data-key': 'restart' }, restart),
        button('Save as test', { class: 'small strong', 'data-key': 'save' }, save),
      ),
    ),
    form.node,
    element('ol', { class: 'moments' }, ...moments.map((_, index) => momentItem(timeline, index)).filter((item) => item !== null).reverse()),
  ];
}
