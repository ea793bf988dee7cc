/**
 * What the shop keeps on the device for itself: basket, account, case, privacy choices. Storage may be missing, full or
 * edited by hand, so reading never throws and whatever does not have the expected shape counts as absent.
 */
export function recall<T>(key: string, check: (value: unknown) => value is T): T | null {
  try {
    const text = localStorage.getItem(`hazel.${key}`);
    if (text === null) return null;
    const value: unknown = JSON.parse(text);
    return check(value) ? value : null;
  } catch {
    return null;
  }
}

/** False when the device refuses to keep it. */
export function keep(key: string, value: object): boolean {
  try {
    localStorage.setItem(`hazel.${key}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(`hazel.${key}`);
  } catch {
    // Storage is blocked: then nothing was kept either.
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True when every named field of `value` has the type that is named for it. */
export function hasFields(
  value: unknown,
  fields: Readonly<Record<string, 'string' | 'number' | 'boolean'>>,
): value is Record<string, unknown> {
  return isRecord(value) && Object.entries(fields).every(([name, type]) => typeof value[name] === type);
}
