import type { JsonObject } from '../engine/json.js';

/** Narrowest viewports, in CSS pixels, that count as a tablet and as a desktop. */
const tabletWidth = 600;
const desktopWidth = 1024;

/** The `device` root of rules: coarse on purpose, nothing that tells one visitor from another. */
export function deviceContext(): JsonObject {
  const width = window.innerWidth;
  const touch = window.matchMedia('(pointer: coarse)').matches;
  const type = !touch || width >= desktopWidth ? 'desktop' : width >= tabletWidth ? 'tablet' : 'mobile';
  return { type, language: navigator.language };
}
