/** Calls `arrived` after each change of the address without a load: pushState, replaceState, back, forward. */
export function watchNavigation(arrived: () => void): void {
  let address = pageAddress();
  const check = (): void => {
    if (pageAddress() === address) return;
    address = pageAddress();
    arrived();
  };
  // After the router's own work of this task, which sets the title and the new slots.
  const later = (): void => void setTimeout(check, 0);
  const { pushState, replaceState } = history;
  history.pushState = function (...args): void {
    pushState.apply(this, args);
    later();
  };
  history.replaceState = function (...args): void {
    replaceState.apply(this, args);
    later();
  };
  window.addEventListener('popstate', later);
}

/** The address without its fragment, unless the fragment is a router's path ("#/..."). */
function pageAddress(): string {
  const { origin, pathname, search, hash } = location;
  return origin + pathname + search + (hash.startsWith('#/') ? hash : '');
}
