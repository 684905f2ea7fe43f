// The checksum of a snapshot's words: of every fourth word one sum, since four that do not wait for each other take a third of
// the time. Each step of a sum is a bijection of what came before, and of the word, so one word that differs always shows. It
// tells accidents from snapshots and is no defence.
import type { Steps } from './steps';

const FACTOR = 0x2c1b3c6d;
/** Words of a step: some 50 µs, half a millisecond before the optimiser has seen it. A multiple of the four sums. */
const STEP_WORDS = 1 << 15;

/** Of all words but the one at `own`, which is taken as 0. */
export function* checksumOf(words: Int32Array, own: number): Steps<number> {
  const { length } = words;
  const sums = Int32Array.of(length, 1, 2, 3);
  for (let start = 0; start < length; start += STEP_WORDS) {
    if (start > 0) yield;
    const kept = words[own];
    words[own] = 0;
    addWords(sums, words, start, Math.min(start + STEP_WORDS, length));
    words[own] = kept;
  }
  let sum = sums[0]!;
  for (const lane of sums.subarray(1)) sum = Math.imul(sum ^ (sum >>> 13), FACTOR) ^ lane;
  return sum;
}

/** Behind the end are zeros. */
function addWords(sums: Int32Array, words: Int32Array, start: number, end: number): void {
  let [a, b, c, d] = sums as unknown as [number, number, number, number];
  for (let index = start; index < end; index += 4) {
    a = Math.imul(a ^ words[index], FACTOR);
    b = Math.imul(b ^ (index + 1 < end ? words[index + 1] : 0), FACTOR);
    c = Math.imul(c ^ (index + 2 < end ? words[index + 2] : 0), FACTOR);
    d = Math.imul(d ^ (index + 3 < end ? words[index + 3] : 0), FACTOR);
    a ^= a >>> 15;
    b ^= b >>> 15;
    c ^= c >>> 15;
    d ^= d >>> 15;
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}
