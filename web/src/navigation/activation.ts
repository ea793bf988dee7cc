/** Resolves when somebody looks at a page that the browser renders ahead, which may be never; undefined where somebody does. */
export function activation(): Promise<unknown> | undefined {
  if ((document as { prerendering?: boolean }).prerendering !== true) return undefined;
  return new Promise((activated) => document.addEventListener('prerenderingchange', activated, { once: true }));
}
