// A site's code in TypeScript, strict: every entry of the package, used as its documentation says. The lines marked as errors must be errors.
import { createClient, WaylineError, type Decision, type Previews, type WaylineClient } from 'wayline';
import { followConsent } from 'wayline/consent';
import { globalPrivacyControl } from 'wayline/consent/gpc';
import { googleConsent } from 'wayline/consent/google';
import { tcfConsent } from 'wayline/consent/tcf';
import { Engine, Program, Session, type StepOutput } from 'wayline/engine';
import { WaylineProvider } from 'wayline/openfeature';
import { showPanel } from 'wayline/panel';
import { Slot, useSlot } from 'wayline/react';
import { OpenFeature } from '@openfeature/web-sdk';
import { createElement, type ReactElement } from 'react';

const client: WaylineClient = createClient({ pack: '/v1/pack', endpoint: '/v1', writeKey: 'shop', wasm: '/wayline.wasm' });
// @ts-expect-error the address of the wasm is needed
createClient({ pack: '/v1/pack', endpoint: '/v1', writeKey: 'shop' });

const decision: Decision = client.decide('hero');
export const text: string | undefined = decision.content?.text;
// @ts-expect-error no reason has this name
export const wrong: boolean = decision.reason === 'because';
client.on('error', ({ code }) => code === 'pack.unavailable');
const previews: Previews = client.explain('hero').previews;
client.force({ greeting: previews['greeting']?.[0] ?? 'a' });
// @ts-expect-error a variant is named by its id
client.force({ greeting: 2 });
const journey = client.inspect().journeys?.['interest'];
export const handoff: string | undefined = journey?.handoff?.id;
// @ts-expect-error whoever never entered a journey is in none of its stages
export const stage: string | undefined = journey?.stage;
export const withheld: string | undefined = decision.withheld;
// @ts-expect-error there is no such event
client.on('errors', () => undefined);

(window.wayline ??= []).push(['track', 'Product Viewed', { category: 'skirts' }]);
// @ts-expect-error no method has this name
(window.wayline ??= []).push(['trak', 'Product Viewed']);
document.addEventListener('wayline:content', ({ detail }) => detail?.content.json);
document.addEventListener('wayline:error', ({ detail }) => detail.code === 'sdk.bad_configuration');
// @ts-expect-error no code has this name
document.addEventListener('wayline:error', ({ detail }) => detail.code === 'sdk.wrong');

export const failed = new WaylineError('sdk.bad_call', { message: 'no' });

export const stop: () => void = followConsent(client, [
  googleConsent({ analytics: 'analytics_storage', personalization: ['ad_user_data', 'ad_personalization'] }, { region: 'PL' }),
  tcfConsent({ analytics: [1, 8] }, { vendor: 755 }),
  globalPrivacyControl(['personalization']),
]);

export async function decideOnTheServer(wasm: Uint8Array<ArrayBuffer>, pack: Uint8Array): Promise<StepOutput> {
  const session = Session.create(Program.load(await Engine.load(wasm), pack), 'visitor');
  return session.step({ at: Date.now(), page: { url: 'https://shop.example/' } });
}

export async function flags(): Promise<boolean> {
  await OpenFeature.setProviderAndWait(new WaylineProvider(client));
  return OpenFeature.getClient().getBooleanValue('hero', false);
}

interface OfferProps {
  readonly title: string;
}

const Offer = ({ title }: OfferProps): ReactElement => createElement('h2', {}, title);

export function Hero(): ReactElement {
  const { decision: shown, attributes } = useSlot('hero', client);
  return createElement('section', attributes, shown?.content.text ?? createElement(Slot, { name: 'note', as: 'p', className: 'note' }, 'Default'));
}
export function Card(): ReactElement {
  const { decision: shown, attributes } = useSlot<OfferProps>('card');
  return createElement('section', attributes, shown === null ? 'Default' : createElement(Offer, { ...shown.content.json }));
}
// @ts-expect-error a slot needs its name
export const nameless = createElement(Slot, {}, 'Default');

export const close: () => void = showPanel(client);
