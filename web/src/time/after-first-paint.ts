/** Milliseconds after which a page that shows nothing yet is no reason to wait any longer. */
const longestWait = 1_000;

/** Resolves when the page was painted, or if that takes too long; at once where nobody looks, or the page lets nobody watch. */
export function afterFirstPaint(): Promise<unknown> | undefined {
  if (document.hidden) return undefined;
  return new Promise((resolve) => {
    setTimeout(resolve, longestWait);
    new PerformanceObserver(resolve).observe({ type: 'paint', buffered: true });
  }).catch(() => undefined);
}
