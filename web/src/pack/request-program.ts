/** Of a response, what is read. */
export type Answer = Pick<Response, 'ok' | 'status' | 'headers' | 'arrayBuffer'>;

/** A program that was asked for before the script was there. */
export interface BegunProgram {
  readonly url: string;
  readonly answer: Promise<Answer>;
}

/** `no-cache` lets the browser ask with its own copy's ETag: a 304 costs no body, and no preflight across origins. */
export function requestProgram(url: string, signal: AbortSignal | null = null): Promise<Response> {
  return fetch(url, { cache: 'no-cache', credentials: 'omit', signal });
}

/** The answer when its body is there too: reading it takes no task of the page any more. */
export async function requestWholeProgram(url: string): Promise<Answer> {
  const response = await requestProgram(url);
  const bytes = await response.arrayBuffer();
  const { ok, status, headers } = response;
  return { ok, status, headers, arrayBuffer: () => Promise.resolve(bytes) };
}
