import { WaylineError } from '../errors/error.js';
import { memoryStorage } from './key-value-storage.js';
import type { Asset, Commit, CommitResult, Durability, ReportProblem, Storage, StorageKind, StoredEvent, StoredProfile } from './storage.js';

/**
 * A durable storage, and memory for the events that it could not take: full disk, broken database. They are delivered all the same,
 * and what the durable one fails to say is reported and taken for nothing there. Removals that it fails are not: the events would be sent for ever.
 */
export class ResilientStorage implements Storage {
  readonly #overflow: Storage;
  /** Ids of the events in memory. */
  readonly #spilled = new Set<string>();

  constructor(
    private readonly durable: Storage,
    private readonly report: ReportProblem,
  ) {
    this.#overflow = memoryStorage(report);
  }

  get kind(): StorageKind {
    return this.durable.kind;
  }

  readProfile(): Promise<string | undefined> {
    return this.durable.readProfile();
  }

  async commit(work: (profile: StoredProfile) => Commit, durability: Durability): Promise<CommitResult> {
    let change: Commit | undefined;
    try {
      return await this.durable.commit((profile) => (change = work(profile)), durability);
    } catch (cause) {
      this.report(WaylineError.from(cause, 'storage.failed'));
      const { events } = change ?? work('unreadable');
      for (const { id } of events) this.#spilled.add(id);
      return this.#overflow.commit(() => ({ events }), durability);
    }
  }

  async oldest(...query: Parameters<Storage['oldest']>): Promise<readonly StoredEvent[]> {
    const spilled = await this.#overflow.oldest(...query);
    return spilled.length > 0 ? spilled : this.#orElse(this.durable.oldest(...query), []);
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#overflow.remove(ids);
    const kept = this.#kept(ids);
    if (kept.length > 0) await this.durable.remove(kept);
  }

  async setAside(ids: readonly string[], reason: string): Promise<void> {
    await this.#overflow.setAside(ids, reason);
    const kept = this.#kept(ids);
    if (kept.length > 0) await this.durable.setAside(kept, reason);
  }

  removeOlderThan(time: number): Promise<number> {
    return this.#orElse(this.durable.removeOlderThan(time), 0);
  }

  async count(): Promise<number> {
    return (await this.#overflow.count()) + (await this.#orElse(this.durable.count(), 0));
  }

  async purge(choices: string): Promise<void> {
    await this.#overflow.purge(choices);
    this.#spilled.clear();
    await this.durable.purge(choices);
  }

  readSetting(name: string): Promise<string | undefined> {
    return this.#orElse(this.durable.readSetting(name), undefined);
  }

  writeSetting(name: string, text: string): Promise<void> {
    return this.durable.writeSetting(name, text);
  }

  readAsset(name: string): Promise<Asset | undefined> {
    return this.durable.readAsset(name);
  }

  writeAsset(name: string, asset: Asset): Promise<void> {
    return this.durable.writeAsset(name, asset);
  }

  removeAsset(name: string): Promise<void> {
    return this.durable.removeAsset(name);
  }

  /** Those that the durable storage holds; the others are forgotten. */
  #kept(ids: readonly string[]): string[] {
    return ids.filter((id) => !this.#spilled.delete(id));
  }

  #orElse<T>(answer: Promise<T>, nothing: T): Promise<T> {
    return answer.catch((cause: unknown) => {
      this.report(WaylineError.from(cause, 'storage.failed'));
      return nothing;
    });
  }
}
