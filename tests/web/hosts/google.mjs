// The page's side of Google Consent Mode, as Google's snippet and its tag manager behave.

/** Google's snippet: commands are `arguments` objects in the data layer. */
export function installGtag(page) {
  page.dataLayer = page.dataLayer || [];
  page.gtag = function gtag() {
    page.dataLayer.push(arguments);
  };
}

/** What gtm.js does to the data layer when it comes: reads what is there, and puts a push of its own over the one it finds. */
export function installTagManager(page) {
  const { dataLayer } = page;
  const found = dataLayer.push;
  const seen = [...dataLayer];
  dataLayer.push = function push(...entries) {
    seen.push(...entries);
    return found.apply(dataLayer, entries);
  };
  return seen;
}
