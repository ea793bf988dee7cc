const memoryKey = 'wayline:redirected';
/** One redirect within this time: two pages that redirect to each other must not trap a visitor. */
const redirectPause = 10_000;

/** Goes to `address`, replacing this page in the history; only http and https, never to where we are, never twice in a row. */
export function followRedirect(address: string): void {
  try {
    const target = new URL(address, location.href);
    if ((target.protocol !== 'https:' && target.protocol !== 'http:') || target.href === location.href) return;
    if (Date.now() - Number(sessionStorage.getItem(memoryKey)) < redirectPause) return;
    sessionStorage.setItem(memoryKey, String(Date.now()));
    location.replace(target.href);
  } catch {
    // No address, or no storage to notice a circle by: the visitor stays.
  }
}
