/** A cached program is not used after this time without the server's word. */
export const maximumProgramAge = 30 * 86_400_000;
export const fetchTimeout = 15_000;
