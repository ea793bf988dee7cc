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
 * The hash is in the address too, so that a cache never answers with another build. A browser gives out no byte of a response whose hash it
 * checks itself before it has all of them: where scripts can hash, the module is compiled while it streams in, and checked beside that.
 */
export async function fetchModule(url: string, signal: AbortSignal | null = null): Promise<CompiledModule> {
  const address = new URL(url);
  address.searchParams.set('v', integrity);
  const { subtle } = crypto as { readonly subtle?: SubtleCrypto };
  const response = await fetch(address, { integrity: subtle ? '' : integrity, credentials: 'omit', cache: 'force-cache', signal });
  if (!response.ok) throw new TypeError(`status ${response.status}`);
  if (!subtle) return compiled(await response.arrayBuffer());
  // Only what its server calls a module can be compiled so.
  const streaming = WebAssembly.compileStreaming(response.clone()).catch(() => undefined);
  const bytes = await response.arrayBuffer();
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes));
  if (`sha256-${btoa(String.fromCharCode(...hash))}` !== integrity) throw new TypeError('serve script and wasm of one build');
  const module = await streaming;
  return module === undefined ? compiled(bytes) : { bytes, module };
}

export async function compiled(bytes: ArrayBuffer): Promise<CompiledModule> {
  return { bytes, module: await WebAssembly.compile(bytes) };
}
