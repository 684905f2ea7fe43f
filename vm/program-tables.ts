// The flat tables of a program as they are made and grow: what is appended lies behind what others may use.
import {
  FUNCTION_ROW_SHIFT,
  FUNCTION_TYPED_WORDS,
  FUNCTION_VALUE_WORDS,
  type MutableProgram,
  type Program,
  TOO_MANY_WORDS,
} from './program';
import { copyInSteps, type Steps } from './steps';

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

/** Rows that are emptied in one step. */
const STEP_ROWS = 1 << 12;

/**
 * `items` behind the first `length` of `old`: in the room that a table of the context's own has left, or in a copy that is
 * larger than it needs to be, in memory that threads share if `old` is.
 */
export function* append<T extends Int32Array | Float64Array>(
  old: T,
  length: number,
  items: T,
  isPrivate: boolean,
): Steps<T> {
  const end = length + items.length;
  const isLongEnough = isPrivate && end <= old.length;
  const table = isLongEnough ? old : newTable(old, roomFor(end));
  if (!isLongEnough) yield* copyInSteps(old, length, table, 0);
  yield* copyInSteps(items, items.length, table, length);
  return table;
}

/** The same of rows of functions: at least one lies behind the last. */
export function* appendRows(old: Int32Array, count: number, rows: Int32Array, isPrivate: boolean): Steps<Int32Array> {
  const length = count << FUNCTION_ROW_SHIFT;
  const end = length + rows.length;
  if (isPrivate && end < old.length) return yield* append(old, length, rows, true);
  const table = yield* append(old, length, rows, false);
  for (let from = end; from < table.length; from += STEP_ROWS << FUNCTION_ROW_SHIFT) {
    emptyRowWords(table, from, Math.min(from + (STEP_ROWS << FUNCTION_ROW_SHIFT), table.length));
    yield;
  }
  return table;
}

function newTable<T extends Int32Array | Float64Array>(like: T, length: number): T {
  const bytes = length * like.BYTES_PER_ELEMENT;
  // There may be no shared memory at all.
  const isShared = !(like.buffer instanceof ArrayBuffer);
  const buffer = isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return (like instanceof Int32Array ? new Int32Array(buffer) : new Float64Array(buffer)) as T;
}

/** Rows for `count` functions and at least one behind them, in which no frame fits. */
export function emptyRows(count: number): Int32Array {
  const rows = new Int32Array(roomFor(count) << FUNCTION_ROW_SHIFT);
  emptyRowWords(rows, 0, rows.length);
  return rows;
}

/** Makes the rows from the words `from` to `end` such that no frame fits. */
function emptyRowWords(rows: Int32Array, from: number, end: number): void {
  for (let row = from; row < end; row += 1 << FUNCTION_ROW_SHIFT) {
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
