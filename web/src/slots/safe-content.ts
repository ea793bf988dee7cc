const executable = /^\s*(?:javascript|vbscript|data\s*:\s*text\/html)/i;
const addressAttributes = new Set(['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'poster', 'background']);
/** animate and set give another element's address a value that no check of attributes sees. */
const forbiddenElements = 'script, style, iframe, object, embed, base, meta, link, template, animate, set, xmp, noembed, noframes, noscript, plaintext';

/** Whether setting the attribute can not run script. Control characters, which browsers ignore in schemes, are ignored here too. */
export function isSafeAttribute(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  if (lower.startsWith('on') || lower === 'srcdoc') return false;
  return !addressAttributes.has(lower) || !executable.test(value.replace(/[\u0000-\u0020]/g, ''));
}

/** The html as nodes, parsed where nothing loads and without what can run script; `removed` is called for each part left out. */
export function safeFragment(html: string, removed: (what: string) => void): DocumentFragment {
  const { body } = new DOMParser().parseFromString(trusted(html) as string, 'text/html');
  for (const element of body.querySelectorAll(forbiddenElements)) {
    removed(element.localName);
    element.remove();
  }
  for (const element of body.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (isSafeAttribute(name, value)) continue;
      removed(name);
      element.removeAttribute(name);
    }
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...body.childNodes);
  return fragment;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): unknown };
}

let policy: { createHTML(html: string): unknown } | undefined;

/** The html under the Trusted Types policy "wayline", where the browser knows them. It only ever fills inert documents. */
function trusted(html: string): unknown {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (types === undefined) return html;
  policy ??= types.createPolicy('wayline', { createHTML: (text) => text });
  return policy.createHTML(html);
}
