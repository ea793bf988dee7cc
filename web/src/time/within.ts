/** Runs `work` with a signal that aborts after `milliseconds`, however far it has come: a request's headers, its body, its compilation, its commit. */
export async function within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException(`${milliseconds} ms`, 'TimeoutError')), milliseconds);
  try {
    const late = new Promise<never>((_, reject) => (deadline.signal.onabort = () => reject(deadline.signal.reason)));
    return await Promise.race([work(deadline.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
