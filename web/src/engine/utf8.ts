/** Every text that leaves a page, and each that the engine reads, is UTF-8. */
export const utf8 = new TextEncoder();
