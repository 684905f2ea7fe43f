// Intrinsics of io's files: userdata and the tables behind them, paths and modes, and buffers that hold what was written.
// A buffer is a long string that no guest ever sees, so that its bytes may change.
import {
  allocate,
  type Context,
  HEADER,
  KIND_USERDATA,
  MAXIMUM_STRING_BYTES,
  MEMORY,
  metatableOf,
  NEXT,
  newLongString,
  stringLength,
  stringStart,
  TAG_LONG_STRING,
  TAG_TABLE,
  TAG_USERDATA,
  USERDATA_SIZE,
  USERDATA_TABLE,
  writeBoolean,
  writeReference,
} from '../../../vm/index';
import { raiseArgument, raiseArgumentType } from './argument-errors';
import { addressText } from './basic';
import { COPY_CHUNK, progress } from './strings';
import {
  argument,
  BYTES_SHIFT,
  charge,
  checkString,
  integerAt,
  intrinsic,
  note,
  noted,
  shortTextOf,
  stopAt,
  storeString,
  storeText,
  tagOf,
} from './support';

export const FILE_INTRINSICS = [
  intrinsic('set_file_metatable', 1, 1, setFileMetatable),
  intrinsic('new_file', 1, 1, newFile),
  intrinsic('file_state', 2, 1, fileState),
  intrinsic('file_text', 1, 1, fileText),
  intrinsic('file_path', 2, 1, filePath),
  intrinsic('check_mode', 2, 1, checkMode),
  intrinsic('grow_buffer', 3, 1, growBuffer),
  intrinsic('write_buffer', 3, 0, writeBuffer),
];

// --- userdata ---

/** All userdata have R[0] as their metatable: they are files. */
function setFileMetatable(context: Context, registers: number): number {
  context.i32[HEADER.METATABLES + TAG_USERDATA] = context.i32[registers];
  return NEXT;
}

/** A userdata with the table R[0] behind it; with nil a light one: it stands for something, and has no metatable. */
function newFile(context: Context, registers: number): number {
  const address = allocate(context, USERDATA_SIZE, KIND_USERDATA);
  if (address === 0) return context.failure;
  const { i32 } = context;
  i32.fill(0, address + 1, address + USERDATA_SIZE);
  if (tagOf(context, registers) === TAG_TABLE) i32[address + USERDATA_TABLE] = i32[registers];
  writeReference(context, registers, TAG_USERDATA, address);
  return NEXT;
}

/** The table behind the file R[0], argument number R[1]. */
function fileState(context: Context, registers: number): number {
  if (tagOf(context, registers) !== TAG_USERDATA || metatableOf(context, registers) === 0) {
    return raiseArgumentType(context, integerAt(context, argument(registers, 1)), registers, 'FILE*');
  }
  const table = context.i32[(context.i32[registers] + USERDATA_TABLE) & context.mask];
  writeReference(context, registers, TAG_TABLE, table);
  return NEXT;
}

function fileText(context: Context, registers: number): number {
  return storeText(context, registers, `file (${addressText(context.i32[registers])})`);
}

// --- paths and modes ---

/** Longer paths are none. */
const LONGEST_PATH = 4096;
const SLASH = 0x2f;
const DOT = 0x2e;
const NUL = 0;

const pathBytes = new Uint8Array(LONGEST_PATH);

/** The path R[0], argument number R[1], without `.`, `..` and doubled slashes; false when it cannot name a file. */
function filePath(context: Context, registers: number): number {
  const signal = checkString(context, registers, integerAt(context, argument(registers, 1)));
  if (signal !== NEXT) return signal;
  const start = stringStart(context, context.i32[registers]);
  const length = stringLength(context, context.i32[registers]);
  const bytes = context.u8.subarray(start, start + Math.min(length, LONGEST_PATH + 1));
  charge(context, bytes.length >> 2);
  // As in C, a path ends at its first zero.
  const end = bytes.indexOf(NUL);
  const size = normalise(end < 0 ? bytes : bytes.subarray(0, end));
  if (size > 0) return storeString(context, registers, pathBytes, 0, size);
  writeBoolean(context, registers, false);
  return NEXT;
}

/** Writes the path to `pathBytes`, and gives its length; 0 when it cannot name a file. */
function normalise(path: Uint8Array): number {
  if (path.length === 0 || path.length > LONGEST_PATH || path[path.length - 1] === SLASH) return 0;
  const root = path[0] === SLASH ? 1 : 0;
  let size = 0;
  let isFile = false;
  for (let from = 0; from < path.length; ) {
    const found = path.indexOf(SLASH, from);
    const to = found < 0 ? path.length : found;
    const length = to - from;
    const isUp = length === 2 && path[from] === DOT && path[from + 1] === DOT;
    isFile = length > 0 && !isUp && !(length === 1 && path[from] === DOT);
    if (isUp) {
      // Above the folder there is nothing, and nothing can be put there.
      if (size === 0 && root === 0) return 0;
      size = size === 0 ? 0 : Math.max(0, pathBytes.lastIndexOf(SLASH, size - 1));
    } else if (isFile) {
      if (size > 0 || root === 1) pathBytes[size++] = SLASH;
      pathBytes.set(path.subarray(from, to), size);
      size += length;
    }
    from = to + 1;
  }
  return isFile ? size : 0;
}

/** As C's fopen takes it. */
const MODE = /^[rwa]\+?b*$/;

/** The mode R[0] of io.open, argument number R[1]. */
function checkMode(context: Context, registers: number): number {
  const index = integerAt(context, argument(registers, 1));
  const signal = checkString(context, registers, index);
  if (signal !== NEXT) return signal;
  return MODE.test(shortTextOf(context, registers)) ? NEXT : raiseArgument(context, index, 'invalid mode');
}

// --- buffers ---

/** A buffer of R[1] bytes that begins with those of R[0]; zeros follow. R[2] holds it while it is filled. */
function growBuffer(context: Context, registers: number): number {
  const result = argument(registers, 2);
  const size = integerAt(context, argument(registers, 1));
  if (noted(context) === 0) {
    if (size > MAXIMUM_STRING_BYTES) return MEMORY;
    const address = newLongString(context, size);
    if (address === 0) return context.failure;
    writeReference(context, result, TAG_LONG_STRING, address);
    note(context, 1);
  }
  const kept = Math.min(stringLength(context, context.i32[registers]), size);
  const source = stringStart(context, context.i32[registers]);
  const target = stringStart(context, context.i32[result]);
  for (let done = progress(context, size); done < size; ) {
    if (context.fuel <= 0) return stopAt(context, done + 1);
    const count = Math.min(COPY_CHUNK, (done < kept ? kept : size) - done);
    charge(context, 1 + (count >> BYTES_SHIFT));
    if (done < kept) context.u8.copyWithin(target + done, source + done, source + done + count);
    else context.u8.fill(0, target + done, target + done + count);
    done += count;
  }
  note(context, 0);
  writeReference(context, registers, TAG_LONG_STRING, context.i32[result]);
  return NEXT;
}

/** Writes the string R[2] into the buffer R[0] behind the first R[1] bytes, as far as there is room. */
function writeBuffer(context: Context, registers: number): number {
  const text = context.i32[argument(registers, 2)];
  const at = integerAt(context, argument(registers, 1));
  const size = Math.min(stringLength(context, text), stringLength(context, context.i32[registers]) - at);
  const source = stringStart(context, text);
  const target = stringStart(context, context.i32[registers]) + at;
  for (let done = progress(context, Math.max(size, 0)); done < size; ) {
    if (context.fuel <= 0) return stopAt(context, done + 1);
    const count = Math.min(COPY_CHUNK, size - done);
    charge(context, 1 + (count >> BYTES_SHIFT));
    context.u8.copyWithin(target + done, source + done, source + done + count);
    done += count;
  }
  note(context, 0);
  return NEXT;
}
