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
  for (const byte of bytes) hash = Math.imul(hash ^ byte, prime);
  return hash >>> 0;
}
