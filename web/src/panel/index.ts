import type { QueuedCall, WaylineClient } from '../client/wayline-client.js';
import { Panel } from './panel.js';
import type { Problem } from './delivery-section.js';

type Wayline = WaylineClient | QueuedCall[] | undefined;

/** `window.wayline`, whatever it is now: absent, a queue of calls, or the client. */
function current(): Wayline {
  return (window as { wayline?: Wayline }).wayline;
}

/** Puts the panel into the corner of the page and connects it as soon as the client is there. */
function start(): void {
  const panel = new Panel();
  document.body.append(panel.host);
  const attach = (): void => {
    const client = current();
    if (client !== undefined && !Array.isArray(client)) panel.attach(client);
  };
  const note = (problem: Problem): void => {
    attach();
    panel.note(problem);
  };
  const client = current();
  if (client === undefined || Array.isArray(client)) {
    const queue: QueuedCall[] = client ?? [];
    queue.push(['on', 'error', note], ['on', 'change', attach], ['on', 'ready', attach]);
    (window as { wayline?: Wayline }).wayline = queue;
  } else {
    client.on('error', note);
    attach();
  }
}

start();
