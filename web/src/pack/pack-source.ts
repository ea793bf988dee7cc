import { WaylineError } from '../errors/error.js';
import { within } from '../time/within.js';
import type { ReportProblem, Storage } from '../store/storage.js';
import { demandTrust, readKey, versionOf } from './signature.js';
import { confirmationPause, fetchTimeout, maximumProgramAge } from './limits.js';
import { requestProgram, type Answer, type BegunProgram } from './request-program.js';

/** A compiled program as bytes, with its seal if it has one, and where they came from. */
export interface Pack {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
  readonly source: 'network' | 'cache';
  /** Epoch milliseconds of the server's last word on it. */
  readonly loadedAt: number;
}

const assetName = 'program';
const gone = 410;

/** The site's program: the last known good one from the device, and the server's current one. */
export class PackSource {
  readonly #keys: readonly Uint8Array<ArrayBuffer>[];

  /** With `keys`, which are public and in base64, a program is used only if one of them has signed it. Throws sdk.bad_configuration. */
  constructor(
    private readonly url: string,
    private readonly open: () => Promise<Storage>,
    private readonly report: ReportProblem,
    keys: readonly string[] = [],
    private begun?: BegunProgram,
  ) {
    this.#keys = keys.map(readKey);
  }

  /** The program that worked last, unless the server has been silent for too long. */
  async cached(): Promise<Pack | undefined> {
    const storage = await this.open();
    const asset = await storage.readAsset(assetName).catch(() => undefined);
    if (asset === undefined || Date.now() - asset.savedAt > maximumProgramAge) return undefined;
    const bytes = new Uint8Array(asset.bytes);
    try {
      await this.#demandTrust(bytes, 0);
    } catch (cause) {
      this.report(WaylineError.from(cause, 'pack.untrusted'));
      return undefined;
    }
    return { bytes, etag: asset.etag, source: 'cache', loadedAt: asset.savedAt };
  }

  /** The server's program; `unchanged` when it is the one with `etag`, which may become known while the request is under way. Rejects with pack.unavailable, pack.untrusted, or pack.withdrawn (410, the kill switch). */
  async fetch(etag: Promise<string | undefined> = Promise.resolve(undefined)): Promise<Pack | 'unchanged'> {
    try {
      return await within(fetchTimeout, (signal) => this.#request(etag, signal));
    } catch (cause) {
      throw WaylineError.from(cause, 'pack.unavailable', { url: this.url });
    }
  }

  /** What was fetched; where what is kept is of no use after all, `unchanged` is no answer. What the device has is better than none. */
  async current(fetching: Promise<Pack | 'unchanged'>, caching: Promise<Pack | undefined>): Promise<Pack> {
    const pack = await fetching.catch(async (cause: unknown) => (await caching) ?? Promise.reject(cause));
    return pack === 'unchanged' ? ((await this.fetch()) as Pack) : pack;
  }

  /** The server says that the kept program is still its own: it may be used for as long again. */
  async confirm(pack: Pack): Promise<void> {
    if (Date.now() - pack.loadedAt > confirmationPause) await this.keep(pack);
  }

  /** Keeps a program that the engine has accepted: the last known good one from now on. */
  async keep(pack: Pack): Promise<void> {
    const bytes = pack.bytes.slice().buffer;
    const storage = await this.open();
    await storage.writeAsset(assetName, { bytes, etag: pack.etag, savedAt: Date.now() }).catch((cause: unknown) => this.report(WaylineError.from(cause, 'storage.failed')));
  }

  async #request(etag: Promise<string | undefined>, signal: AbortSignal): Promise<Pack | 'unchanged'> {
    const response = await this.#ask(signal);
    if (response.status === gone) {
      // This page goes on with what it finds on the device: it is deleted once it was read.
      await etag;
      await (await this.open()).removeAsset(assetName).catch(() => undefined);
      throw new WaylineError('pack.withdrawn', { url: this.url });
    }
    if (!response.ok) throw new WaylineError('pack.unavailable', { url: this.url, status: response.status });
    const current = response.headers.get('etag') ?? '';
    if (current !== '' && current === (await etag)) {
      return 'unchanged';
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    await this.#demandTrust(bytes, await this.#keptVersion());
    return { bytes, etag: current, source: 'network', loadedAt: Date.now() };
  }

  /** What the snippet asked for is the answer to the first question alone. */
  #ask(signal: AbortSignal): Promise<Answer> {
    const { begun } = this;
    this.begun = undefined;
    const request = (): Promise<Answer> => requestProgram(this.url, signal);
    return begun?.url === this.url ? begun.answer.catch(request) : request();
  }

  async #keptVersion(): Promise<number> {
    if (this.#keys.length === 0) return 0;
    const asset = await (await this.open()).readAsset(assetName).catch(() => undefined);
    return asset === undefined ? 0 : versionOf(new Uint8Array(asset.bytes));
  }

  async #demandTrust(bytes: Uint8Array<ArrayBuffer>, oldest: number): Promise<void> {
    if (this.#keys.length > 0) await demandTrust(bytes, this.#keys, oldest, this.report);
  }
}
