declare const WAYLINE_WASM_INTEGRITY: string;

/** Names the engine of this build. */
export const integrity = WAYLINE_WASM_INTEGRITY;

export interface CompiledModule {
  readonly bytes: ArrayBuffer;
  readonly module: WebAssembly.Module;
}

/** A module that was asked for before the script was there. */
export interface BegunModule {
  readonly url: string;
  readonly compiled: Promise<CompiledModule>;
}

/**
 * The hash is in the address too, so that a cache never answers with another build. Nothing is compiled while it streams in: a browser gives
 * out no byte of a response whose hash it checks before it has all of them.
 */
export async function fetchModule(url: string, signal: AbortSignal | null = null): Promise<CompiledModule> {
  const address = new URL(url);
  address.searchParams.set('v', integrity);
  const response = await fetch(address, { integrity, credentials: 'omit', cache: 'force-cache', signal });
  if (!response.ok) throw new TypeError(`status ${response.status}`);
  return compiled(await response.arrayBuffer());
}

export async function compiled(bytes: ArrayBuffer): Promise<CompiledModule> {
  return { bytes, module: await WebAssembly.compile(bytes) };
}
