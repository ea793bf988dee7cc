import type { WaylineError } from '../errors/error.js';

export type StorageKind = 'indexeddb' | 'localstorage' | 'memory';

/** One event as it will be sent: the JSON text of a Segment message. */
export interface StoredEvent {
  /** Its messageId. Ids begin with a UUIDv7, so that their order is the order of capture. */
  readonly id: string;
  /** 0 is dropped first when the queue is full, 2 last. */
  readonly importance: 0 | 1 | 2;
  readonly text: string;
  /** Bytes of the text in UTF-8. */
  readonly size: number;
}

/** What a commit writes, all of it or nothing. */
export interface Commit {
  /** The profile document's text; undefined leaves the stored one alone. */
  readonly profile?: string | undefined;
  /** The choices of consent, to be read with the setting of that name; undefined leaves the stored ones alone. */
  readonly choices?: string | undefined;
  readonly events: readonly StoredEvent[];
}

/** The stored profile document, and the choices of consent beside it; `unreadable` when storage failed and the caller's own copy is all there is. */
export type StoredProfile = { readonly text: string | undefined; readonly choices?: string | undefined } | 'unreadable';

/** Name of the setting that holds the choices of consent: they outlive a profile that may not be stored. */
export const consentSetting = 'consent';

/** Keys of the records of every store. */
export const profileKey = 'profile';
export const settingPrefix = 'setting:';
export const choicesKey = settingPrefix + consentSetting;

/** Where a commit's events are now, and how many others had to go to make room. */
export interface CommitResult {
  readonly kept: StorageKind;
  readonly evicted: number;
}

export type Durability = 'relaxed' | 'strict';

export interface QueueSize {
  readonly count: number;
  /** At most so many: what was stored once more is counted once more, until the queue is empty. */
  readonly bytes: number;
}

/** A file that can be fetched again: the program, the wasm. */
export interface Asset {
  readonly bytes: ArrayBuffer;
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly savedAt: number;
}

/** What survives a page, or pretends to. Every method may reject with storage.failed. */
export interface Storage {
  readonly kind: StorageKind;
  /** The stored profile document outside of any commit. */
  readProfile(): Promise<string | undefined>;
  /**
   * Reads the profile document, calls `work` with it, writes what `work` returns: one transaction that no other tab can come between.
   * `work` is synchronous, called exactly once, and must not throw. Resolves when the transaction is complete.
   */
  commit(work: (profile: StoredProfile) => Commit, durability: Durability): Promise<CommitResult>;
  /** The oldest events, at most so many and so large in sum, but one at least if there is any; without some, and with none whose id comes before `from`. Damaged ones are set aside. */
  oldest(count: number, bytes: number, without: ReadonlySet<string>, from?: string): Promise<readonly StoredEvent[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** Takes events out of the queue for good. The database keeps a few of them for diagnosis. */
  setAside(ids: readonly string[], reason: string): Promise<void>;
  /** Removes events captured before `time` (epoch milliseconds); resolves to their number. */
  removeOlderThan(time: number): Promise<number>;
  /** Of the events in the queue. */
  count(): Promise<number>;
  /** Forgets the visitor: profile, queue, settings and what was set aside; keeps these choices of consent. Assets stay. */
  purge(choices: string): Promise<void>;
  readSetting(name: string): Promise<string | undefined>;
  writeSetting(name: string, text: string): Promise<void>;
  readAsset(name: string): Promise<Asset | undefined>;
  writeAsset(name: string, asset: Asset): Promise<void>;
  removeAsset(name: string): Promise<void>;
}

/** Told of damage that was worked around. */
export type ReportProblem = (error: WaylineError) => void;
