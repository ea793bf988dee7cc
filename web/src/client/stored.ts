import { readPurposes, type Purposes } from '../consent/consent-choices.js';
import { consentSetting, type Storage } from '../store/storage.js';

/** What earlier pages left on the device. */
export interface Stored {
  readonly profile?: string | undefined;
  readonly choices?: Purposes | undefined;
  /** Events not delivered yet. */
  readonly waiting: number;
}

export const nothingStored: Stored = { waiting: 0 };

export async function readStored(storage: Storage): Promise<Stored> {
  const [profile, choices, waiting] = await Promise.all([storage.readProfile().catch(() => undefined), storage.readSetting(consentSetting), storage.count()]);
  return { profile, choices: readPurposes(choices), waiting };
}
