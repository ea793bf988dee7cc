import type { Decision } from '../engine/decision.js';

/** What slots show on an arrival that was decided beforehand, and for which arrivals that holds. */
export interface PreparedPage {
  /** Address without its fragment. */
  readonly url: string;
  readonly referrer: string;
  /** Epoch milliseconds, the last exclusive. */
  readonly from: number;
  readonly until: number;
  readonly decisions: Readonly<Record<string, Decision>>;
}

const keyOf = (writeKey: string): string => `wayline:${writeKey}:prepared`;
/** Characters of all that is prepared in localStorage, where the site's own data needs room. */
const maximumSize = 200_000;

/**
 * The pages that were decided beforehand, in localStorage: the only storage that can be read before a page is painted. Written by the script
 * while a page is left, and taken away as soon as anything changes that decisions depend on.
 */
export class Prepared {
  readonly #key: string;

  constructor(writeKey: string) {
    this.#key = keyOf(writeKey);
  }

  /** Never throws: a page that could not be prepared, as in a frame without an address of its own, is decided when it is there. */
  write(prepare: () => readonly PreparedPage[]): void {
    try {
      const pages = prepare();
      const text = JSON.stringify(pages);
      if (pages.length > 0 && text.length <= maximumSize) localStorage.setItem(this.#key, text);
      else this.clear();
    } catch {
      this.clear();
    }
  }

  clear(): void {
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // Where nothing can be removed, nothing was written.
    }
  }
}

/** The page that is being loaded, if it was prepared. What is stored is untrusted; contents are cleaned when they are shown. */
export function preparedPage(writeKey: string): PreparedPage | undefined {
  const now = Date.now();
  try {
    const pages = JSON.parse(localStorage.getItem(keyOf(writeKey)) ?? '[]') as readonly PreparedPage[];
    return pages.find(({ url, referrer, from, until }) => url === addressOf(location.href) && referrer === document.referrer && now >= from && now < until);
  } catch {
    return undefined;
  }
}

/** The address without its fragment, which servers and page rules do not see. */
export function addressOf(url: string): string {
  return url.split('#', 1)[0] ?? url;
}
