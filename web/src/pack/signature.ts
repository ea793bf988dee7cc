import { WaylineError } from '../errors/error.js';
import type { ReportProblem } from '../store/storage.js';

/**
 * What `wayline build --sign` puts behind a program, little-endian: "WLSG", the first 4 bytes of the public key, the version and the expiry
 * (epoch milliseconds) as 64-bit floats, and the Ed25519 signature of everything before it.
 */
const sealSize = 88;
const signatureSize = 64;
const magic = 0x4753_4c57;

interface Seal {
  readonly keyId: number;
  readonly version: number;
  readonly expires: number;
}

function sealOf(bytes: Uint8Array): Seal | undefined {
  if (bytes.length < sealSize) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - sealSize);
  if (view.getUint32(0, true) !== magic) return undefined;
  return { keyId: view.getUint32(4, true), version: view.getFloat64(8, true), expires: view.getFloat64(16, true) };
}

/** What the engine loads: the program without its seal, if it has one. */
export function programIn(bytes: Uint8Array): Uint8Array {
  return sealOf(bytes) === undefined ? bytes : bytes.subarray(0, -sealSize);
}

/** Of the seal; 0 when there is none. */
export function versionOf(bytes: Uint8Array): number {
  return sealOf(bytes)?.version ?? 0;
}

/** A public key as the script tag carries it: 32 bytes in base64. Throws sdk.bad_configuration. */
export function readKey(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[a-z\d+/]{43}=$/i.test(text)) throw new WaylineError('sdk.bad_configuration', { message: 'a pack key is 32 bytes in base64' });
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/**
 * Rejects with pack.untrusted unless one of the keys has signed the bytes, they have not expired and are no older than version `oldest`.
 * A browser without Ed25519 checks all but the signature, and that is reported. Delivery C13.
 */
export async function demandTrust(bytes: Uint8Array<ArrayBuffer>, keys: readonly Uint8Array<ArrayBuffer>[], oldest: number, report: ReportProblem): Promise<void> {
  const because = (reason: string): WaylineError => new WaylineError('pack.untrusted', { reason });
  const seal = sealOf(bytes);
  const key = keys.find((known) => new DataView(known.buffer).getUint32(0, true) === seal?.keyId);
  if (seal === undefined || key === undefined) throw because('unsigned');
  if (!(seal.expires > Date.now())) throw because('expired');
  if (!(seal.version >= oldest)) throw because('rolled_back');
  let verifier: CryptoKey;
  try {
    verifier = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
  } catch {
    return report(because('unverifiable'));
  }
  if (!(await crypto.subtle.verify('Ed25519', verifier, bytes.subarray(-signatureSize), bytes.subarray(0, -signatureSize)))) throw because('signature');
}
