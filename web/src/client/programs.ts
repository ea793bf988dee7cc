import type { Engine } from '../engine/engine.js';
import { Program } from '../engine/program.js';
import { WaylineError } from '../errors/error.js';
import type { Pack, PackSource } from '../pack/pack-source.js';
import { programIn } from '../pack/signature.js';
import type { ReportProblem } from '../store/storage.js';
import type { Visitor } from './visitor.js';
import type { PackStatus } from './wayline-client.js';

/** A pack whose program the engine has accepted. */
export interface LoadedPack {
  readonly pack: Pack;
  readonly program: Program;
}

/** Undefined, and reported, when the engine refuses it. */
export function loadPack(engine: Engine, pack: Pack, report: ReportProblem): LoadedPack | undefined {
  try {
    return { program: Program.load(engine, programIn(pack.bytes)), pack };
  } catch (cause) {
    report(WaylineError.from(cause, 'program.malformed', { source: pack.source }));
    return undefined;
  }
}

function statusOf({ program, pack: { source, loadedAt } }: LoadedPack): PackStatus {
  return { hash: program.facts.hash, source, loadedAt };
}

/** What the page decides by, and what it goes on with: a newer program is used from the next page view on, for what is shown now is not rewritten. */
export class Programs {
  /** Of the program in use. */
  status: PackStatus;
  readonly #source: PackSource;
  readonly #load: (pack: Pack) => LoadedPack | undefined;
  #next: LoadedPack | undefined;

  /** `load` is loadPack() for the page's engine. */
  constructor(source: PackSource, load: (pack: Pack) => LoadedPack | undefined, first: LoadedPack) {
    this.#source = source;
    this.#load = load;
    this.status = statusOf(first);
  }

  /** Whether the next page view is decided by another program. */
  get outdated(): boolean {
    return this.#next !== undefined;
  }

  /** Holds what was fetched ready for the next page view, and on the device. */
  async renew(known: Pack, fetching: Promise<Pack | 'unchanged'>): Promise<void> {
    const pack = await fetching;
    if (pack === 'unchanged') return this.#source.confirm(known);
    if (this.#prepare(pack)) await this.#source.keep(pack);
  }

  /** Holds the program of a newer tab ready, which keeps it on the device before the first event. Whether there is one. */
  async catchUp(): Promise<boolean> {
    const pack = await this.#source.cached();
    return pack !== undefined && pack.loadedAt > this.status.loadedAt && this.#prepare(pack);
  }

  /** Goes on with the newer program, if there is one. */
  change(visitor: Visitor): void {
    const next = this.#next;
    this.#next = undefined;
    if (next === undefined) return;
    visitor.use(next.program, next.pack.loadedAt);
    this.status = statusOf(next);
  }

  #prepare(pack: Pack): boolean {
    const next = this.#load(pack);
    this.#next = next ?? this.#next;
    return next !== undefined;
  }
}
