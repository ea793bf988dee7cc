import { WaylineError } from '../errors/error.js';
import { evictionRoom, maximumEvents, maximumEventSize, maximumQueueBytes, protectedEvents } from './limits.js';
import { seal, unseal } from './sealed.js';
import { choicesKey, profileKey, settingPrefix, type Asset, type Commit, type CommitResult, type ReportProblem, type Storage, type StorageKind, type StoredEvent, type StoredProfile } from './storage.js';
import { smallestIdAt } from './unique-id.js';

/** Synchronous texts by key: localStorage, or a map in memory. */
export interface KeyValue {
  get(key: string): string | null;
  /** May throw when full. */
  set(key: string, text: string): void;
  remove(key: string): void;
  keys(): string[];
}

const eventPrefix = 'event:';

/** Storage over synchronous texts: one key per event, so that a torn write damages one event. Assets stay in memory: they can be fetched again. */
export class KeyValueStorage implements Storage {
  readonly #assets = new Map<string, Asset>();

  constructor(
    readonly kind: StorageKind,
    private readonly texts: KeyValue,
    private readonly report: ReportProblem,
  ) {}

  async readProfile(): Promise<string | undefined> {
    return this.#read(profileKey);
  }

  async commit(work: (profile: StoredProfile) => Commit): Promise<CommitResult> {
    const change = work({ text: this.#read(profileKey), choices: this.#read(choicesKey) });
    try {
      if (change.choices !== undefined) this.#write(choicesKey, change.choices);
      if (change.profile !== undefined) this.#write(profileKey, change.profile);
      const evicted = this.#makeRoom(change.events);
      for (const event of change.events) this.#write(eventPrefix + event.id, JSON.stringify([event.importance, event.size, event.text]));
      return { kept: this.kind, evicted };
    } catch (cause) {
      // All of them are kept elsewhere: half of them here would be sent twice.
      await this.remove(change.events.map(({ id }) => id));
      throw cause;
    }
  }

  async oldest(count: number, bytes: number, without: ReadonlySet<string>, from = ''): Promise<readonly StoredEvent[]> {
    const batch: StoredEvent[] = [];
    let sum = 0;
    for (const id of this.#ids()) {
      if (id < from || without.has(id)) continue;
      const event = this.#event(id);
      if (event === undefined) {
        await this.remove([id]);
        this.report(new WaylineError('storage.corrupt', { record: id }));
        continue;
      }
      if (batch.length >= count || (batch.length > 0 && sum + event.size > bytes)) break;
      sum += event.size;
      batch.push(event);
    }
    return batch;
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.texts.remove(eventPrefix + id);
  }

  /** None is kept: the room is small, and where the database is missing nobody looks here. */
  setAside(ids: readonly string[]): Promise<void> {
    return this.remove(ids);
  }

  async removeOlderThan(time: number): Promise<number> {
    const old = this.#ids().filter((id) => id < smallestIdAt(time));
    await this.remove(old);
    return old.length;
  }

  async count(): Promise<number> {
    return this.#ids().length;
  }

  async purge(choices: string): Promise<void> {
    for (const key of this.texts.keys()) this.texts.remove(key);
    this.#write(choicesKey, choices);
  }

  async readSetting(name: string): Promise<string | undefined> {
    return this.#read(settingPrefix + name);
  }

  async writeSetting(name: string, text: string): Promise<void> {
    this.#write(settingPrefix + name, text);
  }

  async readAsset(name: string): Promise<Asset | undefined> {
    return this.#assets.get(name);
  }

  async writeAsset(name: string, asset: Asset): Promise<void> {
    this.#assets.set(name, asset);
  }

  async removeAsset(name: string): Promise<void> {
    this.#assets.delete(name);
  }

  #read(key: string): string | undefined {
    const stored = this.texts.get(key);
    if (stored === null) return undefined;
    let record: unknown;
    try {
      record = JSON.parse(stored);
    } catch {
      // Torn: it is no record.
    }
    const text = unseal(record);
    if (text === undefined && !key.startsWith(eventPrefix)) {
      this.texts.remove(key);
      this.report(new WaylineError('storage.corrupt', { record: key }));
    }
    return text;
  }

  #write(key: string, text: string): void {
    this.texts.set(key, JSON.stringify(seal(text)));
  }

  #ids(): string[] {
    const keys = this.texts.keys().filter((key) => key.startsWith(eventPrefix));
    return keys.map((key) => key.slice(eventPrefix.length)).sort();
  }

  #event(id: string): StoredEvent | undefined {
    const text = this.#read(eventPrefix + id);
    if (text === undefined) return undefined;
    const [importance, size, message] = JSON.parse(text) as [StoredEvent['importance'], number, string];
    return { id, importance, size, text: message };
  }

  /** Sizes are those of the stored texts here, which spares parsing every event at every commit. */
  #makeRoom(events: readonly StoredEvent[]): number {
    const ids = this.#ids();
    let count = ids.length + events.length;
    if (count * maximumEventSize <= maximumQueueBytes) return 0;
    const sizeOf = (id: string): number => this.texts.get(eventPrefix + id)?.length ?? 0;
    let bytes = ids.reduce((sum, id) => sum + sizeOf(id), 0) + events.reduce((sum, event) => sum + event.size, 0);
    if (count <= maximumEvents && bytes <= maximumQueueBytes) return 0;
    const importance = new Map(ids.map((id) => [id, this.#event(id)?.importance ?? 0]));
    const candidates = ids.slice(protectedEvents).sort((left, right) => importance.get(left)! - importance.get(right)!);
    let evicted = 0;
    for (const id of candidates) {
      if (count <= maximumEvents - evictionRoom && bytes <= maximumQueueBytes) break;
      bytes -= sizeOf(id);
      this.texts.remove(eventPrefix + id);
      count--;
      evicted++;
    }
    return evicted;
  }
}

/** Texts of this page alone. */
export function memoryTexts(): KeyValue {
  const texts = new Map<string, string>();
  return {
    get: (key) => texts.get(key) ?? null,
    set: (key, text) => void texts.set(key, text),
    remove: (key) => void texts.delete(key),
    keys: () => [...texts.keys()],
  };
}

/** Texts in localStorage under `prefix`. Throws where there is no localStorage. */
export function localTexts(prefix: string): KeyValue {
  const local = globalThis.localStorage;
  return {
    get: (key) => local.getItem(prefix + key),
    set: (key, text) => local.setItem(prefix + key, text),
    remove: (key) => local.removeItem(prefix + key),
    keys: () => Object.keys(local).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
  };
}

/** Storage that ends with the page. */
export const memoryStorage = (report: ReportProblem): KeyValueStorage => new KeyValueStorage('memory', memoryTexts(), report);
