export type Child = Node | string | null;
export type Attributes = Readonly<Record<string, string | boolean>>;

/** An element with attributes and children; `false` leaves an attribute out. Text only ever becomes text nodes. */
export function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

export function heading(text: string): HTMLElement {
  return element('h3', { class: 'group' }, text);
}

/** Terms, each with what is to be said of it. */
export function facts(rows: readonly (readonly [term: string, ...Child[]])[]): HTMLElement {
  return element('dl', { class: 'facts' }, ...rows.flatMap(([term, ...children]) => [element('dt', {}, term), element('dd', {}, ...children)]));
}

/** A button that does something here. */
export function button(label: string, attributes: Attributes, act: () => void): HTMLButtonElement {
  const node = element('button', { type: 'button', ...attributes }, label);
  node.addEventListener('click', act);
  return node;
}
