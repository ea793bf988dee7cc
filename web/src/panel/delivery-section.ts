import type { Inspection, WaylineClient } from '../client/wayline-client.js';
import { button, element, facts, heading } from './element.js';
import { age } from './words.js';

/** How much of a pack's hash a person compares. */
const shownHash = 16;

/** What the SDK adds to a code: what it says of it, and the other details. */
function problemItem({ code, details: { message, ...others } }: Inspection['problems'][number]): HTMLElement {
  const more = Object.entries(others).map(([name, value]) => `${name} ${String(value)}`).join(', ');
  const text = [String(message ?? ''), more].filter((part) => part !== '').join(' · ');
  return element('li', { class: 'card' }, element('code', {}, code), text === '' ? null : element('p', { class: 'soft' }, text));
}

export function deliverySection(client: WaylineClient, { queue, pack, storage, problems }: Inspection, now: number): HTMLElement[] {
  const { pending, inFlight, delivered, dropped, lastError, online } = queue;
  const storageNames = { indexeddb: 'IndexedDB', localstorage: 'localStorage', memory: 'memory only' } as const;
  return [
    heading('Events'),
    facts([
      ['Network', online ? 'online' : 'offline'],
      ['Waiting', `${String(pending)}${inFlight > 0 ? `, ${String(inFlight)} on the way` : ''}`],
      ['Delivered', `${String(delivered)} since this page began`],
      ['Dropped', String(dropped)],
      ['Last error', lastError ?? 'none'],
      ['Kept in', storageNames[storage]],
    ]),
    element('div', { class: 'actions' }, button('Send now', { class: 'small', 'data-key': 'flush' }, () => void client.flush())),
    heading('Pack'),
    pack === null
      ? element('p', { class: 'empty' }, 'No pack is loaded.')
      : facts([
          ['Hash', pack.hash.slice(0, shownHash)],
          ['Came from', pack.source === 'cache' ? 'this device' : 'the network'],
          ['Loaded', age(pack.loadedAt, now)],
        ]),
    heading('Problems'),
    problems.length === 0
      ? element('p', { class: 'empty' }, 'None since this page began.')
      : element('ul', {}, ...problems.map(problemItem)),
  ];
}
