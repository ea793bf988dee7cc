import type { WaylineClient } from '../client/wayline-client.js';
import { consentSection } from './consent-section.js';
import { deliverySection, type Problem } from './delivery-section.js';
import { Drawer, type Tab } from './drawer.js';
import { button, element } from './element.js';
import { Highlight } from './highlight.js';
import { journeysSection } from './journeys-section.js';
import { profileSection } from './profile-section.js';
import { slotNames, slotsSection } from './slots-section.js';
import { styles } from './styles.js';

/** Older problems scroll out: the panel is no log. */
const keptProblems = 10;

/** A line with three stops, the middle one taken: what the engine draws through a visitor's days. */
function mark(): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('width', '26');
  svg.setAttribute('height', '14');
  svg.setAttribute('viewBox', '0 0 26 14');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', 'M3 11h6l8-8h6');
  path.setAttribute('fill', 'none');
  path.setAttribute('stroke', '#f0b429');
  path.setAttribute('stroke-width', '2');
  svg.append(path);
  for (const [x, y] of [[3, 11], [13, 7], [23, 3]] as const) {
    const stop = document.createElementNS(namespace, 'circle');
    stop.setAttribute('cx', String(x));
    stop.setAttribute('cy', String(y));
    stop.setAttribute('r', '2.6');
    stop.setAttribute('fill', x === 13 ? '#f0b429' : '#12161f');
    stop.setAttribute('stroke', '#f0b429');
    stop.setAttribute('stroke-width', '1.6');
    svg.append(stop);
  }
  return svg;
}

/** A look into the SDK from the page itself, through its public interface only. It lives in a shadow tree of its own. */
export class Panel {
  readonly host = element('div', { 'data-wayline-panel': true });
  readonly #count = element('span', { class: 'opener-count' }, '0');
  readonly #opener: HTMLButtonElement;
  readonly #drawer: Drawer;
  readonly #highlight = new Highlight();
  #client: WaylineClient | undefined;
  #problems: readonly Problem[] = [];
  #due = false;

  constructor() {
    const tabs: readonly [Tab, ...Tab[]] = [
      { id: 'slots', label: 'Slots', content: () => this.#content((client) => slotsSection(client, client.inspect(), this.#highlight)) },
      { id: 'journeys', label: 'Journeys', content: () => this.#content((client) => journeysSection(client.inspect(), Date.now())) },
      { id: 'profile', label: 'Profile', content: () => this.#content((client) => profileSection(client.inspect(), Date.now())) },
      { id: 'consent', label: 'Consent', content: () => this.#content((client) => consentSection(client, client.inspect())) },
      { id: 'delivery', label: 'Delivery', content: () => this.#content((client) => deliverySection(client, client.inspect(), this.#problems, Date.now())) },
    ];
    this.#drawer = new Drawer(tabs, () => this.close());
    this.#opener = button('', { class: 'opener', 'aria-expanded': 'false' }, () => this.open());
    this.#opener.append(mark(), 'Wayline', this.#count, element('span', { class: 'spoken' }, ' personalised slots. Open the panel'));
    const root = this.host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    root.append(element('div', { class: 'root', role: 'complementary', 'aria-label': 'Wayline' }, this.#opener, this.#highlight.node, this.#drawer.node));
  }

  /** Shows this client from now on. */
  attach(client: WaylineClient): void {
    if (this.#client === client) return;
    this.#client = client;
    client.on('change', () => this.#refresh());
    client.on('ready', () => this.#refresh());
    client.on('decision', () => this.#refresh());
    this.#refresh();
  }

  note(problem: Problem): void {
    this.#problems = [problem, ...this.#problems].slice(0, keptProblems);
    this.#refresh();
  }

  open(): void {
    this.#opener.hidden = true;
    this.#opener.setAttribute('aria-expanded', 'true');
    this.#drawer.open();
  }

  close(): void {
    this.#drawer.close();
    this.#opener.hidden = false;
    this.#opener.setAttribute('aria-expanded', 'false');
    this.#opener.focus();
  }

  /** Many changes of one moment are drawn once. */
  #refresh(): void {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      const decisions = this.#client?.inspect().decisions ?? {};
      const personalised = slotNames().filter((name) => typeof decisions[name]?.experience === 'string').length;
      this.#count.textContent = String(personalised);
      if (this.#drawer.isOpen) this.#drawer.render();
    });
  }

  #content(build: (client: WaylineClient) => readonly HTMLElement[]): readonly HTMLElement[] {
    return this.#client === undefined ? [element('p', { class: 'empty' }, 'The SDK has not loaded yet.')] : build(this.#client);
  }
}
