// Metatables: which one a value has, and the metamethods in it. Calling them is value-calls.ts.
import type { Context } from './context';
import {
  HEADER,
  TABLE_ABSENT,
  TABLE_METATABLE,
  TAG_COUNT,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TAG_TRUE,
  TAG_USERDATA,
  USERDATA_TABLE,
  VALUE_TAG,
  WELL_KNOWN_STRINGS,
} from './layout';
import { getShortString } from './tables';

/** A metamethod's number: the index of its name in WELL_KNOWN_STRINGS. */
export const METAMETHOD_INDEX = number('__index');
export const METAMETHOD_NEW_INDEX = number('__newindex');
export const METAMETHOD_EQ = number('__eq');
export const METAMETHOD_LEN = number('__len');
export const METAMETHOD_CALL = number('__call');
export const METAMETHOD_GC = number('__gc');
export const METAMETHOD_CLOSE = number('__close');
/** The binary ones follow in the order of their opcodes: add, sub, mul, mod, pow, div, idiv, band, ... shr. */
export const METAMETHOD_ADD = number('__add');
export const METAMETHOD_MOD = number('__mod');
export const METAMETHOD_IDIV = number('__idiv');
export const METAMETHOD_BAND = number('__band');
export const METAMETHOD_SHR = number('__shr');
export const METAMETHOD_UNM = number('__unm');
export const METAMETHOD_BNOT = number('__bnot');
export const METAMETHOD_LT = number('__lt');
export const METAMETHOD_LE = number('__le');
export const METAMETHOD_CONCAT = number('__concat');
export const METAFIELD_MODE = number('__mode');
export const METAFIELD_NAME = number('__name');
export const METAFIELD_TOSTRING = number('__tostring');

function number(name: (typeof WELL_KNOWN_STRINGS)[number]): number {
  return WELL_KNOWN_STRINGS.indexOf(name);
}

/** Word address of the metatable of the value at `slot`, or 0. Each table has its own; other kinds share one each. */
export function metatableOf(context: Context, slot: number): number {
  const { i32, mask } = context;
  const tag = i32[slot + VALUE_TAG];
  if (tag === TAG_TABLE) return i32[(i32[slot] + TABLE_METATABLE) & mask];
  // A light userdata has none: it stands for something that is not the guest's.
  if (tag === TAG_USERDATA && i32[(i32[slot] + USERDATA_TABLE) & mask] === 0) return 0;
  return tag >>> 0 < TAG_COUNT ? i32[HEADER.METATABLES + sharedKind(tag)] : 0;
}

/** The tag that stands for all values of its type in HEADER.METATABLES. */
export function sharedKind(tag: number): number {
  if (tag === TAG_TRUE) return TAG_FALSE;
  if (tag === TAG_FLOAT) return TAG_INTEGER;
  return tag === TAG_LONG_STRING ? TAG_SHORT_STRING : tag;
}

/**
 * Word address of the slot with the metamethod `event` of the value at `slot`, or 0 when it has none. Remembers absence
 * in the metatable.
 */
export function metamethodOf(context: Context, slot: number, event: number): number {
  const metatable = metatableOf(context, slot);
  return metatable === 0 ? 0 : metamethodIn(context, metatable, event);
}

/** The same for a metatable that is known. */
export function metamethodIn(context: Context, metatable: number, event: number): number {
  const { i32, mask } = context;
  const absent = (metatable + TABLE_ABSENT) & mask;
  if ((i32[absent] & (1 << event)) !== 0) return 0;
  const slot = getShortString(context, metatable, i32[HEADER.STRINGS_WELL_KNOWN + event]);
  if (slot !== 0 && i32[slot + VALUE_TAG] !== TAG_NIL) return slot;
  i32[absent] |= 1 << event;
  return 0;
}
