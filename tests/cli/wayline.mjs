// The command line as a user has it: the program, in a folder of its own.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, wayline as binary } from '../support/built.mjs';

accessSync(binary, constants.X_OK); // else every transcript would say that there is no program

/** The packs and data of the transcripts. */
export const samples = join(root, 'tests/golden/cli');

const limit = 60_000; // milliseconds: the slowest command takes one on an idle machine
const outputLimit = 64 * 1024 * 1024;

/** A folder that goes away with the test. */
export function temporaryFolder(context) {
  const folder = mkdtempSync(join(tmpdir(), 'wayline-cli-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the samples that a test may write into. */
export function copyOfSamples(context) {
  const folder = temporaryFolder(context);
  cpSync(samples, folder, { recursive: true });
  return folder;
}

/** Runs the program; `input` is its standard input. */
export function wayline(parameters, { input = '', cwd = samples } = {}) {
  const { status, signal, stdout, stderr, error } = spawnSync(binary, parameters, { cwd, input, encoding: 'utf8', timeout: limit, maxBuffer: outputLimit });
  // A command that refuses its input does not read it to the end.
  if (error && error.code !== 'EPIPE') throw error;
  return { status, signal, stdout, stderr, lines: stdout.split('\n').slice(0, -1) };
}

/** As wayline(), the standard output being one line of JSON. */
export function waylineJson(parameters, options) {
  const { status, stdout } = wayline([...parameters, '--json'], options);
  return { status, value: JSON.parse(stdout) };
}

/** Runs a line of a shell in a folder, `wayline` being on the PATH; both streams in the order in which they were written. */
export function shell(command, cwd) {
  const script = `exec 2>&1; wayline() { "$WAYLINE_BINARY" "$@"; }\n${command}`;
  const environment = { ...process.env, WAYLINE_BINARY: binary, LC_ALL: 'C.UTF-8' };
  const { status, stdout, error } = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8', env: environment, timeout: limit, maxBuffer: outputLimit });
  if (error) throw error;
  return { status, output: stdout };
}
