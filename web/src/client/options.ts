import { WaylineError, type ErrorDetails } from '../errors/error.js';
import { lateDecision } from './limits.js';

/** How a page sets the SDK up: `data-` attributes of the script tag, or the argument of createClient. */
export interface ClientOptions {
  /** Address of the compiled program. */
  readonly pack: string;
  /** Address that `/batch` is appended to. */
  readonly endpoint: string;
  /** Names the site to the endpoint, and its storage on the device. */
  readonly writeKey: string;
  /** Address of wayline.wasm. */
  readonly wasm: string;
  /** Calls page() at load and after each navigation; true by default. */
  readonly autoPage?: boolean;
  /** Slots wait for their first decision unseen, for 300 ms at most, if nothing was painted before the script was there. */
  readonly hide?: boolean;
  /** Milliseconds after which a decision leaves alone what the visitor is looking at; 3,000 by default. */
  readonly patience?: number;
  /** `batch` for Segment-compatible endpoints whose answers have no verdict for each event; `ids` by default. */
  readonly acknowledge?: 'ids' | 'batch';
  /** Purposes that are denied, whatever consent() says, when the browser sends Global Privacy Control. */
  readonly globalPrivacyControl?: readonly string[];
  /** Public Ed25519 keys in base64: with any, only programs that one of them has signed are used. `wayline build --sign` says it. */
  readonly packKeys?: readonly string[];
  /** @internal What the tag says of options, of which one is not understood: its default holds. */
  readonly wrong?: ErrorDetails | undefined;
}

/** The options that a script tag carries; a module has none, and nobody to ask. Throws sdk.bad_configuration. */
export function optionsOfScript(script: HTMLScriptElement | null): ClientOptions {
  const { pack, endpoint, writeKey, wasm, autoPage, acknowledge, gpc, hide, patience, packKey }: DOMStringMap = script?.dataset ?? {};
  if (!script || !pack || !endpoint || !writeKey) {
    throw new WaylineError('sdk.bad_configuration', { message: 'a classic script with data-pack, data-endpoint and data-write-key is needed' });
  }
  return {
    pack: new URL(pack, document.baseURI).href,
    endpoint: new URL(endpoint, document.baseURI).href.replace(/\/$/, ''),
    writeKey,
    wasm: new URL(wasm ?? 'wayline.wasm', wasm === undefined ? script.src : document.baseURI).href,
    autoPage: autoPage !== 'false',
    hide: hide !== undefined,
    patience: Number(patience) >= 0 ? Number(patience) : lateDecision,
    acknowledge: acknowledge === 'batch' ? 'batch' : 'ids',
    globalPrivacyControl: listOf(gpc),
    packKeys: listOf(packKey),
    wrong: /^(true|false|),(ids|batch|),\d*$/.test([autoPage, acknowledge, patience].join()) ? undefined : { autoPage, acknowledge, patience },
  };
}

/** The words of an attribute, between blanks or commas. */
function listOf(text = ''): string[] {
  return text.match(/[^\s,]+/g) ?? [];
}
