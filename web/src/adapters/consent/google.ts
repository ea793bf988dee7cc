// Entry of wayline/consent/google: Google Consent Mode v2, as the page's gtag('consent', …) commands tell it.
import type { Purposes } from '../../consent/consent-choices.js';
import type { ConsentSource } from './follow-consent.js';

/** Consent types that a purpose needs, all of them: { analytics: 'analytics_storage', personalization: ['ad_user_data', 'ad_personalization'] }. */
export type GooglePurposes = Readonly<Record<string, string | readonly string[]>>;

export interface GoogleConsentOptions {
  /** Name of the data layer; `dataLayer` by default. */
  readonly dataLayer?: string;
  /** Where the visitor is, as Google writes it: `PL`, `US-CA`. Without it, a default for any region can deny and none can grant. */
  readonly region?: string;
}

/** A page that asks for more than this waits for a choice that does not come; milliseconds. */
const longestWait = 10_000;

/**
 * Reads what is in the data layer and what comes. An `update` is the visitor's choice. A `default` that grants holds once its `wait_for_update` has passed; one
 * that denies says nothing: it stands at the head of every page, also for a visitor who has agreed, and must not withdraw what the next `update` repeats.
 */
export function googleConsent(purposes: GooglePurposes, { dataLayer = 'dataLayer', region = '' }: GoogleConsentOptions = {}): ConsentSource {
  return (say) => {
    const layer = layerOf(dataLayer);
    const commands = new ConsentCommands(region.toUpperCase());
    let stopped = false;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const settle = (): void => {
      commands.settled = true;
      say(commands.choices(purposes));
    };
    const hear = (entry: unknown): void => {
      const command = stopped ? undefined : readCommand(entry);
      if (command === undefined) return;
      commands.add(command);
      if (command.kind === 'update') return say(commands.choices(purposes));
      clearTimeout(waiting);
      waiting = setTimeout(settle, command.wait);
    };
    const push = layer.push;
    const listening = (...entries: unknown[]): number => {
      const length = push.apply(layer, entries);
      entries.forEach(hear);
      return length;
    };
    layer.forEach(hear);
    layer.push = listening;
    return () => {
      stopped = true;
      clearTimeout(waiting);
      // Another script may have put its own push over ours: then ours only passes on.
      if (layer.push === listening) layer.push = push;
    };
  };
}

interface ConsentCommand {
  readonly kind: 'default' | 'update';
  readonly grants: ReadonlyMap<string, boolean>;
  readonly regions: readonly string[];
  readonly wait: number;
}

/** What the commands so far say of each consent type. */
class ConsentCommands {
  /** The time that the defaults leave for an update is over. */
  settled = false;
  readonly #updates = new Map<string, boolean>();
  readonly #defaults: ConsentCommand[] = [];

  constructor(private readonly region: string) {}

  add(command: ConsentCommand): void {
    if (command.kind === 'default') this.#defaults.push(command);
    else for (const [type, granted] of command.grants) this.#updates.set(type, granted);
  }

  choices(purposes: GooglePurposes): Purposes {
    const result: Record<string, boolean> = {};
    for (const [purpose, needed] of Object.entries(purposes)) {
      const types = typeof needed === 'string' ? [needed] : needed;
      if (types.some((type) => this.#updates.get(type) === false)) result[purpose] = false;
      else if (types.length > 0 && types.every((type) => this.#updates.get(type) ?? (this.settled && this.#granted(type)))) result[purpose] = true;
    }
    return result;
  }

  /** Whether the default in force grants it: the most specific region's, the last of equals. */
  #granted(type: string): boolean {
    const about = this.#defaults.filter(({ grants }) => grants.has(type));
    if (this.region === '' && about.some(({ grants, regions }) => regions.length > 0 && grants.get(type) === false)) return false;
    const country = this.region.slice(0, 2);
    const scopes = [
      about.filter(({ regions }) => regions.includes(this.region)),
      about.filter(({ regions }) => regions.includes(country)),
      about.filter(({ regions }) => regions.length === 0),
    ];
    const inForce = scopes.find((commands) => commands.length > 0)?.at(-1);
    return inForce?.grants.get(type) === true;
  }
}

function layerOf(name: string): unknown[] {
  const page = window as unknown as Record<string, unknown>;
  if (!Array.isArray(page[name])) page[name] = [];
  return page[name] as unknown[];
}

/** Commands are `arguments` objects, which is how Google tells them from its other entries. */
function readCommand(entry: unknown): ConsentCommand | undefined {
  if (Object.prototype.toString.call(entry) !== '[object Arguments]') return undefined;
  const [name, kind, given] = [...(entry as ArrayLike<unknown> & Iterable<unknown>)];
  if (name !== 'consent' || (kind !== 'default' && kind !== 'update') || typeof given !== 'object' || given === null) return undefined;
  const { region, wait_for_update: wait, ...types } = given as Record<string, unknown>;
  const grants = new Map(Object.entries(types).flatMap(([type, state]) => (state === 'granted' || state === 'denied' ? [[type, state === 'granted'] as const] : [])));
  const regions = [region].flat().flatMap((part) => (typeof part === 'string' ? [part.toUpperCase()] : []));
  return { kind, grants, regions, wait: typeof wait === 'number' ? Math.min(Math.max(wait, 0), longestWait) : 0 };
}
