import { WaylineError } from '../errors/error.js';
import type { Json, JsonObject } from '../engine/json.js';
import type { ClientOptions } from './options.js';

const isBoolean = (value: Json): boolean => typeof value === 'boolean';
const isText = (value: Json): boolean => typeof value === 'string' && value !== '';
const isListOfTexts = (value: Json): boolean => Array.isArray(value) && value.every(isText);

const forms = {
  boolean: ['true or false', isBoolean],
  address: ['an address', isText],
  text: ['a text', isText],
  texts: ['a list of texts', isListOfTexts],
  milliseconds: ['a number of milliseconds', (value: Json) => typeof value === 'number' && value >= 0],
  acknowledge: ['`ids` or `batch`', (value: Json) => value === 'ids' || value === 'batch'],
} as const;

const required = { pack: 'address', endpoint: 'address', writeKey: 'text', wasm: 'address' } as const;
const formOf: Record<Exclude<keyof ClientOptions, 'wrong'>, keyof typeof forms> = {
  ...required, autoPage: 'boolean', hide: 'boolean', patience: 'milliseconds', acknowledge: 'acknowledge', globalPrivacyControl: 'texts', packKeys: 'texts',
};

/**
 * The argument of createClient, whose types a site in JavaScript has not checked, with absolute addresses: a page's own address changes under a relative
 * one. Throws sdk.bad_configuration: an option that is misspelt or misunderstood would leave programs unsigned, or consent not denied.
 */
export function checkedOptions(options: ClientOptions, base: string): ClientOptions {
  const refuse = (message: string): never => {
    throw new WaylineError('sdk.bad_configuration', { message });
  };
  const given = (options ?? {}) as unknown as JsonObject;
  for (const name of Object.keys(required)) if (given[name] === undefined) refuse(`createClient needs \`${name}\``);
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(formOf, name)) refuse(`createClient has no option \`${name}\``);
    const [wanted, isRight] = forms[formOf[name as keyof typeof formOf]];
    if (value !== undefined && !isRight(value)) refuse(`\`${name}\` must be ${wanted}`);
  }
  const absolute = (name: 'pack' | 'endpoint' | 'wasm'): string => {
    try {
      return new URL(options[name], base).href;
    } catch {
      return refuse(`\`${name}\` must be an address`);
    }
  };
  return { ...options, pack: absolute('pack'), endpoint: absolute('endpoint').replace(/\/$/, ''), wasm: absolute('wasm') };
}
