import { uniqueId } from './unique-id.js';

/** Names this page load. */
export const bootId = uniqueId();

/** Milliseconds since the page load, from a clock that nobody sets. */
export const monotonic = (): number => Math.round(performance.now());
