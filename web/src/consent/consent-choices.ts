/** Purposes and whether they are granted. */
export type Purposes = Readonly<Record<string, boolean>>;

/** Whether the browser sends Global Privacy Control. */
export function asksForPrivacy(): boolean {
  return (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true;
}

/** The choices with the purposes `denied` refused, as Global Privacy Control asks. */
export function withDenied(purposes: Purposes, denied: readonly string[]): Purposes {
  const refused = Object.fromEntries(denied.filter((purpose) => purpose in purposes).map((purpose) => [purpose, false]));
  return { ...purposes, ...refused };
}

/** Choices read back from the device, where anybody can write: only real booleans count. Undefined when there are none. */
export function readPurposes(text: string | undefined): Purposes | undefined {
  try {
    const stored = Object.entries(JSON.parse(text as string) as object);
    const choices = stored.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean');
    return choices.length > 0 ? Object.fromEntries(choices) : undefined;
  } catch {
    return undefined;
  }
}
