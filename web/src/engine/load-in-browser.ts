import { WaylineError } from '../errors/error.js';
import { within } from '../time/within.js';
import { Engine } from './engine.js';
import { fetchModule, integrity, type BegunModule, type CompiledModule } from './fetch-module.js';

/** From the request to the compiled module, over the slowest of phone networks; one that stalls would keep the page from ever asking again. */
const loadTimeout = 60_000;

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
 * The network's is checked against the hash that the build wrote into the script; the device's was, and is kept under that hash with a checksum.
 * Rejects with engine.unavailable.
 */
export async function loadInBrowser(url: string, cache: ByteCache, begun?: BegunModule): Promise<LoadedEngine> {
  const name = `wasm:${integrity}`;
  const stored = cache.read(name);
  const fromDevice = stored.then(async (bytes) => (bytes === undefined ? Promise.reject<CompiledModule>() : { module: await WebAssembly.compile(bytes), bytes: async () => bytes }));
  const fromNetwork = within(loadTimeout, (signal) => {
    const request = (): Promise<CompiledModule> => fetchModule(url, signal);
    return begun?.url === url ? begun.compiled.catch(request) : request();
  });
  const { bytes, module } = await Promise.any([fromDevice, fromNetwork]).catch(({ errors: [, network] }: AggregateError): never => {
    throw WaylineError.from(network, 'engine.unavailable', { url });
  });
  return { engine: new Engine(module), keep: () => stored.then<unknown>(async (known) => known ?? cache.write(name, await bytes())).catch(() => undefined) };
}
