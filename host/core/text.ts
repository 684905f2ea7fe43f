// Text and bytes, by the converters that browsers and Node both have.
import type { TextCodec } from '../../vm/index';

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
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return encoder.encode(text);
    slab[slabUsed + index] = code;
  }
  const start = slabUsed;
  slabUsed += length;
  return slab.subarray(start, slabUsed);
}

/** Browsers' decoders take no shared memory, which heaps are in when there are workers. */
function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
}

/** Whoever gets bytes from it does not change them. */
export const textCodec: TextCodec = {
  encode: (text) => (text.length <= SHORT_CHARACTERS ? encodeShort(text) : encoder.encode(text)),
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
