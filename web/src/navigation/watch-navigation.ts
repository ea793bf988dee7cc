/**
 * Calls `arrived` after each change of the address without a load: pushState, replaceState, back, forward, and what a page intercepts. Before
 * that `left`, in the task of the change, maybe more than once.
 */
export function watchNavigation(left: () => void, arrived: () => void): void {
  let address = pageAddress();
  const check = (): void => {
    if (pageAddress() === address) return;
    address = pageAddress();
    arrived();
  };
  // After the router's own work of this task, which sets the title and the new slots.
  const later = (): void => {
    if (pageAddress() !== address) left();
    setTimeout(check);
  };
  for (const method of ['pushState', 'replaceState'] as const) {
    const change = history[method];
    history[method] = function (...args): void {
      change.apply(this, args);
      later();
    };
  }
  window.addEventListener('popstate', later);
  // A router of the Navigation API calls none of these.
  (window as { navigation?: EventTarget }).navigation?.addEventListener('currententrychange', later);
}

/** The address without its fragment, unless the fragment is a router's path ("#/..."). */
function pageAddress(): string {
  const { origin, pathname, search, hash } = location;
  return origin + pathname + search + (hash.startsWith('#/') ? hash : '');
}
