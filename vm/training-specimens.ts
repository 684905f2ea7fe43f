// What the value loop is trained with: a value of each kind, and which of them instructions get.
import type { FunctionBuilder, ModuleBuilder } from './builder';
import {
  FRAME_TOP,
  HEADER,
  TABLE_METATABLE,
  TAG_SHORT_STRING,
  THREAD_FRAMES,
  VALUE_SIZE,
  WELL_KNOWN_STRINGS,
} from './layout';
import { ValueOp } from './opcode-numbers';
import type { TrainingContext } from './training-run';

const METAMETHODS = WELL_KNOWN_STRINGS.slice(0, WELL_KNOWN_STRINGS.indexOf('__tostring'));

/**
 * Operands by their places among the specimens. Integers: 0 to 3 (2 and 3 overflow); floats: 4 to 6 (6 is NaN); strings: 7
 * (a numeral), 8 (a key), 9 (long); 10 nil, 11 false, 12 true, 13 a closure; tables: 14 empty, 15 with an array and
 * fields, 16 with metamethods (its metatable is 17), 18 of a class (its metatable is 19), 20 of a class of that class
 * (21), 22 with so many fields that their chains are long, 23 with the metatable 22.
 */
const WITH_METAMETHODS = 16;
const OF_CLASS = 18;
const OF_SUBCLASS = 20;
const CROWDED = 22;
const OF_CROWDED = 23;
/** As many as fill a table of 16 nodes. */
export const CROWDED_FIELDS = Array.from({ length: 16 }, (_, index) => `field${index}`);
export const OPERANDS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [0, 1, 2],
  [1, 0, 0],
  [0, 1, 0],
  [2, 2, 0],
  [3, 3, 1],
  [2, 1, 0],
  [1, 2, 4],
  [0, 4, 5],
  [4, 0, 4],
  [4, 5, 0],
  [5, 4, 6],
  [6, 6, 6],
  [3, 5, 1],
  [5, 0, 5],
  // With these, arithmetic ends.
  [7, 0, 0],
  [8, 8, 9],
  [10, 0, 0],
  [0, 16, 16],
  [16, 0, 1],
  [9, 9, 8],
  [10, 10, 0],
  [12, 11, 10],
  [13, 0, 8],
  [14, 8, 0],
  [14, 0, 4],
  [15, 8, 0],
  [15, 0, 8],
  [15, 2, 10],
  [15, 9, 0],
  [15, 1, 13],
  [16, 8, 0],
  [16, 16, 0],
  [15, 14, 0],
  [18, 8, 0],
  [20, 8, 0],
  [22, 8, 0],
  [23, 8, 0],
  [11, 11, 11],
  [4, 4, 4],
];
/** So many of them are numbers only. */
export const NUMBERS = 15;

/** A function that returns one value of each kind; numbers first, tables last. */
export function addSpecimens(module: ModuleBuilder): number {
  const handler = module.addFunction({ family: 'value', name: 'handler', parameterCount: 2 });
  handler.emit(ValueOp.RETURN_ONE, 0);
  const code = module.addFunction({ family: 'value', name: 'specimens' });
  const { constants } = code;
  const list = [
    constants.integer(3, 0),
    constants.integer(-2, -1),
    constants.integer(-1, 0x7fffffff),
    constants.integer(0, 0x200000),
    constants.float(0.5),
    constants.float(-3),
    constants.float(Number.NaN),
    constants.string('10'),
    constants.string('name'),
    constants.string('a string that is too long to be interned by any means'),
  ];
  list.forEach((constant, register) => {
    code.emit(ValueOp.LOAD_CONSTANT, register, constant);
  });
  let register = list.length;
  code.emit(ValueOp.LOAD_NIL, register++, 0);
  code.emit(ValueOp.LOAD_BOOLEAN, register++, 0);
  code.emit(ValueOp.LOAD_BOOLEAN, register++, 1);
  code.emit(ValueOp.CLOSURE, register++, handler.index);
  code.emit(ValueOp.NEW_TABLE, register++, 0, 0);
  register = addTables(code, register, register - 2);
  code.emit(ValueOp.RETURN, 0, register + 1);
  return code.index;
}

/**
 * A table with an array and fields; one with metamethods and an object of a class, each with the metatable that the host
 * then gives it behind it.
 */
function addTables(code: FunctionBuilder, first: number, handler: number): number {
  code.emit(ValueOp.NEW_TABLE, first, 4, 4);
  // With a hole at 3, and keys that are among its nodes.
  for (let index = 0; index <= 2; index++) code.emit(ValueOp.SET_INDEX, first, index, 0);
  code.emit(ValueOp.SET_TABLE, first, 1, 0);
  code.emit(ValueOp.SET_FIELD, first, code.constants.string('name'), handler);
  code.emit(ValueOp.NEW_TABLE, first + 1, 0, 0);
  code.emit(ValueOp.NEW_TABLE, first + 2, 0, METAMETHODS.length);
  for (const name of METAMETHODS) code.emit(ValueOp.SET_FIELD, first + 2, code.constants.string(name), handler);
  code.emit(ValueOp.NEW_TABLE, first + 3, 0, 0);
  code.emit(ValueOp.NEW_TABLE, first + 4, 0, 1);
  code.emit(ValueOp.SET_FIELD, first + 4, code.constants.string('__index'), first);
  code.emit(ValueOp.NEW_TABLE, first + 5, 0, 0);
  code.emit(ValueOp.NEW_TABLE, first + 6, 0, 1);
  code.emit(ValueOp.SET_FIELD, first + 6, code.constants.string('__index'), first + 3);
  // Without room for them at first, so that it is full in the end.
  code.emit(ValueOp.NEW_TABLE, first + 7, 0, 0);
  for (const name of CROWDED_FIELDS) code.emit(ValueOp.SET_FIELD, first + 7, code.constants.string(name), handler);
  code.emit(ValueOp.NEW_TABLE, first + 8, 0, 0);
  return first + 9;
}

/** The words of the specimens, metatables set. */
export function makeSpecimens(training: TrainingContext, index: number): Int32Array {
  const { context } = training;
  training.run(index, 1 << 20);
  const words = context.i32[context.i32[context.thread + THREAD_FRAMES]! + FRAME_TOP]!;
  const values = context.i32.slice(context.stack, context.stack + words);
  const owned = [WITH_METAMETHODS, OF_CLASS, OF_SUBCLASS].map((owner) => [owner, owner + 1]);
  for (const [owner, metatable] of [...owned, [OF_CROWDED, CROWDED]]) {
    context.i32[values[owner! * VALUE_SIZE]! + TABLE_METATABLE] = values[metatable! * VALUE_SIZE]!;
  }
  context.i32[HEADER.METATABLES + TAG_SHORT_STRING] = values[(OF_CLASS + 1) * VALUE_SIZE]!;
  return values;
}
