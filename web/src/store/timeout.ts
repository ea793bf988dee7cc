import { WaylineError } from '../errors/error.js';

/**
 * `promise`, or a rejection with storage.failed after `milliseconds`. A value that arrives too late goes to `discard`; `expired` is called at the time-out.
 */
export function withTimeout<T>(promise: Promise<T>, milliseconds: number, discard?: (late: T) => void, expired?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      expired?.();
      reject(new WaylineError('storage.failed', { message: 'time-out', milliseconds }));
    }, milliseconds);
    promise.then(
      (value) => {
        clearTimeout(timer);
        if (late) discard?.(value);
        else resolve(value);
      },
      (cause: unknown) => {
        clearTimeout(timer);
        reject(cause);
      },
    );
  });
}
