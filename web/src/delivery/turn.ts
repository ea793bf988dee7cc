/**
 * Runs `work` while no other tab runs work of the same name, and gives the turn back when it ends or the tab dies. Where there are no
 * Web Locks it runs at once: ids make a second sender harmless.
 */
export async function takeTurn(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (locks === undefined) return work();
  try {
    await locks.request(name, { signal }, work);
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}
