// Entry of wayline-snippet.js: runs in the page's head, before anything is painted. `data-write-key` as at the script; `data-hide` lets slots
// that could not be decided beforehand wait for their decision, for 300 ms at most.
import { EarlyStart } from './early/early-start.js';
import { headStart } from './early/head-start.js';
import { preparedPage } from './early/prepared.js';

try {
  const { src, dataset } = document.currentScript as HTMLScriptElement;
  const { writeKey = '', hide, pack, wasm } = dataset;
  const queue: unknown = (window.wayline ??= []);
  if (Array.isArray(queue) && !('early' in queue)) {
    const early = new EarlyStart(preparedPage(writeKey), hide !== undefined);
    Object.assign(queue, { early });
    // A page that is decided leaves the network to its own files.
    if (pack !== undefined && !early.decided) early.begun = headStart(new URL(pack, document.baseURI).href, new URL(wasm ?? 'wayline.wasm', wasm === undefined ? src : document.baseURI).href);
  }
} catch {
  // The page shows its defaults, and the script decides as it does without a snippet.
}
