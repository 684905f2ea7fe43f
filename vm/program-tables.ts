// The flat tables of a program as they are made and grow: what is appended lies behind what others may use.
import {
  FUNCTION_ROW_SHIFT,
  FUNCTION_TYPED_WORDS,
  FUNCTION_VALUE_WORDS,
  type MutableProgram,
  type Program,
  TOO_MANY_WORDS,
} from './program';

/** All programs are made here, so that they look the same to the optimiser. */
export function makeProgram(parts: Omit<MutableProgram, 'jumps' | 'entered' | 'hot'>): MutableProgram {
  return {
    modules: parts.modules,
    code: parts.code,
    jumps: new Int32Array(parts.code.buffer),
    entered: parts.code,
    hot: null,
    functions: parts.functions,
    functionCount: parts.functionCount,
    constants: parts.constants,
    constantNumbers: parts.constantNumbers,
    upvalueSources: parts.upvalueSources,
    table: parts.table,
    codeSize: parts.codeSize,
    constantCount: parts.constantCount,
    upvalueSourceCount: parts.upvalueSourceCount,
    tableSize: parts.tableSize,
    signatures: parts.signatures,
    syscalls: parts.syscalls,
    intrinsics: parts.intrinsics,
    nextFunction: parts.nextFunction,
    nextIndexFunction: parts.nextIndexFunction,
    entry: parts.entry,
    image: parts.image,
    parts: parts.parts,
    compiler: parts.compiler,
    sharedModuleCount: parts.sharedModuleCount,
    sharedConstantCount: parts.sharedConstantCount,
    isPrivate: parts.isPrivate,
  };
}

/** How many words an extended table has room for at least: twice what it needs, a power of two as rows must be. */
function roomFor(length: number): number {
  return 1 << (32 - Math.clz32(length));
}

/**
 * `items` behind the first `length` of `old`: in the room that a table of the context's own has left, or in a copy that is
 * larger than it needs to be. `fill` writes what lies behind them.
 */
export function append(
  old: Int32Array,
  length: number,
  items: ArrayLike<number>,
  isPrivate: boolean,
  fill?: (table: Int32Array, from: number) => void,
): Int32Array {
  const end = length + items.length;
  // At least one row lies behind the last function.
  const isLongEnough = isPrivate && (fill === undefined ? end <= old.length : end < old.length);
  const table = isLongEnough ? old : new Int32Array(roomFor(end));
  if (!isLongEnough) {
    table.set(old.subarray(0, length));
    fill?.(table, end);
  }
  table.set(items, length);
  return table;
}

/** As append, for doubles. */
export function appendNumbers(
  old: Float64Array,
  length: number,
  items: Float64Array,
  isPrivate: boolean,
): Float64Array {
  const end = length + items.length;
  const isLongEnough = isPrivate && end <= old.length;
  const table = isLongEnough ? old : new Float64Array(roomFor(end));
  if (!isLongEnough) table.set(old.subarray(0, length));
  table.set(items, length);
  return table;
}

/** Rows for `count` functions and at least one behind them, in which no frame fits. */
export function emptyRows(count: number): Int32Array {
  const rows = new Int32Array(roomFor(count) << FUNCTION_ROW_SHIFT);
  emptyRowWords(rows, 0);
  return rows;
}

/** Makes the rows behind `from` words such that no frame fits. */
export function emptyRowWords(rows: Int32Array, from: number): void {
  for (let row = from; row < rows.length; row += 1 << FUNCTION_ROW_SHIFT) {
    rows[row + FUNCTION_TYPED_WORDS] = TOO_MANY_WORDS;
    rows[row + FUNCTION_VALUE_WORDS] = TOO_MANY_WORDS;
  }
}

/** The tables of a program that the loops read, and how much of each is used: what another thread needs beside its modules. */
export type ProgramTables = Pick<
  Program,
  | 'code'
  | 'functions'
  | 'functionCount'
  | 'constants'
  | 'constantNumbers'
  | 'upvalueSources'
  | 'table'
  | 'codeSize'
  | 'constantCount'
  | 'upvalueSourceCount'
  | 'tableSize'
  | 'signatures'
  | 'nextFunction'
  | 'nextIndexFunction'
  | 'entry'
  | 'parts'
  | 'sharedModuleCount'
  | 'sharedConstantCount'
  | 'isPrivate'
>;

/** A program's tables, from now on in memory that threads share. */
export function shareTables(program: Program): ProgramTables {
  const made: MutableProgram = program;
  if (!(made.code.buffer instanceof SharedArrayBuffer)) {
    const isEntered = made.entered !== made.code;
    made.code = shareWords(made.code);
    if (!isEntered) made.entered = made.code;
    made.jumps = new Int32Array(made.code.buffer);
  }
  made.functions = shareWords(made.functions);
  made.constants = shareWords(made.constants);
  made.upvalueSources = shareWords(made.upvalueSources);
  made.table = shareWords(made.table);
  if (!(made.constantNumbers.buffer instanceof SharedArrayBuffer)) {
    const numbers = new Float64Array(new SharedArrayBuffer(made.constantNumbers.byteLength));
    numbers.set(made.constantNumbers);
    made.constantNumbers = numbers;
  }
  const { modules, jumps, entered, hot, syscalls, intrinsics, image, compiler, ...tables } = program;
  return tables;
}

function shareWords(words: Int32Array): Int32Array {
  if (words.buffer instanceof SharedArrayBuffer) return words;
  const shared = new Int32Array(new SharedArrayBuffer(words.byteLength));
  shared.set(words);
  return shared;
}
