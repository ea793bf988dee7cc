const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** FNV-1a of the text's UTF-16 code units: finds torn and flipped records, not forgery. */
export function checksumOfText(text: string): number {
  let hash = offsetBasis;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  return hash >>> 0;
}

/** FNV-1a of bytes. */
export function checksumOfBytes(bytes: Uint8Array): number {
  let hash = offsetBasis;
  // By index: an iterator takes several times as long until the loop is optimised, and this runs before a page is decided.
  for (let index = 0; index < bytes.length; index++) hash = Math.imul(hash ^ bytes[index]!, prime);
  return hash >>> 0;
}
