import type { Decision } from '../engine/decision.js';
import type { WaylineError } from '../errors/error.js';
import { htmlPolicy } from '../slots/safe-content.js';
import { isWhole, Slot, slotsIn } from '../slots/slot.js';
import { Curtain } from './curtain.js';
import type { HeadStart } from './head-start.js';
import type { PreparedPage } from './prepared.js';

declare const WAYLINE_VERSION: string;

/** Name of the mark in the page's performance timeline: the slots are decided. */
export const decidedMark = 'wayline:decided';

/** What the snippet does before the page's body is there, and hands over to the script as `window.wayline.early`. */
export class EarlyStart {
  /** The script takes over from a snippet of its own build only. */
  readonly version = WAYLINE_VERSION;
  /** Slots that were filled. */
  readonly slots = new Map<Element, Slot>();
  readonly curtain: Curtain | undefined;
  /** May be created once by a page's policy: the script goes on with it. */
  readonly policy = htmlPolicy();
  begun: HeadStart | undefined;
  readonly #problems: WaylineError[] = [];
  readonly #observer: MutationObserver | undefined;
  /** Names of slots that show an experience, and were not met yet. */
  readonly #waiting = new Set<string>();
  #decisions: Readonly<Record<string, Decision>> = {};

  /** `hide`: slots that are not prepared wait behind the curtain. */
  constructor(page: PreparedPage | undefined, hide: boolean) {
    if (page === undefined) {
      this.curtain = hide ? new Curtain() : undefined;
      return;
    }
    this.#decisions = page.decisions;
    performance.mark(decidedMark);
    for (const [name, { experience }] of Object.entries(page.decisions)) if (experience !== null) this.#waiting.add(name);
    // A slot that is painted while the parser is still inside it would show its default for a moment.
    this.curtain = this.#waiting.size === 0 ? undefined : new Curtain([...this.#waiting]);
    this.#observer = new MutationObserver(() => this.#fill());
    this.#observer.observe(document, { childList: true, subtree: true });
    document.addEventListener('readystatechange', () => this.#fill());
    this.#fill();
  }

  /** Whether this page's slots were decided beforehand. */
  get decided(): boolean {
    return this.#observer !== undefined;
  }

  /** The script has taken over. Returns what went wrong until now. */
  stop(): readonly WaylineError[] {
    this.#fill();
    this.#observer?.disconnect();
    this.#decisions = {};
    return this.#problems.splice(0);
  }

  #fill(): void {
    if (!this.decided) return;
    for (const [name, element] of slotsIn(document)) {
      const decision = Object.hasOwn(this.#decisions, name) ? this.#decisions[name] : undefined;
      if (decision === undefined || this.slots.has(element) || !isWhole(element)) continue;
      const slot = new Slot(name, element, (problem) => this.#problems.push(problem));
      this.slots.set(element, slot);
      slot.show(decision);
      this.#waiting.delete(name);
    }
    if (this.#waiting.size === 0 || document.readyState !== 'loading') this.curtain?.lift();
  }
}
