import type { Json } from '../engine/json.js';

/** The profile document as it is stored: the engine's canonical state, and what the SDK adds. */
export interface ProfileDocument {
  readonly visitor: string;
  readonly user: string | null;
  /** Counts the commits: another number than ours means that another tab was here. */
  readonly generation: number;
  /** Of the latest message. */
  readonly sequence: number;
  /** Ids of the calls with which the latest commits ended: who finds one in a list of spilled calls knows that the list was stored until there. */
  readonly ends: string;
  /** The program that wrote the state, and the server's last word on it in epoch milliseconds: what it knows, an older one would drop. */
  readonly program: string;
  readonly since: number;
  readonly state: Json;
}

/** Longest identity that is taken from the device, where anybody can write. */
const maximumIdLength = 200;

/** The document's text. `state` is JSON text already, the engine's own, and goes in as it is. */
export function writeProfileDocument(head: Omit<ProfileDocument, 'state'>, state: string): string {
  return `${JSON.stringify(head).slice(0, -1)},"state":${state}}`;
}

/** Reads a stored document, which is untrusted; undefined when it is not of this shape. The engine checks the state itself. */
export function readProfileDocument(text: string): ProfileDocument | undefined {
  let document: Partial<Record<keyof ProfileDocument, unknown>>;
  try {
    document = { program: '', since: 0, ends: '', ...(JSON.parse(text) as typeof document) };
  } catch {
    return undefined;
  }
  const { visitor, user, generation, sequence, program, since, ends, state } = document;
  const isId = (id: unknown): boolean => typeof id === 'string' && id !== '' && id.length <= maximumIdLength;
  const isCount = (count: unknown): boolean => Number.isSafeInteger(count) && Number(count) >= 0;
  const isWhole = isId(visitor) && (user === null || isId(user)) && [generation, sequence, Math.floor(since as number)].every(isCount) && typeof program === 'string' && typeof ends === 'string' && state !== undefined;
  return isWhole ? (document as ProfileDocument) : undefined;
}
