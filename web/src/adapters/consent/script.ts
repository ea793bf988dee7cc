// Entry of wayline-consent.js: the consent adapters for pages that use the script tag. Its own tag says which, and what they mean.
import type { Purposes } from '../../consent/consent-choices.js';
import { WaylineError } from '../../errors/error.js';
import type { QueuedCall, WaylineClient } from '../../client/wayline-client.js';
import { followConsent, type ConsentSource, type ConsentTaker } from './follow-consent.js';
import { googleConsent } from './google.js';
import { globalPrivacyControl } from './gpc.js';
import { tcfConsent } from './tcf.js';

/** `window.wayline`: a queue of calls until the SDK is there, then the client. */
const current = (): QueuedCall[] | WaylineClient => (window.wayline ??= []);

/** The client of this page, now or later: what is said before it comes waits in its queue, consent first. */
const taker: ConsentTaker = {
  ready: new Promise((resolve) => {
    const wayline = current();
    if (Array.isArray(wayline)) wayline.push(['on', 'ready', resolve]);
    else void wayline.ready.then(resolve);
  }),
  consent: (purposes: Purposes) => {
    const wayline = current();
    if (!Array.isArray(wayline)) return wayline.consent(purposes);
    wayline.push(['consent', purposes]);
    return taker.ready;
  },
  inspect: () => {
    const wayline = current();
    return Array.isArray(wayline) ? {} : wayline.inspect();
  },
};

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** `analytics=1,8 personalization=5` as purposes with what each needs. */
function mapping(name: string, text: string): Record<string, readonly string[]> {
  const entries = words(text).map((word): [string, string[]] => {
    const [purpose = '', needed = ''] = word.split('=');
    if (!/^[^=]+=[^=,]+(,[^=,]+)*$/.test(word)) throw badTag(`data-${name} takes purpose=name,name, not "${word}"`);
    return [purpose, needed.split(',')];
  });
  return Object.fromEntries(entries);
}

function numbers(name: string, needed: readonly string[]): number[] {
  return needed.map((text) => {
    if (!/^\d+$/.test(text)) throw badTag(`data-${name} takes numbers, not "${text}"`);
    return Number(text);
  });
}

function sourcesOf({ google, googleLayer, googleRegion, tcf, tcfVendor, tcfOutside, gpc }: DOMStringMap): ConsentSource[] {
  const sources: ConsentSource[] = [];
  if (google !== undefined) sources.push(googleConsent(mapping('google', google), { dataLayer: googleLayer ?? 'dataLayer', region: googleRegion ?? '' }));
  if (tcf !== undefined) {
    const purposes = Object.fromEntries(Object.entries(mapping('tcf', tcf)).map(([purpose, needed]) => [purpose, numbers('tcf', needed)]));
    const [vendor] = numbers('tcf-vendor', tcfVendor === undefined ? [] : [tcfVendor]);
    const missing = (): void => report(badTag('data-tcf is given, and no __tcfapi came'));
    sources.push(tcfConsent(purposes, { missing, ...(vendor === undefined ? {} : { vendor }), ...(tcfOutside === 'granted' ? { outsideGdpr: 'granted' } : {}) }));
  }
  if (gpc !== undefined) sources.push(globalPrivacyControl(words(gpc)));
  if (sources.length === 0) throw badTag('one of data-google, data-tcf and data-gpc is needed');
  return sources;
}

function badTag(message: string): WaylineError {
  return new WaylineError('sdk.bad_configuration', { message });
}

function report({ code, message }: WaylineError): void {
  document.dispatchEvent(new CustomEvent('wayline:error', { detail: { code, message } }));
}

try {
  const tag = document.currentScript;
  if (tag instanceof HTMLScriptElement) followConsent(taker, sourcesOf(tag.dataset));
} catch (cause) {
  report(WaylineError.from(cause, 'sdk.bad_configuration'));
}
