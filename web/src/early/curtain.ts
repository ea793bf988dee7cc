import { slotAttribute, slotOf } from '../slots/slot.js';

/** Milliseconds that a slot waits at most for its decision behind the curtain. Delivery C12. */
const longestWait = 300;

/**
 * Hides slots until they are decided, for 300 ms at most. They keep their room, so that nothing moves. A constructed style sheet needs no
 * permission of the page's CSP; where there is none, nothing is hidden.
 */
export class Curtain {
  /** It was lifted before the slots were decided: the visitor sees the defaults, and goes on seeing them. */
  expired = false;
  #sheet: CSSStyleSheet | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Hides the slots of these names; all when none are given. */
  constructor(names: readonly string[] = []) {
    const selectors = names.length === 0 ? [`[${slotAttribute}]`] : names.map(slotOf);
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`${selectors.join()}{visibility:hidden!important}`);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      this.#sheet = sheet;
    } catch {
      return;
    }
    this.#timer = setTimeout(() => this.giveUp(), longestWait);
  }

  /** Lifts it before the slots are decided. */
  giveUp(): void {
    this.expired = true;
    this.lift();
  }

  lift(): void {
    clearTimeout(this.#timer);
    const sheet = this.#sheet;
    if (sheet === undefined) return;
    this.#sheet = undefined;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  }
}

/** Hides all slots, unless the page was painted already: what was seen is not taken away. */
export function curtainBeforePaint(): Curtain {
  const curtain = new Curtain();
  if (performance.getEntriesByType('paint').length > 0) curtain.giveUp();
  return curtain;
}
