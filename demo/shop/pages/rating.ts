import type { Markup } from '../html.js';
import { html } from '../html.js';

/** One to five, as a form field `rating`. */
export function rating(question: string): Markup {
  return html`<fieldset class="rating"><legend>${question}</legend>
              <div class="stars">
                ${[1, 2, 3, 4, 5].map((value) => html`<label><input type="radio" name="rating" value="${value}" required><span>${value}</span></label>
                `)}
              </div>
            </fieldset>`;
}
