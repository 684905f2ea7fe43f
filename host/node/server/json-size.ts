// How deeply a JSON text is nested and how many values it has, told before it is parsed: a parser spends hundreds of bytes on each
// bracket, and some tenths of a microsecond on each value, in one go.
import type { ServerLimits } from '../../protocol/index';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;

/** The first limit that a text exceeds, or null. Of what is no JSON it may say anything. */
export function exceededBy(
  text: Uint8Array,
  { messageDepth, messageValues }: Pick<ServerLimits, 'messageDepth' | 'messageValues'>,
): 'message.depth' | 'message.values' | null {
  const { length } = text;
  if (length <= messageDepth && length <= messageValues) return null;
  let depth = 0;
  let values = 1;
  for (let index = 0; index < length; index++) {
    const byte = text[index];
    if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > messageDepth) return 'message.depth';
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    else if (byte === COMMA) {
      if (++values > messageValues) return 'message.values';
    } else if (byte === QUOTE) index = endOfString(text, index + 1);
  }
  return null;
}

/** Index of the quote that ends a string, or the text's length. Strings may be long, and have few quotes in them. */
function endOfString(text: Uint8Array, start: number): number {
  for (let end = text.indexOf(QUOTE, start); end >= 0; end = text.indexOf(QUOTE, end + 1)) {
    let first = end;
    while (first > start && text[first - 1] === BACKSLASH) first--;
    if (((end - first) & 1) === 0) return end;
  }
  return text.length;
}
