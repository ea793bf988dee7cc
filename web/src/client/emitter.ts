/** Listeners by type. A listener that throws is reported through `failed` and stops nobody else. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  constructor(private readonly failed: (cause: unknown) => void) {}

  /** Returns what removes the listener again. */
  on<Type extends keyof Events>(type: Type, listener: (event: Events[Type]) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Tells all listeners of the type, or these. */
  emit<Type extends keyof Events>(type: Type, event: Events[Type], listeners: Iterable<(event: never) => void> = [...(this.#listeners.get(type) ?? [])]): void {
    for (const listener of listeners) {
      try {
        (listener as (event: Events[Type]) => void)(event);
      } catch (cause) {
        this.failed(cause);
      }
    }
  }
}
