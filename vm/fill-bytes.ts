// Filling bytes of a heap.
import type { Context } from './context';

/** Words from which on they are filled as words. */
const MANY_WORDS = 16;

/**
 * Sets the bytes from `start` to `end` of the region to the lowest byte of `value`. Whole words as words: V8 fills bytes of shared
 * memory, which large heaps are in, twenty times as slowly as others, and words five times.
 */
export function fillBytes({ i32, u8 }: Context, value: number, start: number, end: number): void {
  const firstWord = (start + 3) >>> 2;
  const lastWord = end >>> 2;
  if (lastWord - firstWord < MANY_WORDS) {
    u8.fill(value, start, end);
    return;
  }
  for (let at = start; at < firstWord * 4; at++) u8[at] = value;
  i32.fill(Math.imul(value & 0xff, 0x01010101), firstWord, lastWord);
  for (let at = lastWord * 4; at < end; at++) u8[at] = value;
}
