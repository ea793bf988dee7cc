import type { WaylineClient } from '../client/wayline-client.js';
import { deliverySection } from './delivery-section.js';
import { Drawer, type Tab } from './drawer.js';
import { button, element } from './element.js';
import { Highlight } from './highlight.js';
import { journeysSection } from './journeys-section.js';
import { mark } from './mark.js';
import { panelMemory } from './memory.js';
import { timeOf, titleOf } from './moments.js';
import { profileSection } from './profile-section.js';
import { Recording } from './recording.js';
import { SaveForm } from './save-form.js';
import { slotsSection } from './slots-section.js';
import { styles } from './styles.js';
import { slotNames, Timeline } from './timeline.js';
import { TimelineBar } from './timeline-bar.js';
import { timelineSection } from './timeline-section.js';
import { clock } from './words.js';

/** What there is once the SDK is. */
interface Attached {
  readonly client: WaylineClient;
  readonly timeline: Timeline;
  readonly bar: TimelineBar;
  readonly form: SaveForm;
}

/** A look into the SDK from the page itself, through its public interface only. It lives in a shadow tree of its own. */
export class Panel {
  readonly host = element('div', { 'data-wayline-panel': true });
  readonly #count = element('span', { class: 'opener-count' }, '0');
  readonly #site = element('span', { class: 'chip site' });
  readonly #foot = element('div', { class: 'foot' });
  readonly #opener: HTMLButtonElement;
  readonly #drawer: Drawer;
  readonly #highlight = new Highlight();
  #attached: Attached | undefined;
  #due = false;

  constructor() {
    const tabs: readonly [Tab, ...Tab[]] = [
      { id: 'slots', label: 'Slots', content: () => this.#content(({ client, timeline }) => slotsSection(client, timeline.view(), this.#highlight)) },
      { id: 'journeys', label: 'Journeys', content: () => this.#content(({ timeline }) => journeysSection(timeline.view())) },
      { id: 'profile', label: 'Profile', content: () => this.#content(({ client, timeline }) => profileSection(client, timeline.view())) },
      { id: 'timeline', label: 'Timeline', content: () => this.#content(({ timeline, form }) => timelineSection(timeline, form, () => this.#refresh())) },
      { id: 'delivery', label: 'Delivery', content: () => this.#content(({ client }) => deliverySection(client, client.inspect(), Date.now())) },
    ];
    this.#drawer = new Drawer(tabs, { head: this.#site, foot: this.#foot, close: () => this.close() });
    this.#opener = button('', { class: 'opener', 'aria-expanded': 'false' }, () => this.open());
    this.#opener.append(mark(), 'Wayline', this.#count, element('span', { class: 'spoken' }, ' personalised slots. Open the panel'));
    const root = this.host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    root.append(element('div', { class: 'root', role: 'complementary', 'aria-label': 'Wayline' }, this.#opener, this.#highlight.node, this.#drawer.node));
  }

  get isOpen(): boolean {
    return this.#drawer.isOpen;
  }

  /** Shows this client from now on. */
  attach(client: WaylineClient): void {
    if (this.#attached?.client === client) return;
    const timeline = new Timeline(new Recording(client), client, () => this.#refresh());
    const bar = new TimelineBar(timeline);
    this.#attached = { client, timeline, bar, form: new SaveForm(client, timeline, () => this.#refresh()) };
    this.#foot.replaceChildren(bar.node);
    for (const type of ['change', 'ready', 'decision', 'error'] as const) client.on(type, () => this.#refresh());
    this.#refresh();
  }

  /** `moveFocus` is for who asked just now; on a later page of the tab the focus stays where the page has it. */
  open(moveFocus = true): void {
    this.#opener.hidden = true;
    this.#opener.setAttribute('aria-expanded', 'true');
    this.#drawer.open(moveFocus);
    this.#refresh();
    panelMemory.write('open');
  }

  close(): void {
    this.#drawer.close();
    this.#opener.hidden = false;
    this.#opener.setAttribute('aria-expanded', 'false');
    this.#opener.focus();
    panelMemory.write('closed');
  }

  /** Many changes of one moment are drawn once. */
  #refresh(): void {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      const known = this.#attached?.client.inspect();
      this.#site.textContent = known?.site ?? '';
      this.#site.hidden = known?.site === undefined;
      this.#count.textContent = String(slotNames().filter((name) => typeof known?.decisions[name]?.experience === 'string').length);
      if (!this.#drawer.isOpen) return;
      this.#drawer.render();
      this.#attached?.bar.render();
    });
  }

  #content(build: (attached: Attached) => readonly HTMLElement[]): readonly HTMLElement[] {
    if (this.#attached === undefined) return [element('p', { class: 'empty' }, 'The SDK has not loaded yet.')];
    const { timeline } = this.#attached;
    const { moment } = timeline;
    const content = build(this.#attached);
    if (moment === undefined) return content;
    const back = button('Back to now', { class: 'small', 'data-key': 'now' }, () => timeline.now());
    return [element('p', { class: 'past', role: 'status' }, element('span', {}, 'As it was at ', element('b', {}, clock(timeOf(moment.input))), `, after: ${titleOf(moment.input)}`), back), ...content];
  }
}
