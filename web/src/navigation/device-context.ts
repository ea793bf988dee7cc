import type { JsonObject } from '../engine/json.js';

/** Narrowest viewports, in CSS pixels, that count as a tablet and as a desktop. */
const tabletWidth = 600;
const desktopWidth = 1024;

/** The `device` root of rules: coarse on purpose, nothing that tells one visitor from another. `utc_offset` is in minutes east of UTC, for quiet hours. */
export function deviceContext(): JsonObject {
  const touch = window.matchMedia('(pointer: coarse)').matches;
  // Asked for where it counts: the browser would have to lay out what there is of the page.
  const width = touch ? window.innerWidth : desktopWidth;
  const type = width >= desktopWidth ? 'desktop' : width >= tabletWidth ? 'tablet' : 'mobile';
  // 0 minus: minus itself would make -0 of 0.
  return { type, language: navigator.language, utc_offset: 0 - new Date().getTimezoneOffset() };
}
