// Entry of wayline-snippet.js: runs in the page's head, before anything is painted. `data-write-key` as at the script; `data-hide` lets slots
// that could not be decided beforehand wait for their decision, for 300 ms at most.
import { EarlyStart } from './early/early-start.js';
import { Prepared } from './early/prepared.js';

try {
  const { writeKey = '', hide } = document.currentScript?.dataset ?? {};
  const queue: unknown = (window.wayline ??= []);
  if (Array.isArray(queue)) Object.assign(queue, { early: new EarlyStart(new Prepared(writeKey), hide !== undefined) });
} catch {
  // The page shows its defaults, and the script decides as it does without a snippet.
}
