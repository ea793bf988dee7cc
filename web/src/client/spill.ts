import { maximumSpillBytes } from './limits.js';
import type { Call } from './call.js';

/** Inputs that a page could not store before it was left, written synchronously to localStorage. Delivery C1. */
export class Spill {
  readonly #key: string;

  constructor(name: string) {
    this.#key = `${name}:spill`;
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
    const text = localStorage.getItem(this.#key);
    const stored: unknown = text === null ? [] : JSON.parse(text);
    return Array.isArray(stored) ? stored.filter(isCall) : [];
  }
}

function isCall(value: unknown): value is Call {
  const { kind, id, at, page } = (value ?? {}) as Partial<Record<keyof Call, unknown>>;
  return typeof kind === 'string' && typeof id === 'string' && Number.isFinite(at) && typeof page === 'object' && page !== null;
}
