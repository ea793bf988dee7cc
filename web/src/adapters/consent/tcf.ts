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
  /** Called when the platform has not answered after ten seconds; nothing is granted then. */
  readonly missing?: () => void;
}

type Flags = Readonly<Record<string, boolean>>;

/** The parts of TCData that are read. Where the GDPR does not apply, it may hold nothing but that. */
interface TcData {
  readonly cmpStatus?: 'stub' | 'loading' | 'loaded' | 'error';
  readonly eventStatus?: 'tcloaded' | 'cmpuishown' | 'useractioncomplete';
  readonly gdprApplies?: boolean;
  readonly isServiceSpecific?: boolean;
  readonly listenerId?: number;
  readonly publisher?: { readonly restrictions?: Readonly<Record<string, Readonly<Record<string, number>>>> };
  readonly purpose?: { readonly consents?: Flags };
  readonly vendor?: { readonly consents?: Flags };
}

type TcfApi = (command: string, version: 2, callback: (data: TcData | null, success: boolean) => void, parameter?: unknown) => void;

/** The platform's stub belongs at the head of the page; one that a tag manager brings takes a while. Milliseconds. */
const longestWait = 10_000;
const pause = 100;

/** Type of a publisher's restriction that leaves a vendor the purpose by consent; the others forbid it, or allow it by legitimate interest alone. */
const byConsent = 1;

/**
 * Follows the visitor's choices from when they are known (`tcloaded`, `useractioncomplete`). A platform answers a new listener at once, also while it loads,
 * with data in which nothing is granted yet: that is no denial, and neither is what it says while it still asks.
 */
export function tcfConsent(purposes: TcfPurposes, options: TcfOptions = {}): ConsentSource {
  return (say) => {
    let stopped = false;
    let listener: number | undefined;
    let joined = false;
    let waited = 0;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const hear = (data: TcData | null, success: boolean): void => {
      if (data === null || !success) return;
      clearTimeout(waiting);
      listener = data.listenerId;
      if (stopped) return leave(listener);
      if (isKnown(data)) say(choices(purposes, data, options));
    };
    const wait = (): void => {
      if (waited >= longestWait) return options.missing?.();
      waited += pause;
      // Before the call: a platform that is there answers in it.
      waiting = setTimeout(wait, pause);
      const api = joined ? undefined : currentApi();
      joined ||= api !== undefined;
      api?.('addEventListener', 2, hear);
    };
    wait();
    return () => {
      stopped = true;
      clearTimeout(waiting);
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

function isKnown({ cmpStatus, eventStatus, gdprApplies }: TcData): boolean {
  return cmpStatus !== 'error' && (gdprApplies === false || eventStatus === 'tcloaded' || eventStatus === 'useractioncomplete');
}

function choices(purposes: TcfPurposes, data: TcData, { vendor, outsideGdpr }: TcfOptions): Purposes {
  if (data.gdprApplies === false) return outsideGdpr === 'granted' ? Object.fromEntries(Object.keys(purposes).map((purpose) => [purpose, true])) : {};
  // A string for all sites at once is no longer valid.
  const counts = data.isServiceSpecific !== false && (vendor === undefined || data.vendor?.consents?.[vendor] === true);
  const restriction = (id: number): number => (vendor === undefined ? undefined : data.publisher?.restrictions?.[id]?.[vendor]) ?? byConsent;
  const granted = (needed: readonly number[]): boolean => counts && needed.length > 0 && needed.every((id) => data.purpose?.consents?.[id] === true && restriction(id) === byConsent);
  return Object.fromEntries(Object.entries(purposes).map(([purpose, needed]) => [purpose, granted(needed)]));
}
