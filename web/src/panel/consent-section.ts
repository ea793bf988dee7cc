import type { Inspection, WaylineClient } from '../client/wayline-client.js';
import { button, element } from './element.js';

function purposeSwitch(client: WaylineClient, purpose: string, granted: boolean, live: boolean): HTMLElement {
  const box = element('input', { type: 'checkbox', 'data-key': `consent ${purpose}`, checked: granted, disabled: !live });
  box.addEventListener('change', () => void client.consent({ [purpose]: box.checked }));
  return element('li', {}, element('label', { class: 'switch' }, box, purpose));
}

/** What the visitor agreed to; to be changed only where it is now. */
export function consentSection(client: WaylineClient, { consent = {} }: Inspection, live: boolean): HTMLElement[] {
  const purposes = Object.entries(consent);
  return [
    purposes.length === 0
      ? element('p', { class: 'empty' }, 'The pack asks for no purposes.')
      : element('ul', { class: 'switches' }, ...purposes.map(([purpose, granted]) => purposeSwitch(client, purpose, granted, live))),
    ...(live ? [element('div', { class: 'actions' }, button('Forget this visitor', { class: 'small', 'data-key': 'reset' }, () => void client.reset()))] : []),
  ];
}
