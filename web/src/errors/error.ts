import type { ErrorCode } from './codes.js';

/** What an error is about: the slot, the event, the status. Plain data, safe to log. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The only error that the SDK throws or reports. Its texts are in the reference of error codes; a page carries the codes alone. */
export class WaylineError extends Error {
  override readonly name = 'WaylineError';

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
  ) {
    super(details['message'] === undefined ? code : `${code}: ${String(details['message'])}`);
  }

  /** `cause` itself when it is ours, else an error with `code` that carries its message; with these details. */
  static from(cause: unknown, code: ErrorCode, details: ErrorDetails = {}): WaylineError {
    let message: string = typeof cause;
    try {
      if (cause instanceof WaylineError) return Object.assign(cause.details, details), cause;
      // By its text: an error of another frame is none of ours.
      message = String(cause);
    } catch {
      // A page throws what it likes, also what can not be read.
    }
    return new WaylineError(code, { ...details, message });
  }
}
