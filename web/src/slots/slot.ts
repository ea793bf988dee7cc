import { WaylineError } from '../errors/error.js';
import type { Content, Decision } from '../engine/decision.js';
import type { ReportProblem } from '../store/storage.js';
import { isSafeAttribute, safeFragment } from './safe-content.js';

/** One element with data-wayline-slot: what the page put there, and what we show instead. */
export class Slot {
  /** The experience in force, also one whose variant is the page's own default; null while there is none. */
  shown: Decision | null = null;
  #defaultNodes: readonly Node[] | undefined;
  #defaultAttributes: Map<string, string | null> | undefined;

  constructor(
    readonly name: string,
    readonly element: HTMLElement,
    private readonly report: ReportProblem,
  ) {}

  /** Shows the decision's content, or the default. Showing what is shown already touches nothing. */
  show(decision: Decision): void {
    const { content } = decision;
    if (this.shown !== null && sameContent(this.shown, decision)) return;
    this.restore();
    if (decision.experience === null) return;
    try {
      if (content !== null) this.#fill(content);
      this.shown = decision;
      this.#announce(decision);
    } catch (cause) {
      this.restore();
      this.report(WaylineError.from(cause, 'slot.render_failed', { slot: this.name }));
    }
  }

  /** Puts the page's own nodes and attributes back, the same objects, listeners and all. */
  restore(): void {
    if (this.#defaultNodes !== undefined) this.element.replaceChildren(...this.#defaultNodes);
    for (const [name, value] of this.#defaultAttributes ?? []) {
      if (value === null) this.element.removeAttribute(name);
      else this.element.setAttribute(name, value);
    }
    const changed = this.shown !== null;
    this.#defaultNodes = undefined;
    this.#defaultAttributes = undefined;
    this.shown = null;
    if (changed) this.#announce(null);
  }

  /** `data-wayline-render="page"`: the page's own components show the content, and nobody else touches what is inside. */
  #fill(content: Content): void {
    if (this.element.dataset['waylineRender'] === 'page') return;
    if (content.html !== undefined) {
      const fragment = safeFragment(content.html, (what) => this.report(new WaylineError('slot.unsafe_content', { slot: this.name, what })));
      this.#replace([...fragment.childNodes]);
    } else if (content.text !== undefined) {
      this.#replace([document.createTextNode(content.text)]);
    } else if (content.attributes !== undefined) {
      this.#setAttributes(content.attributes);
    }
  }

  #replace(nodes: readonly Node[]): void {
    this.#defaultNodes = [...this.element.childNodes];
    this.element.replaceChildren(...nodes);
  }

  #setAttributes(attributes: Readonly<Record<string, string>>): void {
    const before = new Map<string, string | null>();
    this.#defaultAttributes = before;
    for (const [name, value] of Object.entries(attributes)) {
      if (!isSafeAttribute(name, value) || name.toLowerCase() === 'data-wayline-slot') {
        this.report(new WaylineError('slot.unsafe_content', { slot: this.name, what: name }));
        continue;
      }
      before.set(name, this.element.getAttribute(name));
      this.element.setAttribute(name, value);
    }
  }

  /** For the page's own scripts, and the way `json` content reaches them. */
  #announce(decision: Decision | null): void {
    this.element.dispatchEvent(new CustomEvent('wayline:content', { bubbles: true, detail: decision }));
  }
}

function sameContent(left: Decision, right: Decision): boolean {
  return left.experience === right.experience && left.variant === right.variant && JSON.stringify(left.content) === JSON.stringify(right.content);
}
