import { WaylineError } from '../errors/error.js';
import type { Content, Decision } from '../engine/decision.js';
import type { ReportProblem } from '../store/storage.js';
import { isSafeAttribute, safeFragment } from './safe-content.js';

export const slotAttribute = 'data-wayline-slot';
/** `data-wayline-update="live"`: the slot may change while it is being looked at. */
export const updateAttribute = 'data-wayline-update';
/** Regions whose changes a screen reader speaks out. */
const liveRegions = '[aria-live], [role=alert], [role=status], [role=log]';

/** One element with data-wayline-slot: what the page put there, and what we show instead. */
export class Slot {
  /** What was decided and is measured: an experience, or the default where a holdout withholds one; null for any other default. */
  shown: Decision | null = null;
  /** The page rendered over our content again: the slot is the page's until the next arrival. */
  contested = false;
  #nodes: readonly Node[] = [];
  #defaultNodes: readonly Node[] | undefined;
  #defaultAttributes = new Map<string, string | null>();
  #wasOverwritten = false;

  constructor(
    readonly name: string,
    readonly element: HTMLElement,
    /** Exchanged when the script takes over from the snippet. */
    public report: ReportProblem,
  ) {}

  /** Shows the decision's content, or the default. Showing what is shown already touches nothing. */
  show(decision: Decision): void {
    const { content, experience, withheld } = decision;
    if (this.shown !== null && isSame(this.shown, decision)) return;
    this.restore();
    if (experience === null && withheld === undefined) return;
    try {
      if (content !== null) this.#fill(content);
      this.shown = decision;
      if (experience !== null) this.#announce(decision);
    } catch (cause) {
      this.restore();
      this.report(WaylineError.from(cause, 'slot.render_failed', { slot: this.name }));
    }
  }

  /** Puts the page's own nodes and attributes back, the same objects, listeners and all. */
  restore(): void {
    if (this.#defaultNodes !== undefined) this.element.replaceChildren(...this.#defaultNodes);
    for (const [name, value] of this.#defaultAttributes) {
      if (value === null) this.element.removeAttribute(name);
      else this.element.setAttribute(name, value);
    }
    const { isPersonal } = this;
    this.#forget();
    if (isPersonal) this.#announce(null);
  }

  /** Whether anything but the page's default is shown. */
  get isPersonal(): boolean {
    return typeof this.shown?.experience === 'string';
  }

  /**
   * The page may have rendered over our content: it is put back once, since most frameworks render again just after the start. What is
   * rendered over again is the page's; a fight would flicker. True when the content was put back.
   */
  defend(): boolean {
    const { shown } = this;
    if (shown === null || this.#defaultNodes === undefined || this.#nodes.every((node) => node.parentNode === this.element)) return false;
    this.#forget();
    if (this.#wasOverwritten) {
      this.contested = true;
      this.report(new WaylineError('slot.overwritten', { slot: this.name }));
      return false;
    }
    this.#wasOverwritten = true;
    this.show(shown);
    return true;
  }

  #forget(): void {
    this.#nodes = [];
    this.#defaultNodes = undefined;
    this.#defaultAttributes.clear();
    this.shown = null;
  }

  /** `data-wayline-render="page"`: the page's own components show the content, and nobody else touches what is inside. */
  #fill(content: Content): void {
    if (this.element.dataset['waylineRender'] === 'page') return;
    this.#hush();
    if (content.html !== undefined) {
      const fragment = safeFragment(content.html, (what) => this.report(new WaylineError('slot.unsafe_content', { slot: this.name, what })));
      this.#replace([...fragment.childNodes]);
    } else if (content.text !== undefined) {
      this.#replace([document.createTextNode(content.text)]);
    } else if (content.attributes !== undefined) {
      this.#setAttributes(content.attributes);
    }
  }

  /** What we put into a live region is not spoken out over what the visitor reads; a slot that says that it is live is, when there is a pause. */
  #hush(): void {
    if (this.element.closest(liveRegions) !== null) this.#setAttribute('aria-live', this.element.getAttribute(updateAttribute) === 'live' ? 'polite' : 'off');
  }

  #replace(nodes: readonly Node[]): void {
    this.#defaultNodes = [...this.element.childNodes];
    this.#nodes = nodes;
    this.element.replaceChildren(...nodes);
  }

  #setAttributes(attributes: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (isSafeAttribute(name, value) && name.toLowerCase() !== slotAttribute) this.#setAttribute(name, value);
      else this.report(new WaylineError('slot.unsafe_content', { slot: this.name, what: name }));
    }
  }

  #setAttribute(name: string, value: string): void {
    if (!this.#defaultAttributes.has(name)) this.#defaultAttributes.set(name, this.element.getAttribute(name));
    this.element.setAttribute(name, value);
  }

  /** For the page's own scripts, and the way `json` content reaches them. */
  #announce(decision: Decision | null): void {
    this.element.dispatchEvent(new CustomEvent('wayline:content', { bubbles: true, detail: decision }));
  }
}

/** The selector of slots of this name. */
export const slotOf = (name: string): string => `[${slotAttribute}=${JSON.stringify(name)}]`;

/** All slots at or below `root`, with their names. Inside a slot of its own name none is one: contents that hold their own slot would be filled for ever. */
export function slotsIn(root: ParentNode): [name: string, element: HTMLElement][] {
  return [root, ...root.querySelectorAll(`[${slotAttribute}]`)].flatMap((element) => {
    const name = element instanceof HTMLElement && element.getAttribute(slotAttribute);
    return name && !element.parentElement?.closest(slotOf(name)) ? [[name, element]] : [];
  });
}

/** Whether the parser has closed the element: what it still holds would be added to our content. */
export function isWhole(element: Node): boolean {
  for (let node: Node | null = element; node !== null; node = node.parentNode) if (node.nextSibling !== null) return true;
  return document.readyState !== 'loading';
}

/** A preview of what is shown anyhow is not the same: it is not measured. */
function isSame(left: Decision, right: Decision): boolean {
  const [before, after] = [left, right].map(({ experience, variant, withheld, reason, content }) => JSON.stringify([experience, variant, withheld, reason, content]));
  return before === after;
}
