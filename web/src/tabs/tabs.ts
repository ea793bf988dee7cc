import type { Purposes } from '../consent/consent-choices.js';

/** What tabs of one site tell each other: the stored profile or queue changed; the person left; consent was withdrawn by these choices, forget everything; these events left the queue. */
export type TabMessage = { readonly kind: 'changed' | 'reset' } | { readonly kind: 'purged'; readonly choices: Purposes } | { readonly kind: 'settled'; readonly ids: readonly string[] };

/** The other tabs that share our storage. Closed while the page is in the back/forward cache, where an open channel would evict it. */
export class Tabs {
  #channel: BroadcastChannel | undefined;

  constructor(
    private readonly name: string,
    private readonly heard: (message: TabMessage) => void,
  ) {
    this.open();
  }

  open(): void {
    if (this.#channel !== undefined) return;
    try {
      this.#channel = new BroadcastChannel(this.name);
    } catch {
      // There is none, or a frame may not use it: tabs find in the storage what they share, where there is one.
      return;
    }
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isMessage(data)) this.heard(data);
    };
    // Nobody heeds it. But who hears something leaves the back/forward cache, from where a page that was left while it made the database would hold it up.
    this.#channel.postMessage(0);
  }

  tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }
}

/** Another version of the script may run in the other tab. */
function isMessage(data: unknown): data is TabMessage {
  const { kind, ids, choices } = (data ?? {}) as { readonly kind?: unknown; readonly ids?: unknown; readonly choices?: unknown };
  return kind === 'changed' || kind === 'reset' || (kind === 'purged' && typeof choices === 'object') || (kind === 'settled' && Array.isArray(ids));
}
