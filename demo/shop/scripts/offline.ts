/** How long after loading the rest of the shop is fetched for offline use; by then the page is quiet. */
const fillDelay = 2500;

/** The part of Trusted Types that the shop uses; TypeScript's DOM library does not describe them. */
interface ScriptPolicy {
  createScriptURL(text: string): string;
}

declare global {
  interface Window {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: { createScriptURL(text: string): string }): ScriptPolicy;
    };
  }
}

/** Registering a worker takes a script address, which Trusted Types guard: this policy knows one address only. */
function workerAddress(): string {
  const factory = window.trustedTypes;
  if (factory === undefined) return '/sw.js';
  return factory.createPolicy('hazel', { createScriptURL: () => '/sw.js' }).createScriptURL('');
}

export async function workOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register(workerAddress());
  const { active } = await navigator.serviceWorker.ready;
  setTimeout(() => active?.postMessage('fill'), fillDelay);
}
