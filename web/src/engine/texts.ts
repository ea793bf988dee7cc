import type { Engine } from './engine.js';
import type { RawExports } from './raw-exports.js';
import { utf8 } from './utf8.js';

const asciiEnd = 0x80;
/** Bytes of UTF-8 that a UTF-16 unit can become. */
const largestUnit = 3;

/** Writes texts one after the other into the engine's input buffer and calls `work` with its place; `sizes` gets the bytes of each. */
export function callWithTexts(engine: Engine, texts: readonly string[], sizes: number[], work: (raw: RawExports, pointer: number) => number): number {
  let most = 0;
  for (const text of texts) most += text.length * largestUnit;
  return engine.callWithRoom(most, (raw, bytes, start) => {
    let at = start;
    for (let index = 0; index < texts.length; index++) {
      const size = writeText(texts[index]!, bytes, at);
      sizes[index] = size;
      at += size;
    }
    return work(raw, start);
  });
}

function writeText(text: string, bytes: Uint8Array, start: number): number {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= asciiEnd) return utf8.encodeInto(text, bytes.subarray(start)).written;
    bytes[start + index] = unit;
  }
  return text.length;
}
