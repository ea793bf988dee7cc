/** First byte of every encoded value; wasm/README.md. */
export const Tag = { null: 0, false: 1, true: 2, number: 3, integer: 4, string: 5, list: 6, object: 7 } as const;

/** Deepest nesting of lists and objects, the same as core/src/value/wire.h. */
export const wireDepthLimit = 64;
