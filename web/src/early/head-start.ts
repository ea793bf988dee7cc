import { fetchModule, type BegunModule } from '../engine/fetch-module.js';
import { requestWholeProgram, type BegunProgram } from '../pack/request-program.js';

/** The program and the engine, asked for by the snippet while the script is on its way. */
export interface HeadStart {
  readonly program: BegunProgram;
  readonly module: BegunModule;
}

/** What fails is asked for again by the script, which says what went wrong. */
export function headStart(pack: string, wasm: string): HeadStart {
  const compiled = fetchModule(wasm);
  const answer = requestWholeProgram(pack);
  for (const begun of [answer, compiled]) begun.catch(() => undefined);
  return { program: { url: pack, answer }, module: { url: wasm, compiled } };
}
