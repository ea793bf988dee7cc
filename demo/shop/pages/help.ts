import type { Markup } from '../html.js';
import { html } from '../html.js';
import type { Page } from './layout.js';
import { rating } from './rating.js';

const answers: readonly (readonly [id: string, question: string, answer: string])[] = [
  ['delivery', 'How long does delivery take?', 'Two to four days in the European Union, a week elsewhere. Delivery is free from $80, otherwise $5.'],
  ['returns', 'How do I send something back?', 'Use the label in the parcel within 30 days. We refund on the day it reaches us, and we never ask why.'],
  ['sizes', 'Which size do I take?', 'Lay a pair or a blouse you like flat and measure across: waist 34 cm is our 36, 36 cm is our 38, and so on by two. Alterations are free from $50.'],
  ['care', 'How do I wash it?', 'The label says 30° for nearly everything. Cold water and a hanger add years.'],
];

function questions(): Markup {
  return html`<section aria-labelledby="questions">
        <h2 id="questions">Questions we hear most</h2>
        ${answers.map(([id, question, answer]) => html`<details class="answer" id="${id}"><summary>${question}</summary><p>${answer}</p></details>
        `)}
      </section>`;
}

function caseForm(): Markup {
  return html`<section class="panel-card" id="case" aria-labelledby="case-title">
        <h2 id="case-title">Something went wrong</h2>
        <p>Open a case and one person stays with it until it is solved.</p>
        <form class="stack" data-case-form>
          <p class="field"><label for="topic">What is it about?</label>
            <select id="topic" name="topic" required>
              <option value="">Choose a topic</option>
              <option value="delivery">My parcel is late or lost</option>
              <option value="quality">Something is torn or badly sewn</option>
              <option value="return">A return or a refund</option>
              <option value="other">Something else</option>
            </select></p>
          <p class="field"><label for="message">What happened?</label><textarea id="message" name="message" rows="4" required></textarea></p>
          <button class="button" type="submit">Open a case</button>
        </form>
        <div data-case hidden>
          <p class="case-line"><strong data-case-title></strong><span data-case-status></span></p>
          <form class="stack" data-case-update>
            <p class="field"><label for="note">Add to the case</label><textarea id="note" name="note" rows="2" required></textarea></p>
            <button class="button button-plain" type="submit">Send</button>
          </form>
          <form class="stack" data-case-close>
            ${rating('Is it solved? Close the case and say how we did.')}
            <button class="button" type="submit">Close the case</button>
          </form>
        </div>
        <p class="field-note" role="status" data-case-message></p>
      </section>`;
}

function shopper(): Markup {
  return html`<section class="panel-card" id="shopper" aria-labelledby="shopper-title">
        <h2 id="shopper-title">A personal shopper</h2>
        <p>Tell us what you are looking for. A stylist picks eight pieces from the shop for you and writes back, usually within four hours.</p>
        <form class="stack" data-shopper-form>
          <p class="field"><label for="wish">What are you looking for?</label><textarea id="wish" name="wish" rows="3" required></textarea></p>
          <button class="button" type="submit">Ask a stylist</button>
        </form>
        <p class="field-note" role="status" data-shopper-message></p>
      </section>`;
}

const desk: Markup = html`<details class="desk" data-desk>
        <summary>Play the other side of the counter</summary>
        <p>In a live shop these come from the service desk and the stylists’ own systems. Here you can send them yourself.</p>
        <p class="desk-actions">
          <button class="button button-plain" type="button" data-desk-event="Case Updated">Service writes back</button>
          <button class="button button-plain" type="button" data-desk-event="Handoff Acknowledged">A stylist takes over</button>
          <button class="button button-plain" type="button" data-desk-event="Hold Placed">A stylist asks for silence</button>
          <button class="button button-plain" type="button" data-desk-event="Hold Released">The silence ends</button>
          <button class="button button-plain" type="button" data-desk-event="Consultation Completed">The stylist is done</button>
        </p>
        <p class="field-note" role="status" data-desk-message></p>
      </details>`;

export const help: Page = {
  path: '/help',
  kind: 'help',
  title: 'Help | Hazel',
  description: 'Delivery, returns, sizes, and a person to talk to.',
  main: html`<div class="narrow help">
      <h1>Help</h1>
      <div class="note" data-wayline-slot="help-note"><p>We answer every message within one working day, in Polish and English.</p></div>
      <div class="help-columns">
        ${questions()}
        <div class="stack-wide">
          ${caseForm()}
          ${shopper()}
          ${desk}
        </div>
      </div>
    </div>`,
};
