import type { JsonObject } from '../engine/json.js';

/** The page as rules and messages see it: the fields of Segment's context.page. */
export interface PageContext extends JsonObject {
  readonly path: string;
  readonly referrer: string;
  readonly search: string;
  readonly title: string;
  readonly url: string;
}

/** Longest text taken from the page: addresses and titles are untrusted and travel with every event. */
const maximumLength = 2_000;

/** The current page, or one at another address; `referrer` is the page before it, also after a navigation without a load. */
export function pageContext(referrer: string = document.referrer, { href, pathname, search }: Location | URL = location, title: string = document.title): PageContext {
  // No texts where the page has an image or a form of these names.
  const cut = (text: string): string => `${text}`.slice(0, maximumLength);
  return { path: cut(pathname), referrer: cut(referrer), search: cut(search), title: cut(title), url: cut(href) };
}
