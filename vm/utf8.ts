// Names between JavaScript's strings and bytes, one to one: UTF-8, and a lone surrogate as the three bytes that its
// number would have, so that every string has exactly one form. Not for guests' strings, which are bytes already.

/** The bytes of a string. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) pushCodePoint(bytes, character.codePointAt(0)!);
  return Uint8Array.from(bytes);
}

function pushCodePoint(bytes: number[], code: number): void {
  if (code < 0x80) {
    bytes.push(code);
    return;
  }
  if (code < 0x800) bytes.push(0xc0 | (code >> 6));
  else {
    if (code < 0x10000) bytes.push(0xe0 | (code >> 12));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63));
    bytes.push(0x80 | ((code >> 6) & 63));
  }
  bytes.push(0x80 | (code & 63));
}

/** Smallest code point that a sequence of so many continuation bytes may stand for. */
const SMALLEST = [0, 0x80, 0x800, 0x10000];

/** The string whose bytes these are; null when there is none. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const parts: string[] = [];
  let wasHighSurrogate = false;
  for (let position = 0; position < bytes.length; ) {
    const first = bytes[position]!;
    const count = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    if (count < 0 || position + count >= bytes.length) return null;
    let code = count === 0 ? first : first & (0x3f >> count);
    for (let index = 1; index <= count; index++) {
      const next = bytes[position + index]!;
      if ((next & 0xc0) !== 0x80) return null;
      code = (code << 6) | (next & 63);
    }
    if (code < SMALLEST[count]! || code > 0x10ffff) return null;
    // Two halves of a pair must not come apart: together they have another form.
    if (wasHighSurrogate && code >= 0xdc00 && code < 0xe000) return null;
    wasHighSurrogate = code >= 0xd800 && code < 0xdc00;
    parts.push(String.fromCodePoint(code));
    position += count + 1;
  }
  return parts.join('');
}
