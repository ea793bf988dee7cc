import { button, element } from './element.js';
import { mark } from './mark.js';

export interface Tab {
  readonly id: string;
  readonly label: string;
  readonly content: () => readonly HTMLElement[];
}

/** The panel's frame: title, tabs, and a body that is built anew when what it shows has changed. Not modal: the page stays usable. */
export class Drawer {
  readonly node: HTMLElement;
  readonly #tabs: readonly Tab[];
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #body: HTMLElement;
  readonly #opened = new Set<string>();
  #current: Tab;

  /** `head` stands beside the title, `foot` below the body; both look after themselves. */
  constructor(tabs: readonly [Tab, ...Tab[]], { head, foot, close }: { readonly head: Node; readonly foot: Node; readonly close: () => void }) {
    this.#tabs = tabs;
    this.#current = tabs[0];
    this.#buttons = tabs.map((tab) => button(tab.label, { class: 'tab', role: 'tab', id: `tab-${tab.id}`, 'aria-controls': 'body' }, () => this.#choose(tab)));
    this.#body = element('div', { class: 'body', id: 'body', role: 'tabpanel', tabindex: '0' });
    const list = element('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Panel' }, ...this.#buttons);
    list.addEventListener('keydown', (event) => this.#move(event));
    this.node = element(
      'section',
      { class: 'drawer', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
      element('div', { class: 'head' }, mark(), element('h2', { id: 'title' }, 'Wayline'), head, button('×', { class: 'close', 'aria-label': 'Close the panel' }, close)),
      list,
      this.#body,
      foot,
    );
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') close();
    });
    this.#mark();
  }

  get isOpen(): boolean {
    return !this.node.hidden;
  }

  open(moveFocus: boolean): void {
    this.node.hidden = false;
    this.render();
    if (moveFocus) this.#buttons[this.#tabs.indexOf(this.#current)]?.focus();
  }

  close(): void {
    this.node.hidden = true;
  }

  /** Builds the body anew; what was unfolded, the scroll position and the focus stay. */
  render(): void {
    const root = this.node.getRootNode();
    const focused = root instanceof ShadowRoot ? root.activeElement?.getAttribute('data-key') : null;
    const { scrollTop } = this.#body;
    // Now: the browser tells that something was unfolded some time after it was.
    for (const [details, key] of this.#details()) this.#opened[details.open ? 'add' : 'delete'](key);
    this.#body.replaceChildren(...this.#current.content());
    for (const [details, key] of this.#details()) details.open = this.#opened.has(key);
    this.#body.scrollTop = scrollTop;
    const again = [...this.#body.querySelectorAll<HTMLElement>('[data-key]')].find((each) => focused !== null && each.getAttribute('data-key') === focused);
    again?.focus({ preventScroll: true });
  }

  /** What can be unfolded, and its key. */
  #details(): [HTMLDetailsElement, string][] {
    return [...this.#body.querySelectorAll('details')].map((details) => [details, details.getAttribute('data-open') ?? '']);
  }

  #choose(tab: Tab): void {
    this.#current = tab;
    this.#mark();
    this.#body.scrollTop = 0;
    this.render();
  }

  #mark(): void {
    this.#buttons.forEach((each, index) => {
      const selected = this.#tabs[index] === this.#current;
      each.setAttribute('aria-selected', String(selected));
      each.tabIndex = selected ? 0 : -1;
    });
    this.#body.setAttribute('aria-labelledby', `tab-${this.#current.id}`);
  }

  /** Arrow keys walk the tabs, as the pattern for tabs asks. */
  #move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (this.#tabs.indexOf(this.#current) + step + this.#tabs.length) % this.#tabs.length;
    const tab = this.#tabs[next];
    if (tab !== undefined) this.#choose(tab);
    this.#buttons[next]?.focus();
  }
}
