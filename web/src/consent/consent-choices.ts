/** Purposes and whether they are granted. */
export type Purposes = Readonly<Record<string, boolean>>;

/** Name of the setting on the device that holds them: they outlive a profile that may not be stored. */
export const consentSetting = 'consent';

/** Whether the browser sends Global Privacy Control. */
export function asksForPrivacy(): boolean {
  return (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true;
}

/** The choices with the purposes `denied` refused, as Global Privacy Control asks. */
export function withDenied(purposes: Purposes, denied: readonly string[]): Purposes {
  const refused = Object.fromEntries(denied.filter((purpose) => purpose in purposes).map((purpose) => [purpose, false]));
  return { ...purposes, ...refused };
}

/** Choices read back from the device, where anybody can write; only real booleans count. */
export function readPurposes(text: string | undefined): Purposes {
  if (text === undefined) return {};
  try {
    const stored: unknown = JSON.parse(text);
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
  } catch {
    return {};
  }
}
