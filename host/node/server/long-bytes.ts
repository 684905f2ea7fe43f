// Bytes that are so many that what becomes of them takes steps: as base64 into a message, and from one.
import type { Steps } from '../../../vm/index';
import { RequestError } from './request-error';

/** Characters of base64 of a step, four for each three bytes: some tenths of a millisecond. */
const STEP_CHARACTERS = 1 << 17;
const STEP_BYTES = (STEP_CHARACTERS / 4) * 3;

/** A text of ASCII in which the bytes stand as base64 between two others. */
export function* encodeLong(before: string, bytes: Uint8Array, after: string): Steps<Buffer> {
  const { buffer, byteOffset, length } = bytes;
  const start = Buffer.byteLength(before);
  const text = Buffer.allocUnsafe(start + Math.ceil(length / 3) * 4 + Buffer.byteLength(after));
  let at = text.write(before);
  for (let from = 0; from < length; from += STEP_BYTES) {
    if (from > 0) yield;
    const piece = Buffer.from(buffer, byteOffset + from, Math.min(STEP_BYTES, length - from));
    at += text.write(piece.toString('base64'), at, 'latin1');
  }
  text.write(after, at);
  return text;
}

/** How many bytes a text of base64 stands for, if it is one. */
export function lengthOfBase64(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.floor(text.length / 4) * 3 - padding;
}

/** The bytes of a text that must be exactly their base64. Throws RequestError `params.invalid`. */
export function* decodeLong(text: string, place: string): Steps<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, lengthOfBase64(text)));
  let at = 0;
  for (let from = 0; from < text.length; from += STEP_CHARACTERS) {
    if (from > 0) yield;
    const piece = text.slice(from, from + STEP_CHARACTERS);
    const decoded = Buffer.from(piece, 'base64');
    // Node reads other forms too, and what is none; and only the last piece may end in padding.
    if (decoded.toString('base64') !== piece || at !== (from / 4) * 3) {
      throw new RequestError('params.invalid', `${place}.base64 is no base64`);
    }
    bytes.set(decoded, at);
    at += decoded.length;
  }
  return bytes;
}
