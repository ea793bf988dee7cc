import { WaylineError } from '../errors/error.js';

const registry = new FinalizationRegistry<() => void>((release) => release());

/** An object inside the wasm. Freed by dispose(), or by the collector of garbage when its owner forgot. */
export class Handle {
  readonly #release: () => void;
  #id: number;

  /** `release` must not refer to `owner`, which would keep it alive. */
  constructor(owner: object, id: number, release: () => void) {
    this.#id = id;
    this.#release = release;
    registry.register(owner, release, this);
  }

  get id(): number {
    if (this.#id === 0) throw new WaylineError('engine.disposed');
    return this.#id;
  }

  dispose(): void {
    if (this.#id === 0) return;
    this.#id = 0;
    registry.unregister(this);
    this.#release();
  }
}
