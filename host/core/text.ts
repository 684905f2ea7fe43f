// Text and bytes, by the converters that browsers and Node both have.
import type { TextCodec } from '../../vm/index';

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenientDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** Bytes that String.fromCharCode takes as arguments at once. */
const CHUNK_BYTES = 0x6000;

export const textCodec: TextCodec = {
  encode: (text) => encoder.encode(text),
  decode(bytes) {
    try {
      return strictDecoder.decode(bytes);
    } catch {
      return null;
    }
  },
  decodeLeniently: (bytes) => lenientDecoder.decode(bytes),
  base64(bytes) {
    let binary = '';
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      // Not by spreading: that takes seven times as long.
      binary += String.fromCharCode.apply(null, bytes.subarray(start, start + CHUNK_BYTES) as unknown as number[]);
    }
    return btoa(binary);
  },
};
