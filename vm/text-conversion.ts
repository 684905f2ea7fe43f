// Long texts on their way in and out: in pieces, each charged before it is done, so that none holds the machine up.
import { type FuelMeter, type TextCodec, textOrBase64 } from './host-values';

/** Bytes, or characters, that are converted at once: in a tenth of a millisecond. A multiple of 3, for base64. */
export const TEXT_PIECE = 12 * 1024;
/** A piece's text costs 1 for so many bytes, as a power of two; more where a character has more than a byte. */
const BYTES_SHIFT = 3;
const JOINED_SHIFT = 6;

type Conversion<T> = Generator<undefined, T, unknown>;

/** The text of bytes as it crosses to the host. `bytes` gives a part of them anew, since the heap's views may change. */
export function* textOfBytes(
  meter: FuelMeter,
  length: number,
  bytes: (start: number, end: number) => Uint8Array,
  text: TextCodec,
): Conversion<string | { base64: string }> {
  let result = '';
  for (let done = 0; done < length; ) {
    const piece = wholeCharacters(bytes(done, Math.min(done + TEXT_PIECE, length)), done + TEXT_PIECE < length);
    charge(meter, piece.length >> BYTES_SHIFT);
    const part = text.decode(piece);
    if (part === null) return { base64: yield* base64OfBytes(meter, length, bytes, text) };
    charge(meter, (piece.length - part.length) >> 1);
    result += part;
    done += piece.length;
    if (meter.fuel <= 0) yield undefined;
  }
  return result;
}

function* base64OfBytes(
  meter: FuelMeter,
  length: number,
  bytes: (start: number, end: number) => Uint8Array,
  text: TextCodec,
): Conversion<string> {
  let result = '';
  for (let done = 0; done < length; done += TEXT_PIECE) {
    const end = Math.min(done + TEXT_PIECE, length);
    charge(meter, (end - done) >> 1);
    result += text.base64(bytes(done, end));
    if (meter.fuel <= 0) yield undefined;
  }
  return result;
}

/**
 * The bytes of a text of the host's. It is encoded twice, first to know how many there are: to keep pieces until they can be joined
 * would be as much memory again outside of V8's heap, for which it collects. Yields when the fuel is used up.
 */
export function* bytesOfText(meter: FuelMeter, value: string, text: TextCodec): Conversion<Uint8Array> {
  const bytes = new Uint8Array(yield* lengthOfText(meter, value, text));
  const isInPieces = value.length > TEXT_PIECE;
  for (let done = 0, written = 0; done < value.length; ) {
    const end = endOfPiece(value, done);
    const piece = text.encodeBriefly(value.slice(done, end));
    if (isInPieces) charge(meter, piece.length >> JOINED_SHIFT);
    bytes.set(piece, written);
    written += piece.length;
    done = end;
    if (isInPieces && meter.fuel <= 0) yield undefined;
  }
  return bytes;
}

/** How many bytes a text of the host's has: what encoding it costs, in pieces. Yields when the fuel is used up. */
export function* lengthOfText(meter: FuelMeter, value: string, text: TextCodec): Conversion<number> {
  let length = 0;
  for (let done = 0; done < value.length; ) {
    const end = endOfPiece(value, done);
    charge(meter, (end - done) >> BYTES_SHIFT);
    const piece = text.encodeBriefly(value.slice(done, end));
    charge(meter, (piece.length - (end - done)) >> 1);
    length += piece.length;
    done = end;
    if (meter.fuel <= 0) yield undefined;
  }
  return length;
}

/** Where the piece of a text or of bytes ends that begins at `start`. */
export function endOfPiece(value: string | Uint8Array, start: number): number {
  const end = Math.min(start + TEXT_PIECE, value.length);
  return typeof value === 'string' ? wholePairs(value, end) : end;
}

/** Pieces of bytes in one array, put there piece by piece: 1 for every 64 bytes. Yields when the fuel is used up. */
export function* joinPieces(meter: FuelMeter, pieces: readonly Uint8Array[]): Conversion<Uint8Array> {
  if (pieces.length === 1) return pieces[0]!;
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    charge(meter, piece.length >> JOINED_SHIFT);
    bytes.set(piece, end);
    end += piece.length;
    if (meter.fuel <= 0) yield undefined;
  }
  return bytes;
}

/** The text of short bytes at once: what crosses is short nearly always. */
export function shortTextOfBytes(meter: FuelMeter, bytes: Uint8Array, text: TextCodec): string | { base64: string } {
  charge(meter, bytes.length >> BYTES_SHIFT);
  const value = textOrBase64(bytes, text);
  charge(meter, (typeof value === 'string' ? bytes.length - value.length : bytes.length) >> 1);
  return value;
}

function charge(meter: FuelMeter, units: number): void {
  meter.fuel = (meter.fuel - units) | 0;
}

const CONTINUATION_MASK = 0xc0;
const CONTINUATION = 0x80;
const LONGEST_CHARACTER = 4;

/** The piece without a character at its end that goes on behind it. */
function wholeCharacters(piece: Uint8Array, isCut: boolean): Uint8Array {
  if (!isCut) return piece;
  for (let back = 1; back <= LONGEST_CHARACTER; back++) {
    const byte = piece[piece.length - back]!;
    if ((byte & CONTINUATION_MASK) === CONTINUATION) continue;
    const size = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return size > back ? piece.subarray(0, piece.length - back) : piece;
  }
  // No UTF-8 in any case.
  return piece;
}

/** `end`, or one less, so that no surrogate pair is torn apart. */
export function wholePairs(value: string, end: number): number {
  const code = value.charCodeAt(end - 1);
  return end < value.length && code >= 0xd800 && code < 0xdc00 ? end - 1 : end;
}
