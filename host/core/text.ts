// Text and bytes, by the converters that browsers and Node both have.
import { TEXT_PIECE, type TextCodec } from '../../vm/index';

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Bytes that String.fromCharCode takes as arguments at once. */
const CHUNK_BYTES = 0x6000;

/** Texts of up to so many characters share buffers: one of its own for each costs the collector more than the text. */
const SHORT_CHARACTERS = 256;
const SLAB_BYTES = 16 * 1024;
let slab = new Uint8Array(0);
let slabUsed = 0;

function encodeShort(text: string): Uint8Array {
  const { length } = text;
  if (slabUsed + length > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    slabUsed = 0;
  }
  if (!writeAscii(text, slab, slabUsed)) return encoder.encode(text);
  const start = slabUsed;
  slabUsed += length;
  return slab.subarray(start, slabUsed);
}

/** Whether the text is ASCII, and then written. By itself: for short texts the encoder takes longer. */
function writeAscii(text: string, bytes: Uint8Array, start: number): boolean {
  const { length } = text;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return false;
    bytes[start + index] = code;
  }
  return true;
}

/** Most bytes of a character of a JavaScript string. */
const CHARACTER_BYTES = 3;
/** Where texts are encoded, and bytes lie to be decoded, that nobody keeps: pieces of long ones fit. */
const brief = new Uint8Array(TEXT_PIECE * CHARACTER_BYTES);

function encodeBriefly(text: string): Uint8Array {
  if (text.length <= SHORT_CHARACTERS && writeAscii(text, brief, 0)) return brief.subarray(0, text.length);
  if (text.length * CHARACTER_BYTES > brief.length) return encoder.encode(text);
  return brief.subarray(0, encoder.encodeInto(text, brief).written);
}

/** Decoders take no shared memory, which large heaps are in. */
function unshared(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof ArrayBuffer) return bytes;
  if (bytes.length > brief.length) return bytes.slice();
  brief.set(bytes);
  return brief.subarray(0, bytes.length);
}

/** Whoever gets bytes from it does not change them. */
export const textCodec: TextCodec = {
  encode: (text) => (text.length <= SHORT_CHARACTERS ? encodeShort(text) : encoder.encode(text)),
  encodeBriefly,
  decode(bytes) {
    try {
      return strictDecoder.decode(unshared(bytes));
    } catch {
      return null;
    }
  },
  decodeLeniently: (bytes) => lenientDecoder.decode(unshared(bytes)),
  base64(bytes) {
    let binary = '';
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      // Not by spreading: that takes seven times as long.
      binary += String.fromCharCode.apply(null, bytes.subarray(start, start + CHUNK_BYTES) as unknown as number[]);
    }
    return btoa(binary);
  },
};
