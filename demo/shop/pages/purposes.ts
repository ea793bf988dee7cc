import type { Markup } from '../html.js';
import { html } from '../html.js';

/** The consent purposes of demo/pack/site.json, in the words that a customer reads. */
const purposes = [
  { id: 'analytics', label: 'Statistics', text: 'Count visits and orders, to see what works.' },
  { id: 'personalization', label: 'Personal offers', text: 'Use your account and membership to choose what you see.' },
  { id: 'service', label: 'Service', text: 'Let our service desk see where you are stuck.' },
] as const;

export function purposeChoices(form: string): Markup {
  return html`<ul class="purposes">
              ${purposes.map(({ id, label, text }) => html`<li><label class="choice" for="${form}-${id}"><input type="checkbox" id="${form}-${id}" name="${id}"><span><strong>${label}</strong><br>${text}</span></label></li>
              `)}
            </ul>`;
}
