// What the library itself needs: strings that are made when they are needed, parts that lie outside of contexts until then, and
// the metatable of strings.
import {
  type Context,
  copyValue,
  definitionOf,
  FRAME_FUNCTION,
  HEADER,
  NEXT,
  newTable,
  reserveArray,
  TABLE_ARRAY,
  TAG_LONG_STRING,
  TAG_SHORT_STRING,
  TRAP,
  Trap,
  tableLength,
  VALUE_SIZE,
} from '../../../vm/index';
import { intrinsic, storeString } from './support';

export const LIBRARY_INTRINSICS = [
  intrinsic('text', 1, 1, text),
  intrinsic('set_string_metatable', 1, 1, setStringMetatable),
  intrinsic('part', 1, 1, part),
];

/** R[0] becomes the string of the function's text R[0]: library code has its strings so. */
function text(context: Context, registers: number): number {
  const { definition } = definitionOf(context.program, context.i32[context.frame + FRAME_FUNCTION]);
  const constant = definition.constants[context.i32[registers]];
  if (constant?.kind !== 'text') {
    context.trap = Trap.HEAP_CORRUPT;
    return TRAP;
  }
  return storeString(context, registers, constant.bytes, 0, constant.bytes.length);
}

/** All strings, short and long, have R[0] as their metatable. */
function setStringMetatable(context: Context, registers: number): number {
  context.i32[HEADER.METATABLES + TAG_SHORT_STRING] = context.i32[registers];
  context.i32[HEADER.METATABLES + TAG_LONG_STRING] = context.i32[registers];
  return NEXT;
}

/** The tables that R[0] lists become a part of the library, which a context has once it needs one of them. */
function part(context: Context, registers: number): number {
  if (context.i32[HEADER.PARTS] === 0) {
    const parts = newTable(context, 0, 0);
    if (parts === 0) return context.failure;
    context.i32[HEADER.PARTS] = parts;
  }
  const parts = context.i32[HEADER.PARTS];
  const count = tableLength(context, parts) + 1;
  if (!reserveArray(context, parts, count)) return context.failure;
  copyValue(context, context.i32[parts + TABLE_ARRAY] + count * VALUE_SIZE, registers);
  return NEXT;
}
