import type { JsonObject } from 'wayline';
import { forget, hasFields, keep, recall } from './memory.js';

/** The customer who is signed in on this device. */
export interface Account {
  readonly id: string;
  readonly first_name: string;
  readonly email: string;
  readonly tier: string;
}

function isAccount(value: unknown): value is Account {
  return hasFields(value, { id: 'string', first_name: 'string', email: 'string', tier: 'string' });
}

export function readAccount(): Account | null {
  return recall('account', isAccount);
}

export function keepAccount(account: Account): void {
  keep('account', account);
}

export function forgetAccount(): void {
  forget('account');
}

/** What the journeys may learn of the account, each trait with the system that it comes from. */
export function traitsOf({ first_name, email, tier }: Account): JsonObject {
  const observedAt = new Date().toISOString();
  const known = (value: string): JsonObject => ({ value, source: 'account', observedAt });
  return { first_name: known(first_name), email: known(email), tier: known(tier) };
}
