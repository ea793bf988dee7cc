import { readAccount, traitsOf } from './account-store.js';
import { hasFields, keep, recall } from './memory.js';
import { create, findAll, onSubmit } from './page.js';
import { consent, identify } from './wayline.js';

/** The purposes of demo/pack/site.json. Remembering the choice itself is strictly necessary, so it needs none. */
const purposes = ['analytics', 'personalization', 'service'] as const;

type Choices = Readonly<Record<(typeof purposes)[number], boolean>>;

function isChoices(value: unknown): value is Choices {
  return hasFields(value, { analytics: 'boolean', personalization: 'boolean', service: 'boolean' });
}

function choices(pick: (purpose: string) => boolean): Choices {
  return { analytics: pick('analytics'), personalization: pick('personalization'), service: pick('service') };
}

/** Traits that came without consent were not kept, so after a choice the account is told again. */
async function decide(chosen: Choices): Promise<void> {
  keep('privacy', chosen);
  await consent(chosen);
  const account = readAccount();
  if (account !== null) await identify(account.id, traitsOf(account));
}

/** Shows the choices made so far and saves what the visitor changes. */
export function bindConsentForm(form: HTMLFormElement, status: HTMLElement): void {
  const known = recall('privacy', isChoices);
  const boxes = findAll('input[type=checkbox]', HTMLInputElement, form);
  for (const box of boxes) box.checked = known !== null && purposes.some((purpose) => purpose === box.name && known[purpose]);
  onSubmit(form, async () => {
    await decide(choices((purpose) => boxes.some((box) => box.name === purpose && box.checked)));
    document.querySelector('.consent')?.remove();
    status.textContent = 'Saved.';
  });
}

/** The banner, for visitors who have not chosen yet. It never blocks the page, and both answers weigh the same. */
export function askForConsent(): void {
  if (recall('privacy', isChoices) !== null) return;
  const title = create('h2', '', 'Your choice');
  title.id = 'consent-title';
  const text = create(
    'p',
    '',
    'With your permission we count visits, use your account to choose what you see, and let our service desk see where you are stuck. Nothing leaves this device before you agree.',
  );
  const allow = create('button', 'button', 'Allow all');
  const refuse = create('button', 'button', 'Only what is needed');
  const settings = create('a', 'link', 'Choose one by one');
  settings.href = '/account#privacy';
  const banner = create('section', 'consent', title, text, create('p', 'consent-actions', allow, refuse, settings));
  banner.setAttribute('aria-labelledby', title.id);
  const answer = (chosen: boolean): void => {
    banner.remove();
    void decide(choices(() => chosen));
  };
  for (const button of [allow, refuse]) button.type = 'button';
  allow.dataset['consent'] = 'all';
  refuse.dataset['consent'] = 'none';
  allow.addEventListener('click', () => {
    answer(true);
  });
  refuse.addEventListener('click', () => {
    answer(false);
  });
  document.querySelector('.skip')?.after(banner);
}
