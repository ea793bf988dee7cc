/** A cached program is not used after this time without the server's word. */
export const maximumProgramAge = 30 * 86_400_000;
/** From the request to the last byte: a body that stalls would keep the page from ever asking again. */
export const fetchTimeout = 15_000;
