// Entry of wayline/consent/gpc: Global Privacy Control, which browsers send for visitors who refuse.
import { asksForPrivacy } from '../../consent/consent-choices.js';
import type { ConsentSource } from './follow-consent.js';

/** Refuses these purposes where the browser asks for privacy, whatever other sources grant. */
export function globalPrivacyControl(purposes: readonly string[]): ConsentSource {
  return (say) => {
    if (asksForPrivacy()) say(Object.fromEntries(purposes.map((purpose) => [purpose, false])));
    return () => undefined;
  };
}
