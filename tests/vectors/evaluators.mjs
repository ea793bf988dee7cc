// The two ways to evaluate a line of `wayline eval`: the native command and the studio's WebAssembly module.
// Both take lines and give lines, so one set of vectors runs through either.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, wayline } from '../support/built.mjs';

const studio = join(build, 'web/wayline-studio.wasm');
const outputLimit = 1 << 30;

/** Answers of the native command, one for each line. */
function evaluateNatively(lines) {
  const run = spawnSync(wayline, ['eval'], { input: lines.map((line) => `${line}\n`).join(''), maxBuffer: outputLimit });
  if (run.error) throw run.error;
  if (run.signal) throw new Error(`wayline eval was ended by ${run.signal}: ${run.stderr}`);
  const answers = run.stdout.toString().split('\n').slice(0, -1);
  if (answers.length !== lines.length) throw new Error(`${lines.length} lines gave ${answers.length} answers: ${run.stderr}`);
  return answers;
}

/** What a stand-alone module imports: it tells when its memory grew, which nobody needs to know; the rest is never called. */
function importsOf(module) {
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => {
      if (name !== 'emscripten_notify_memory_growth') throw new Error(`the module called ${from}.${name}`);
    };
  }
  return imports;
}

/** Answers of the studio module, one for each line. */
function evaluateInWasm(lines) {
  const module = new WebAssembly.Module(readFileSync(studio));
  const engine = new WebAssembly.Instance(module, importsOf(module)).exports;
  engine._initialize?.();
  return lines.map((line) => {
    const bytes = Buffer.from(line, 'utf8');
    const pointer = engine.wayline_allocate(bytes.length);
    if (pointer === 0) throw new Error(`${bytes.length} bytes were refused`);
    Buffer.from(engine.memory.buffer).set(bytes, pointer);
    engine.wayline_studio_eval(pointer, bytes.length);
    engine.wayline_release(pointer, bytes.length);
    const start = engine.wayline_output_pointer();
    return Buffer.from(engine.memory.buffer).subarray(start, start + engine.wayline_output_size()).toString('utf8');
  });
}

export const evaluators = { native: evaluateNatively, wasm: evaluateInWasm };

/** JSON with sorted keys, as the engine writes it: what JSON does not know is null. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${Array.from(value, canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null) ?? 'null';
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}
