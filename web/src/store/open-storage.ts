import { WaylineError } from '../errors/error.js';
import { IndexedDbStorage } from './indexed-db-storage.js';
import { KeyValueStorage, localTexts, memoryStorage } from './key-value-storage.js';
import { longestRest } from './limits.js';
import { ResilientStorage } from './resilient-storage.js';
import { consentSetting, type ReportProblem, type Storage } from './storage.js';

export interface Opening {
  /** This page is the first on the device, which it says before any database could: what follows needs not wait for one. */
  readonly isFirst: boolean;
  /** The best storage that this browser grants now: IndexedDB, else localStorage, else memory. What was missing is reported. On a first page it rests until it is asked for here. */
  readonly open: () => Promise<Storage>;
  /** Asks what earlier pages stored, once it is open; undefined when nothing can be there, which is known long before a new database is ready. */
  readonly ask: <T>(question: (storage: Storage) => Promise<T>) => Promise<T | undefined>;
}

export function openStorage(name: string, report: ReportProblem): Opening {
  let storage: Promise<Storage> | undefined;
  let tell!: (storage?: Storage) => void;
  const earlier = new Promise<Storage | undefined>((resolve) => (tell = resolve));
  const open = (): Promise<Storage> => (storage ??= openBest(name, report, tell).then((best) => (tell(best), best)));
  const first = isFirst(`${name}:known`);
  // A database that is made keeps the browser from what a first page waits for.
  if (first) setTimeout(open, longestRest);
  else void open();
  return { isFirst: first, open, ask: async (question) => (await earlier) && question(await open()) };
}

/** Where localStorage alone was cleared, or lost in a crash, a visitor is new for a moment, until the database is read. Where no mark can be left, nobody is. */
function isFirst(mark: string): boolean {
  try {
    if (localStorage.getItem(mark) !== null) return false;
    localStorage.setItem(mark, '1');
    return true;
  } catch {
    return false;
  }
}

async function openBest(name: string, report: ReportProblem, made: () => void): Promise<Storage> {
  const prefix = `${name}:`;
  try {
    const storage = new ResilientStorage(await IndexedDbStorage.open(name, report, made), report);
    await moveIn(storage, prefix, report).catch(() => undefined);
    return storage;
  } catch (cause) {
    report(WaylineError.from(cause, 'storage.unavailable'));
  }
  try {
    const texts = localTexts(prefix);
    texts.set('probe', '');
    texts.remove('probe');
    return new ResilientStorage(new KeyValueStorage('localstorage', texts, report), report);
  } catch (cause) {
    report(WaylineError.from(cause, 'storage.unavailable', { storage: 'localstorage' }));
  }
  return memoryStorage(report);
}

/**
 * The database opens again: what was kept in localStorage while it did not is moved. Choices made then are the later ones, events wait for their delivery,
 * and a profile goes on where the database has none. Without localStorage nothing was kept there.
 */
async function moveIn(storage: Storage, prefix: string, report: ReportProblem): Promise<void> {
  const texts = localTexts(prefix);
  const keys = texts.keys().filter((key) => /^(event|setting|profile)/.test(key));
  if (keys.length === 0) return;
  const left = new KeyValueStorage('localstorage', texts, report);
  const [events, profile, choices] = await Promise.all([left.oldest(Infinity, Infinity, new Set()), left.readProfile(), left.readSetting(consentSetting)]);
  const { kept } = await storage.commit((stored) => ({ events, choices, profile: (stored as { text?: string }).text ?? profile }), 'strict');
  if (kept === storage.kind) keys.forEach(texts.remove);
}
