/** Milliseconds for which this share of a slot must be in view until it counts as seen. */
const exposureTime = 1_000;
const exposureShare = 0.5;
// Enough steps to notice when an element larger than the window fills half of the window.
const thresholds = [0, 0.1, 0.2, 0.3, 0.4, exposureShare];

/** Tells which elements are in view now, and which have been half in view for a second while the page was visible. */
export class ExposureWatch {
  readonly #visible = new WeakSet<Element>();
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout>>();
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
    if (this.#timers.has(target) || document.hidden || !this.counts(target)) return;
    this.#timers.set(
      target,
      setTimeout(() => {
        this.#timers.delete(target);
        this.seen(target);
      }, exposureTime),
    );
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
