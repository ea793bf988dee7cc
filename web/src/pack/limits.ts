// Times are in milliseconds.

/** A cached program is not used after this time without the server's word. */
export const maximumProgramAge = 30 * 86_400_000;
/** A confirmed program is written anew after this time: often enough for the age above, and not at every page view. */
export const confirmationPause = 86_400_000;
/** From the request to the last byte: a body that stalls would keep the page from ever asking again. */
export const fetchTimeout = 15_000;
