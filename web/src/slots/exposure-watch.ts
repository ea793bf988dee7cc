/** Milliseconds for which this share of a slot must be in view until it counts as seen. */
const exposureTime = 1_000;
const exposureShare = 0.5;
// No step is more than twice the one before: an element up to fifty times as tall as the window passes one while it fills half to all of the window.
const thresholds = [0, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, exposureShare];

/** Tells which elements are in view now, and which have been half in view for a second while the page was visible. */
export class ExposureWatch {
  readonly #visible = new WeakSet<Element>();
  /** Of those that are in view enough. */
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout> | undefined>();
  readonly #observer: IntersectionObserver;

  /** `counts`: whether the element shows what was decided for it, for which its second begins. Who changes that renews it. */
  constructor(
    private readonly counts: (element: Element) => boolean,
    private readonly seen: (element: Element) => void,
  ) {
    this.#observer = new IntersectionObserver((entries) => entries.forEach((entry) => this.#look(entry)), { threshold: thresholds });
    document.addEventListener('visibilitychange', () => this.#restart());
  }

  /** Whether any part of the element is in view. */
  isVisible(element: Element): boolean {
    return this.#visible.has(element);
  }

  watch(element: Element): void {
    this.#observer.observe(element);
  }

  /** Measures anew: the element shows something else now. */
  renew(element: Element): void {
    this.#cancel(element);
    this.#observer.unobserve(element);
    this.#observer.observe(element);
  }

  forget(element: Element): void {
    this.#cancel(element);
    this.#visible.delete(element);
    this.#observer.unobserve(element);
  }

  #look({ target, isIntersecting, intersectionRatio, intersectionRect, rootBounds }: IntersectionObserverEntry): void {
    if (isIntersecting) this.#visible.add(target);
    else this.#visible.delete(target);
    const fillsWindow = rootBounds !== null && intersectionRect.height >= rootBounds.height * exposureShare;
    if (!isIntersecting || (intersectionRatio < exposureShare && !fillsWindow)) return this.#cancel(target);
    if (this.#timers.has(target) || !this.counts(target)) return;
    const seen = (): void => {
      this.#timers.delete(target);
      this.seen(target);
    };
    // On a hidden page it waits without a timer.
    this.#timers.set(target, document.hidden ? undefined : setTimeout(seen, exposureTime));
  }

  #restart(): void {
    const targets = [...this.#timers.keys()];
    for (const target of targets) this.renew(target);
  }

  #cancel(element: Element): void {
    clearTimeout(this.#timers.get(element));
    this.#timers.delete(element);
  }
}
