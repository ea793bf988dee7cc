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

/**
 * The html as nodes, parsed where nothing loads and without what can run script; `removed` is called for each part left out. In a template even the rows
 * and cells of a table stay what they are, and no part is taken for the document's head.
 */
export function safeFragment(html: string, removed: (what: string) => void): DocumentFragment {
  const text = `<template>${html}`;
  const { head, body } = new DOMParser().parseFromString((htmlPolicy()?.createHTML(text) ?? text) as string, 'text/html');
  const { content } = head.firstChild as HTMLTemplateElement;
  // It ends there for a content that closes a template.
  if (body.firstChild) removed('template');
  for (const element of content.querySelectorAll(forbiddenElements)) {
    removed(element.localName);
    element.remove();
  }
  for (const element of content.querySelectorAll('*')) {
    // A form's own fields may go by the name of `attributes`.
    for (const name of element.getAttributeNames()) {
      if (isSafeAttribute(name, element.getAttribute(name) ?? '')) continue;
      removed(name);
      element.removeAttribute(name);
    }
  }
  calm(content);
  return content;
}

/** Content neither interrupts a screen reader nor moves by itself where the visitor asked for less motion. */
function calm(content: DocumentFragment): void {
  for (const element of content.querySelectorAll('[role=alert], [aria-live=assertive]')) element.setAttribute('aria-live', 'polite');
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  for (const element of content.querySelectorAll('[autoplay]')) element.removeAttribute('autoplay');
}

/** A Trusted Types policy; its results go into inert documents only. */
export interface HtmlPolicy {
  createHTML(html: string): unknown;
}

let policy: HtmlPolicy | undefined;

/** The policy "wayline"; undefined where the browser knows no Trusted Types. */
export function htmlPolicy(): HtmlPolicy | undefined {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: { createHTML(html: string): string }): HtmlPolicy } }).trustedTypes;
  return (policy ??= types?.createPolicy('wayline', { createHTML: (text) => text }));
}

/** Goes on with the snippet's policy: most pages allow a name once. */
export function useHtmlPolicy(created: HtmlPolicy | undefined): void {
  policy ??= created;
}
