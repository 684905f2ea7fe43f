// CRC-32 (IEEE 802.3, reflected, polynomial 0xEDB88320): tells accidents from modules. It is no defence: a hostile
// module has the right checksum, and the decoder and the verifier believe nothing because of it.

const POLYNOMIAL = 0xedb88320;
const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** The checksum of `bytes`, from 0 to 2^32 - 1; `previous` is that of what came before them. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let remainder = ~previous;
  for (let index = 0; index < bytes.length; index++) {
    remainder = table[(remainder ^ bytes[index]!) & 255]! ^ (remainder >>> 8);
  }
  return ~remainder >>> 0;
}
