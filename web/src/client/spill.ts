import { maximumSpillBytes } from './limits.js';
import type { Call } from './call.js';

const kinds: ReadonlySet<unknown> = new Set<Call['kind']>(['page', 'track', 'identify', 'consent', 'exposure', 'dismiss', 'tick', 'reset']);
/** Of a UUID, with room. */
const maximumIdLength = 50;
/** The last epoch millisecond that a Date can hold; beyond it, toISOString throws. */
const lastDate = 8.64e15;

/** Inputs that a page could not store before it was left, written synchronously to localStorage. Delivery C1. */
export class Spill {
  readonly #key: string;

  constructor(name: string) {
    this.#key = `${name}:spill`;
  }

  /**
   * Calls `written` when another page has spilled. A page that comes back from the back/forward cache is shown before the page that it
   * replaces has been told to hide: looking once is too early then.
   */
  watch(written: () => void): void {
    window.addEventListener('storage', ({ key, newValue }) => {
      if (key === this.#key && newValue !== null) written();
    });
  }

  /** Never throws: where there is no localStorage, or it is full, the inputs are lost with the page. */
  write(calls: readonly Call[]): void {
    if (calls.length === 0) return;
    try {
      const text = JSON.stringify([...this.#read(), ...calls]);
      if (text.length <= maximumSpillBytes) localStorage.setItem(this.#key, text);
    } catch {
      // Nothing more can be done while the page goes away.
    }
  }

  /** The inputs of earlier pages, once. */
  take(): Call[] {
    try {
      const calls = this.#read();
      localStorage.removeItem(this.#key);
      return calls;
    } catch {
      return [];
    }
  }

  clear(): void {
    this.take();
  }

  /** What is stored is untrusted: only what looks like a call is one. */
  #read(): Call[] {
    const text = localStorage.getItem(this.#key) ?? '[]';
    try {
      const stored: unknown = JSON.parse(text);
      return Array.isArray(stored) ? stored.filter(isCall) : [];
    } catch {
      return [];
    }
  }
}

/** What the types promise of a call, as far as a forged one could harm: the engine checks the input itself. */
function isCall(value: unknown): value is Call {
  const { kind, id, at, monotonic, page, input, message, importance } = (value ?? {}) as Partial<Record<keyof Call, unknown>>;
  const isObject = (part: unknown): boolean => typeof part === 'object' && part !== null;
  const isId = typeof id === 'string' && id !== '' && id.length <= maximumIdLength;
  const isTime = Number.isSafeInteger(at) && Math.abs(Number(at)) <= lastDate && Number.isFinite(monotonic);
  const isWhole = isObject(page) && [input, message].every((part) => part === undefined || isObject(part));
  return kinds.has(kind) && isId && isTime && isWhole && (importance === 0 || importance === 1 || importance === 2);
}
