import { WaylineError } from '../errors/error.js';
import { IndexedDbStorage } from './indexed-db-storage.js';
import { KeyValueStorage, localTexts, memoryTexts } from './key-value-storage.js';
import { ResilientStorage } from './resilient-storage.js';
import type { ReportProblem, Storage } from './storage.js';

/** The best storage that this browser grants now: IndexedDB, else localStorage, else memory. What was missing is reported. */
export async function openStorage(name: string, report: ReportProblem): Promise<Storage> {
  try {
    return new ResilientStorage(await IndexedDbStorage.open(name, report), report);
  } catch (cause) {
    report(WaylineError.from(cause, 'storage.unavailable'));
  }
  try {
    const texts = localTexts(`${name}:`);
    texts.set('probe', '1');
    texts.remove('probe');
    return new ResilientStorage(new KeyValueStorage('localstorage', texts, report), report);
  } catch (cause) {
    report(WaylineError.from(cause, 'storage.unavailable', { storage: 'localstorage' }));
  }
  return memoryStorage(report);
}

/** Storage that ends with the page: for visitors who have not consented, and browsers that grant nothing. */
export function memoryStorage(report: ReportProblem): Storage {
  return new KeyValueStorage('memory', memoryTexts(), report);
}
