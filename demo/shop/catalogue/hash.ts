/** FNV-1a, 32 bits, its high half mixed into the low one, which remainders are made of: spreads model codes over names and shapes, the same on every build. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value ^= value >>> 16;
  return Math.imul(value, 0x45d9f3b) >>> 0;
}

/** One of `choices`, picked by `seed`. Throws on an empty list. */
export function pick<T>(choices: readonly T[], seed: string): T {
  const choice = choices[hash(seed) % choices.length];
  if (choice === undefined) throw new Error('nothing to pick from');
  return choice;
}
