/**
 * Runs `work` while no other tab runs work of the same name, and gives the turn back when it ends, when `signal` is aborted, or when the tab dies. A page in
 * Firefox's back/forward cache is frozen in the midst of its work, and would hold up all others. Where there are no Web Locks it runs at once: ids make a
 * second sender harmless.
 */
export async function takeTurn(name: string, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  const turn = (): Promise<unknown> => Promise.race([work(), new Promise((end) => signal.addEventListener('abort', end))]);
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  try {
    await (locks === undefined ? turn() : locks.request(name, { signal }, turn));
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}
