import { WaylineError } from '../errors/error.js';
import { within } from '../time/within.js';
import { Engine } from './engine.js';

/** From the request to the compiled module, over the slowest of phone networks; one that stalls would keep the page from ever asking again. */
const loadTimeout = 60_000;

declare const WAYLINE_WASM_INTEGRITY: string;

/** The device's copies of files that can be fetched again. */
export interface ByteCache {
  read(name: string): Promise<ArrayBuffer | undefined>;
  write(name: string, bytes: ArrayBuffer): Promise<void>;
}

export interface LoadedEngine {
  readonly engine: Engine;
  /** Keeps the module on the device, where it was not: for when the page has what it waits for. Never rejects. */
  readonly keep: () => Promise<unknown>;
}

/**
 * The engine of this build, from the device or the network, whichever is there first: offline the one, in a fresh browser the other.
 * Both are checked against the hash that the build wrote into the script. Rejects with engine.unavailable.
 */
export async function loadInBrowser(url: string, cache: ByteCache): Promise<LoadedEngine> {
  const name = `wasm:${WAYLINE_WASM_INTEGRITY}`;
  const stored = cache.read(name);
  const load = async (bytes: ArrayBuffer): Promise<LoadedEngine> => ({
    engine: await Engine.load(bytes),
    keep: () => stored.then<unknown>((known) => known ?? cache.write(name, bytes)).catch(() => undefined),
  });
  const fromDevice = stored.then((bytes) => (bytes === undefined ? Promise.reject(new WaylineError('engine.unavailable')) : load(bytes)));
  const fromNetwork = within(loadTimeout, async (signal) => load(await fetchModule(url, signal)));
  try {
    return await Promise.any([fromDevice, fromNetwork]);
  } catch (cause) {
    const [, network] = (cause as AggregateError).errors as unknown[];
    throw WaylineError.from(network, 'engine.unavailable', { url });
  }
}

/** The hash is in the address too, so that a cache never answers with another build. */
async function fetchModule(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const address = new URL(url);
  address.searchParams.set('v', WAYLINE_WASM_INTEGRITY);
  const response = await fetch(address, { integrity: WAYLINE_WASM_INTEGRITY, credentials: 'omit', cache: 'force-cache', signal });
  if (!response.ok) throw new WaylineError('engine.unavailable', { url, status: response.status });
  return response.arrayBuffer();
}
