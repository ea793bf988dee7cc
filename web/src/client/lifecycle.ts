/** What a page goes through. Delivery C3 and C4: never `unload`, which breaks the back/forward cache and does not fire on phones. */
export interface LifecycleListener {
  hidden(): void;
  /** The page is left, or put into the back/forward cache. */
  left(): void;
  /** The page came back from the back/forward cache. */
  returned(): void;
  /** The browser stops all work of a page that is hidden, perhaps for hours. */
  frozen(): void;
  resumed(): void;
  connected(): void;
}

export function watchLifecycle(listener: LifecycleListener): void {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) listener.hidden();
  });
  document.addEventListener('freeze', () => listener.frozen());
  document.addEventListener('resume', () => listener.resumed());
  window.addEventListener('pagehide', () => listener.left());
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) listener.returned();
  });
  window.addEventListener('online', () => listener.connected());
}
