import { element } from './element.js';

/** Milliseconds for which the frame around a slot stays. */
const showTime = 1_600;

/** Points at a slot of the page without touching it: the frame lies over the page, in the panel's own tree. */
export class Highlight {
  readonly node = element('div', { class: 'frame', hidden: true });
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(slot: string): void {
    const target = [...document.querySelectorAll('[data-wayline-slot]')].find((each) => each.getAttribute('data-wayline-slot') === slot);
    if (target === undefined) return;
    target.scrollIntoView({ block: 'center' });
    const { left, top, width, height } = target.getBoundingClientRect();
    const { style } = this.node;
    style.left = `${String(left - 4)}px`;
    style.top = `${String(top - 4)}px`;
    style.width = `${String(width + 8)}px`;
    style.height = `${String(height + 8)}px`;
    this.node.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.node.hidden = true;
    }, showTime);
  }
}
