// Entry of wayline/consent/tcf: the IAB's Transparency and Consent Framework v2, through the page's __tcfapi.
import type { Purposes } from '../../consent/consent-choices.js';
import type { ConsentSource } from './follow-consent.js';

/** TCF purposes that a purpose of the site needs, all of them: { analytics: [1, 8], personalization: [1, 5, 6] }. */
export type TcfPurposes = Readonly<Record<string, readonly number[]>>;

export interface TcfOptions {
  /** Id on the Global Vendor List: its consent is needed too. */
  readonly vendor?: number;
  /** What holds where the platform says that the GDPR does not apply; by default the platform then says nothing. */
  readonly outsideGdpr?: 'granted';
  /** Called when the platform has not come after ten seconds; nothing is granted then. */
  readonly missing?: () => void;
}

type Flags = Readonly<Record<string, boolean>>;

/** The parts of TCData that are read. */
interface TcData {
  readonly eventStatus?: 'tcloaded' | 'cmpuishown' | 'useractioncomplete';
  readonly gdprApplies?: boolean;
  readonly listenerId?: number;
  readonly purpose?: { readonly consents?: Flags };
  readonly vendor?: { readonly consents?: Flags };
}

type TcfApi = (command: string, version: 2, callback: (data: TcData | null, success: boolean) => void, parameter?: unknown) => void;

/** The platform's stub belongs at the head of the page; one that a tag manager brings takes a while. Milliseconds. */
const longestWait = 10_000;
const pause = 100;

/** Follows the visitor's choices from when they are known (`tcloaded`, `useractioncomplete`); while the platform still asks, it is not listened to. */
export function tcfConsent(purposes: TcfPurposes, options: TcfOptions = {}): ConsentSource {
  return (say) => {
    let stopped = false;
    let listener: number | undefined;
    let waited = 0;
    const hear = (data: TcData | null, success: boolean): void => {
      if (data === null || !success) return;
      listener = data.listenerId;
      if (stopped) return leave(listener);
      if (data.eventStatus !== 'cmpuishown') say(choices(purposes, data, options));
    };
    const join = (): void => {
      const api = currentApi();
      if (stopped) return;
      if (api !== undefined) return api('addEventListener', 2, hear);
      if (waited >= longestWait) return options.missing?.();
      waited += pause;
      setTimeout(join, pause);
    };
    join();
    return () => {
      stopped = true;
      leave(listener);
    };
  };
}

function currentApi(): TcfApi | undefined {
  const { __tcfapi: api } = window as { __tcfapi?: unknown };
  return typeof api === 'function' ? (api as TcfApi) : undefined;
}

function leave(listener: number | undefined): void {
  if (listener !== undefined) currentApi()?.('removeEventListener', 2, () => undefined, listener);
}

function choices(purposes: TcfPurposes, data: TcData, { vendor, outsideGdpr }: TcfOptions): Purposes {
  if (data.gdprApplies === false) return outsideGdpr === 'granted' ? Object.fromEntries(Object.keys(purposes).map((purpose) => [purpose, true])) : {};
  const mayVendor = vendor === undefined || data.vendor?.consents?.[vendor] === true;
  const granted = (needed: readonly number[]): boolean => mayVendor && needed.length > 0 && needed.every((id) => data.purpose?.consents?.[id] === true);
  return Object.fromEntries(Object.entries(purposes).map(([purpose, needed]) => [purpose, granted(needed)]));
}
