const memoryKey = 'wayline:redirected';
/** One redirect within so many milliseconds: two pages that redirect to each other must not trap a visitor. */
const redirectPause = 10_000;

/** Goes to `address`, replacing this page in the history; only http and https, never to where we are, never twice in a row. True when it goes. */
export function followRedirect(address: string): boolean {
  try {
    const target = new URL(address, location.href);
    if ((target.protocol !== 'https:' && target.protocol !== 'http:') || target.href === location.href) return false;
    if (Date.now() - Number(sessionStorage.getItem(memoryKey)) < redirectPause) return false;
    sessionStorage.setItem(memoryKey, String(Date.now()));
    location.replace(target.href);
    return true;
  } catch {
    // No address, or no storage to notice a circle by: the visitor stays.
    return false;
  }
}
