// Entry of wayline.js, the script tag: takes its options from the tag and the calls queued in window.wayline.
import { Client } from './client/client.js';
import { optionsOfScript } from './client/options.js';

declare global {
  interface Window {
    wayline?: unknown;
  }
}

function begin(): void {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || window.wayline instanceof Client) return;
  const queued = Array.isArray(window.wayline) ? (window.wayline as unknown[]) : [];
  const client = new Client(optionsOfScript(script));
  window.wayline = client;
  client.replay(queued);
}

try {
  begin();
} catch (cause) {
  // Nobody can listen yet: the page learns of a wrong tag by this event, and goes on without us.
  const { code, message } = cause as { code?: string; message?: string };
  document.dispatchEvent(new CustomEvent('wayline:error', { detail: { code, message } }));
}
