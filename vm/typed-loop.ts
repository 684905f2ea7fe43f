// The typed family's interpreter: one switch over packed instructions. Slow paths are in typed-slow.ts; what stands here
// is what is hot. See docs/bytecode.md for what each instruction does.
//
// Idioms, each with its measurement (Node 20, bundled). a, b, c are the word addresses of R[a], R[b], R[c]. All locals are
// int32 or doubles. `& WORDS` changes no address that is sound, but gives the compiler a range: no overflow checks, no sign
// extension, no sums in doubles (5 to 10 %). The inner loop calls nothing, so that its state can stay in registers (15 %):
// `leave` says why it is left: LEAVE_FUEL (pc stands at the next instruction), LEAVE_SLOW (it stands at this one, which
// typed-slow.ts does) or a trap. `pc` is the instruction itself until it ends, and the fuel is `credit - pc`, as in
// value-loop.ts (4 %). `code` is read in one place, at the top; all else reads the same words as `jumps`, or the compiler
// would keep what belongs to `code`, that is spill it, throughout every instruction (5 %). A NaN that arithmetic has made is
// overwritten with the canonical one at once: its bits depend on the host. An access of n bytes lies inside the window when
// (address - NULL_GUARD_BYTES) is below `limit` n, compared unsigned; 0 when the window is too small for any. Unsigned
// comparisons are comparisons of integers only with `>>> 0` on both sides. A caller's record is checked when it is returned
// to, before anything of it is used.
// biome-ignore-all lint/suspicious/noSelfCompare: the cheapest test for NaN
import type { Context } from './context';
import { claimStack } from './crossing';
import { Trap } from './errors';
import {
  FRAME_BASE,
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  HEADER,
  NULL_GUARD_BYTES,
  RESULT_VALUES,
  THREAD_FRAMES,
} from './layout';
import { CANONICAL_NAN_FLOAT, CANONICAL_NAN_HIGH, CANONICAL_NAN_LOW } from './numbers/canonical-nan';
import { TypedOp } from './opcode-numbers';
import {
  CONSTANT_WORDS,
  FLAG_VALUE,
  FUNCTION_CONSTANTS,
  FUNCTION_END,
  FUNCTION_FLAGS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_SIGNATURE,
  FUNCTION_START,
  FUNCTION_TABLE,
  FUNCTION_TABLE_SIZE,
  FUNCTION_TYPED_WORDS,
  FUNCTION_WORDS,
} from './program';
import { FAMILY, FUEL, RELOAD, TRAP } from './signals';
import { claimFrames } from './typed-calls';
import { runSlow } from './typed-slow';

// A constant enumeration, since the bundler does not inline negative constants.
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Word {
  LEAVE_FUEL = -1,
  LEAVE_SLOW = -2,
  /** The sign bit, and the other bits. */
  LEAST = -0x80000000,
  GREATEST = 0x7fffffff,
  TWO_32 = 4294967296,
  TWO_53_HIGH = 0x200000,
  /** Masks for word and byte addresses, which change none: no heap is larger than 1 GiB. */
  WORDS = 0x0fffffff,
  PAIRS = 0x0ffffffe,
  ROWS = 0xffff0,
  BYTES = 0x3fffffff,
}

/**
 * Runs typed code from the current frame on. FAMILY when it belongs to the value family; else as the signals say. The
 * context is committed whenever it answers.
 */
export function runTyped(context: Context): number {
  const program = context.program;
  const { code, jumps, functions, constants, table } = program;
  const functionCount = program.functionCount >>> 0;
  for (;;) {
    if (!context.checkFrame()) return TRAP;
    if (context.fuel <= 0) return FUEL;
    const i32 = context.i32;
    const u8 = context.u8;
    const f32 = context.f32;
    const f64 = context.f64;
    let frame = context.frame & Word.WORDS;
    let row = (i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT) & Word.ROWS;
    if ((functions[row + FUNCTION_FLAGS] & FLAG_VALUE) !== 0) return FAMILY;
    const floor = i32[context.thread + THREAD_FRAMES];
    const lastFrame = claimFrames(context) | 0;
    const stack = context.stack & Word.WORDS;
    let base = (stack + i32[frame + FRAME_BASE]) & Word.WORDS;
    let pc = i32[frame + FRAME_PC] & Word.WORDS;
    let credit = (pc + context.fuel) | 0;
    const stackHigh = claimStack(context, base + functions[row + FUNCTION_WORDS]) | 0;
    const window = context.window & Word.WORDS;
    const windowStart = window << 2;
    const room = (context.windowBytes - NULL_GUARD_BYTES) | 0;
    const limit1 = room < 1 ? 0 : room;
    const limit2 = room < 2 ? 0 : (room - 1) | 0;
    const limit4 = room < 4 ? 0 : (room - 3) | 0;
    const limit8 = room < 8 ? 0 : (room - 7) | 0;
    const memoryStackLimit = i32[HEADER.MEMORY_STACK_LIMIT];
    const memoryStackEnd = memoryStackLimit < context.windowBytes ? memoryStackLimit : context.windowBytes | 0;
    let leave: number = Word.LEAVE_FUEL;
    run: for (;;) {
      const ins = code[pc];
      const a = base + ((ins >> 7) & 0x1fe);
      const b = base + ((ins >>> 15) & 0x1fe);
      const c = base + ((ins >>> 23) & 0x1fe);
      switch (ins & 255) {
        // --- moves and constants ---

        case TypedOp.MOVE:
          i32[a] = i32[b];
          i32[a + 1] = i32[b + 1];
          break;
        case TypedOp.SELECT:
          if (i32[c] === 0) {
            i32[a] = i32[b];
            i32[a + 1] = i32[b + 1];
          }
          break;
        case TypedOp.I32_CONST:
          i32[a] = ins >> 16;
          break;
        case TypedOp.I64_CONST:
          i32[a] = ins >> 16;
          i32[a + 1] = ins >> 31;
          break;
        case TypedOp.CONST: {
          const constant = (functions[row + FUNCTION_CONSTANTS] + (ins >>> 16) * CONSTANT_WORDS) & Word.WORDS;
          i32[a] = constants[constant];
          i32[a + 1] = constants[constant + 1];
          break;
        }

        // --- branches ---

        case TypedOp.JUMP:
          pc = (pc + 1 + (ins >> 8)) & Word.WORDS;
          credit = (credit + (ins >> 8)) | 0;
          if (((credit - pc) | 0) <= 0) break run;
          continue;
        case TypedOp.BR_IF:
          if (i32[a] !== 0) {
            pc = (pc + 1 + (ins >> 16)) & Word.WORDS;
            credit = (credit + (ins >> 16)) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          break;
        case TypedOp.BR_UNLESS:
          if (i32[a] === 0) {
            pc = (pc + 1 + (ins >> 16)) & Word.WORDS;
            credit = (credit + (ins >> 16)) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          break;
        case TypedOp.BR_TABLE: {
          const last = ins >>> 16;
          const index = i32[a] >>> 0 < last ? i32[a] : last;
          const distance = last + 1 + (jumps[(pc + 1 + index) & Word.WORDS] >> 8);
          pc = (pc + 1 + distance) & Word.WORDS;
          credit = (credit + distance) | 0;
          if (((credit - pc) | 0) <= 0) break run;
          continue;
        }
        case TypedOp.I32_BR_EQ:
          if (i32[a] === i32[b]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_NE:
          if (i32[a] !== i32[b]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_LT_S:
          if (i32[a] < i32[b]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_LT_U:
          if (i32[a] >>> 0 < i32[b] >>> 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_LE_S:
          if (i32[a] <= i32[b]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_LE_U:
          if (i32[a] >>> 0 <= i32[b] >>> 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_EQ_IMM:
          if (i32[a] === ins >> 16) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_NE_IMM:
          if (i32[a] !== ins >> 16) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_LT_S_IMM:
          if (i32[a] < ins >> 16) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_GE_S_IMM:
          if (i32[a] >= ins >> 16) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_LT_U_IMM:
          if (i32[a] >>> 0 < (ins >> 16) >>> 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_GE_U_IMM:
          if (i32[a] >>> 0 >= (ins >> 16) >>> 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_ANY_IMM:
          if ((i32[a] & (ins >>> 16)) !== 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_BR_NONE_IMM:
          if ((i32[a] & (ins >>> 16)) === 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_ADD_BR_LT_S: {
          const sum = (i32[a] + i32[b]) | 0;
          i32[a] = sum;
          if (sum < i32[c]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_ADD_BR_LE_S: {
          const sum = (i32[a] + i32[b]) | 0;
          i32[a] = sum;
          if (sum <= i32[c]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_ADD_IMM_BR_EQ: {
          const sum = (i32[a] + ((ins << 8) >> 24)) | 0;
          i32[a] = sum;
          if (sum === i32[c]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_ADD_IMM_BR_NE: {
          const sum = (i32[a] + ((ins << 8) >> 24)) | 0;
          i32[a] = sum;
          if (sum !== i32[c]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_ADD_IMM_BR_LT_S: {
          const sum = (i32[a] + ((ins << 8) >> 24)) | 0;
          i32[a] = sum;
          if (sum < i32[c]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_ADD_IMM_BR_LE_S: {
          const sum = (i32[a] + ((ins << 8) >> 24)) | 0;
          i32[a] = sum;
          if (sum <= i32[c]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_ADD_IMM_BR_GT_S: {
          const sum = (i32[a] + ((ins << 8) >> 24)) | 0;
          i32[a] = sum;
          if (sum > i32[c]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_ADD_IMM_BR_GE_S: {
          const sum = (i32[a] + ((ins << 8) >> 24)) | 0;
          i32[a] = sum;
          if (sum >= i32[c]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_ADD_IMM_BR_LT_U: {
          const sum = (i32[a] + ((ins << 8) >> 24)) | 0;
          i32[a] = sum;
          if (sum >>> 0 < i32[c] >>> 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I64_BR_IF:
          if ((i32[a] | i32[a + 1]) !== 0) {
            pc = (pc + 1 + (ins >> 16)) & Word.WORDS;
            credit = (credit + (ins >> 16)) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          break;
        case TypedOp.I64_BR_UNLESS:
          if ((i32[a] | i32[a + 1]) === 0) {
            pc = (pc + 1 + (ins >> 16)) & Word.WORDS;
            credit = (credit + (ins >> 16)) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          break;
        case TypedOp.I64_BR_EQ:
          if (i32[a] === i32[b] && i32[a + 1] === i32[b + 1]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I64_BR_NE:
          if (i32[a] !== i32[b] || i32[a + 1] !== i32[b + 1]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I64_BR_LT_S: {
          const left = i32[a + 1];
          const right = i32[b + 1];
          if (left === right ? i32[a] >>> 0 < i32[b] >>> 0 : left < right) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I64_BR_LT_U: {
          const left = i32[a + 1];
          const right = i32[b + 1];
          if (left === right ? i32[a] >>> 0 < i32[b] >>> 0 : left >>> 0 < right >>> 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I64_BR_LE_S: {
          const left = i32[a + 1];
          const right = i32[b + 1];
          if (left === right ? i32[a] >>> 0 <= i32[b] >>> 0 : left < right) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I64_BR_LE_U: {
          const left = i32[a + 1];
          const right = i32[b + 1];
          if (left === right ? i32[a] >>> 0 <= i32[b] >>> 0 : left >>> 0 < right >>> 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.F64_BR_EQ:
          if (f64[a >> 1] === f64[b >> 1]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.F64_BR_NE:
          if (f64[a >> 1] !== f64[b >> 1]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.F64_BR_LT:
          if (f64[a >> 1] < f64[b >> 1]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.F64_BR_LE:
          if (f64[a >> 1] <= f64[b >> 1]) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.F64_BR_NLT:
          if (!(f64[a >> 1] < f64[b >> 1])) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.F64_BR_NLE:
          if (!(f64[a >> 1] <= f64[b >> 1])) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;

        // --- calls and returns ---

        case TypedOp.CALL: {
          const calleeRow = (ins >>> 16) << FUNCTION_ROW_SHIFT;
          const callee = (frame + FRAME_SIZE) & Word.WORDS;
          if (callee > lastFrame || ((a + functions[calleeRow + FUNCTION_TYPED_WORDS]) | 0) > stackHigh) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[frame + FRAME_PC] = pc + 1;
          i32[callee + FRAME_FUNCTION] = ins >>> 16;
          i32[callee + FRAME_BASE] = a - stack;
          i32[callee + FRAME_RESULT] = RESULT_VALUES;
          i32[callee + FRAME_EXTRA] = i32[frame + FRAME_EXTRA];
          i32[callee + FRAME_STATE] = 0;
          frame = callee;
          row = calleeRow;
          base = a & Word.WORDS;
          const target = functions[calleeRow + FUNCTION_START] & Word.WORDS;
          credit = (credit + target - pc - 1) | 0;
          pc = target;
          if (((credit - pc) | 0) <= 0) break run;
          continue;
        }
        case TypedOp.CALL_INDIRECT: {
          const element = i32[b];
          const index =
            element >>> 0 < functions[row + FUNCTION_TABLE_SIZE] >>> 0
              ? table[(functions[row + FUNCTION_TABLE] + element) & Word.WORDS]
              : -1;
          if (index < 0) {
            leave = Trap.UNDEFINED_ELEMENT;
            break run;
          }
          const calleeRow = (index << FUNCTION_ROW_SHIFT) & Word.ROWS;
          if (functions[calleeRow + FUNCTION_SIGNATURE] !== jumps[(pc + 1) & Word.WORDS] >>> 8) {
            leave = Trap.INDIRECT_CALL_TYPE_MISMATCH;
            break run;
          }
          const callee = (frame + FRAME_SIZE) & Word.WORDS;
          if (callee > lastFrame || ((a + functions[calleeRow + FUNCTION_TYPED_WORDS]) | 0) > stackHigh) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[frame + FRAME_PC] = pc + 2;
          i32[callee + FRAME_FUNCTION] = index;
          i32[callee + FRAME_BASE] = a - stack;
          i32[callee + FRAME_RESULT] = RESULT_VALUES;
          i32[callee + FRAME_EXTRA] = i32[frame + FRAME_EXTRA];
          i32[callee + FRAME_STATE] = 0;
          frame = callee;
          row = calleeRow;
          base = a & Word.WORDS;
          const target = functions[calleeRow + FUNCTION_START] & Word.WORDS;
          credit = (credit + target - pc - 1) | 0;
          pc = target;
          if (((credit - pc) | 0) <= 0) break run;
          continue;
        }
        case TypedOp.RETURN: // its a is 0: the move of R[0] to itself changes nothing
        case TypedOp.RETURN_VALUE: {
          const caller = (frame - FRAME_SIZE) & Word.WORDS;
          if (a !== base) {
            i32[base] = i32[a];
            i32[base + 1] = i32[a + 1];
          }
          const index = caller > floor ? i32[caller + FRAME_FUNCTION] : -1;
          if (index >>> 0 >= functionCount) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          const callerRow = (index << FUNCTION_ROW_SHIFT) & Word.ROWS;
          const callerPc = i32[caller + FRAME_PC];
          const callerBase = (stack + i32[caller + FRAME_BASE]) & Word.PAIRS;
          if (
            callerPc < functions[callerRow + FUNCTION_START] ||
            callerPc >= functions[callerRow + FUNCTION_END] ||
            callerBase < stack ||
            ((callerBase + functions[callerRow + FUNCTION_TYPED_WORDS]) | 0) > stackHigh
          ) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          frame = caller;
          row = callerRow;
          base = callerBase;
          credit = (credit + callerPc - pc - 1) | 0;
          pc = callerPc & Word.WORDS;
          if (((credit - pc) | 0) <= 0) break run;
          continue;
        }

        // --- i32 ---

        case TypedOp.I32_EQZ:
          i32[a] = i32[b] === 0 ? 1 : 0;
          break;
        case TypedOp.I32_EQ:
          i32[a] = i32[b] === i32[c] ? 1 : 0;
          break;
        case TypedOp.I32_NE:
          i32[a] = i32[b] !== i32[c] ? 1 : 0;
          break;
        case TypedOp.I32_LT_S:
          i32[a] = i32[b] < i32[c] ? 1 : 0;
          break;
        case TypedOp.I32_LT_U:
          i32[a] = i32[b] >>> 0 < i32[c] >>> 0 ? 1 : 0;
          break;
        case TypedOp.I32_LE_S:
          i32[a] = i32[b] <= i32[c] ? 1 : 0;
          break;
        case TypedOp.I32_LE_U:
          i32[a] = i32[b] >>> 0 <= i32[c] >>> 0 ? 1 : 0;
          break;
        case TypedOp.I32_ADD:
          i32[a] = (i32[b] + i32[c]) | 0;
          break;
        case TypedOp.I32_SUB:
          i32[a] = (i32[b] - i32[c]) | 0;
          break;
        case TypedOp.I32_MUL:
          i32[a] = Math.imul(i32[b], i32[c]);
          break;
        case TypedOp.I32_DIV_S: {
          const divisor = i32[c];
          if (divisor === 0) {
            leave = Trap.INTEGER_DIVIDE_BY_ZERO;
            break run;
          }
          if (divisor === -1 && i32[b] === Word.LEAST) {
            leave = Trap.INTEGER_OVERFLOW;
            break run;
          }
          i32[a] = (i32[b] / divisor) | 0;
          break;
        }
        case TypedOp.I32_DIV_U: {
          const divisor = i32[c];
          if (divisor === 0) {
            leave = Trap.INTEGER_DIVIDE_BY_ZERO;
            break run;
          }
          i32[a] = ((i32[b] >>> 0) / (divisor >>> 0)) | 0;
          break;
        }
        case TypedOp.I32_REM_S: {
          const divisor = i32[c];
          if (divisor === 0) {
            leave = Trap.INTEGER_DIVIDE_BY_ZERO;
            break run;
          }
          i32[a] = (i32[b] % divisor) | 0;
          break;
        }
        case TypedOp.I32_REM_U: {
          const divisor = i32[c];
          if (divisor === 0) {
            leave = Trap.INTEGER_DIVIDE_BY_ZERO;
            break run;
          }
          i32[a] = ((i32[b] >>> 0) % (divisor >>> 0)) | 0;
          break;
        }
        case TypedOp.I32_AND:
          i32[a] = i32[b] & i32[c];
          break;
        case TypedOp.I32_OR:
          i32[a] = i32[b] | i32[c];
          break;
        case TypedOp.I32_XOR:
          i32[a] = i32[b] ^ i32[c];
          break;
        case TypedOp.I32_SHL:
          i32[a] = i32[b] << i32[c];
          break;
        case TypedOp.I32_SHR_S:
          i32[a] = i32[b] >> i32[c];
          break;
        case TypedOp.I32_SHR_U:
          i32[a] = i32[b] >>> i32[c];
          break;
        case TypedOp.I32_ROTL:
          i32[a] = (i32[b] << i32[c]) | (i32[b] >>> (32 - (i32[c] & 31)));
          break;
        case TypedOp.I32_ROTR:
          i32[a] = (i32[b] >>> i32[c]) | (i32[b] << (32 - (i32[c] & 31)));
          break;
        case TypedOp.I32_CLZ:
          i32[a] = Math.clz32(i32[b]);
          break;
        case TypedOp.I32_CTZ: {
          const word = i32[b];
          i32[a] = word === 0 ? 32 : 31 - Math.clz32(word & (0 - word));
          break;
        }
        case TypedOp.I32_POPCNT: {
          const pairs = (i32[b] - ((i32[b] >>> 1) & 0x55555555)) | 0;
          const nibbles = ((pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)) | 0;
          i32[a] = Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
          break;
        }
        case TypedOp.I32_EXTEND8_S:
          i32[a] = (i32[b] << 24) >> 24;
          break;
        case TypedOp.I32_EXTEND16_S:
          i32[a] = (i32[b] << 16) >> 16;
          break;
        case TypedOp.I32_ADD_IMM:
          i32[a] = (i32[b] + (ins >> 24)) | 0;
          break;
        case TypedOp.I32_MUL_IMM:
          i32[a] = Math.imul(i32[b], ins >> 24);
          break;
        case TypedOp.I32_AND_IMM:
          i32[a] = i32[b] & (ins >>> 24);
          break;
        case TypedOp.I32_AND_NOT_IMM:
          i32[a] = i32[b] & ~(ins >>> 24);
          break;
        case TypedOp.I32_OR_IMM:
          i32[a] = i32[b] | (ins >>> 24);
          break;
        case TypedOp.I32_XOR_IMM:
          i32[a] = i32[b] ^ (ins >>> 24);
          break;
        case TypedOp.I32_SHL_IMM:
          i32[a] = i32[b] << (ins >>> 24);
          break;
        case TypedOp.I32_SHR_S_IMM:
          i32[a] = i32[b] >> (ins >>> 24);
          break;
        case TypedOp.I32_SHR_U_IMM:
          i32[a] = i32[b] >>> (ins >>> 24);
          break;

        case TypedOp.I32_MUL_ADD:
          i32[a] = (Math.imul(i32[b], i32[c]) + i32[base + ((jumps[(pc + 1) & Word.WORDS] >> 7) & 0x1fe)]) | 0;
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        case TypedOp.I32_SHL_ADD:
          i32[a] = ((i32[b] << (jumps[(pc + 1) & Word.WORDS] >>> 8)) + i32[c]) | 0;
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;

        // --- i64: low word, high word; aliases of a are read before they are written ---

        case TypedOp.I64_EQZ:
          i32[a] = (i32[b] | i32[b + 1]) === 0 ? 1 : 0;
          break;
        case TypedOp.I64_EQ:
          i32[a] = i32[b] === i32[c] && i32[b + 1] === i32[c + 1] ? 1 : 0;
          break;
        case TypedOp.I64_NE:
          i32[a] = i32[b] === i32[c] && i32[b + 1] === i32[c + 1] ? 0 : 1;
          break;
        case TypedOp.I64_LT_S: {
          const left = i32[b + 1];
          const right = i32[c + 1];
          i32[a] = left < right || (left === right && i32[b] >>> 0 < i32[c] >>> 0) ? 1 : 0;
          break;
        }
        case TypedOp.I64_LT_U: {
          const left = i32[b + 1] >>> 0;
          const right = i32[c + 1] >>> 0;
          i32[a] = left < right || (left === right && i32[b] >>> 0 < i32[c] >>> 0) ? 1 : 0;
          break;
        }
        case TypedOp.I64_LE_S: {
          const left = i32[b + 1];
          const right = i32[c + 1];
          i32[a] = left < right || (left === right && i32[b] >>> 0 <= i32[c] >>> 0) ? 1 : 0;
          break;
        }
        case TypedOp.I64_LE_U: {
          const left = i32[b + 1] >>> 0;
          const right = i32[c + 1] >>> 0;
          i32[a] = left < right || (left === right && i32[b] >>> 0 <= i32[c] >>> 0) ? 1 : 0;
          break;
        }
        case TypedOp.I64_ADD: {
          const left = i32[b];
          const low = (left + i32[c]) | 0;
          i32[a + 1] = (i32[b + 1] + i32[c + 1] + (low >>> 0 < left >>> 0 ? 1 : 0)) | 0;
          i32[a] = low;
          break;
        }
        case TypedOp.I64_SUB: {
          const left = i32[b];
          const right = i32[c];
          i32[a + 1] = (i32[b + 1] - i32[c + 1] - (left >>> 0 < right >>> 0 ? 1 : 0)) | 0;
          i32[a] = (left - right) | 0;
          break;
        }
        case TypedOp.I64_MUL: {
          // The high word of the product of the low words, by 16-bit halves, and the mixed products.
          const left = i32[b];
          const right = i32[c];
          const leftTop = left >>> 16;
          const leftBottom = left & 0xffff;
          const rightTop = right >>> 16;
          const rightBottom = right & 0xffff;
          const first = (Math.imul(leftTop, rightBottom) + (Math.imul(leftBottom, rightBottom) >>> 16)) | 0;
          const second = (Math.imul(leftBottom, rightTop) + (first & 0xffff)) | 0;
          const mixed = (Math.imul(left, i32[c + 1]) + Math.imul(i32[b + 1], right)) | 0;
          i32[a + 1] = Math.imul(leftTop, rightTop) + (first >>> 16) + (second >>> 16) + mixed;
          i32[a] = Math.imul(left, right);
          break;
        }
        case TypedOp.I64_DIV_S: {
          // Exact in doubles when both are below 2^53, signed or not: see divideExactDoubles in numbers/integer64.ts.
          const top = i32[b + 1];
          const divisorTop = i32[c + 1];
          const dividend = top * Word.TWO_32 + (i32[b] >>> 0);
          const divisor = divisorTop * Word.TWO_32 + (i32[c] >>> 0);
          if ((top | divisorTop) >>> 0 >= Word.TWO_53_HIGH || divisor === 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          const quotient = Math.floor(dividend / divisor);
          i32[a] = quotient;
          i32[a + 1] = quotient / Word.TWO_32;
          break;
        }
        case TypedOp.I64_DIV_U: {
          // Exact in doubles when both are below 2^53, signed or not: see divideExactDoubles in numbers/integer64.ts.
          const top = i32[b + 1];
          const divisorTop = i32[c + 1];
          const dividend = top * Word.TWO_32 + (i32[b] >>> 0);
          const divisor = divisorTop * Word.TWO_32 + (i32[c] >>> 0);
          if ((top | divisorTop) >>> 0 >= Word.TWO_53_HIGH || divisor === 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          const quotient = Math.floor(dividend / divisor);
          i32[a] = quotient;
          i32[a + 1] = quotient / Word.TWO_32;
          break;
        }
        case TypedOp.I64_REM_S: {
          // Exact in doubles when both are below 2^53, signed or not: see divideExactDoubles in numbers/integer64.ts.
          const top = i32[b + 1];
          const divisorTop = i32[c + 1];
          const dividend = top * Word.TWO_32 + (i32[b] >>> 0);
          const divisor = divisorTop * Word.TWO_32 + (i32[c] >>> 0);
          if ((top | divisorTop) >>> 0 >= Word.TWO_53_HIGH || divisor === 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          const quotient = Math.floor(dividend / divisor);
          const remainder = dividend - quotient * divisor;
          i32[a] = remainder;
          i32[a + 1] = remainder / Word.TWO_32;
          break;
        }
        case TypedOp.I64_REM_U: {
          // Exact in doubles when both are below 2^53, signed or not: see divideExactDoubles in numbers/integer64.ts.
          const top = i32[b + 1];
          const divisorTop = i32[c + 1];
          const dividend = top * Word.TWO_32 + (i32[b] >>> 0);
          const divisor = divisorTop * Word.TWO_32 + (i32[c] >>> 0);
          if ((top | divisorTop) >>> 0 >= Word.TWO_53_HIGH || divisor === 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          const quotient = Math.floor(dividend / divisor);
          const remainder = dividend - quotient * divisor;
          i32[a] = remainder;
          i32[a + 1] = remainder / Word.TWO_32;
          break;
        }
        case TypedOp.I64_AND:
          i32[a] = i32[b] & i32[c];
          i32[a + 1] = i32[b + 1] & i32[c + 1];
          break;
        case TypedOp.I64_OR:
          i32[a] = i32[b] | i32[c];
          i32[a + 1] = i32[b + 1] | i32[c + 1];
          break;
        case TypedOp.I64_XOR:
          i32[a] = i32[b] ^ i32[c];
          i32[a + 1] = i32[b + 1] ^ i32[c + 1];
          break;
        case TypedOp.I64_SHL: {
          const low = i32[b];
          const top = i32[b + 1];
          const count = i32[c];
          if ((count & 32) !== 0) {
            i32[a] = 0;
            i32[a + 1] = low << count;
          } else {
            i32[a] = low << count;
            i32[a + 1] = (top << count) | ((low >>> 1) >>> (31 - (count & 31)));
          }
          break;
        }
        case TypedOp.I64_SHR_S: {
          const low = i32[b];
          const top = i32[b + 1];
          const count = i32[c];
          if ((count & 32) !== 0) {
            i32[a] = top >> count;
            i32[a + 1] = top >> 31;
          } else {
            i32[a] = (low >>> count) | ((top << 1) << (31 - (count & 31)));
            i32[a + 1] = top >> count;
          }
          break;
        }
        case TypedOp.I64_SHR_U: {
          const low = i32[b];
          const top = i32[b + 1];
          const count = i32[c];
          if ((count & 32) !== 0) {
            i32[a] = top >>> count;
            i32[a + 1] = 0;
          } else {
            i32[a] = (low >>> count) | ((top << 1) << (31 - (count & 31)));
            i32[a + 1] = top >>> count;
          }
          break;
        }
        case TypedOp.I64_CLZ: {
          const top = i32[b + 1];
          i32[a] = top === 0 ? 32 + Math.clz32(i32[b]) : Math.clz32(top);
          i32[a + 1] = 0;
          break;
        }
        case TypedOp.I64_CTZ: {
          const low = i32[b];
          const word = low === 0 ? i32[b + 1] : low;
          const zeros = word === 0 ? 32 : 31 - Math.clz32(word & (0 - word));
          i32[a] = low === 0 ? 32 + zeros : zeros;
          i32[a + 1] = 0;
          break;
        }
        case TypedOp.I64_EXTEND8_S:
          i32[a] = (i32[b] << 24) >> 24;
          i32[a + 1] = i32[a] >> 31;
          break;
        case TypedOp.I64_EXTEND16_S:
          i32[a] = (i32[b] << 16) >> 16;
          i32[a + 1] = i32[a] >> 31;
          break;
        case TypedOp.I64_EXTEND32_S:
          i32[a] = i32[b];
          i32[a + 1] = i32[a] >> 31;
          break;
        case TypedOp.I64_EXTEND_I32_U:
          i32[a] = i32[b];
          i32[a + 1] = 0;
          break;
        case TypedOp.I64_ADD_IMM: {
          const left = i32[b];
          const low = (left + (ins >> 24)) | 0;
          i32[a + 1] = (i32[b + 1] + (ins >> 31) + (low >>> 0 < left >>> 0 ? 1 : 0)) | 0;
          i32[a] = low;
          break;
        }
        case TypedOp.I64_SHL_IMM: {
          const low = i32[b];
          const top = i32[b + 1];
          const count = ins >>> 24;
          if ((count & 32) !== 0) {
            i32[a] = 0;
            i32[a + 1] = low << count;
          } else {
            i32[a] = low << count;
            i32[a + 1] = (top << count) | ((low >>> 1) >>> (31 - (count & 31)));
          }
          break;
        }
        case TypedOp.I64_SHR_S_IMM: {
          const low = i32[b];
          const top = i32[b + 1];
          const count = ins >>> 24;
          if ((count & 32) !== 0) {
            i32[a] = top >> count;
            i32[a + 1] = top >> 31;
          } else {
            i32[a] = (low >>> count) | ((top << 1) << (31 - (count & 31)));
            i32[a + 1] = top >> count;
          }
          break;
        }
        case TypedOp.I64_SHR_U_IMM: {
          const low = i32[b];
          const top = i32[b + 1];
          const count = ins >>> 24;
          if ((count & 32) !== 0) {
            i32[a] = top >>> count;
            i32[a + 1] = 0;
          } else {
            i32[a] = (low >>> count) | ((top << 1) << (31 - (count & 31)));
            i32[a + 1] = top >>> count;
          }
          break;
        }

        // --- f32 ---

        case TypedOp.F32_EQ:
          i32[a] = f32[b] === f32[c] ? 1 : 0;
          break;
        case TypedOp.F32_NE:
          i32[a] = f32[b] === f32[c] ? 0 : 1;
          break;
        case TypedOp.F32_LT:
          i32[a] = f32[b] < f32[c] ? 1 : 0;
          break;
        case TypedOp.F32_LE:
          i32[a] = f32[b] <= f32[c] ? 1 : 0;
          break;
        case TypedOp.F32_ABS:
          i32[a] = i32[b] & Word.GREATEST;
          break;
        case TypedOp.F32_NEG:
          i32[a] = i32[b] ^ Word.LEAST;
          break;
        case TypedOp.F32_CEIL: {
          const value = Math.ceil(f32[b]);
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F32_FLOOR: {
          const value = Math.floor(f32[b]);
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F32_TRUNC: {
          const value = Math.trunc(f32[b]);
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F32_SQRT: {
          const value = Math.sqrt(f32[b]);
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F32_ADD: {
          const value = f32[b] + f32[c];
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F32_SUB: {
          const value = f32[b] - f32[c];
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F32_MUL: {
          const value = f32[b] * f32[c];
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F32_DIV: {
          const value = f32[b] / f32[c];
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F32_COPYSIGN:
          i32[a] = (i32[b] & Word.GREATEST) | (i32[c] & Word.LEAST);
          break;

        // --- f64 ---

        case TypedOp.F64_EQ:
          i32[a] = f64[b >> 1] === f64[c >> 1] ? 1 : 0;
          break;
        case TypedOp.F64_NE:
          i32[a] = f64[b >> 1] === f64[c >> 1] ? 0 : 1;
          break;
        case TypedOp.F64_LT:
          i32[a] = f64[b >> 1] < f64[c >> 1] ? 1 : 0;
          break;
        case TypedOp.F64_LE:
          i32[a] = f64[b >> 1] <= f64[c >> 1] ? 1 : 0;
          break;
        case TypedOp.F64_ABS:
          i32[a] = i32[b];
          i32[a + 1] = i32[b + 1] & Word.GREATEST;
          break;
        case TypedOp.F64_NEG:
          i32[a] = i32[b];
          i32[a + 1] = i32[b + 1] ^ Word.LEAST;
          break;
        case TypedOp.F64_CEIL: {
          const value = Math.ceil(f64[b >> 1]);
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }
        case TypedOp.F64_FLOOR: {
          const value = Math.floor(f64[b >> 1]);
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }
        case TypedOp.F64_TRUNC: {
          const value = Math.trunc(f64[b >> 1]);
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }
        case TypedOp.F64_SQRT: {
          const value = Math.sqrt(f64[b >> 1]);
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }
        case TypedOp.F64_ADD: {
          const value = f64[b >> 1] + f64[c >> 1];
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }
        case TypedOp.F64_SUB: {
          const value = f64[b >> 1] - f64[c >> 1];
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }
        case TypedOp.F64_MUL: {
          const value = f64[b >> 1] * f64[c >> 1];
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }
        case TypedOp.F64_DIV: {
          const value = f64[b >> 1] / f64[c >> 1];
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }
        case TypedOp.F64_COPYSIGN:
          i32[a + 1] = (i32[b + 1] & Word.GREATEST) | (i32[c + 1] & Word.LEAST);
          i32[a] = i32[b];
          break;
        case TypedOp.F64_MUL_ADD: {
          const value = f64[(base + ((jumps[(pc + 1) & Word.WORDS] >> 7) & 0x1fe)) >> 1] + f64[b >> 1] * f64[c >> 1];
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.F64_MUL_SUB: {
          const value = f64[(base + ((jumps[(pc + 1) & Word.WORDS] >> 7) & 0x1fe)) >> 1] - f64[b >> 1] * f64[c >> 1];
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }

        // --- conversions ---

        case TypedOp.I32_WRAP_I64:
          i32[a] = i32[b];
          break;
        case TypedOp.I32_TRUNC_F32_S: {
          const value = f32[b];
          if (!(value > -2147483649 && value < 2147483648)) {
            leave = Trap.INVALID_CONVERSION_TO_INTEGER;
            break run;
          }
          i32[a] = value | 0;
          break;
        }
        case TypedOp.I32_TRUNC_F32_U: {
          const value = f32[b];
          if (!(value > -1 && value < 4294967296)) {
            leave = Trap.INVALID_CONVERSION_TO_INTEGER;
            break run;
          }
          i32[a] = value | 0;
          break;
        }
        case TypedOp.I32_TRUNC_F64_S: {
          const value = f64[b >> 1];
          if (!(value > -2147483649 && value < 2147483648)) {
            leave = Trap.INVALID_CONVERSION_TO_INTEGER;
            break run;
          }
          i32[a] = value | 0;
          break;
        }
        case TypedOp.I32_TRUNC_F64_U: {
          const value = f64[b >> 1];
          if (!(value > -1 && value < 4294967296)) {
            leave = Trap.INVALID_CONVERSION_TO_INTEGER;
            break run;
          }
          i32[a] = value | 0;
          break;
        }
        case TypedOp.F32_CONVERT_I32_S:
          f32[a] = i32[b];
          break;
        case TypedOp.F32_CONVERT_I32_U:
          f32[a] = i32[b] >>> 0;
          break;
        case TypedOp.F32_DEMOTE_F64: {
          const value = f64[b >> 1];
          f32[a] = value;
          if (value !== value) i32[a] = CANONICAL_NAN_FLOAT;
          break;
        }
        case TypedOp.F64_CONVERT_I32_S:
          f64[a >> 1] = i32[b];
          break;
        case TypedOp.F64_CONVERT_I32_U:
          f64[a >> 1] = i32[b] >>> 0;
          break;
        case TypedOp.F64_CONVERT_I64_S:
          f64[a >> 1] = i32[b + 1] * Word.TWO_32 + (i32[b] >>> 0);
          break;
        case TypedOp.F64_CONVERT_I64_U:
          f64[a >> 1] = (i32[b + 1] >>> 0) * Word.TWO_32 + (i32[b] >>> 0);
          break;
        case TypedOp.F64_PROMOTE_F32: {
          const value = f32[b];
          f64[a >> 1] = value;
          if (value !== value) {
            i32[a] = CANONICAL_NAN_LOW;
            i32[a + 1] = CANONICAL_NAN_HIGH;
          }
          break;
        }

        // --- linear memory (see the top for the comparison) ---

        case TypedOp.I32_LOAD: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          if ((address & 3) !== 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[a] = i32[window + (address >>> 2)];
          break;
        }
        case TypedOp.I32_LOAD8_S: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] = (u8[(windowStart + address) & Word.BYTES] << 24) >> 24;
          break;
        }
        case TypedOp.I32_LOAD8_U: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] = u8[(windowStart + address) & Word.BYTES];
          break;
        }
        case TypedOp.I32_LOAD16_S: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit2 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] =
            ((u8[(windowStart + address) & Word.BYTES] << 16) |
              (u8[((windowStart + address) & Word.BYTES) + 1] << 24)) >>
            16;
          break;
        }
        case TypedOp.I32_LOAD16_U: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit2 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] = u8[(windowStart + address) & Word.BYTES] | (u8[((windowStart + address) & Word.BYTES) + 1] << 8);
          break;
        }
        case TypedOp.I64_LOAD: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit8 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          if ((address & 3) !== 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[a] = i32[window + (address >>> 2)];
          i32[a + 1] = i32[window + (address >>> 2) + 1];
          break;
        }
        case TypedOp.I32_STORE: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          if ((address & 3) !== 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[window + (address >>> 2)] = i32[a];
          break;
        }
        case TypedOp.I32_STORE8: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          u8[(windowStart + address) & Word.BYTES] = i32[a];
          break;
        }
        case TypedOp.I32_STORE16: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit2 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          u8[(windowStart + address) & Word.BYTES] = i32[a];
          u8[((windowStart + address) & Word.BYTES) + 1] = i32[a] >> 8;
          break;
        }
        case TypedOp.I64_STORE: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit8 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          if ((address & 3) !== 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[window + (address >>> 2)] = i32[a];
          i32[window + (address >>> 2) + 1] = i32[a + 1];
          break;
        }
        case TypedOp.I32_LOAD_INDEXED: {
          const address = (i32[b] + (i32[c] << 2)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          if ((address & 3) !== 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[a] = i32[window + (address >>> 2)];
          break;
        }
        case TypedOp.I32_LOAD8_S_INDEXED: {
          const address = (i32[b] + i32[c]) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] = (u8[(windowStart + address) & Word.BYTES] << 24) >> 24;
          break;
        }
        case TypedOp.I32_LOAD8_U_INDEXED: {
          const address = (i32[b] + i32[c]) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] = u8[(windowStart + address) & Word.BYTES];
          break;
        }
        case TypedOp.I32_LOAD16_S_INDEXED: {
          const address = (i32[b] + (i32[c] << 1)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit2 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] =
            ((u8[(windowStart + address) & Word.BYTES] << 16) |
              (u8[((windowStart + address) & Word.BYTES) + 1] << 24)) >>
            16;
          break;
        }
        case TypedOp.I32_LOAD16_U_INDEXED: {
          const address = (i32[b] + (i32[c] << 1)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit2 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] = u8[(windowStart + address) & Word.BYTES] | (u8[((windowStart + address) & Word.BYTES) + 1] << 8);
          break;
        }
        case TypedOp.I64_LOAD_INDEXED: {
          const address = (i32[b] + (i32[c] << 3)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit8 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          if ((address & 3) !== 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[a] = i32[window + (address >>> 2)];
          i32[a + 1] = i32[window + (address >>> 2) + 1];
          break;
        }
        case TypedOp.I32_STORE_INDEXED: {
          const address = (i32[b] + (i32[c] << 2)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          if ((address & 3) !== 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[window + (address >>> 2)] = i32[a];
          break;
        }
        case TypedOp.I32_STORE8_INDEXED: {
          const address = (i32[b] + i32[c]) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          u8[(windowStart + address) & Word.BYTES] = i32[a];
          break;
        }
        case TypedOp.I32_STORE16_INDEXED: {
          const address = (i32[b] + (i32[c] << 1)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit2 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          u8[(windowStart + address) & Word.BYTES] = i32[a];
          u8[((windowStart + address) & Word.BYTES) + 1] = i32[a] >> 8;
          break;
        }
        case TypedOp.I64_STORE_INDEXED: {
          const address = (i32[b] + (i32[c] << 3)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit8 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          if ((address & 3) !== 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[window + (address >>> 2)] = i32[a];
          i32[window + (address >>> 2) + 1] = i32[a + 1];
          break;
        }
        case TypedOp.I32_LOAD_BR_IF: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const at = (windowStart + address) & Word.BYTES;
          const value =
            (address & 3) === 0
              ? i32[window + (address >>> 2)]
              : u8[at] | (u8[at + 1] << 8) | (u8[at + 2] << 16) | (u8[at + 3] << 24);
          i32[a] = value;
          if (value !== 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD_BR_UNLESS: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const at = (windowStart + address) & Word.BYTES;
          const value =
            (address & 3) === 0
              ? i32[window + (address >>> 2)]
              : u8[at] | (u8[at + 1] << 8) | (u8[at + 2] << 16) | (u8[at + 3] << 24);
          i32[a] = value;
          if (value === 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD_INDEXED_BR_IF: {
          const address = (i32[b] + (i32[c] << 2)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const at = (windowStart + address) & Word.BYTES;
          const value =
            (address & 3) === 0
              ? i32[window + (address >>> 2)]
              : u8[at] | (u8[at + 1] << 8) | (u8[at + 2] << 16) | (u8[at + 3] << 24);
          i32[a] = value;
          if (value !== 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD_INDEXED_BR_UNLESS: {
          const address = (i32[b] + (i32[c] << 2)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const at = (windowStart + address) & Word.BYTES;
          const value =
            (address & 3) === 0
              ? i32[window + (address >>> 2)]
              : u8[at] | (u8[at + 1] << 8) | (u8[at + 2] << 16) | (u8[at + 3] << 24);
          i32[a] = value;
          if (value === 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD8_S_BR_IF: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const value = (u8[(windowStart + address) & Word.BYTES] << 24) >> 24;
          i32[a] = value;
          if (value !== 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD8_S_BR_UNLESS: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const value = (u8[(windowStart + address) & Word.BYTES] << 24) >> 24;
          i32[a] = value;
          if (value === 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD8_S_INDEXED_BR_IF: {
          const address = (i32[b] + i32[c]) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const value = (u8[(windowStart + address) & Word.BYTES] << 24) >> 24;
          i32[a] = value;
          if (value !== 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD8_S_INDEXED_BR_UNLESS: {
          const address = (i32[b] + i32[c]) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const value = (u8[(windowStart + address) & Word.BYTES] << 24) >> 24;
          i32[a] = value;
          if (value === 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD8_U_BR_IF: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const value = u8[(windowStart + address) & Word.BYTES];
          i32[a] = value;
          if (value !== 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD8_U_BR_UNLESS: {
          const address = (i32[b] + (ins >>> 24)) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const value = u8[(windowStart + address) & Word.BYTES];
          i32[a] = value;
          if (value === 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD8_U_INDEXED_BR_IF: {
          const address = (i32[b] + i32[c]) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const value = u8[(windowStart + address) & Word.BYTES];
          i32[a] = value;
          if (value !== 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD8_U_INDEXED_BR_UNLESS: {
          const address = (i32[b] + i32[c]) | 0;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit1 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          const value = u8[(windowStart + address) & Word.BYTES];
          i32[a] = value;
          if (value === 0) {
            const distance = (jumps[(pc + 1) & Word.WORDS] >> 8) + 1;
            pc = (pc + distance + 1) & Word.WORDS;
            credit = (credit + distance) | 0;
            if (((credit - pc) | 0) <= 0) break run;
            continue;
          }
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.I32_LOAD_STATIC: {
          const address = (ins >>> 16) << 2;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] = i32[window + (address >>> 2)];
          break;
        }
        case TypedOp.I32_STORE_STATIC: {
          const address = (ins >>> 16) << 2;
          if ((address - NULL_GUARD_BYTES) >>> 0 >= limit4 >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[window + (address >>> 2)] = i32[a];
          break;
        }
        case TypedOp.ADDRESS_OFFSET: {
          const address = i32[b];
          const sum = (address + (jumps[(pc + 1) & Word.WORDS] >>> 8)) | 0;
          if (sum >>> 0 < address >>> 0) {
            leave = Trap.MEMORY_OUT_OF_BOUNDS;
            break run;
          }
          i32[a] = sum;
          pc = (pc + 2) & Word.WORDS;
          credit = (credit + 1) | 0;
          continue;
        }
        case TypedOp.STACK_ALLOCATE: {
          const pointer = i32[frame + FRAME_EXTRA];
          const end = (pointer + ((ins >>> 16) << 4)) | 0;
          if (end >>> 0 > memoryStackEnd >>> 0 || pointer < 0) {
            leave = Word.LEAVE_SLOW;
            break run;
          }
          i32[a] = pointer;
          i32[frame + FRAME_EXTRA] = end;
          break;
        }
        case TypedOp.STACK_GET:
          i32[a] = i32[frame + FRAME_EXTRA];
          break;

        // --- what leaves the loop ---

        case TypedOp.TRAP:
          leave = ins >>> 16;
          break run;
        case TypedOp.I64_ROTL:
        case TypedOp.I64_ROTR:
        case TypedOp.I64_POPCNT:
        case TypedOp.F32_NEAREST:
        case TypedOp.F64_NEAREST:
        case TypedOp.F32_MIN:
        case TypedOp.F32_MAX:
        case TypedOp.F64_MIN:
        case TypedOp.F64_MAX:
        case TypedOp.I64_TRUNC_F32_S:
        case TypedOp.I64_TRUNC_F32_U:
        case TypedOp.I32_TRUNC_SAT_F32_S:
        case TypedOp.I32_TRUNC_SAT_F32_U:
        case TypedOp.I64_TRUNC_SAT_F32_S:
        case TypedOp.I64_TRUNC_SAT_F32_U:
        case TypedOp.I64_TRUNC_F64_S:
        case TypedOp.I64_TRUNC_F64_U:
        case TypedOp.I32_TRUNC_SAT_F64_S:
        case TypedOp.I32_TRUNC_SAT_F64_U:
        case TypedOp.I64_TRUNC_SAT_F64_S:
        case TypedOp.I64_TRUNC_SAT_F64_U:
        case TypedOp.F32_CONVERT_I64_S:
        case TypedOp.F32_CONVERT_I64_U:
        case TypedOp.SYSCALL:
        case TypedOp.INTRINSIC:
        case TypedOp.RETURN_VALUES:
        case TypedOp.MEMORY_SIZE:
        case TypedOp.MEMORY_GROW:
        case TypedOp.MEMORY_COPY:
        case TypedOp.MEMORY_FILL:
        case TypedOp.STACK_ALLOCATE_DYNAMIC:
        case TypedOp.STACK_SET:
          leave = Word.LEAVE_SLOW;
          break run;
        default:
          leave = Trap.INVALID_INSTRUCTION;
          break run;
      }
      pc = (pc + 1) & Word.WORDS;
    }
    context.frame = frame;
    i32[frame + FRAME_PC] = pc;
    if (leave === Word.LEAVE_FUEL) {
      context.fuel = (credit - pc) | 0;
      return FUEL;
    }
    context.fuel = (credit - pc - 1) | 0;
    if (leave !== Word.LEAVE_SLOW) {
      context.trap = leave;
      return TRAP;
    }
    const signal = runSlow(context, jumps[pc], base);
    if (signal !== RELOAD) return signal;
  }
}
