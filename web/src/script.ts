// Entry of wayline.js, the script tag: takes its options from the tag and the calls queued in window.wayline.
import { Client } from './client/client.js';
import { optionsOfScript } from './client/options.js';
import type { EarlyStart } from './early/early-start.js';
import { WaylineError } from './errors/error.js';
import { useHtmlPolicy } from './slots/safe-content.js';

declare const WAYLINE_VERSION: string;

/** Milliseconds until a page is asked whether its tab remembers the panel. */
const panelPause = 400;

function begin(): void {
  // A page may have the tag twice, of whatever builds; it may also have an element whose id is ours.
  if ((window.wayline as Partial<Client> | undefined)?.inspect) return;
  const script = document.currentScript as HTMLScriptElement | null;
  const queued = Array.isArray(window.wayline) ? (window.wayline as unknown[] & { early?: EarlyStart }) : [];
  const client = new Client(optionsOfScript(script), ours(queued.early));
  window.wayline = client;
  client.replay(queued);
  offerPanel(script!);
}

/** The debug panel lies beside the script, for who asks: with ?wayline, on an earlier page of this tab, or with Alt+Shift+W. */
function offerPanel({ src }: HTMLScriptElement): void {
  const open = (): void => void import(new URL('wayline-panel.js', src).href).catch(report);
  addEventListener('keydown', ({ altKey, shiftKey, code }) => {
    if (altKey && shiftKey && code === 'KeyW') open();
  });
  // What a tab remembers is another process's to say: the page and its decision come first.
  setTimeout(() => {
    try {
      if (/[?&]wayline\b/.test(location.search) || sessionStorage.getItem('wayline:panel')) open();
    } catch {
      // A page that may not use storage remembers no panel.
    }
  }, panelPause);
}

function report(cause: unknown): void {
  const { code, message } = WaylineError.from(cause, 'sdk.bad_configuration');
  document.dispatchEvent(new CustomEvent('wayline:error', { detail: { code, message } }));
}

/** A snippet of another build is not built upon: what it did is undone. */
function ours(early: EarlyStart | undefined): EarlyStart | undefined {
  useHtmlPolicy(early?.policy);
  if (early === undefined || early.version === WAYLINE_VERSION) return early;
  early.stop();
  early.curtain?.lift();
  for (const slot of early.slots.values()) slot.restore();
  return undefined;
}

try {
  begin();
} catch (cause) {
  // Nobody can listen yet: the page learns of a wrong tag by this event, and goes on without us.
  report(cause);
}
