// Entry of wayline/consent: keeps the SDK's consent in step with the platforms that ask the visitor.
import type { Purposes } from '../../consent/consent-choices.js';

/** A platform that knows the visitor's choices: calls `say` with what it knows, now and after each change, until the returned function is called. */
export type ConsentSource = (say: (choices: Purposes) => void) => () => void;

/** Who is told: a WaylineClient, or anything that hands the choices on to one. */
export interface ConsentTaker {
  readonly ready: Promise<void>;
  /** Settles when inspect() knows of it. */
  consent(purposes: Purposes): unknown;
  inspect(): { readonly consent?: Purposes };
}

/**
 * Tells the client what the sources say, and only what is new to it. A purpose is granted when every source that speaks of it grants it; a purpose that none
 * speaks of is left alone. A denial is told at once, a grant when the client runs. Returns what ends it.
 */
export function followConsent(client: ConsentTaker, sources: readonly ConsentSource[]): () => void {
  const said = sources.map((): Purposes => ({}));
  /** What the client has not taken yet; then another tab may change it. */
  const told = new Map<string, boolean>();
  const tell = (): void => {
    const { consent: known } = client.inspect();
    const isNews = ([purpose, granted]: readonly [string, boolean]): boolean => (told.get(purpose) ?? known?.[purpose]) !== granted && (known !== undefined || !granted);
    const news = agreed(said).filter(isNews);
    if (news.length === 0) return;
    for (const [purpose, granted] of news) told.set(purpose, granted);
    void Promise.resolve(client.consent(Object.fromEntries(news))).then(() => {
      for (const [purpose, granted] of news) if (told.get(purpose) === granted) told.delete(purpose);
    });
  };
  const stops = sources.map((source, index) =>
    source((choices) => {
      said[index] = choices;
      tell();
    }),
  );
  let stopped = false;
  void client.ready.then(() => {
    if (!stopped) tell();
  });
  return () => {
    stopped = true;
    for (const stop of stops) stop();
  };
}

function agreed(said: readonly Purposes[]): (readonly [purpose: string, granted: boolean])[] {
  const purposes = new Set(said.flatMap((choices) => Object.keys(choices)));
  return [...purposes].map((purpose) => [purpose, said.every((choices) => choices[purpose] ?? true)]);
}
