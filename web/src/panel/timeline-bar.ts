import { button, element } from './element.js';
import { kindOf, timeOf, titleOf } from './moments.js';
import type { Timeline } from './timeline.js';
import { clock } from './words.js';

/** Stops drawn at most: more would be a line and not stops. */
const drawnStops = 60;

/** The line at the foot of the panel: one stop for each step, and a way to walk along them. */
export class TimelineBar {
  readonly node: HTMLElement;
  readonly #stops = element('div', { class: 'bar-stops', 'aria-hidden': 'true' });
  readonly #range = element('input', { type: 'range', class: 'bar-range', min: '0', step: '1', 'aria-label': 'Moment' });
  readonly #back: HTMLButtonElement;
  readonly #on: HTMLButtonElement;
  readonly #title = element('span', { class: 'bar-title' });
  readonly #now: HTMLButtonElement;

  constructor(private readonly timeline: Timeline) {
    this.#back = button('‹', { class: 'bar-step', 'aria-label': 'One step back' }, () => timeline.go(timeline.index - 1));
    this.#on = button('›', { class: 'bar-step', 'aria-label': 'One step on' }, () => timeline.go(timeline.index + 1));
    this.#now = button('Now', { class: 'small' }, () => timeline.now());
    this.#range.addEventListener('input', () => timeline.go(Number(this.#range.value)));
    this.node = element(
      'div',
      { class: 'bar', role: 'group', 'aria-label': 'Timeline' },
      element('div', { class: 'bar-line' }, this.#stops, this.#range),
      element('div', { class: 'bar-row' }, this.#back, this.#on, this.#title, this.#now),
    );
  }

  render(): void {
    const { index, moment, recording } = this.timeline;
    const { moments } = recording;
    const last = moments.length - 1;
    this.node.hidden = last < 0;
    const current = moments[index];
    if (current === undefined) return;
    const [title, time] = [titleOf(current.input), clock(timeOf(current.input))];
    this.#range.max = String(last);
    this.#range.value = String(index);
    this.#range.setAttribute('aria-valuetext', `${String(index + 1)} of ${String(moments.length)}: ${title}, ${time}`);
    this.#back.disabled = index <= 0;
    this.#on.disabled = index >= last;
    this.#now.hidden = moment === undefined;
    this.node.classList.toggle('is-past', moment !== undefined);
    this.#title.replaceChildren(element('b', {}, title), ` ${time} · ${String(index + 1)} of ${String(moments.length)}`);
    const drawn = moments.length <= drawnStops ? moments.map((each, place) => this.#stop(kindOf(each.input), place, last, index)) : [];
    this.#stops.replaceChildren(...drawn);
  }

  #stop(kind: string, place: number, last: number, index: number): HTMLElement {
    const stop = element('span', { class: `bar-stop is-${kind}${place > index ? ' ahead' : ''}` });
    stop.style.left = `${String(last === 0 ? 0 : (place / last) * 100)}%`;
    return stop;
  }
}
