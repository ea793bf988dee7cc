import { defaultDecision, type Decision } from '../engine/decision.js';
import type { ReportProblem } from '../store/storage.js';
import { ExposureWatch } from './exposure-watch.js';
import { followRedirect } from './redirect.js';
import { Slot } from './slot.js';

const slotAttribute = 'data-wayline-slot';
const dismissAttribute = 'data-wayline-dismiss';
/** `data-wayline-update="live"`: the slot may change while it is being looked at. */
const updateAttribute = 'data-wayline-update';

/** Why decisions are shown. `arrival`: a page was reached, all slots follow. `change`: something happened on it; what is in view stays. `undo`: what may no longer be shown goes at once. */
export type Occasion = 'arrival' | 'change' | 'undo';

export interface SlotListener {
  /** An experience was really seen, once per showing. */
  exposed(slot: string, decision: Decision): void;
  dismissed(slot: string): void;
  /** A slot appeared that nothing was decided for yet. */
  appeared(slots: readonly string[]): void;
  problem: ReportProblem;
}

/** All slots of the document, also those that come later. */
export class SlotManager {
  readonly #slots = new Map<Element, Slot>();
  readonly #listener: SlotListener;
  readonly #exposures: ExposureWatch;
  readonly #seen = new WeakSet<Decision>();
  readonly #dismissed = new Set<string>();
  #decisions: Readonly<Record<string, Decision>> = {};

  constructor(listener: SlotListener) {
    this.#listener = listener;
    this.#exposures = new ExposureWatch((element) => this.#exposed(element));
    new MutationObserver((changes) => this.#changed(changes)).observe(document, { childList: true, subtree: true });
    document.addEventListener('click', (event) => this.#clicked(event));
    this.#add(document);
  }

  /** Names of the slots in the document now. */
  names(): string[] {
    return [...new Set([...this.#slots.values()].map((slot) => slot.name))];
  }

  show(decisions: Readonly<Record<string, Decision>>, occasion: Occasion): void {
    this.#decisions = decisions;
    if (occasion === 'arrival') this.#dismissed.clear();
    for (const slot of this.#slots.values()) {
      const decision = decisions[slot.name] ?? defaultDecision('no_candidate');
      if (!this.#dismissed.has(slot.name) && this.#mayShow(slot, decision, occasion)) this.#fill(slot, decision);
    }
    if (occasion === 'arrival') this.#redirect();
  }

  /** Puts the default back until the next arrival. */
  dismiss(name: string): void {
    this.#dismissed.add(name);
    for (const slot of this.#slots.values()) if (slot.name === name) slot.restore();
  }

  #mayShow({ element, shown }: Slot, decision: Decision, occasion: Occasion): boolean {
    switch (occasion) {
      case 'arrival':
        return true;
      case 'undo':
        return shown !== null && shown.experience !== decision.experience;
      case 'change':
        return !this.#exposures.isVisible(element) || element.getAttribute(updateAttribute) === 'live';
    }
  }

  #fill(slot: Slot, decision: Decision): void {
    const before = slot.shown;
    slot.show(decision);
    if (slot.shown !== before) this.#exposures.renew(slot.element);
  }

  #redirect(): void {
    for (const [slot, decision] of Object.entries(this.#decisions)) {
      if (decision.content?.redirect === undefined) continue;
      if (followRedirect(decision.content.redirect)) this.#listener.exposed(slot, decision);
      return;
    }
  }

  #changed(changes: readonly MutationRecord[]): void {
    const before = new Set(this.#slots.keys());
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) if (node instanceof Element) this.#add(node);
    }
    for (const element of before) {
      if (element.isConnected) continue;
      this.#exposures.forget(element);
      this.#slots.delete(element);
    }
    const missing = this.names().filter((name) => this.#decisions[name] === undefined);
    const added = [...this.#slots.keys()].some((element) => !before.has(element));
    if (added && missing.length > 0) this.#listener.appeared(missing);
  }

  #add(root: ParentNode): void {
    const inside = [...root.querySelectorAll(`[${slotAttribute}]`)];
    const all = root instanceof Element && root.hasAttribute(slotAttribute) ? [root, ...inside] : inside;
    for (const element of all) {
      const name = element.getAttribute(slotAttribute) ?? '';
      if (name === '' || this.#slots.has(element) || !(element instanceof HTMLElement)) continue;
      const slot = new Slot(name, element, this.#listener.problem);
      this.#slots.set(element, slot);
      this.#exposures.watch(element);
      const decision = this.#decisions[name];
      if (decision !== undefined && !this.#dismissed.has(name)) this.#fill(slot, decision);
    }
  }

  #exposed(element: Element): void {
    const slot = this.#slots.get(element);
    const decision = slot?.shown;
    if (slot === undefined || decision === null || decision === undefined || this.#seen.has(decision)) return;
    this.#seen.add(decision);
    this.#listener.exposed(slot.name, decision);
  }

  #clicked(event: Event): void {
    const target = event.target instanceof Element ? event.target.closest(`[${dismissAttribute}]`) : null;
    const element = target?.closest(`[${slotAttribute}]`);
    const slot = element === null || element === undefined ? undefined : this.#slots.get(element);
    if (slot?.shown === undefined || slot.shown === null) return;
    event.preventDefault();
    this.#listener.dismissed(slot.name);
  }
}
