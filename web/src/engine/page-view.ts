import type { Session } from './session.js';
import type { StepOutput } from './step.js';
import { callWithTexts } from './texts.js';

/** A page of which nothing is known but what every request says. */
export interface PageView {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly url: string;
  /** Message id; a second view with the same id changes nothing. */
  readonly id?: string;
  readonly title?: string;
  readonly referrer?: string;
}

const sizes = [0, 0, 0, 0];

/**
 * The step of `{ at, id, page: { url, title, referrer } }`, without an object on the way: for hosts that play very many. Throws as a step does.
 * Apart from Session, as the script of a page has no use for it: its pages have a device and properties.
 */
export function stepPageView(session: Session, { at, url, id = '', title = '', referrer = '' }: PageView): StepOutput {
  return session.stepBy((engine, handle) =>
    callWithTexts(engine, [id, url, title, referrer], sizes, (raw, pointer) =>
      raw.wayline_session_view(handle, at, pointer, sizes[0]!, sizes[1]!, sizes[2]!, sizes[3]!),
    ),
  );
}
