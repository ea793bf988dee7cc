/**
 * Runs `work` with a signal that aborts after `milliseconds`, or with `outer`, however far it has come: a request's headers, its body, its compilation, its
 * commit. Then it rejects.
 */
export async function within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
  const deadline = new AbortController();
  const stop = (): void => deadline.abort(new DOMException(`${milliseconds} ms`, 'TimeoutError'));
  const timer = setTimeout(stop, milliseconds);
  outer?.addEventListener('abort', stop);
  try {
    const late = new Promise<never>((_, reject) => (deadline.signal.onabort = () => reject(deadline.signal.reason)));
    return await Promise.race([work(deadline.signal), late]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', stop);
  }
}
