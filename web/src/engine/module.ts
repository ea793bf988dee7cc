import { WaylineError } from '../errors/error.js';
import type { RawExports, RawStudioExports } from './raw-exports.js';

/** The version of the binding that this script speaks; wasm/README.md. */
const abiVersion = 5;

/** An instance of its own memory. Synchronous: the module is compiled already. */
export function instantiate(module: WebAssembly.Module): RawExports & Partial<RawStudioExports> {
  let raw: RawExports & Partial<RawStudioExports>;
  try {
    raw = new WebAssembly.Instance(module, imports).exports as unknown as RawExports & Partial<RawStudioExports>;
    raw._initialize();
  } catch (cause) {
    throw WaylineError.from(cause, 'engine.unavailable');
  }
  const version = raw.wayline_abi_version();
  if (version !== abiVersion) throw new WaylineError('engine.incompatible', { version });
  return raw;
}

// All that the stand-alone module asks of its host.
const imports = {
  env: { emscripten_notify_memory_growth: () => undefined },
  wasi_snapshot_preview1: {
    proc_exit: (status: number) => {
      throw new WaylineError('engine.crashed', { status });
    },
  },
};
