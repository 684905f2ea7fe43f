// Short replacements of string.gsub: what they are made of is read once, and every match then adds it in one go.
import { type Context, stringLength, stringStart } from '../../../vm/index';
import { AT, CAPTURES, LEVEL, POSITION_CAPTURE, START, state } from './match-state';
import { NINE, PERCENT, ZERO } from './pattern';
import { isSearchInHeap } from './patterns';
import { COPIED, OUT_LENGTH, outSlot, replacementSlot, shortResult } from './substitution-result';
import { isString, tagOf } from './support';

/** Replacements of up to so many bytes. */
const SHORT_REPLACEMENT = 128;
/** Bytes that a match may add to the result here. */
export const SHORT_ADDITION = 1024;
/** Three words a part: which capture (0 is the match), or LITERAL; then from where to where in the replacement. */
const parts = new Int32Array(3 * SHORT_REPLACEMENT);
const LITERAL = -1;
/** How many there are; 0 when they are not known. */
export let partCount = 0;

function addPart(kind: number, from: number, to: number): void {
  parts[3 * partCount] = kind;
  parts[3 * partCount + 1] = from;
  parts[3 * partCount + 2] = to;
  partCount++;
}

/** Reads the parts of a replacement that is a short string without mistakes. */
export function readParts(context: Context): void {
  partCount = 0;
  if (!isString(tagOf(context, replacementSlot))) return;
  const length = stringLength(context, context.i32[replacementSlot]);
  if (length > SHORT_REPLACEMENT) return;
  const { u8 } = context;
  const start = stringStart(context, context.i32[replacementSlot]);
  let from = 0;
  for (let at = 0; at < length; at++) {
    if (u8[start + at] !== PERCENT) continue;
    const byte = at + 1 < length ? u8[start + at + 1] : 0;
    if (byte !== PERCENT && (byte < ZERO || byte > NINE)) {
      partCount = 0;
      return;
    }
    if (at > from) addPart(LITERAL, from, at);
    if (byte !== PERCENT) addPart(byte - ZERO, 0, 0);
    from = byte === PERCENT ? at + 1 : at + 2;
    at++;
  }
  if (length > from || partCount === 0) addPart(LITERAL, from, length);
}

/** Bytes that the replacement of this match has; -1 when the general way must make it, or complain. */
export function additionLength(): number {
  let length = 0;
  for (let part = 0; part < 3 * partCount; part += 3) {
    const kind = parts[part];
    if (kind === LITERAL) length += parts[part + 2] - parts[part + 1];
    else if (kind === 0 || (kind === 1 && state[LEVEL] === 0)) length += state[AT] - state[START];
    else {
      const size = kind > state[LEVEL] ? POSITION_CAPTURE : state[CAPTURES + 2 * kind - 1];
      if (size < 0) return -1;
      length += size;
    }
  }
  return length;
}

/** Writes the `before` bytes in front of the match, and the parts, to the result. */
export function addParts(context: Context, registers: number, before: number): void {
  const { i32, u8 } = context;
  const isHere = !isSearchInHeap();
  const out = isHere ? shortResult : u8;
  const text = stringStart(context, i32[registers]);
  const replacement = stringStart(context, i32[replacementSlot]);
  let to = (isHere ? 0 : stringStart(context, i32[outSlot])) + state[OUT_LENGTH];
  let from = text + state[COPIED];
  for (const end = from + before; from < end; ) out[to++] = u8[from++];
  for (let part = 0; part < 3 * partCount; part += 3) {
    const kind = parts[part];
    let end: number;
    if (kind === LITERAL) {
      from = replacement + parts[part + 1];
      end = replacement + parts[part + 2];
    } else if (kind === 0 || state[LEVEL] === 0) {
      from = text + state[START];
      end = text + state[AT];
    } else {
      from = text + state[CAPTURES + 2 * kind - 2];
      end = from + state[CAPTURES + 2 * kind - 1];
    }
    while (from < end) out[to++] = u8[from++];
  }
}
