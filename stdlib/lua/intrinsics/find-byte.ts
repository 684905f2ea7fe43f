// Finding a byte in the heap: word by word while it is near, which costs no call, and by the host's own search beyond.
import type { Context } from '../../../vm/index';

/** From so many bytes on the host's own search is faster. */
const NEAR = 256;
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080 | 0;

/** The byte address of the first `byte` from `start` on; `end` when there is none before it. */
export function findByte(context: Context, start: number, end: number, byte: number): number {
  const { u8, i32 } = context;
  const near = Math.min(end, start + NEAR);
  let at = start;
  for (const aligned = Math.min(near, (start + 3) & ~3); at < aligned; at++) if (u8[at] === byte) return at;
  // A word with the byte has a zero byte after XOR; only words with one have a high bit left here (Mycroft 1987).
  const pattern = Math.imul(byte, ONES);
  for (; at <= near - 4; at += 4) {
    const word = i32[at >> 2] ^ pattern;
    if (((word - ONES) & ~word & HIGH_BITS) !== 0) break;
  }
  for (; at < near; at++) if (u8[at] === byte) return at;
  if (near === end) return end;
  const found = u8.subarray(near, end).indexOf(byte);
  return found < 0 ? end : near + found;
}
