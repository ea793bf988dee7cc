import { localTexts } from '../store/key-value-storage.js';
import { uniqueId } from '../store/unique-id.js';
import { maximumSpillSize } from './limits.js';
import type { Call } from './call.js';

const kinds: readonly unknown[] = ['page', 'track', 'identify', 'consent', 'exposure', 'dismiss', 'tick', 'reset'] satisfies Call['kind'][];
/** Ends the keys of what waits for a page with a database, of which this one knows nothing: that the person in it has left. */
export const lasting = '!';
/** Of a UUID, with room. */
const maximumIdLength = 50;

/**
 * Inputs that a page could not store before it was left, written synchronously to localStorage. Delivery C1. Each writing has a key of its
 * own that is never written again: tabs see each other's changes late, and who removes what was read must not remove what came since.
 */
export class Spill {
  readonly #prefix: string;
  /** Ids of what this page wrote and did not find again, should it come back: another one has done it, and somebody may have signed out since. */
  readonly #given = new Set<string>();
  /** Whether a call is this page's to step, not another's. */
  readonly keeps = ({ id }: Call): boolean => !this.#given.has(id);

  constructor(name: string) {
    this.#prefix = `${name}:spill:`;
  }

  /**
   * Calls `written` when another page has spilled. A page that comes back from the back/forward cache is shown before the page that it
   * replaces has been told to hide: looking once is too early then.
   */
  watch(written: () => void): void {
    window.addEventListener('storage', ({ key, newValue }) => {
      if (newValue !== null && key?.startsWith(this.#prefix) === true) written();
    });
  }

  /** Whether an earlier page left something. */
  get isEmpty(): boolean {
    try {
      return !localTexts(this.#prefix).keys()[0];
    } catch {
      return true;
    }
  }

  /** Never throws: what does not fit is lost with the page; the most important goes first. */
  write(calls: readonly Call[], end = ''): void {
    try {
      const texts = localTexts(this.#prefix);
      let room = maximumSpillSize - texts.keys().map(texts.get).join('').length;
      const byImportance = [...calls].sort((left, right) => right.importance - left.importance);
      const chosen = new Set(byImportance.filter((call) => {
        const { length } = JSON.stringify(call);
        return length < room && (room -= length);
      }));
      if (chosen.size === 0) return;
      texts.set(uniqueId() + end, JSON.stringify(calls.filter((call) => chosen.has(call))));
      for (const { id } of chosen) this.#given.add(id);
    } catch {
      // Nothing more can be done while the page goes away.
    }
  }

  /** The inputs of earlier pages, once. */
  take(hasDatabase = true): Call[] {
    try {
      const texts = localTexts(this.#prefix);
      const keys = texts.keys().filter((key) => hasDatabase || !key.endsWith(lasting));
      return keys.sort().flatMap((key) => {
        const calls = callsOf(texts.get(key));
        texts.remove(key);
        // A page that came back finds its own there when nobody has taken it.
        return calls.map((call) => (this.#given.delete(call.id), { ...call, spill: key }));
      });
    } catch {
      return [];
    }
  }
}

/** What is stored is untrusted: only what looks like a call is one. */
function callsOf(text: string | null): Call[] {
  try {
    const stored: unknown = JSON.parse(text as string);
    return Array.isArray(stored) ? stored.filter(isCall) : [];
  } catch {
    return [];
  }
}

/** What the types promise of a call, as far as a forged one could harm: the engine checks the input itself. */
function isCall(value: unknown): value is Call {
  const { kind, id, at, monotonic, page, input, message, importance } = (value ?? {}) as Partial<Record<keyof Call, unknown>>;
  const isObject = (part: unknown): boolean => typeof part === 'object' && part !== null;
  const isId = typeof id === 'string' && id !== '' && id.length <= maximumIdLength;
  // Beyond what a Date can hold, toISOString throws.
  const isTime = Number(new Date(at as number)) === at && Number.isFinite(monotonic);
  const isWhole = [page, input, message ?? {}].every(isObject);
  return kinds.includes(kind) && isId && isTime && isWhole && [0, 1, 2].includes(importance as number);
}
