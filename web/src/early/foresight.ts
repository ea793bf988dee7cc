import type { Decision } from '../engine/decision.js';
import { pageContext, type PageContext } from '../navigation/page-context.js';
import { addressOf, Prepared, type PreparedPage } from './prepared.js';

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;
/**
 * When arrivals are decided ahead: at once, in a new session, tomorrow, in a week. What is decided alike at two of them holds in between,
 * whatever begins and ends there; what is decided otherwise holds for a minute.
 */
const samples = [0, 31 * minute, day, 7 * day];
const shortest = minute;
/** Milliseconds after a change: the page's own work comes first. */
const quietTime = 200;

/** Decides an arrival on a page at a time, in epoch milliseconds; undefined when nothing may be foreseen. */
export type Foresee = (page: PageContext, at: number) => Readonly<Record<string, Decision>> | undefined;

/** Decides the pages that a visitor who leaves this one may see next, for the snippet: the one that a link leads to, this one again, and the front page. */
export class Foresight {
  readonly #prepared: Prepared;
  #next: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    writeKey: string,
    private readonly foresee: Foresee,
  ) {
    this.#prepared = new Prepared(writeKey);
    document.addEventListener('click', (event) => {
      this.#next = linkOf(event) ?? this.#next;
      if (this.#next !== undefined) this.renew();
    });
  }

  /** The page may be left now. */
  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#prepared.write(() => {
      const link = this.#next === undefined ? [] : this.#arrivals(this.#next, addressOf(location.href), samples.slice(0, 1));
      const again = [...new Set(['', document.referrer])].flatMap((referrer) => this.#arrivals(location.href, referrer, samples));
      // Who comes back on another day types the site's name.
      const front = `${location.origin}/`;
      const anew = addressOf(location.href) === front ? [] : this.#arrivals(front, '', samples);
      return [...link, ...again, ...anew];
    });
  }

  /** What decisions depend on has changed. The next page may read before this one is told that it is left: it is prepared when there is time. */
  outdated(): void {
    if (this.#next !== undefined) return this.renew();
    this.#prepared.clear();
    this.#timer ??= setTimeout(() => this.renew(), quietTime);
  }

  #arrivals(href: string, referrer: string, ages: readonly number[]): PreparedPage[] {
    const url = addressOf(href);
    const now = Date.now();
    const page = pageContext(referrer, new URL(href), '');
    const pages: PreparedPage[] = [];
    for (const age of ages) {
      const from = now + age;
      const decisions = this.foresee(page, from);
      // A redirect is followed by the script, which notices circles.
      if (decisions === undefined || Object.values(decisions).some(({ content }) => content?.redirect !== undefined)) break;
      const before = pages.at(-1);
      if (before !== undefined && JSON.stringify(before.decisions) === JSON.stringify(decisions)) pages[pages.length - 1] = { ...before, until: from + shortest };
      else pages.push({ url, referrer, from, until: from + shortest, decisions });
    }
    return pages;
  }
}

/** The address of this site that the click on a link leads to, in this tab or another. */
function linkOf(event: Event): string | undefined {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.origin !== location.origin || event.defaultPrevented) return undefined;
  return addressOf(link.href) === addressOf(location.href) ? undefined : link.href;
}
