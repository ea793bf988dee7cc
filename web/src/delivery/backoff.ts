import { firstRetryDelay, longestRetryAfter, longestRetryDelay } from './limits.js';

/** Milliseconds to wait after the `failures`th failure in a row: full jitter, so that clients of one outage do not return together. */
export function retryDelay(failures: number, random: () => number): number {
  const ceiling = Math.min(longestRetryDelay, firstRetryDelay * 2 ** Math.min(failures, 20));
  return Math.round(random() * ceiling);
}

/** Milliseconds that a Retry-After header asks for, in seconds or as a date; 0 when there is none that can be understood. */
export function retryAfter(header: string | null, now: number): number {
  const text = header?.trim() ?? '';
  const wanted = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wanted) ? Math.min(longestRetryAfter, Math.max(0, wanted)) : 0;
}
