declare const WAYLINE_WASM_INTEGRITY: string;

/** Names the engine of this build. */
export const integrity = WAYLINE_WASM_INTEGRITY;

export interface CompiledModule {
  readonly module: WebAssembly.Module;
  /** What it was compiled of: from the browser's own cache, where that keeps it. */
  readonly bytes: () => Promise<ArrayBuffer>;
}

/** A module that was asked for before the script was there. */
export interface BegunModule {
  readonly url: string;
  readonly compiled: Promise<CompiledModule>;
}

/**
 * The hash is in the address too, so that a cache never answers with another build. The browser checks it and compiles what it has checked,
 * neither of which takes a task of the page; reading the bytes as well would, so whoever needs them asks for them when there is time.
 */
export async function fetchModule(url: string, signal: AbortSignal | null = null): Promise<CompiledModule> {
  const address = new URL(url);
  address.searchParams.set('v', integrity);
  const ask = (hash: string, cache: RequestCache = 'force-cache'): Promise<Response> => fetch(address, { integrity: hash, credentials: 'omit', cache, signal });
  // What was answered while the server had no engine yet, or another one, may be kept by the cache for ever.
  const asked = ask(integrity).catch(() => ask(integrity, 'reload'));
  const response = await asked.catch(async () => {
    // A browser does not say why, and an error's page has another hash as well.
    const { ok, status } = await ask('');
    throw new TypeError(ok ? 'serve script and wasm of one build' : `status ${status}`);
  });
  const bytes = async (): Promise<ArrayBuffer> => (await ask(integrity)).arrayBuffer();
  // Only what its server calls a module can be compiled so.
  const module = await WebAssembly.compileStreaming(response).catch(async () => WebAssembly.compile(await bytes()));
  return { module, bytes };
}
