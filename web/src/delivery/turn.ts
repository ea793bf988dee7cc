/**
 * Runs `work` while no other tab runs work of the same name, and gives the turn back when it ends, when `signal` is aborted, or when the tab dies. A page in
 * Firefox's back/forward cache is frozen in the midst of its work, and would hold up all others. Where there are no Web Locks, or a frame may not use
 * them, it runs at once: ids make a second sender harmless.
 */
export async function takeTurn(name: string, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  let begun = false;
  const turn = (): Promise<unknown> => {
    begun = true;
    return Promise.race([work(), new Promise((end) => signal.addEventListener('abort', end))]);
  };
  try {
    await navigator.locks.request(name, { signal }, turn);
  } catch (cause) {
    if (signal.aborted) return;
    if (begun) throw cause;
    await turn();
  }
}
