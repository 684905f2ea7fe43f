// A context without any module: an empty program (unless one is given) and an initialised heap, for tests of what lies inside heaps. A few
// scratch slots in the main thread's stack stand for registers: the collector treats them as values of the floor.
import { Context } from '../../vm/context';
import { initialiseHeap } from '../../vm/heap';
import { FRAME_TOP, HEADER, THREAD_FRAMES, THREAD_STACK, VALUE_SIZE } from '../../vm/layout';
import type { Program } from '../../vm/program';
import { RegionPool } from '../../vm/regions';
import { FUEL, NEXT } from '../../vm/signals';
import { hasJob, workOnJob } from '../../vm/table-job';

export const EMPTY_PROGRAM: Program = {
  modules: [],
  code: new Int32Array(1),
  jumps: new Int32Array(1),
  functions: new Int32Array(16),
  functionCount: 0,
  constants: new Int32Array(0),
  constantNumbers: new Float64Array(0),
  upvalueSources: new Int32Array(0),
  table: new Int32Array(0),
  signatures: [],
  syscalls: [],
  intrinsics: [],
  nextFunction: -1,
  nextIndexFunction: -1,
  entry: -1,
  entered: new Int32Array(0),
  hot: null,
  image: new Int32Array(0),
  parts: [],
  codeSize: 0,
  constantCount: 0,
  upvalueSourceCount: 0,
  tableSize: 0,
  compiler: null,
  sharedModuleCount: 0,
  sharedConstantCount: 0,
  isPrivate: false,
};

const pool = new RegionPool();

/** Registers that `register` names. */
export const REGISTERS = 32;
const PLENTY = 1 << 30;

/** A context with an empty heap, plenty of fuel, and REGISTERS registers that are nil. */
export function bareContext(memoryLimitBytes = 16 << 20, program: Program = EMPTY_PROGRAM): Context {
  const context = new Context(program, pool, memoryLimitBytes, pool.take(1024));
  initialiseHeap(context);
  context.fuel = PLENTY;
  const thread = context.i32[HEADER.MAIN_THREAD];
  context.i32[context.i32[thread + THREAD_FRAMES] + FRAME_TOP] = REGISTERS * VALUE_SIZE;
  return context;
}

/** Word address of a register. */
export function register(context: Context, index: number): number {
  return context.i32[context.i32[HEADER.MAIN_THREAD] + THREAD_STACK] + index * VALUE_SIZE;
}

/** What `insert` answers when the jobs that it begins are done; 0 when one fails for memory. */
export function insertNow(context: Context, insert: () => number): number {
  for (;;) {
    const slot = insert();
    if (slot !== 0 || !hasJob(context)) return slot;
    let signal = workOnJob(context);
    while (signal === FUEL) signal = workOnJob(context);
    if (signal !== NEXT) return 0;
  }
}
