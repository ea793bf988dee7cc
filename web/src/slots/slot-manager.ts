import { defaultDecision, type Decision } from '../engine/decision.js';
import type { WaylineError } from '../errors/error.js';
import type { ReportProblem } from '../store/storage.js';
import { ExposureWatch } from './exposure-watch.js';
import { followRedirect } from './redirect.js';
import { isWhole, Slot, slotAttribute, slotsIn, updateAttribute } from './slot.js';

const dismissAttribute = 'data-wayline-dismiss';

/**
 * Why decisions are shown. `ahead`: of the arrival to come, which leaves them as they are. `arrival`: a page was reached, all slots follow.
 * `change`: something happened on it; what is in view stays. `undo`: what may no longer be shown goes at once. `preview`: somebody tries
 * something out, and wants to see it.
 */
export type Occasion = 'ahead' | 'arrival' | 'change' | 'undo' | 'preview';

/** Slots that were filled before the script was there. */
export interface EarlySlots {
  readonly slots: ReadonlyMap<Element, Slot>;
  /** Fills no more; returns what went wrong. */
  stop(): readonly WaylineError[];
}

export interface SlotListener {
  /** An experience, or the default in place of one that is withheld, was really seen; once on each arrival. */
  exposed(slot: string, decision: Decision): void;
  dismissed(slot: string): void;
  /** A slot appeared that nothing was decided for yet. */
  appeared(): void;
  problem: ReportProblem;
}

/** All slots of the document, also those that come later. */
export class SlotManager {
  readonly #slots = new Map<Element, Slot>();
  /** Also of elements that are not in the document now: a framework may put them back, our content in them. */
  readonly #known = new WeakMap<Element, Slot>();
  /** Filled ahead of the arrival, or before the script was there: what they show was decided for this page and painted. */
  readonly #early = new Set<Slot>();
  #begun = false;
  readonly #listener: SlotListener;
  readonly #exposures: ExposureWatch;
  /** Exposed since the arrival. */
  #seen = new WeakSet<Decision>();
  readonly #dismissed = new Set<string>();
  #decisions: Readonly<Record<string, Decision>> = {};

  constructor(listener: SlotListener, early?: EarlySlots) {
    this.#listener = listener;
    this.#exposures = new ExposureWatch((element) => !!this.#slots.get(element)?.shown, (element) => this.#exposed(element));
    document.addEventListener('click', (event) => this.#clicked(event));
    if (early === undefined || document.readyState !== 'loading') this.#begin(early);
    // Once: when the page is parsed, all of its slots are whole.
    document.addEventListener('readystatechange', () => (this.#begun ? this.#add(document) : this.#begin(early)), { once: true });
  }

  /** The snippet fills what it knows until the page is parsed; then its slots are ours. */
  #begin(early: EarlySlots | undefined): void {
    this.#begun = true;
    const problems = early?.stop() ?? [];
    // Who starts us sets its listeners in the same task.
    queueMicrotask(() => problems.forEach(this.#listener.problem));
    for (const [element, slot] of early?.slots ?? []) {
      this.#known.set(element, slot);
      this.#early.add(slot);
      slot.report = this.#listener.problem;
    }
    new MutationObserver((changes) => this.#changed(changes)).observe(document, { childList: true, subtree: true, attributeFilter: [slotAttribute] });
    this.#add(document);
  }

  /** Names of the slots in the document now. */
  names(): string[] {
    return [...new Set([...this.#slots.values()].map((slot) => slot.name))];
  }

  show(decisions: Readonly<Record<string, Decision>>, occasion: Occasion): void {
    this.#decisions = decisions;
    if (occasion === 'arrival') {
      this.#dismissed.clear();
      this.#seen = new WeakSet();
    }
    for (const slot of this.#slots.values()) {
      if (occasion === 'arrival') {
        slot.contested = false;
        this.#exposures.renew(slot.element);
      }
      const decision = this.#decision(slot.name) ?? defaultDecision('no_candidate');
      if (!this.#dismissed.has(slot.name) && this.#mayShow(slot, occasion)) this.#fill(slot, decision);
      if (occasion === 'ahead') this.#early.add(slot);
    }
    if (occasion === 'arrival') {
      if (this.#begun) this.#early.clear();
      this.#redirect();
    }
  }

  /** What was decided is of another page than the slots that appear from now on: they ask. */
  leave(): void {
    this.#decisions = {};
  }

  /** Puts the default back until the next arrival. */
  dismiss(name: string): void {
    this.#dismissed.add(name);
    for (const slot of this.#slots.values()) if (slot.name === name) slot.restore();
  }

  /** Pages call a slot "constructor", too. */
  #decision(name: string): Decision | undefined {
    return Object.hasOwn(this.#decisions, name) ? this.#decisions[name] : undefined;
  }

  #mayShow(slot: Slot, occasion: Occasion): boolean {
    const { element, shown, contested } = slot;
    if (occasion === 'preview') return true;
    if (occasion === 'undo') return shown !== null;
    const isOpen = occasion !== 'change' || (!contested && (!this.#exposures.isVisible(element) || element.getAttribute(updateAttribute) === 'live'));
    return isOpen && !this.#early.has(slot);
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
    for (const [element, slot] of this.#slots) {
      // Frameworks use an element again for another slot.
      const isRenamed = slot.name !== element.getAttribute(slotAttribute);
      if (isRenamed) slot.restore();
      else if (element.isConnected) continue;
      this.#exposures.forget(element);
      this.#slots.delete(element);
    }
    const before = this.#slots.size;
    if (document.readyState === 'loading' || changes.some(({ type }) => type === 'attributes')) this.#add(document);
    else for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) this.#add(node);
    for (const { target, removedNodes } of changes) if (removedNodes.length > 0 && this.#slots.get(target as Element)?.defend() === true) this.#exposures.renew(target as Element);
    if (this.#slots.size > before && this.names().some((name) => this.#decision(name) === undefined)) this.#listener.appeared();
  }

  #add(root: ParentNode): void {
    for (const [name, element] of slotsIn(root)) {
      if (this.#slots.has(element) || !isWhole(element)) continue;
      const known = this.#known.get(element);
      const slot = known?.name === name ? known : new Slot(name, element, this.#listener.problem);
      this.#known.set(element, slot);
      this.#slots.set(element, slot);
      this.#exposures.watch(element);
      const decision = this.#decision(name);
      if (decision !== undefined && !this.#dismissed.has(name) && !this.#early.has(slot)) this.#fill(slot, decision);
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
    if (slot?.isPersonal !== true) return;
    event.preventDefault();
    this.#listener.dismissed(slot.name);
  }
}
