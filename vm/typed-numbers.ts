// Numeric helpers of the typed loop that vm/numbers does not have: words at any address, and conversions that saturate.
// Heaps are little-endian.

/** The 32 bits at byte `index`. */
export function loadUnaligned(u8: Uint8Array, index: number): number {
  return u8[index] | (u8[index + 1] << 8) | (u8[index + 2] << 16) | (u8[index + 3] << 24);
}

/** Stores 32 bits at byte `index`. */
export function storeUnaligned(u8: Uint8Array, index: number, word: number): void {
  u8[index] = word;
  u8[index + 1] = word >> 8;
  u8[index + 2] = word >> 16;
  u8[index + 3] = word >> 24;
}

/** trunc(value), held within the signed 32-bit integers; 0 for NaN. */
export function saturateSigned(value: number): number {
  if (value >= 2147483647) return 2147483647;
  if (value <= -2147483648) return -2147483648;
  return value | 0;
}

/** trunc(value) as a word, held within the unsigned 32-bit integers; 0 for NaN. */
export function saturateUnsigned(value: number): number {
  if (value >= 4294967295) return -1;
  return value > 0 ? value | 0 : 0;
}
