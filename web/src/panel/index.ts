// Entry of wayline-panel.js: by a tag of its own, or brought by wayline.js when somebody asks.
import { panelMemory } from './memory.js';
import { Panel } from './panel.js';

/** Asked for by hand, not by a tag of the page: then it opens at once, and again on the next pages until it is closed. */
function isAsked(): boolean {
  return panelMemory.read() === 'open' || document.querySelector('script[src*="wayline-panel"]') === null;
}

/** Puts the panel into the corner of the page and connects it as soon as the client is there. */
function start(): void {
  const panel = new Panel();
  document.body.append(panel.host);
  const attach = (): void => {
    const { wayline } = window;
    if (wayline !== undefined && !Array.isArray(wayline)) panel.attach(wayline);
  };
  const wayline = (window.wayline ??= []);
  if (Array.isArray(wayline)) wayline.push(['on', 'error', attach], ['on', 'change', attach], ['on', 'ready', attach]);
  else attach();
  addEventListener('keydown', ({ altKey, shiftKey, code }) => {
    if (!altKey || !shiftKey || code !== 'KeyW') return;
    if (panel.isOpen) panel.close();
    else panel.open();
  });
  const memory = panelMemory.read();
  if (memory !== 'closed' && isAsked()) panel.open(memory === null);
}

start();
