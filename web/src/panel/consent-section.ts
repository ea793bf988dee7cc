import type { Inspection, WaylineClient } from '../client/wayline-client.js';
import { button, element } from './element.js';

function purposeSwitch(client: WaylineClient, purpose: string, granted: boolean): HTMLElement {
  const box = element('input', { type: 'checkbox', 'data-key': `consent ${purpose}`, checked: granted });
  box.addEventListener('change', () => void client.consent({ [purpose]: box.checked }));
  return element('li', {}, element('label', { class: 'switch' }, box, purpose));
}

export function consentSection(client: WaylineClient, { consent = {} }: Inspection): HTMLElement[] {
  const purposes = Object.entries(consent);
  return [
    purposes.length === 0
      ? element('p', { class: 'empty' }, 'The pack asks for no purposes.')
      : element('ul', {}, ...purposes.map(([purpose, granted]) => purposeSwitch(client, purpose, granted))),
    element('p', { class: 'why' }, 'Every purpose is denied until it is granted. What is withdrawn is deleted from the profile at once.'),
    element('div', { class: 'actions' }, button('Forget this visitor', { class: 'small', 'data-key': 'reset' }, () => void client.reset())),
  ];
}
