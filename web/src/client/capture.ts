import { WaylineError } from '../errors/error.js';
import type { Decision } from '../engine/decision.js';
import type { JsonObject } from '../engine/json.js';
import { utf8 } from '../engine/utf8.js';
import { pageContext, type PageContext } from '../navigation/page-context.js';
import { bootId, monotonic } from '../store/boot.js';
import type { ReportProblem } from '../store/storage.js';
import { uniqueId } from '../store/unique-id.js';
import { withDenied, type Purposes } from '../consent/consent-choices.js';
import type { Call } from './call.js';
import type { Variants } from './visitor.js';
import { deepestPage, maximumDataBytes, maximumPageBytes } from './limits.js';
import { isConversion } from './message.js';

/** Longest name of an event and longest user id. */
const maximumNameLength = 200;

/** Makes calls of what the page says: checked, plain data with an id, times and the page they happened on. Throws WaylineError. */
export class Capture {
  readonly bootId = bootId;
  #referrer = document.referrer;
  #page: PageContext = pageContext();
  /** The page that was last announced with page(), with what was said of it: where calls are made. */
  current: JsonObject = this.#page;
  /** What was come to without a load, until its view is made. */
  #next: PageContext | undefined;

  constructor(
    private readonly device: JsonObject,
    private readonly report: ReportProblem,
  ) {}

  /** The page that slots are decided for. */
  get here(): JsonObject {
    return this.#next?.url === pageContext().url ? this.#next : this.current;
  }

  /** The address has changed. */
  leave(): void {
    this.#next = pageContext(this.#referrer);
  }

  /** What is too large for the engine is reported once, here: the endpoint is told, rules are not. What can not be used is, too, and the view counts without it. */
  page(properties: unknown): Call {
    const fresh = pageContext(this.#referrer);
    this.#referrer = fresh.url;
    this.current = this.#page = fresh;
    this.#next = undefined;
    let said: JsonObject = {};
    try {
      said = plainData(properties);
    } catch (cause) {
      this.report(WaylineError.from(cause, 'sdk.bad_call', { method: 'page' }));
    }
    const data: JsonObject = { ...fresh, ...said };
    if (isPage(data)) this.current = data;
    else this.report(new WaylineError('step.too_large', { call: 'page' }));
    const { name } = data;
    return this.#call('page', 0, { page: this.current, device: this.device }, { type: 'page', ...(typeof name === 'string' && { name }), properties: data });
  }

  track(name: unknown, properties: unknown): Call {
    const event = checkedName(name);
    const data = plainData(properties);
    const input = { track: event, properties: data, page: this.current, device: this.device };
    return this.#call('track', isConversion(event) ? 2 : 1, input, { type: 'track', event, properties: data });
  }

  identify(userId: unknown, traits: unknown): Call {
    const id = checkedName(userId);
    const data = plainData(traits);
    return this.#call('identify', 2, { identify: id, traits: data, page: this.current }, { type: 'identify', userId: id, traits: data });
  }

  /** `denied` are refused whatever is said. */
  consent(purposes: unknown, denied: readonly string[]): Call {
    const choices = withDenied(plainData(purposes) as Purposes, denied);
    if (!Object.values(choices).every((granted) => typeof granted === 'boolean')) throw badCall('purposes are true or false');
    return this.#call('consent', 2, { consent: choices }, { type: 'track', event: 'Consent Updated', properties: { purposes: choices } });
  }

  /** Choices that were announced before: the engine hears of them, the endpoint does not hear again. */
  recall(purposes: Purposes): Call {
    return this.#call('consent', 2, { consent: purposes });
  }

  /** The endpoint hears of it by the engine's own effect, `Experiment Viewed`. Previews are nobody's exposure. */
  exposure(slot: string, { experience, variant, withheld, reason }: Decision): Call | undefined {
    if (withheld !== undefined) return this.#call('exposure', 0, { exposure: { slot, experience: withheld, variant: 'holdout' } });
    return experience === null || variant === null || reason === 'forced' ? undefined : this.#call('exposure', 0, { exposure: { slot, experience, variant } });
  }

  dismiss(slot: unknown, { experience, variant }: Decision): Call {
    const name = checkedName(slot);
    if (experience === null) throw badCall(`slot ${name} shows no experience`);
    const properties = { slot: name, experience, variant };
    return this.#call('dismiss', 1, { dismiss: { slot: name, experience } }, { type: 'track', event: 'Experience Dismissed', properties });
  }

  /** Variants to show, by experience. */
  static forced(variants: unknown): Variants {
    const data = plainData(variants);
    if (!Object.values(data).every((variant) => typeof variant === 'string')) throw badCall('variants are texts');
    return data as Variants;
  }

  tick(): Call {
    return this.#call('tick', 0, { tick: true });
  }

  /** The page's address and the device are no secrets of the person who left; what was said of the page may be. */
  reset(): Call {
    this.current = this.#page;
    return this.#call('reset', 2, { logout: true, page: this.#page, device: this.device });
  }

  #call(kind: Call['kind'], importance: Call['importance'], input: Omit<Call['input'], 'at' | 'id'>, message?: Call['message']): Call {
    const id = uniqueId();
    const at = Date.now();
    const times = { id, at, monotonic: monotonic(), bootId };
    return { kind, importance, ...times, page: this.#page, input: { ...input, at, id }, ...(message && { message }) };
  }
}

function badCall(message: string): WaylineError {
  return new WaylineError('sdk.bad_call', { message });
}

/** Throws what is no name. */
export function checkedName(name: unknown): string {
  if (typeof name !== 'string' || name === '' || name.length > maximumNameLength) throw badCall('a name is a text of 1 to 200 characters');
  return name;
}

/** A deep copy of what JSON can say of `value`: what the page changes later does not change the event. */
function plainData(value: unknown): JsonObject {
  if (value === undefined || value === null) return {};
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw WaylineError.from(cause, 'event.not_json');
  }
  if (text === undefined || !text.startsWith('{')) throw badCall('data must be an object');
  if (utf8.encode(text).length > maximumDataBytes) throw new WaylineError('event.too_large', { size: text.length });
  return JSON.parse(text) as JsonObject;
}

/** Whether the engine takes it as a page. It counts 16 bytes for each value beside its text: here each stands on a line of its own, with as many around it. */
function isPage(data: JsonObject): boolean {
  const lines = JSON.stringify(data, null, 10);
  return utf8.encode(lines).length <= maximumPageBytes && !lines.includes('\n' + ' '.repeat(10 * deepestPage));
}
