// Bytes as base64 text, strictly: the alphabet of RFC 4648 with its padding, nothing else. The same in Node and browsers.
import { textCodec } from '../core/text';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const INVALID = 255;
const VALUES = new Uint8Array(128).fill(INVALID);
for (let index = 0; index < ALPHABET.length; index++) VALUES[ALPHABET.charCodeAt(index)] = index;

/** The text of some bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  return textCodec.base64(bytes);
}

/** The bytes of a text, or null when it is not exactly what encodeBase64 writes. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = text.length - padding;
  let bits = 0;
  let position = 0;
  for (let index = 0; index < digits; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? INVALID;
    if (value === INVALID) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    const phase = index & 3;
    if (phase > 0) bytes[position++] = (bits >> (6 - 2 * phase)) & 255;
  }
  // What the last digit has beyond the last byte must be zero: one text for some bytes.
  const rest = padding === 2 ? bits & 15 : padding === 1 ? bits & 3 : 0;
  return rest === 0 ? bytes : null;
}
