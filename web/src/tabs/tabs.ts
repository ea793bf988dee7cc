/** What tabs of one site tell each other. `changed`: the stored profile or queue changed; `purged`: consent was withdrawn, forget everything. */
export type TabMessage = 'changed' | 'purged';

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
    if (this.#channel !== undefined || typeof BroadcastChannel !== 'function') return;
    this.#channel = new BroadcastChannel(this.name);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === 'changed' || data === 'purged') this.heard(data);
    };
  }

  tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }
}
