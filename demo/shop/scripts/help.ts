import type { JsonObject } from 'wayline';
import { forget, hasFields, keep, recall } from './memory.js';
import { fieldText, find, findAll, onSubmit } from './page.js';
import { pendingHandoff, track } from './wayline.js';

interface Case {
  readonly case_id: string;
  readonly topic: string;
}

function isCase(value: unknown): value is Case {
  return hasFields(value, { case_id: 'string', topic: 'string' });
}

const topics: Readonly<Record<string, string>> = {
  delivery: 'A late or lost parcel',
  quality: 'A torn or badly sewn piece',
  return: 'A return or a refund',
  other: 'Something else',
};

/** The forms of a customer: a case is opened, added to and closed. */
class CaseForms {
  private readonly openForm = find('[data-case-form]', HTMLFormElement);
  private readonly view = find('[data-case]', HTMLElement);
  private readonly updateForm = find('[data-case-update]', HTMLFormElement);
  private readonly closeForm = find('[data-case-close]', HTMLFormElement);
  private readonly message = find('[data-case-message]', HTMLElement);

  start(): void {
    this.show();
    onSubmit(this.openForm, async () => {
      const opened: Case = { case_id: `S-${crypto.randomUUID().slice(0, 6).toUpperCase()}`, topic: fieldText(this.openForm, 'topic') };
      keep('case', opened);
      this.openForm.reset();
      this.show();
      this.message.textContent = 'Your case is open. One person stays with it.';
      await track('Case Opened', { ...opened });
    });
    onSubmit(this.updateForm, async () => {
      this.updateForm.reset();
      this.message.textContent = 'Added to your case.';
      await track('Case Updated', { ...this.current(), by: 'customer' });
    });
    onSubmit(this.closeForm, async () => {
      const closed = this.current();
      const rating = Number(fieldText(this.closeForm, 'rating'));
      forget('case');
      this.closeForm.reset();
      this.show();
      this.message.textContent = rating >= 4 ? 'Closed. Thank you, we will tell the team.' : 'Closed. We will look at what we could have done better.';
      await track('Case Closed', { ...closed, rating });
    });
  }

  /** With empty texts when no case is open. */
  current(): Case {
    const { case_id, topic } = recall('case', isCase) ?? { case_id: '', topic: '' };
    return { case_id, topic };
  }

  private show(): void {
    const known = recall('case', isCase);
    this.openForm.hidden = known !== null;
    this.view.hidden = known === null;
    if (known === null) return;
    find('[data-case-title]', HTMLElement).textContent = `Case ${known.case_id}`;
    find('[data-case-status]', HTMLElement).textContent = topics[known.topic] ?? known.topic;
  }
}

function deskProperties(event: string, forms: CaseForms): JsonObject {
  switch (event) {
    case 'Case Updated': return { ...forms.current(), by: 'service' };
    case 'Handoff Acknowledged': return { by: 'Ewa', handoff: pendingHandoff('personal-shopper') };
    case 'Hold Placed': return { by: 'sales', scope: 'team:marketing', reason: 'Ewa is in contact', expires: '14d' };
    case 'Hold Released': return { by: 'sales' };
    default: return { by: 'Ewa' };
  }
}

/** Events that in a live shop come from the service desk's and the stylists' own systems. */
function startDesk(forms: CaseForms): void {
  const message = find('[data-desk-message]', HTMLElement);
  for (const button of findAll('[data-desk-event]', HTMLButtonElement)) {
    button.addEventListener('click', () => {
      const event = button.dataset['deskEvent'] ?? '';
      message.textContent = `Sent: ${event}.`;
      void track(event, deskProperties(event, forms));
    });
  }
}

export function startHelp(): void {
  const forms = new CaseForms();
  forms.start();
  startDesk(forms);
  const form = find('[data-shopper-form]', HTMLFormElement);
  onSubmit(form, async () => {
    const wish = fieldText(form, 'wish');
    form.reset();
    find('[data-shopper-message]', HTMLElement).textContent = 'Thank you. A stylist has your request and writes back, usually within four hours.';
    await track('Personal Shopper Requested', { words: wish.split(/\s+/u).length });
  });
  const target = location.hash === '' ? null : document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
