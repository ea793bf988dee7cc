// The panel as hands and eyes meet it: it lives in a shadow tree.
import { eventually } from '../support/eventually.mjs';

/** Presses the button that says or is labelled so, inside `within` where several are; waits until it is there. */
export async function press(page, label, within = '') {
  await eventually(`the button "${label}" is there`, () =>
    page.evaluate(([text, scope]) => {
      const tree = document.querySelector('[data-wayline-panel]')?.shadowRoot;
      const said = (button) => `${button.getAttribute('aria-label') ?? ''}${button.textContent}`;
      const found = [...(tree?.querySelectorAll(`${scope} button`) ?? [])].find((button) => said(button).includes(text) && !button.disabled);
      found?.click();
      return found !== undefined;
    }, [label, within]));
  await drawn(page);
}

export async function openTab(page, name) {
  await page.evaluate((id) => document.querySelector('[data-wayline-panel]').shadowRoot.getElementById(`tab-${id}`).click(), name);
  await drawn(page);
}

/** Texts of what the selector finds in the panel and is not hidden. */
export const shown = (page, selector) =>
  page.evaluate((wanted) => {
    const tree = document.querySelector('[data-wayline-panel]')?.shadowRoot;
    return [...(tree?.querySelectorAll(wanted) ?? [])].filter((each) => each.getClientRects().length > 0).map((each) => each.innerText.trim());
  }, selector);

/** The panel draws with the next frame. */
export const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Gives the elements that the selector finds in the panel to `look`, a function of the page. */
export async function inPanel(page, selector, look) {
  const host = await page.$('[data-wayline-panel]');
  const tree = await host.getProperty('shadowRoot');
  const found = await tree.evaluateHandle((each, wanted) => [...each.querySelectorAll(wanted)], selector);
  return found.evaluate(look);
}
