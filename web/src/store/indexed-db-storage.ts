import { WaylineError } from '../errors/error.js';
import { within } from '../time/within.js';
import { checksumOfBytes } from './checksum.js';
import { evictionRoom, maximumEvents, maximumQueueBytes, maximumSetAside, openAttempts, openTimeout, protectedEvents, transactionTimeout } from './limits.js';
import { answer, completion } from './requests.js';
import { recordVersion, seal, unseal, type Sealed } from './sealed.js';
import { choicesKey, profileKey, settingPrefix, type Asset, type Commit, type CommitResult, type Durability, type QueueSize, type ReportProblem, type Storage, type StoredEvent, type StoredProfile } from './storage.js';
import { smallestIdAt } from './unique-id.js';

/** Version of the stores. A later one adds an upgrade step below and leaves the earlier steps alone. */
const databaseVersion = 1;
const queueKey = 'queue';

interface EventRecord extends Sealed {
  readonly id: string;
  readonly importance: number;
  readonly size: number;
}

interface AssetRecord extends Asset {
  readonly version: number;
  readonly checksum: number;
}

const storeNames = ['records', 'events', 'aside', 'assets'] as const;
type StoreName = (typeof storeNames)[number];

/**
 * Storage in IndexedDB. Tabs take turns by IndexedDB's own ordering of read-write transactions, so no lock can be left behind: each is committed as soon as
 * its last request is placed, and those that wait for an answer while the page is left are undone. They begin anew when it is shown again.
 */
export class IndexedDbStorage implements Storage {
  readonly kind = 'indexeddb';
  #database: Promise<IDBDatabase> | undefined;
  /** Ends when the page that was left is shown again. */
  #rest: Promise<unknown> | undefined;
  /** Transactions that wait for answers. One that was undone because the page was left is taken out. */
  readonly #underWay = new Set<IDBTransaction>();

  private constructor(
    private readonly name: string,
    private readonly report: ReportProblem,
    private readonly made: () => void,
  ) {
    window.addEventListener('pagehide', () => this.#leave());
  }

  /** Calls `made` as soon as it is known that there was no database. Rejects with storage.unavailable when it does not open in time, twice. */
  static async open(name: string, report: ReportProblem, made: () => void = () => undefined): Promise<IndexedDbStorage> {
    const storage = new IndexedDbStorage(name, report, made);
    for (let attempt = 1; ; attempt++) {
      try {
        await storage.#open();
        return storage;
      } catch (cause) {
        if (attempt === openAttempts) throw new WaylineError('storage.unavailable', { storage: 'indexeddb', message: String(cause) });
      }
    }
  }

  async readProfile(): Promise<string | undefined> {
    return this.#readRecord(profileKey);
  }

  async commit(work: (profile: StoredProfile) => Commit, durability: Durability): Promise<CommitResult> {
    const isFull = await this.#change(
      ['records', 'events'],
      async (transaction) => {
        const records = transaction.objectStore('records');
        const stored = (key: string): Promise<unknown> => answer(records.get(key));
        const [choices, text, queue] = await Promise.all([choicesKey, profileKey, queueKey].map(stored));
        // Throws in a transaction that was undone. From here on nothing is waited for, so that none is undone in which `work` was called.
        const events = transaction.objectStore('events');
        const change = work({ choices: this.#unseal(choicesKey, choices), text: this.#unseal(profileKey, text) });
        if (change.profile !== undefined) records.put(seal(change.profile), profileKey);
        if (change.choices !== undefined) records.put(seal(change.choices), choicesKey);
        let { count, bytes } = queueSize(queue);
        for (const event of change.events) {
          events.put({ ...seal(event.text), id: event.id, importance: event.importance, size: event.size });
          count++;
          bytes += event.size;
        }
        if (change.events.length > 0) records.put({ count, bytes }, queueKey);
        return count > maximumEvents || bytes > maximumQueueBytes;
      },
      durability,
    );
    return { kept: this.kind, evicted: isFull ? await this.#evict() : 0 };
  }

  async oldest(count: number, bytes: number, without: ReadonlySet<string>, from = ''): Promise<readonly StoredEvent[]> {
    const stored = await this.#read<EventRecord[]>('events', (events) => events.getAll(IDBKeyRange.lowerBound(from), count + without.size));
    if (stored.length === 0 && from === '') await this.#correctSize();
    const damaged = stored.filter((record) => unseal(record) === undefined).map((record) => record.id);
    if (damaged.length > 0) {
      await this.setAside(damaged, 'corrupt');
      for (const id of damaged) this.report(new WaylineError('storage.corrupt', { record: id }));
      return this.oldest(count, bytes, without, from);
    }
    let sum = 0;
    const fitting = stored.filter(({ id, size }) => !without.has(id) && count-- > 0 && ((sum += size) <= bytes || sum === size));
    return fitting.map(({ id, importance, size, text }) => ({ id, importance: importance as StoredEvent['importance'], size, text }));
  }

  /** A full disk refuses even to write a smaller size: then events are deleted first, which makes room for it. */
  async remove(ids: readonly string[]): Promise<void> {
    const both = this.#change(['records', 'events'], (transaction) => this.#take(transaction, ids));
    await both.catch(async () => {
      const taken = await this.#change(['events'], (transaction) => this.#delete(transaction, ids));
      const smaller = this.#change(['records'], (transaction) => this.#subtract(transaction, taken));
      await smaller.catch((cause: unknown) => this.report(WaylineError.from(cause, 'storage.failed')));
    });
  }

  async setAside(ids: readonly string[], reason: string): Promise<void> {
    await this.#change(['records', 'events', 'aside'], async (transaction) => {
      const aside = transaction.objectStore('aside');
      const taken = await this.#take(transaction, ids);
      const room = maximumSetAside - (await answer(aside.count()));
      for (const record of taken.slice(0, Math.max(0, room))) aside.put({ id: record.id, reason, record });
    });
  }

  async removeOlderThan(time: number): Promise<number> {
    return this.#change(['records', 'events'], async (transaction) => {
      const old = await answer(transaction.objectStore('events').getAllKeys(IDBKeyRange.upperBound(smallestIdAt(time))));
      await this.#take(transaction, old as string[]);
      return old.length;
    });
  }

  async count(): Promise<number> {
    return this.#read('events', (events) => events.count());
  }

  async purge(choices: string): Promise<void> {
    await this.#change(
      ['records', 'events', 'aside'],
      async (transaction) => {
        for (const store of transaction.objectStoreNames) transaction.objectStore(store).clear();
        transaction.objectStore('records').put(seal(choices), choicesKey);
      },
      'strict',
    );
  }

  async readSetting(name: string): Promise<string | undefined> {
    return this.#readRecord(settingPrefix + name);
  }

  async writeSetting(name: string, text: string): Promise<void> {
    await this.#write('records', (records) => records.put(seal(text), settingPrefix + name), 'strict');
  }

  async readAsset(name: string): Promise<Asset | undefined> {
    const record = await this.#read<AssetRecord | undefined>('assets', (assets) => assets.get(name));
    if (record === undefined) return undefined;
    if (record.version === recordVersion && record.checksum === checksumOfBytes(new Uint8Array(record.bytes))) return record;
    this.report(new WaylineError('storage.corrupt', { record: name }));
    await this.removeAsset(name);
    return undefined;
  }

  async writeAsset(name: string, asset: Asset): Promise<void> {
    const record = { ...asset, version: recordVersion, checksum: checksumOfBytes(new Uint8Array(asset.bytes)) };
    await this.#write('assets', (assets) => assets.put(record, name));
  }

  async removeAsset(name: string): Promise<void> {
    await this.#write('assets', (assets) => assets.delete(name));
  }

  /** The next call opens the connection again. */
  close(): void {
    const database = this.#database;
    this.#database = undefined;
    void database?.then((open) => open.close()).catch(() => undefined);
  }

  /** WebKit's back/forward cache freezes a page in the midst of its transactions, which would hold up all other pages; an open connection, a newer script's upgrade. */
  #leave(): void {
    this.#rest = new Promise((shown) => window.addEventListener('pageshow', shown, { once: true }));
    for (const transaction of this.#underWay) if (abort(transaction)) this.#underWay.delete(transaction);
    this.close();
  }

  async #open(): Promise<IDBDatabase> {
    const rest = this.#rest;
    await rest;
    this.#database ??= this.#connect().catch((cause: unknown) => {
      this.#database = undefined;
      throw WaylineError.from(cause, 'storage.failed');
    });
    const database = await this.#database;
    return rest === this.#rest ? database : this.#open();
  }

  async #connect(): Promise<IDBDatabase> {
    const database = await this.#connectAsItIs();
    if (storeNames.every((name) => database.objectStoreNames.contains(name))) return database;
    // Damaged, or somebody else's: what is in it can not be read, and without it nothing could ever be kept again.
    this.report(new WaylineError('storage.corrupt', { record: 'database' }));
    database.close();
    await within(openTimeout, () => answer(indexedDB.deleteDatabase(this.name)));
    return this.#request(databaseVersion);
  }

  async #connectAsItIs(): Promise<IDBDatabase> {
    try {
      return await this.#request(databaseVersion);
    } catch (cause) {
      // A newer script was here before: its stores contain ours.
      if ((cause as Error).name === 'VersionError') return this.#request(undefined);
      throw cause;
    }
  }

  async #request(version: number | undefined): Promise<IDBDatabase> {
    const request = indexedDB.open(this.name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion >= 1) return;
      this.made();
      const database = request.result;
      database.createObjectStore('records');
      database.createObjectStore('events', { keyPath: 'id' }).createIndex('importance', 'importance');
      database.createObjectStore('aside', { keyPath: 'id' });
      database.createObjectStore('assets');
      // Not committed here: Chromium would never open it.
      this.#underWay.add(request.transaction!);
    };
    return within(openTimeout, async (signal) => {
      const database = await answer(request);
      // A newer script in another tab waits for us to let go; or the browser closed the connection.
      database.onversionchange = database.onclose = () => this.close();
      if (signal.aborted) database.close();
      return database;
    });
  }

  async #readRecord(key: string): Promise<string | undefined> {
    return this.#unseal(key, await this.#read('records', (records) => records.get(key)));
  }

  async #read<T>(store: StoreName, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = await this.#begin([store], 'readonly');
    const asked = answer(ask(transaction.objectStore(store)));
    transaction.commit();
    return within(transactionTimeout, () => asked);
  }

  #write(store: StoreName, ask: (store: IDBObjectStore) => IDBRequest, durability?: Durability): Promise<void> {
    return this.#change([store], async (transaction) => void ask(transaction.objectStore(store)), durability);
  }

  /**
   * Runs `work`, which waits for nothing but its requests, in one read-write transaction and resolves when it is complete; anything that fails rolls all of it back.
   * Where the page is left before that, `work` is run once more at its return.
   */
  async #change<T>(stores: StoreName[], work: (transaction: IDBTransaction) => Promise<T>, durability?: Durability): Promise<T> {
    const transaction = await this.#begin(stores, 'readwrite', durability);
    this.#underWay.add(transaction);
    try {
      const worked = work(transaction).then((result) => {
        // Without waiting for the answers: a page that is left before they come would lose the write.
        transaction.commit();
        return result;
      });
      return (await within(transactionTimeout, () => Promise.all([worked, completion(transaction)])))[0];
    } catch (cause) {
      if (!this.#underWay.has(transaction)) return this.#change(stores, work, durability);
      abort(transaction);
      throw WaylineError.from(cause, 'storage.failed');
    } finally {
      this.#underWay.delete(transaction);
    }
  }

  async #begin(stores: StoreName[], mode: IDBTransactionMode, durability: Durability = 'relaxed'): Promise<IDBTransaction> {
    try {
      return (await this.#open()).transaction(stores, mode, { durability });
    } catch (cause) {
      // The browser closed the connection behind our back.
      if ((cause as Error).name !== 'InvalidStateError') throw cause;
      this.close();
      return (await this.#open()).transaction(stores, mode, { durability });
    }
  }

  /** Resolves to how many events had to go. */
  #evict(): Promise<number> {
    return this.#change(['records', 'events'], async (transaction) => {
      const events = transaction.objectStore('events');
      const records = transaction.objectStore('records');
      let count = await answer(events.count());
      let { bytes } = queueSize(await answer(records.get(queueKey)));
      let evicted = 0;
      for (const id of await this.#leastImportant(events)) {
        if (count <= maximumEvents - evictionRoom && bytes <= maximumQueueBytes) break;
        const record = await answer<EventRecord | undefined>(events.get(id));
        count--;
        bytes -= record?.size ?? 0;
        evicted++;
        events.delete(id);
      }
      records.put({ count, bytes }, queueKey);
      return evicted;
    });
  }

  /** As many events as one eviction may take, the least important and then the oldest first, without those that may be in flight. */
  async #leastImportant(events: IDBObjectStore): Promise<IDBValidKey[]> {
    const inFlight = new Set(await answer(events.getAllKeys(undefined, protectedEvents)));
    const keys = await answer(events.index('importance').getAllKeys(undefined, protectedEvents + 2 * evictionRoom));
    return keys.filter((key) => !inFlight.has(key));
  }

  /** Removes events and keeps the queue's size right; resolves to those that were there. */
  async #take(transaction: IDBTransaction, ids: readonly string[]): Promise<EventRecord[]> {
    const taken = await this.#delete(transaction, ids);
    if (taken.length > 0) await this.#subtract(transaction, taken);
    return taken;
  }

  async #delete(transaction: IDBTransaction, ids: readonly string[]): Promise<EventRecord[]> {
    const events = transaction.objectStore('events');
    const found = await Promise.all([...new Set(ids)].map((id) => answer<EventRecord | undefined>(events.get(id))));
    const taken = found.filter((record) => record !== undefined);
    for (const { id } of taken) events.delete(id);
    return taken;
  }

  async #subtract(transaction: IDBTransaction, taken: readonly EventRecord[]): Promise<void> {
    const records = transaction.objectStore('records');
    const { count, bytes } = queueSize(await answer(records.get(queueKey)));
    const freed = taken.reduce((sum, { size }) => sum + size, 0);
    records.put({ count: Math.max(0, count - taken.length), bytes: Math.max(0, bytes - freed) }, queueKey);
  }

  /** No event is left: a size that says otherwise is what a full disk left behind. */
  async #correctSize(): Promise<void> {
    const { count } = queueSize(await this.#read('records', (records) => records.get(queueKey)));
    if (count === 0) return;
    await this.#change(['records', 'events'], async (transaction) => {
      const left = await answer(transaction.objectStore('events').count());
      if (left === 0) transaction.objectStore('records').put({ count: 0, bytes: 0 }, queueKey);
    });
  }

  #unseal(key: string, record: unknown): string | undefined {
    const text = unseal(record);
    if (text === undefined && record !== undefined) this.report(new WaylineError('storage.corrupt', { record: key }));
    return text;
  }
}

/** False when it is over, or all of it is placed. */
function abort(transaction: IDBTransaction): boolean {
  try {
    transaction.abort();
    return true;
  } catch {
    return false;
  }
}

function queueSize(record: unknown): QueueSize {
  const { count, bytes } = (record ?? {}) as Partial<QueueSize>;
  return { count: Number.isFinite(count) ? Number(count) : 0, bytes: Number.isFinite(bytes) ? Number(bytes) : 0 };
}
