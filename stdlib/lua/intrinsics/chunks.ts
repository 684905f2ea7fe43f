// Intrinsics of require, dofile and loadfile: closures of the main functions of a program's files.
import {
  allocate,
  CLOSURE_FUNCTION,
  CLOSURE_GRAY,
  CLOSURE_UPVALUE_COUNT,
  CLOSURE_UPVALUES,
  type Context,
  copyValue,
  FUNCTION_PLACE,
  FUNCTION_ROW_SHIFT,
  FUNCTION_UPVALUE_COUNT,
  KIND_CLOSURE,
  KIND_UPVALUE,
  type Program,
  stringLength,
  stringStart,
  TAG_CLOSURE,
  UPVALUE_NEXT,
  UPVALUE_POINTER,
  UPVALUE_SIZE,
  UPVALUE_THREAD,
  UPVALUE_VALUE,
  writeBoolean,
  writeNil,
  writeReference,
} from '../../../vm/index';
import { argument, charge, intrinsic, OPEN, returnValues } from './support';

export const CHUNK_INTRINSICS = [intrinsic('chunk', 2, OPEN, chunk)];

interface Chunk {
  /** Flat index of the function. */
  readonly index: number;
  /** It is no function of the file, which does not compile, but one that returns why. */
  readonly isBroken: boolean;
}

/** As the Lua frontend calls what stands for a file that does not compile. */
const BROKEN = 'syntax error';

/** The chunks of programs that have asked for one: what can be computed from a program again is nobody's state. */
const chunksOfPrograms = new WeakMap<Program, ReadonlyMap<string, Chunk>>();

/** By path: the main functions of the entry's module beside the entry. */
function chunksOf(program: Program): ReadonlyMap<string, Chunk> {
  const known = chunksOfPrograms.get(program);
  if (known !== undefined) return known;
  const { sources, functions } =
    program.modules[program.functions[(program.entry << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE] >>> 16]!;
  const first = program.entry - functions.findIndex((_, local) => isEntry(program, local));
  const chunks = new Map<string, Chunk>();
  functions.forEach(({ debug, family }, local) => {
    if (debug.line !== 0 || family !== 'value' || first + local === program.entry) return;
    chunks.set(sources[debug.source]!, { index: first + local, isBroken: debug.name === BROKEN });
  });
  chunksOfPrograms.set(program, chunks);
  return chunks;
}

function isEntry(program: Program, local: number): boolean {
  return (
    program.modules[program.functions[(program.entry << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE] >>> 16]!.entry === local
  );
}

const decoder = new TextDecoder();
/** What finding a chunk and making its closure is charged. */
const CHUNK_COST = 20;

/** A function of the file at the path R[0] whose _ENV is R[1], and whether it only says why there is none; or nil. */
function chunk(context: Context, registers: number): number {
  const start = stringStart(context, context.i32[registers]);
  const length = stringLength(context, context.i32[registers]);
  charge(context, CHUNK_COST + (length >> 2));
  const found = chunksOf(context.program).get(decoder.decode(context.u8.slice(start, start + length)));
  if (found === undefined) {
    writeNil(context, registers);
    return returnValues(context, registers, 1);
  }
  const closure = newChunkClosure(context, found.index, argument(registers, 1));
  if (closure === 0) return context.failure;
  writeReference(context, registers, TAG_CLOSURE, closure);
  writeBoolean(context, argument(registers, 1), found.isBroken);
  return returnValues(context, registers, 2);
}

/** A closure of a main function, with a copy of the value at `environment` as its one upvalue; 0 without memory. */
function newChunkClosure(context: Context, index: number, environment: number): number {
  const count = context.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_UPVALUE_COUNT];
  const upvalue = allocate(context, UPVALUE_SIZE, KIND_UPVALUE);
  if (upvalue === 0) return 0;
  const closure = allocate(context, CLOSURE_UPVALUES + count, KIND_CLOSURE);
  if (closure === 0) return 0;
  const { i32 } = context;
  i32[upvalue + UPVALUE_POINTER] = upvalue + UPVALUE_VALUE;
  i32[upvalue + UPVALUE_NEXT] = 0;
  i32[upvalue + UPVALUE_THREAD] = 0;
  copyValue(context, upvalue + UPVALUE_VALUE, environment);
  i32[closure + CLOSURE_GRAY] = 0;
  i32[closure + CLOSURE_FUNCTION] = index;
  i32[closure + CLOSURE_UPVALUE_COUNT] = count;
  i32.fill(upvalue, closure + CLOSURE_UPVALUES, closure + CLOSURE_UPVALUES + count);
  return closure;
}
