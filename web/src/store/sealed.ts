import { checksumOfText } from './checksum.js';

/** Version of the records' layout. Readers accept it and nothing else; a new layout migrates in upgrade steps. */
export const recordVersion = 1;

/** A text with what is needed to know that it is whole. */
export interface Sealed {
  readonly version: number;
  readonly checksum: number;
  readonly text: string;
}

export function seal(text: string): Sealed {
  return { version: recordVersion, checksum: checksumOfText(text), text };
}

/** The text, or undefined when the record is damaged or of another version. `record` is untrusted. */
export function unseal(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { version, checksum, text } = record as Partial<Sealed>;
  return version === recordVersion && typeof text === 'string' && checksum === checksumOfText(text) ? text : undefined;
}
