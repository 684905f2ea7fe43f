// The loop of the value family: one switch over packed instructions, with the common case of each inline. Everything
// else is executeSlowly's (value-slow.ts), which can run every instruction: the loop only makes it fast.
//
// The inner loop calls nothing, so that the optimiser keeps the views' addresses and sizes in registers: what needs a
// function leaves it (`leave`) and comes back.
//
// Idioms, each with its measurement (Node 20, bundled). Operands: `(ins >>> 6) & 0x3fc` is a * 4, `(ins >>> 14) & 0x3fc` is
// b * 4, `(ins >>> 22) & 0x3fc` is c * 4: the distance of a register's or constant's slot. A slot's words are low, high,
// tag. `continue` ends an instruction; `break` hands it to the slow path, so nothing may have been written before it.
// Addresses that come from the heap are masked; `slots` is the mask without its two lowest bits, so that all four words of
// a slot are inside. The masks of `Word` change no sound address: they give the compiler ranges (see typed-loop.ts).
//
// Code that runs often leaves the loop for functions that are made of its own text (specialiser.ts; the build takes it apart, and
// fails when it cannot: helpers are functions that it imports, and what ends an instruction is written as `continue` or `break`).
//
// `pc` is the instruction itself until it ends, so that one value of it is alive at a time; and the fuel is not counted
// down: it is `credit - pc`, which a jump keeps by moving both (2 to 6 %). The word with a comparison's jump is read through
// `jumps`, the same words as `code` by another name: else what belongs to `code` is kept, that is spilled, throughout every
// instruction (4 %). A word that is needed twice is a local: the compiler reads a typed array anew each time (5 % of a field
// access). A field's chain is followed for three nodes, written out: a loop would make the compiler forget what it knows.
// biome-ignore-all lint/suspicious/noSelfCompare: the cheapest test for NaN
import type { Context } from './context';
import { attend, executeTraced } from './hooks';
import {
  CLOSURE_FUNCTION,
  CLOSURE_UPVALUES,
  FRAME_BASE,
  FRAME_CLOSURE,
  FRAME_EXTRA,
  FRAME_FUNCTION,
  FRAME_PC,
  FRAME_RESULT,
  FRAME_SIZE,
  FRAME_STATE,
  FRAME_TOP,
  HEADER,
  NODE_KEY,
  STRING_HASH,
  STRING_LENGTH,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_BORDER,
  TABLE_DUMMY_NODE,
  TABLE_METATABLE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_CLOSURE,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TAG_TRUE,
  THREAD_OPEN_UPVALUES,
  THREAD_TO_BE_CLOSED,
  UPVALUE_POINTER,
} from './layout';
import { CANONICAL_NAN_HIGH, CANONICAL_NAN_LOW } from './numbers/float';
import { ValueOp } from './opcode-numbers';
import {
  FLAG_CLOSES,
  FLAG_VALUE,
  FLAG_VARARG,
  FUNCTION_CONSTANTS,
  FUNCTION_END,
  FUNCTION_FIXED_PARAMETERS,
  FUNCTION_FLAGS,
  FUNCTION_PARAMETERS,
  FUNCTION_PLACE,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  FUNCTION_VALUE_WORDS,
  NOT_FIXED,
} from './program';
import { ELSEWHERE, FAMILY, FUEL, NEXT, RELOAD, TRAP } from './signals';
import { closeUpvalues } from './upvalues';
import { firstGuestPlace } from './value-errors';
import { framesLimit, stackLimit } from './value-frame';
import { findField, findStringMethod, Probe, placeField } from './value-probe';
import { executeIntrinsic, executeSlowly } from './value-slow';
import { copyValue, writeWords } from './values';

/** Masks for what the optimiser cannot know: they change no sound address (no heap is larger than 1 GiB). */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Word {
  WORDS = 0x0fffffff,
  SLOTS = 0x0ffffffc,
  ROWS = 0xffff0,
}

/** Why the inner loop is left. */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Leave {
  /** The instruction `ins` has not been run: executeSlowly. */
  SLOW = 0,
  /** The fuel is used up. `pc` is where the frame goes on. */
  FUEL = 1,
  /** The field `name` of the table `object` is not where it is looked for first: findField, its value to R[a]. */
  FIND = 2,
  /** The field `name` of the table `object` has no value yet: placeField. */
  PLACE = 3,
  /** Upvalues of the frame's registers are open: closeUpvalues, then the instruction again. */
  CLOSE = 4,
  /** The method `name` of a string: findStringMethod, it and the string to R[a] and R[a + 1]. */
  METHOD = 5,
  /** Specialised code goes on at `pc`, or the loop in its place (hot-code.ts). */
  ELSEWHERE = 6,
}

/**
 * FRAME_RESULT without its register and number of arguments, and without the bit in which RESULT_VALUES and RESULT_TAIL
 * differ: plain results, of which none or one is wanted; PLAIN for any number, by KIND alone.
 */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Result {
  MASK = -0xffff41,
  NONE = 0x01000009,
  ONE = 0x02000009,
  KIND = 0xbf,
  PLAIN = 9,
  /** What a call in a tail keeps of it: all but the kind's bit, and the number of its own arguments. */
  KEPT = -0xff0041,
  ARGUMENTS = 0xff0000,
}

/** What scatters integer keys: hashWords of table-access.ts. */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Hash {
  HIGH = 0x45d9f3b,
  LOW = -1640531535,
}

/** Values that a call or return moves in the loop; with eight their charge would begin (payForValues). */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Most {
  VALUES = 7,
  /** Nodes that SELF looks at, of an object and its classes together: no more tables than findField would. */
  NODES = 4,
}

/** Words of no opcode that stand in an instruction's place. */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
export const enum Stop {
  /** Specialised code is entered (hot-code.ts). */
  ENTER = 254,
}

/** The call that a generic for makes of its iterator, with two arguments, but for its register and results. */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Generic {
  /** `call`, of the register four above, with two arguments, for one result more than the operand says: behind the state. */
  CALL = 0x1030449,
}

/** Numbers that the bundler would leave as variables, whose type the optimiser then checks at every use. */
// biome-ignore lint/suspicious/noConstEnum: nothing but literals reaches the bundle
const enum Double {
  TWO_32 = 4294967296,
}

/**
 * Runs the current frame and those that it calls until a signal for somebody else (signals.ts). The context must have
 * been loaded (`context.load`).
 */
export function runValue(context: Context): number {
  // Not the program's code when hooks stand before its instructions (hooks.ts).
  const code = context.i32[HEADER.ATTENTION] === 0 ? context.program.entered : attend(context);
  const program = context.program;
  const isTraced = code !== program.code && code !== program.entered;
  const jumps = program.jumps;
  const functions = program.functions;
  const rows = (functions.length - 1) & Word.ROWS;
  const constants = program.constants;
  const constantNumbers = program.constantNumbers;
  const nextFunction = program.nextFunction;
  const nextIndexFunction = program.nextIndexFunction;
  // Functions of the libraries' modules, which come first, have places below this one.
  const guestPlace = firstGuestPlace(context);
  reload: for (;;) {
    if (!context.checkFrame()) return TRAP;
    const i32 = context.i32;
    const f64 = context.f64;
    const mask = context.mask & Word.WORDS;
    const slots = context.mask & Word.SLOTS;
    const thread = context.thread & Word.WORDS;
    const stack = context.stack & Word.SLOTS;
    const stackEnd = stackLimit(context) | 0;
    const lastFrame = (framesLimit(context) - 2 * FRAME_SIZE) | 0;
    let fuel = context.fuel | 0;
    let frame = context.frame & Word.WORDS;
    let row = (i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT) & rows;
    if ((functions[row + FUNCTION_FLAGS] & FLAG_VALUE) === 0) return FAMILY;
    let base = (stack + i32[frame + FRAME_BASE]) & Word.SLOTS;
    let closure = i32[frame + FRAME_CLOSURE];
    let pool = functions[row + FUNCTION_CONSTANTS] & Word.SLOTS;
    for (;;) {
      let leave: number = Leave.SLOW;
      let object = 0;
      let name = 0;
      let pc = i32[frame + FRAME_PC] & Word.WORDS;
      let credit = (pc + fuel) | 0;
      // biome-ignore lint/correctness/noUnreachable: every `continue` of the switch comes here
      run: for (; ; pc = (pc + 1) & Word.WORDS) {
        let ins = code[pc];
        switch (ins & 255) {
          case ValueOp.JUMP: {
            pc = (pc + (ins >> 8)) & Word.WORDS;
            credit = (credit + (ins >> 8)) | 0;
            if (ins < 0 && credit - pc <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.MOVE: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const b = base + ((ins >>> 14) & 0x3fc);
            i32[a] = i32[b];
            i32[a + 1] = i32[b + 1];
            i32[a + 2] = i32[b + 2];
            continue;
          }
          case ValueOp.LOAD_INTEGER: {
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = ins >> 16;
            i32[a + 1] = ins >> 31;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.LOAD_FLOAT: {
            const a = base + ((ins >>> 6) & 0x3fc);
            f64[a >> 1] = ins >> 16;
            i32[a + 2] = TAG_FLOAT;
            continue;
          }
          case ValueOp.LOAD_CONSTANT: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const k = pool + ((ins >>> 16) << 2);
            i32[a] = constants[k];
            i32[a + 1] = constants[k + 1];
            i32[a + 2] = constants[k + 2];
            continue;
          }
          case ValueOp.LOAD_BOOLEAN: {
            i32[base + ((ins >>> 6) & 0x3fc) + 2] = ins >>> 16 === 0 ? TAG_FALSE : TAG_TRUE;
            continue;
          }
          case ValueOp.LOAD_NIL: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const end = a + ((ins >>> 14) & 0x3fc);
            for (let slot = a; slot <= end; slot = (slot + 4) & Word.SLOTS) i32[slot + 2] = TAG_NIL;
            continue;
          }
          case ValueOp.GET_UPVALUE: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const upvalue = i32[(closure + CLOSURE_UPVALUES + ((ins >>> 16) & 255)) & mask];
            const slot = i32[(upvalue + UPVALUE_POINTER) & mask] & slots;
            i32[a] = i32[slot];
            i32[a + 1] = i32[slot + 1];
            i32[a + 2] = i32[slot + 2];
            continue;
          }
          case ValueOp.GET_CLOSURE: {
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = closure;
            i32[a + 2] = TAG_CLOSURE;
            continue;
          }
          case ValueOp.SET_UPVALUE: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const upvalue = i32[(closure + CLOSURE_UPVALUES + ((ins >>> 16) & 255)) & mask];
            const slot = i32[(upvalue + UPVALUE_POINTER) & mask] & slots;
            i32[slot] = i32[a];
            i32[slot + 1] = i32[a + 1];
            i32[slot + 2] = i32[a + 2];
            continue;
          }
          case ValueOp.GET_UPVALUE_FIELD: {
            const upvalue = i32[(closure + CLOSURE_UPVALUES + ((ins >>> 16) & 255)) & mask];
            const source = i32[(upvalue + UPVALUE_POINTER) & mask] & slots;
            if (i32[source + 2] !== TAG_TABLE) break;
            const table = i32[source];
            const k = pool + ((ins >>> 22) & 0x3fc);
            const a = base + ((ins >>> 6) & 0x3fc);
            const node =
              i32[(table + TABLE_NODES) & mask] + ((constants[k + 3] & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
            const wanted = constants[k];
            let key = (node + NODE_KEY) & slots;
            if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
              key = (i32[key + 3] + NODE_KEY) & slots;
              if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
                key = (i32[key + 3] + NODE_KEY) & slots;
                if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
                  leave = Leave.FIND;
                  object = table;
                  name = wanted;
                  break run;
                }
              }
            }
            const slot = (key - NODE_KEY) & slots;
            const tag = i32[slot + 2];
            if (tag === TAG_NIL) {
              leave = Leave.FIND;
              object = table;
              name = wanted;
              break run;
            }
            i32[a] = i32[slot];
            i32[a + 1] = i32[slot + 1];
            i32[a + 2] = tag;
            continue;
          }
          case ValueOp.SET_UPVALUE_FIELD: {
            const upvalue = i32[(closure + CLOSURE_UPVALUES + ((ins >>> 8) & 255)) & mask];
            const target = i32[(upvalue + UPVALUE_POINTER) & mask] & slots;
            if (i32[target + 2] !== TAG_TABLE) break;
            const table = i32[target];
            const k = pool + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const node =
              i32[(table + TABLE_NODES) & mask] + ((constants[k + 3] & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
            const wanted = constants[k];
            let key = (node + NODE_KEY) & slots;
            if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
              key = (i32[key + 3] + NODE_KEY) & slots;
              if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
                key = (i32[key + 3] + NODE_KEY) & slots;
                if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) break;
              }
            }
            const slot = (key - NODE_KEY) & slots;
            if (i32[slot + 2] === TAG_NIL) break;
            i32[slot] = i32[c];
            i32[slot + 1] = i32[c + 1];
            i32[slot + 2] = i32[c + 2];
            continue;
          }
          case ValueOp.GET_TABLE: {
            const b = base + ((ins >>> 14) & 0x3fc);
            if (i32[b + 2] !== TAG_TABLE) break;
            const table = i32[b];
            const a = base + ((ins >>> 6) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const kind = i32[c + 2];
            const wanted = i32[c];
            let slot = 0;
            let tag = 0;
            if (kind === TAG_INTEGER) {
              const top = i32[c + 1];
              if (top !== 0 || (wanted - 1) >>> 0 >= i32[(table + TABLE_ARRAY_SIZE) & mask] >>> 0) {
                // Among the nodes: its key's own place, or nowhere.
                const scattered = Math.imul(wanted ^ Math.imul(top, Hash.HIGH), Hash.LOW);
                const hash = scattered ^ (scattered >>> 15);
                const node = i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
                const key = (node + NODE_KEY) & slots;
                slot = node & slots;
                tag = i32[slot + 2];
                if (i32[key] !== wanted || i32[key + 1] !== top || i32[key + 2] !== TAG_INTEGER) {
                  if (i32[key + 3] !== 0) break;
                  tag = TAG_NIL;
                }
              } else {
                slot = (i32[(table + TABLE_ARRAY) & mask] + (wanted << 2)) & slots;
                tag = i32[slot + 2];
              }
              if (tag === TAG_NIL && i32[(table + TABLE_METATABLE) & mask] !== 0) break;
            } else {
              if (kind !== TAG_SHORT_STRING) break;
              const hash = i32[(wanted + STRING_HASH) & mask];
              const node = i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
              const key = (node + NODE_KEY) & slots;
              slot = node & slots;
              tag = i32[slot + 2];
              if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING || tag === TAG_NIL) {
                leave = Leave.FIND;
                object = table;
                name = wanted;
                break run;
              }
            }
            i32[a] = i32[slot];
            i32[a + 1] = i32[slot + 1];
            i32[a + 2] = tag;
            continue;
          }
          case ValueOp.GET_FIELD: {
            const b = base + ((ins >>> 14) & 0x3fc);
            if (i32[b + 2] !== TAG_TABLE) break;
            const table = i32[b];
            const k = pool + ((ins >>> 22) & 0x3fc);
            const a = base + ((ins >>> 6) & 0x3fc);
            const node =
              i32[(table + TABLE_NODES) & mask] + ((constants[k + 3] & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
            const wanted = constants[k];
            let key = (node + NODE_KEY) & slots;
            if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
              key = (i32[key + 3] + NODE_KEY) & slots;
              if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
                key = (i32[key + 3] + NODE_KEY) & slots;
                if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
                  leave = Leave.FIND;
                  object = table;
                  name = wanted;
                  break run;
                }
              }
            }
            const slot = (key - NODE_KEY) & slots;
            const tag = i32[slot + 2];
            if (tag === TAG_NIL) {
              leave = Leave.FIND;
              object = table;
              name = wanted;
              break run;
            }
            i32[a] = i32[slot];
            i32[a + 1] = i32[slot + 1];
            i32[a + 2] = tag;
            continue;
          }
          case ValueOp.GET_INDEX: {
            const b = base + ((ins >>> 14) & 0x3fc);
            if (i32[b + 2] !== TAG_TABLE) break;
            const table = i32[b];
            const index = ins >>> 24;
            let slot = 0;
            let tag = 0;
            if ((index - 1) >>> 0 >= i32[(table + TABLE_ARRAY_SIZE) & mask] >>> 0) {
              // Among the nodes: its key's own place, or nowhere.
              const scattered = Math.imul(index, Hash.LOW);
              const hash = scattered ^ (scattered >>> 15);
              const node = i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
              const key = (node + NODE_KEY) & slots;
              slot = node & slots;
              tag = i32[slot + 2];
              if (i32[key] !== index || i32[key + 1] !== 0 || i32[key + 2] !== TAG_INTEGER) {
                if (i32[key + 3] !== 0) break;
                tag = TAG_NIL;
              }
            } else {
              slot = (i32[(table + TABLE_ARRAY) & mask] + (index << 2)) & slots;
              tag = i32[slot + 2];
            }
            if (tag === TAG_NIL && i32[(table + TABLE_METATABLE) & mask] !== 0) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = i32[slot];
            i32[a + 1] = i32[slot + 1];
            i32[a + 2] = tag;
            continue;
          }
          case ValueOp.SET_TABLE: {
            const a = base + ((ins >>> 6) & 0x3fc);
            if (i32[a + 2] !== TAG_TABLE) break;
            const table = i32[a];
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const tag = i32[b + 2];
            let slot = 0;
            if (tag === TAG_INTEGER) {
              const index = i32[b];
              const top = i32[b + 1];
              if (top !== 0 || (index - 1) >>> 0 >= i32[(table + TABLE_ARRAY_SIZE) & mask] >>> 0) {
                // Among the nodes: its key's own place, or nowhere.
                const scattered = Math.imul(index ^ Math.imul(top, Hash.HIGH), Hash.LOW);
                const hash = scattered ^ (scattered >>> 15);
                const node = i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
                const key = (node + NODE_KEY) & slots;
                slot = node & slots;
                if (i32[key] !== index || i32[key + 1] !== top || i32[key + 2] !== TAG_INTEGER) break;
                if (i32[slot + 2] === TAG_NIL) break;
              } else {
                slot = (i32[(table + TABLE_ARRAY) & mask] + (index << 2)) & slots;
                if (i32[slot + 2] === TAG_NIL && i32[(table + TABLE_METATABLE) & mask] !== 0) break;
              }
            } else {
              if (tag !== TAG_SHORT_STRING) break;
              const hash = i32[(i32[b] + STRING_HASH) & mask];
              const node = i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
              const key = (node + NODE_KEY) & slots;
              slot = node & slots;
              if (i32[key] !== i32[b] || i32[key + 2] !== TAG_SHORT_STRING || i32[slot + 2] === TAG_NIL) break;
            }
            i32[slot] = i32[c];
            i32[slot + 1] = i32[c + 1];
            i32[slot + 2] = i32[c + 2];
            continue;
          }
          case ValueOp.SET_FIELD: {
            const a = base + ((ins >>> 6) & 0x3fc);
            if (i32[a + 2] !== TAG_TABLE) break;
            const table = i32[a];
            const k = pool + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const node =
              i32[(table + TABLE_NODES) & mask] + ((constants[k + 3] & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
            const wanted = constants[k];
            let key = (node + NODE_KEY) & slots;
            if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
              key = (i32[key + 3] + NODE_KEY) & slots;
              if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
                key = (i32[key + 3] + NODE_KEY) & slots;
                if (i32[key] !== wanted || i32[key + 2] !== TAG_SHORT_STRING) {
                  leave = Leave.PLACE;
                  object = table;
                  name = wanted;
                  break run;
                }
              }
            }
            const slot = (key - NODE_KEY) & slots;
            if (i32[slot + 2] === TAG_NIL) {
              leave = Leave.PLACE;
              object = table;
              name = wanted;
              break run;
            }
            i32[slot] = i32[c];
            i32[slot + 1] = i32[c + 1];
            i32[slot + 2] = i32[c + 2];
            continue;
          }
          case ValueOp.SET_INDEX: {
            const a = base + ((ins >>> 6) & 0x3fc);
            if (i32[a + 2] !== TAG_TABLE) break;
            const table = i32[a];
            const index = (ins >>> 16) & 255;
            let slot = 0;
            if ((index - 1) >>> 0 >= i32[(table + TABLE_ARRAY_SIZE) & mask] >>> 0) {
              // Among the nodes: its key's own place, or nowhere.
              const scattered = Math.imul(index, Hash.LOW);
              const hash = scattered ^ (scattered >>> 15);
              const node = i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3);
              const key = (node + NODE_KEY) & slots;
              slot = node & slots;
              if (i32[key] !== index || i32[key + 1] !== 0 || i32[key + 2] !== TAG_INTEGER) break;
              if (i32[slot + 2] === TAG_NIL) break;
            } else {
              slot = (i32[(table + TABLE_ARRAY) & mask] + (index << 2)) & slots;
              if (i32[slot + 2] === TAG_NIL && i32[(table + TABLE_METATABLE) & mask] !== 0) break;
            }
            const c = base + ((ins >>> 22) & 0x3fc);
            i32[slot] = i32[c];
            i32[slot + 1] = i32[c + 1];
            i32[slot + 2] = i32[c + 2];
            continue;
          }
          case ValueOp.SELF: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            if (i32[b + 2] !== TAG_TABLE) {
              if (i32[b + 2] !== TAG_SHORT_STRING && i32[b + 2] !== TAG_LONG_STRING) break;
              leave = Leave.METHOD;
              name = constants[k];
              break run;
            }
            const table = i32[b];
            const a = base + ((ins >>> 6) & 0x3fc);
            const hash = constants[k + 3];
            const wanted = constants[k];
            // Its own, or that of a class, which `__index` in the metatable is: at most that many nodes are looked at.
            leave = Leave.FIND;
            object = table;
            name = wanted;
            let parent = table;
            let slot = 0;
            let key =
              i32[(table + TABLE_NODES) & mask] + ((hash & i32[(table + TABLE_NODE_MASK) & mask]) << 3) + NODE_KEY;
            for (let count = 0; count < Most.NODES; count = (count + 1) | 0) {
              key = key & slots;
              if (i32[key] === wanted && i32[key + 2] === TAG_SHORT_STRING) {
                slot = (key - NODE_KEY) & slots;
                if (i32[slot + 2] !== TAG_NIL) {
                  leave = Leave.SLOW;
                  break;
                }
              }
              key = i32[key + 3] + NODE_KEY;
              if (key !== NODE_KEY) continue;
              const metatable = i32[(parent + TABLE_METATABLE) & mask];
              if (metatable === 0) break;
              const index = i32[HEADER.STRINGS_WELL_KNOWN];
              const indexHash = i32[(index + STRING_HASH) & mask];
              const first =
                i32[(metatable + TABLE_NODES) & mask] + ((indexHash & i32[(metatable + TABLE_NODE_MASK) & mask]) << 3);
              let handlerKey = (first + NODE_KEY) & slots;
              if (((i32[handlerKey] ^ index) | (i32[handlerKey + 2] ^ TAG_SHORT_STRING)) !== 0) {
                handlerKey = (i32[handlerKey + 3] + NODE_KEY) & slots;
                if (((i32[handlerKey] ^ index) | (i32[handlerKey + 2] ^ TAG_SHORT_STRING)) !== 0) break;
              }
              const handler = (handlerKey - NODE_KEY) & slots;
              if (i32[handler + 2] !== TAG_TABLE) break;
              parent = i32[handler];
              key =
                i32[(parent + TABLE_NODES) & mask] + ((hash & i32[(parent + TABLE_NODE_MASK) & mask]) << 3) + NODE_KEY;
            }
            if (leave !== Leave.SLOW) break run;
            i32[a + 4] = table;
            i32[a + 6] = TAG_TABLE;
            i32[a] = i32[slot];
            i32[a + 1] = i32[slot + 1];
            i32[a + 2] = i32[slot + 2];
            continue;
          }

          case ValueOp.ADD: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            const right = i32[c + 2];
            const a = base + ((ins >>> 6) & 0x3fc);
            if (left === TAG_INTEGER && right === TAG_INTEGER) {
              const x = i32[b];
              const low = (x + i32[c]) | 0;
              i32[a + 1] = (i32[b + 1] + i32[c + 1] + (low >>> 0 < x >>> 0 ? 1 : 0)) | 0;
              i32[a] = low;
              i32[a + 2] = TAG_INTEGER;
              continue;
            }
            let x = 0.5;
            let y = 0.5;
            if (left === TAG_FLOAT && right === TAG_FLOAT) {
              x = f64[b >> 1];
              y = f64[c >> 1];
            } else {
              if (((left - TAG_INTEGER) | (right - TAG_INTEGER)) >>> 0 > 1) break;
              x = left === TAG_FLOAT ? f64[b >> 1] : i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
              y = right === TAG_FLOAT ? f64[c >> 1] : i32[c + 1] * Double.TWO_32 + (i32[c] >>> 0);
            }
            const value = x + y;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.SUB: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            const right = i32[c + 2];
            const a = base + ((ins >>> 6) & 0x3fc);
            if (left === TAG_INTEGER && right === TAG_INTEGER) {
              const x = i32[b];
              const y = i32[c];
              i32[a + 1] = (i32[b + 1] - i32[c + 1] - (x >>> 0 < y >>> 0 ? 1 : 0)) | 0;
              i32[a] = (x - y) | 0;
              i32[a + 2] = TAG_INTEGER;
              continue;
            }
            let x = 0.5;
            let y = 0.5;
            if (left === TAG_FLOAT && right === TAG_FLOAT) {
              x = f64[b >> 1];
              y = f64[c >> 1];
            } else {
              if (((left - TAG_INTEGER) | (right - TAG_INTEGER)) >>> 0 > 1) break;
              x = left === TAG_FLOAT ? f64[b >> 1] : i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
              y = right === TAG_FLOAT ? f64[c >> 1] : i32[c + 1] * Double.TWO_32 + (i32[c] >>> 0);
            }
            const value = x - y;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.MUL: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            const right = i32[c + 2];
            const a = base + ((ins >>> 6) & 0x3fc);
            if (left === TAG_INTEGER && right === TAG_INTEGER) {
              const x = i32[b];
              const y = i32[c];
              if ((((x | y) >>> 16) | i32[b + 1] | i32[c + 1]) === 0) {
                i32[a] = Math.imul(x, y);
                i32[a + 1] = 0;
                i32[a + 2] = TAG_INTEGER;
                continue;
              }
              // Of the low words' product the upper half, by their halves; of the others only low words count. Doubles
              // would do for most, and be slower.
              const middle = (Math.imul(x >>> 16, y & 0xffff) + (Math.imul(x & 0xffff, y & 0xffff) >>> 16)) | 0;
              const other = (Math.imul(x & 0xffff, y >>> 16) + (middle & 0xffff)) | 0;
              const upper = (Math.imul(x >>> 16, y >>> 16) + (middle >>> 16) + (other >>> 16)) | 0;
              i32[a + 1] = (upper + ((Math.imul(i32[b + 1], y) + Math.imul(x, i32[c + 1])) | 0)) | 0;
              i32[a] = Math.imul(x, y);
              i32[a + 2] = TAG_INTEGER;
              continue;
            }
            let x = 0.5;
            let y = 0.5;
            if (left === TAG_FLOAT && right === TAG_FLOAT) {
              x = f64[b >> 1];
              y = f64[c >> 1];
            } else {
              if (((left - TAG_INTEGER) | (right - TAG_INTEGER)) >>> 0 > 1) break;
              x = left === TAG_FLOAT ? f64[b >> 1] : i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
              y = right === TAG_FLOAT ? f64[c >> 1] : i32[c + 1] * Double.TWO_32 + (i32[c] >>> 0);
            }
            const value = x * y;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.DIV: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            const right = i32[c + 2];
            const a = base + ((ins >>> 6) & 0x3fc);
            let x = 0.5;
            let y = 0.5;
            if (left === TAG_FLOAT && right === TAG_FLOAT) {
              x = f64[b >> 1];
              y = f64[c >> 1];
            } else {
              if (((left - TAG_INTEGER) | (right - TAG_INTEGER)) >>> 0 > 1) break;
              x = left === TAG_FLOAT ? f64[b >> 1] : i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
              y = right === TAG_FLOAT ? f64[c >> 1] : i32[c + 1] * Double.TWO_32 + (i32[c] >>> 0);
            }
            const value = x / y;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.MOD: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const x = i32[b];
            const y = i32[c];
            if (i32[b + 2] !== TAG_INTEGER || i32[c + 2] !== TAG_INTEGER) break;
            if (i32[b + 1] !== x >> 31 || i32[c + 1] !== y >> 31 || y === 0) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            let rest = (x % y) | 0;
            if (rest !== 0 && (rest ^ y) < 0) rest = (rest + y) | 0;
            i32[a] = rest;
            i32[a + 1] = rest >> 31;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.IDIV: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const x = i32[b];
            const y = i32[c];
            if (i32[b + 2] !== TAG_INTEGER || i32[c + 2] !== TAG_INTEGER) break;
            // Positive divisors only: -2^31 // -1 does not fit into a word.
            if (i32[b + 1] !== x >> 31 || i32[c + 1] !== y >> 31 || y <= 0) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const quotient = Math.floor(x / y) | 0;
            i32[a] = quotient;
            i32[a + 1] = quotient >> 31;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.BAND: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            if (i32[b + 2] !== TAG_INTEGER || i32[c + 2] !== TAG_INTEGER) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = i32[b] & i32[c];
            i32[a + 1] = i32[b + 1] & i32[c + 1];
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.BOR: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            if (i32[b + 2] !== TAG_INTEGER || i32[c + 2] !== TAG_INTEGER) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = i32[b] | i32[c];
            i32[a + 1] = i32[b + 1] | i32[c + 1];
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.BXOR: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            if (i32[b + 2] !== TAG_INTEGER || i32[c + 2] !== TAG_INTEGER) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = i32[b] ^ i32[c];
            i32[a + 1] = i32[b + 1] ^ i32[c + 1];
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.SHL: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const count = i32[c];
            if (i32[b + 2] !== TAG_INTEGER || i32[c + 2] !== TAG_INTEGER) break;
            if (i32[c + 1] !== 0 || (count - 1) >>> 0 > 30) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const low = i32[b];
            i32[a + 1] = (i32[b + 1] << count) | (low >>> (32 - count));
            i32[a] = low << count;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.SHR: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const c = base + ((ins >>> 22) & 0x3fc);
            const count = i32[c];
            if (i32[b + 2] !== TAG_INTEGER || i32[c + 2] !== TAG_INTEGER) break;
            if (i32[c + 1] !== 0 || (count - 1) >>> 0 > 30) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const high = i32[b + 1];
            i32[a] = (i32[b] >>> count) | (high << (32 - count));
            i32[a + 1] = high >>> count;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.ADD_LEFT_K:
          case ValueOp.ADD_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            const a = base + ((ins >>> 6) & 0x3fc);
            let x = 0.5;
            if (left === TAG_FLOAT) x = f64[b >> 1];
            else {
              if (left !== TAG_INTEGER) break;
              if (constants[k + 2] === TAG_INTEGER) {
                const low = i32[b];
                const sum = (low + constants[k]) | 0;
                i32[a + 1] = (i32[b + 1] + constants[k + 1] + (sum >>> 0 < low >>> 0 ? 1 : 0)) | 0;
                i32[a] = sum;
                i32[a + 2] = TAG_INTEGER;
                continue;
              }
              x = i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
            }
            const y = constantNumbers[k >> 2];
            const value = x + y;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.SUB_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            const a = base + ((ins >>> 6) & 0x3fc);
            let x = 0.5;
            if (left === TAG_FLOAT) x = f64[b >> 1];
            else {
              if (left !== TAG_INTEGER) break;
              if (constants[k + 2] === TAG_INTEGER) {
                const low = i32[b];
                const other = constants[k];
                i32[a + 1] = (i32[b + 1] - constants[k + 1] - (low >>> 0 < other >>> 0 ? 1 : 0)) | 0;
                i32[a] = (low - other) | 0;
                i32[a + 2] = TAG_INTEGER;
                continue;
              }
              x = i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
            }
            const y = constantNumbers[k >> 2];
            const value = x - y;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.MUL_LEFT_K:
          case ValueOp.MUL_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            const a = base + ((ins >>> 6) & 0x3fc);
            let x = 0.5;
            if (left === TAG_FLOAT) x = f64[b >> 1];
            else {
              if (left !== TAG_INTEGER) break;
              if (constants[k + 2] === TAG_INTEGER) {
                const low = i32[b];
                const factor = constants[k];
                if ((((low | factor) >>> 16) | i32[b + 1] | constants[k + 1]) === 0) i32[a + 1] = 0;
                else {
                  const middle =
                    (Math.imul(low >>> 16, factor & 0xffff) + (Math.imul(low & 0xffff, factor & 0xffff) >>> 16)) | 0;
                  const other = (Math.imul(low & 0xffff, factor >>> 16) + (middle & 0xffff)) | 0;
                  const upper = (Math.imul(low >>> 16, factor >>> 16) + (middle >>> 16) + (other >>> 16)) | 0;
                  i32[a + 1] = (upper + ((Math.imul(i32[b + 1], factor) + Math.imul(low, constants[k + 1])) | 0)) | 0;
                }
                i32[a] = Math.imul(low, factor);
                i32[a + 2] = TAG_INTEGER;
                continue;
              }
              x = i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
            }
            const y = constantNumbers[k >> 2];
            const value = x * y;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.DIV_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            if ((left - TAG_INTEGER) >>> 0 > 1) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const x = left === TAG_FLOAT ? f64[b >> 1] : i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
            const y = constantNumbers[k >> 2];
            const value = x / y;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.MOD_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const x = i32[b];
            const y = constants[k];
            if (i32[b + 2] !== TAG_INTEGER || constants[k + 2] !== TAG_INTEGER) break;
            if (i32[b + 1] !== x >> 31 || constants[k + 1] !== y >> 31 || y === 0) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            let rest = (x % y) | 0;
            if (rest !== 0 && (rest ^ y) < 0) rest = (rest + y) | 0;
            i32[a] = rest;
            i32[a + 1] = rest >> 31;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.IDIV_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const x = i32[b];
            const y = constants[k];
            if (i32[b + 2] !== TAG_INTEGER || constants[k + 2] !== TAG_INTEGER) break;
            if (i32[b + 1] !== x >> 31 || constants[k + 1] !== y >> 31 || y <= 0) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const quotient = Math.floor(x / y) | 0;
            i32[a] = quotient;
            i32[a + 1] = quotient >> 31;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.BAND_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            if (i32[b + 2] !== TAG_INTEGER || constants[k + 2] !== TAG_INTEGER) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = i32[b] & constants[k];
            i32[a + 1] = i32[b + 1] & constants[k + 1];
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.BOR_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            if (i32[b + 2] !== TAG_INTEGER || constants[k + 2] !== TAG_INTEGER) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = i32[b] | constants[k];
            i32[a + 1] = i32[b + 1] | constants[k + 1];
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.BXOR_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            if (i32[b + 2] !== TAG_INTEGER || constants[k + 2] !== TAG_INTEGER) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = i32[b] ^ constants[k];
            i32[a + 1] = i32[b + 1] ^ constants[k + 1];
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.SHL_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const count = constants[k];
            if (i32[b + 2] !== TAG_INTEGER || constants[k + 2] !== TAG_INTEGER) break;
            if (constants[k + 1] !== 0 || (count - 1) >>> 0 > 30) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const low = i32[b];
            i32[a + 1] = (i32[b + 1] << count) | (low >>> (32 - count));
            i32[a] = low << count;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.SHR_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const count = constants[k];
            if (i32[b + 2] !== TAG_INTEGER || constants[k + 2] !== TAG_INTEGER) break;
            if (constants[k + 1] !== 0 || (count - 1) >>> 0 > 30) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const high = i32[b + 1];
            i32[a] = (i32[b] >>> count) | (high << (32 - count));
            i32[a + 1] = high >>> count;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.SUB_LEFT_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            const a = base + ((ins >>> 6) & 0x3fc);
            let x = 0.5;
            if (left === TAG_FLOAT) x = f64[b >> 1];
            else {
              if (left !== TAG_INTEGER) break;
              if (constants[k + 2] === TAG_INTEGER) {
                const low = i32[b];
                const other = constants[k];
                i32[a + 1] = (constants[k + 1] - i32[b + 1] - (other >>> 0 < low >>> 0 ? 1 : 0)) | 0;
                i32[a] = (other - low) | 0;
                i32[a + 2] = TAG_INTEGER;
                continue;
              }
              x = i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
            }
            const y = constantNumbers[k >> 2];
            const value = y - x;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.DIV_LEFT_K: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const k = pool + ((ins >>> 22) & 0x3fc);
            const left = i32[b + 2];
            if ((left - TAG_INTEGER) >>> 0 > 1) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const x = left === TAG_FLOAT ? f64[b >> 1] : i32[b + 1] * Double.TWO_32 + (i32[b] >>> 0);
            const y = constantNumbers[k >> 2];
            const value = y / x;
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.ADD_IMM: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const a = base + ((ins >>> 6) & 0x3fc);
            const tag = i32[b + 2];
            if (tag === TAG_INTEGER) {
              const x = i32[b];
              const low = (x + (ins >> 24)) | 0;
              i32[a + 1] = (i32[b + 1] + (ins >> 31) + (low >>> 0 < x >>> 0 ? 1 : 0)) | 0;
              i32[a] = low;
              i32[a + 2] = TAG_INTEGER;
              continue;
            }
            if (tag !== TAG_FLOAT) break;
            const value = f64[b >> 1] + (ins >> 24);
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.SUB_IMM: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const a = base + ((ins >>> 6) & 0x3fc);
            const tag = i32[b + 2];
            if (tag === TAG_INTEGER) {
              const x = i32[b];
              const y = ins >> 24;
              i32[a + 1] = (i32[b + 1] - (y >> 31) - (x >>> 0 < y >>> 0 ? 1 : 0)) | 0;
              i32[a] = (x - y) | 0;
              i32[a + 2] = TAG_INTEGER;
              continue;
            }
            if (tag !== TAG_FLOAT) break;
            const value = f64[b >> 1] - (ins >> 24);
            i32[a + 2] = TAG_FLOAT;
            if (value === value) f64[a >> 1] = value;
            else {
              i32[a] = CANONICAL_NAN_LOW;
              i32[a + 1] = CANONICAL_NAN_HIGH;
            }
            continue;
          }
          case ValueOp.NEGATE: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const a = base + ((ins >>> 6) & 0x3fc);
            const low = i32[b];
            const high = i32[b + 1];
            const tag = i32[b + 2];
            if (tag === TAG_INTEGER) {
              i32[a] = -low | 0;
              i32[a + 1] = (~high + (low === 0 ? 1 : 0)) | 0;
            } else if (tag === TAG_FLOAT) {
              // By its bits: the sign of a NaN is visible in its text, and this makes it the same everywhere.
              i32[a] = low;
              i32[a + 1] = high ^ -0x80000000;
            } else break;
            i32[a + 2] = tag;
            continue;
          }
          case ValueOp.BNOT: {
            const b = base + ((ins >>> 14) & 0x3fc);
            if (i32[b + 2] !== TAG_INTEGER) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            i32[a] = ~i32[b];
            i32[a + 1] = ~i32[b + 1];
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.NOT: {
            const b = base + ((ins >>> 14) & 0x3fc);
            i32[base + ((ins >>> 6) & 0x3fc) + 2] = i32[b + 2] <= TAG_FALSE ? TAG_TRUE : TAG_FALSE;
            continue;
          }

          case ValueOp.JUMP_IF: {
            if (i32[base + ((ins >>> 6) & 0x3fc) + 2] <= TAG_FALSE) continue;
            pc = (pc + (ins >> 16)) & Word.WORDS;
            credit = (credit + (ins >> 16)) | 0;
            if (ins < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_UNLESS: {
            if (i32[base + ((ins >>> 6) & 0x3fc) + 2] > TAG_FALSE) continue;
            pc = (pc + (ins >> 16)) & Word.WORDS;
            credit = (credit + (ins >> 16)) | 0;
            if (ins < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_EQ: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const b = base + ((ins >>> 14) & 0x3fc);
            const tag = i32[a + 2];
            let holds = 0;
            if (tag !== i32[b + 2]) {
              if (((tag - TAG_INTEGER) | (i32[b + 2] - TAG_INTEGER)) >>> 0 <= 1) break;
            } else if (tag === TAG_FLOAT) holds = f64[a >> 1] === f64[b >> 1] ? 1 : 0;
            else if (tag < TAG_INTEGER) holds = 1;
            else if (i32[a] === i32[b]) holds = tag === TAG_INTEGER && i32[a + 1] !== i32[b + 1] ? 0 : 1;
            else if (tag > TAG_SHORT_STRING && tag !== TAG_CLOSURE) break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_EQ_K: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const k = pool + ((ins >>> 14) & 0x3fc);
            const tag = i32[a + 2];
            let holds = 0;
            if (tag !== constants[k + 2]) {
              if (((tag - TAG_INTEGER) | (constants[k + 2] - TAG_INTEGER)) >>> 0 <= 1) break;
            } else if (tag === TAG_FLOAT) holds = f64[a >> 1] === constantNumbers[k >> 2] ? 1 : 0;
            else if (tag < TAG_INTEGER) holds = 1;
            else if (i32[a] === constants[k]) holds = tag === TAG_INTEGER && i32[a + 1] !== constants[k + 1] ? 0 : 1;
            else if (tag === TAG_LONG_STRING) break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_LT: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const b = base + ((ins >>> 14) & 0x3fc);
            let holds = 0;
            const left = i32[a + 2];
            const right = i32[b + 2];
            if (left === TAG_INTEGER && right === TAG_INTEGER) {
              const x = i32[a + 1];
              const y = i32[b + 1];
              holds = x < y || (x === y && i32[a] >>> 0 < i32[b] >>> 0) ? 1 : 0;
            } else if (left === TAG_FLOAT && right === TAG_FLOAT) holds = f64[a >> 1] < f64[b >> 1] ? 1 : 0;
            else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_LE: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const b = base + ((ins >>> 14) & 0x3fc);
            let holds = 0;
            const left = i32[a + 2];
            const right = i32[b + 2];
            if (left === TAG_INTEGER && right === TAG_INTEGER) {
              const x = i32[a + 1];
              const y = i32[b + 1];
              holds = x < y || (x === y && i32[a] >>> 0 <= i32[b] >>> 0) ? 1 : 0;
            } else if (left === TAG_FLOAT && right === TAG_FLOAT) holds = f64[a >> 1] <= f64[b >> 1] ? 1 : 0;
            else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_LT_IMM: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const b = (ins << 8) >> 24;
            let holds = 0;
            const tag = i32[a + 2];
            if (tag === TAG_INTEGER) {
              const low = i32[a];
              const high = i32[a + 1];
              holds = (high === low >> 31 ? low < b : high < 0) ? 1 : 0;
            } else if (tag === TAG_FLOAT) holds = f64[a >> 1] < b ? 1 : 0;
            else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_LE_IMM: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const b = (ins << 8) >> 24;
            let holds = 0;
            const tag = i32[a + 2];
            if (tag === TAG_INTEGER) {
              const low = i32[a];
              const high = i32[a + 1];
              holds = (high === low >> 31 ? low <= b : high < 0) ? 1 : 0;
            } else if (tag === TAG_FLOAT) holds = f64[a >> 1] <= b ? 1 : 0;
            else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_GT_IMM: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const b = (ins << 8) >> 24;
            let holds = 0;
            const tag = i32[a + 2];
            if (tag === TAG_INTEGER) {
              const low = i32[a];
              const high = i32[a + 1];
              holds = (high === low >> 31 ? low > b : high >= 0) ? 1 : 0;
            } else if (tag === TAG_FLOAT) holds = f64[a >> 1] > b ? 1 : 0;
            else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_GE_IMM: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const b = (ins << 8) >> 24;
            let holds = 0;
            const tag = i32[a + 2];
            if (tag === TAG_INTEGER) {
              const low = i32[a];
              const high = i32[a + 1];
              holds = (high === low >> 31 ? low >= b : high >= 0) ? 1 : 0;
            } else if (tag === TAG_FLOAT) holds = f64[a >> 1] >= b ? 1 : 0;
            else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_LT_K: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const k = pool + ((ins >>> 14) & 0x3fc);
            let holds = 0;
            const tag = i32[a + 2];
            const kind = constants[k + 2];
            if (tag === TAG_FLOAT && kind === TAG_FLOAT) {
              holds = f64[a >> 1] < constantNumbers[k >> 2] ? 1 : 0;
            } else if (tag === TAG_INTEGER && kind === TAG_INTEGER) {
              const x = i32[a + 1];
              const y = constants[k + 1];
              holds = x < y || (x === y && i32[a] >>> 0 < constants[k] >>> 0) ? 1 : 0;
            } else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_LE_K: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const k = pool + ((ins >>> 14) & 0x3fc);
            let holds = 0;
            const tag = i32[a + 2];
            const kind = constants[k + 2];
            if (tag === TAG_FLOAT && kind === TAG_FLOAT) {
              holds = f64[a >> 1] <= constantNumbers[k >> 2] ? 1 : 0;
            } else if (tag === TAG_INTEGER && kind === TAG_INTEGER) {
              const x = i32[a + 1];
              const y = constants[k + 1];
              holds = x < y || (x === y && i32[a] >>> 0 <= constants[k] >>> 0) ? 1 : 0;
            } else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_GT_K: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const k = pool + ((ins >>> 14) & 0x3fc);
            let holds = 0;
            const tag = i32[a + 2];
            const kind = constants[k + 2];
            if (tag === TAG_FLOAT && kind === TAG_FLOAT) {
              holds = f64[a >> 1] > constantNumbers[k >> 2] ? 1 : 0;
            } else if (tag === TAG_INTEGER && kind === TAG_INTEGER) {
              const x = i32[a + 1];
              const y = constants[k + 1];
              holds = x > y || (x === y && i32[a] >>> 0 > constants[k] >>> 0) ? 1 : 0;
            } else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.JUMP_GE_K: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const k = pool + ((ins >>> 14) & 0x3fc);
            let holds = 0;
            const tag = i32[a + 2];
            const kind = constants[k + 2];
            if (tag === TAG_FLOAT && kind === TAG_FLOAT) {
              holds = f64[a >> 1] >= constantNumbers[k >> 2] ? 1 : 0;
            } else if (tag === TAG_INTEGER && kind === TAG_INTEGER) {
              const x = i32[a + 1];
              const y = constants[k + 1];
              holds = x > y || (x === y && i32[a] >>> 0 >= constants[k] >>> 0) ? 1 : 0;
            } else break;
            pc = (pc + 1) & Word.WORDS;
            credit = (credit + 1) | 0;
            if (holds !== ins >>> 24) continue;
            const jump = jumps[pc] >> 8;
            pc = (pc + jump) & Word.WORDS;
            credit = (credit + jump) | 0;
            if (jump < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }

          case ValueOp.GENERIC_FOR_CALL:
          case ValueOp.CALL: {
            let a = base + ((ins >>> 6) & 0x3fc);
            if (i32[a + 2] !== TAG_CLOSURE) break;
            if (ins << 24 === ValueOp.GENERIC_FOR_CALL << 24) {
              const index = i32[(i32[a] + CLOSURE_FUNCTION) & mask];
              if (index === nextFunction || index === nextIndexFunction) break;
              const end = (a + 12) & Word.SLOTS;
              for (; a < end; a = (a + 4) & Word.SLOTS) {
                i32[a + 16] = i32[a];
                i32[a + 17] = i32[a + 1];
                i32[a + 18] = i32[a + 2];
              }
              a = (a + 4) & Word.SLOTS;
              ins = Generic.CALL + (ins & 0xff00) + (ins & -0x1000000);
            }
            const called = i32[a];
            const index = i32[(called + CLOSURE_FUNCTION) & mask];
            const callee = (index << FUNCTION_ROW_SHIFT) & rows;
            let calleeBase = (a + 4) & Word.SLOTS;
            if (((calleeBase + functions[callee + FUNCTION_VALUE_WORDS]) | 0) > stackEnd || frame > lastFrame) break;
            // An open call has 0 in place of the number of arguments plus 1.
            const fixed = functions[callee + FUNCTION_FIXED_PARAMETERS];
            if (((fixed - ((ins >>> 16) & 255) + 1) | 0) > 0) {
              let count = (((ins >>> 16) & 255) - 1) | 0;
              if (count < 0) count = (stack + i32[frame + FRAME_TOP] - calleeBase) >> 2;
              if (count >>> 0 > Most.VALUES) break;
              const parameters = functions[callee + FUNCTION_PARAMETERS];
              if (fixed === NOT_FIXED && count > parameters) {
                // The variable arguments stay where they are, the others are moved above them.
                const moved = (count << 2) & 0x3fc;
                if (((calleeBase + moved + functions[callee + FUNCTION_VALUE_WORDS]) | 0) > stackEnd) break;
                const end = (calleeBase + (parameters << 2)) & slots;
                for (let slot = calleeBase; slot < end; slot = (slot + 4) & Word.SLOTS) {
                  i32[slot + moved] = i32[slot];
                  i32[slot + moved + 1] = i32[slot + 1];
                  i32[slot + moved + 2] = i32[slot + 2];
                  i32[slot + 2] = TAG_NIL;
                }
                calleeBase = (calleeBase + moved) & Word.SLOTS;
                i32[frame + FRAME_SIZE + FRAME_EXTRA] = (count - parameters) | 0;
              } else {
                const end = (calleeBase + (parameters << 2)) & slots;
                for (let slot = (calleeBase + (count << 2)) & slots; slot < end; slot = (slot + 4) & Word.SLOTS)
                  i32[slot + 2] = TAG_NIL;
                i32[frame + FRAME_SIZE + FRAME_EXTRA] = 0;
              }
              i32[frame + FRAME_TOP] = 0;
              ins = (ins & ~Result.ARGUMENTS) | ((count + 1) << 16);
            }
            i32[frame + FRAME_PC] = (pc + 1) | 0;
            frame = (frame + FRAME_SIZE) & Word.WORDS;
            row = callee;
            base = calleeBase;
            credit = (credit - pc) | 0;
            pc = (functions[callee + FUNCTION_START] - 1) & Word.WORDS;
            credit = (credit + pc) | 0;
            pool = functions[callee + FUNCTION_CONSTANTS] & Word.SLOTS;
            i32[frame + FRAME_FUNCTION] = index;
            i32[frame + FRAME_BASE] = (base - stack) | 0;
            i32[frame + FRAME_CLOSURE] = called;
            closure = called;
            i32[frame + FRAME_RESULT] = ins;
            i32[frame + FRAME_TOP] = 0;
            i32[frame + FRAME_STATE] = 0;
            if (((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.TAIL_CALL: {
            const a = base + ((ins >>> 6) & 0x3fc);
            if (i32[a + 2] !== TAG_CLOSURE) break;
            const called = i32[a];
            const index = i32[(called + CLOSURE_FUNCTION) & mask];
            const callee = (index << FUNCTION_ROW_SHIFT) & rows;
            const result = i32[frame + FRAME_RESULT];
            if ((result & Result.KIND) !== Result.PLAIN) break;
            const flags = functions[row + FUNCTION_FLAGS];
            if ((flags & FLAG_VARARG) !== 0 || functions[callee + FUNCTION_PLACE] < guestPlace) break;
            if ((flags & FLAG_CLOSES) !== 0) {
              const upvalue = i32[thread + THREAD_OPEN_UPVALUES];
              if (upvalue !== 0 && i32[(upvalue + UPVALUE_POINTER) & mask] >= base) {
                leave = Leave.CLOSE;
                break run;
              }
            }
            const parameters = functions[callee + FUNCTION_FIXED_PARAMETERS];
            let count = (((ins >>> 16) & 255) - 1) | 0;
            if (count < 0) count = (stack + i32[frame + FRAME_TOP] - a - 4) >> 2;
            if (count >>> 0 > Most.VALUES || parameters > Most.VALUES) break;
            if (((base + (count << 2) + functions[callee + FUNCTION_VALUE_WORDS]) | 0) > stackEnd) break;
            let target = base;
            const end = (base + (count << 2)) & Word.SLOTS;
            for (let slot = (a + 4) & Word.SLOTS; target < end; slot = (slot + 4) & Word.SLOTS) {
              i32[target] = i32[slot];
              i32[target + 1] = i32[slot + 1];
              i32[target + 2] = i32[slot + 2];
              target = (target + 4) & Word.SLOTS;
            }
            const last = (base + (parameters << 2)) & Word.SLOTS;
            for (; target < last; target = (target + 4) & Word.SLOTS) i32[target + 2] = TAG_NIL;
            row = callee;
            credit = (credit - pc) | 0;
            pc = (functions[callee + FUNCTION_START] - 1) & Word.WORDS;
            credit = (credit + pc) | 0;
            pool = functions[callee + FUNCTION_CONSTANTS] & Word.SLOTS;
            i32[frame + FRAME_FUNCTION] = index;
            i32[frame + FRAME_CLOSURE] = called;
            closure = called;
            i32[frame + FRAME_RESULT] = (result & Result.KEPT) | ((count + 1) << 16);
            i32[frame + FRAME_TOP] = 0;
            i32[frame + FRAME_STATE] = 0;
            if (((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.RETURN:
          case ValueOp.RETURN_ONE:
          case ValueOp.RETURN_NONE: {
            const result = i32[frame + FRAME_RESULT];
            if ((functions[row + FUNCTION_FLAGS] & FLAG_CLOSES) !== 0) {
              if (i32[thread + THREAD_TO_BE_CLOSED] > ((base - stack) | 0)) break;
              const upvalue = i32[thread + THREAD_OPEN_UPVALUES];
              if (upvalue !== 0 && i32[(upvalue + UPVALUE_POINTER) & mask] >= base) {
                leave = Leave.CLOSE;
                break run;
              }
            }
            // The floor's function is -1, whose row is the last one: no frame fits.
            const caller = (frame - FRAME_SIZE) & Word.WORDS;
            const callerRow = (i32[caller + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT) & rows;
            const callerBase = (stack + i32[caller + FRAME_BASE]) & Word.SLOTS;
            const target = i32[caller + FRAME_PC];
            if (callerBase < stack || ((callerBase + functions[callerRow + FUNCTION_VALUE_WORDS]) | 0) > stackEnd)
              break;
            if (target < functions[callerRow + FUNCTION_START] || target >= functions[callerRow + FUNCTION_END]) break;
            const wanted = result & Result.MASK;
            const source = base + ((ins >>> 6) & 0x3fc);
            const a = (callerBase + ((result >>> 6) & 0x3fc)) & slots;
            if (wanted === Result.ONE && ins << 24 === ValueOp.RETURN_ONE << 24) {
              i32[a] = i32[source];
              i32[a + 1] = i32[source + 1];
              i32[a + 2] = i32[source + 2];
            } else if (wanted !== Result.NONE) {
              if ((result & Result.KIND) !== Result.PLAIN) break;
              let count = 0;
              if (ins << 24 === ValueOp.RETURN_ONE << 24) count = 1;
              else if (ins << 24 === ValueOp.RETURN << 24) {
                count = (((ins >>> 16) & 255) - 1) | 0;
                if (count < 0) count = (stack + i32[frame + FRAME_TOP] - source) >> 2;
              }
              let delivered = ((result >>> 24) - 1) | 0;
              if (delivered < 0) delivered = count;
              if (count >>> 0 > Most.VALUES || delivered > Most.VALUES || a > source) break;
              const end = (a + (delivered << 2)) & Word.SLOTS;
              if (end > stackEnd || ((source + (count << 2)) | 0) > stackEnd) break;
              const copied = (a + ((count < delivered ? count : delivered) << 2)) & Word.SLOTS;
              let slot = a;
              for (let from = source; slot < copied; from = (from + 4) & Word.SLOTS) {
                i32[slot] = i32[from];
                i32[slot + 1] = i32[from + 1];
                i32[slot + 2] = i32[from + 2];
                slot = (slot + 4) & Word.SLOTS;
              }
              for (; slot < end; slot = (slot + 4) & Word.SLOTS) i32[slot + 2] = TAG_NIL;
              if (result >>> 24 === 0) i32[caller + FRAME_TOP] = (end - stack) | 0;
            }
            frame = caller;
            closure = i32[frame + FRAME_CLOSURE];
            row = callerRow;
            base = callerBase;
            credit = (credit - pc) | 0;
            pc = (target - 1) & Word.WORDS;
            credit = (credit + pc) | 0;
            pool = functions[callerRow + FUNCTION_CONSTANTS] & Word.SLOTS;
            if (((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.LENGTH: {
            const b = base + ((ins >>> 14) & 0x3fc);
            const a = base + ((ins >>> 6) & 0x3fc);
            const operand = i32[b];
            let length = 0;
            if (i32[b + 2] === TAG_TABLE) {
              // As it was when it was asked for last, or one more.
              length = i32[(operand + TABLE_BORDER) & mask];
              const size = i32[(operand + TABLE_ARRAY_SIZE) & mask];
              if (length >>> 0 > size >>> 0 || i32[(operand + TABLE_METATABLE) & mask] !== 0) break;
              let slot = (i32[(operand + TABLE_ARRAY) & mask] + (length << 2)) & slots;
              if (length !== 0 && i32[slot + 2] === TAG_NIL) break;
              if (length < size) {
                slot = (slot + 4) & slots;
                if (i32[slot + 2] !== TAG_NIL) {
                  length = (length + 1) | 0;
                  slot = (slot + 4) & slots;
                  if (length < size && i32[slot + 2] !== TAG_NIL) break;
                  i32[(operand + TABLE_BORDER) & mask] = length;
                }
              }
              if (length === size && i32[(operand + TABLE_NODES) & mask] !== operand + TABLE_DUMMY_NODE) break;
            } else {
              if (i32[b + 2] !== TAG_SHORT_STRING && i32[b + 2] !== TAG_LONG_STRING) break;
              length = i32[(operand + STRING_LENGTH) & mask];
              if (length < 0) break;
            }
            i32[a] = length;
            i32[a + 1] = 0;
            i32[a + 2] = TAG_INTEGER;
            continue;
          }
          case ValueOp.FOR_PREPARE: {
            const a = base + ((ins >>> 6) & 0x3fc);
            const x = i32[a];
            const limit = i32[a + 4];
            const step = i32[a + 8];
            if (i32[a + 2] !== TAG_INTEGER || i32[a + 6] !== TAG_INTEGER || i32[a + 10] !== TAG_INTEGER) break;
            if (i32[a + 1] !== x >> 31 || i32[a + 5] !== limit >> 31 || i32[a + 9] !== step >> 31 || step === 0) break;
            i32[a + 12] = x;
            i32[a + 13] = x >> 31;
            i32[a + 14] = TAG_INTEGER;
            if (step > 0 ? x > limit : x < limit) {
              pc = (pc + (ins >> 16)) & Word.WORDS;
              credit = (credit + (ins >> 16)) | 0;
              continue;
            }
            i32[a + 4] = step === 1 ? (limit - x) | 0 : Math.floor((limit - x) / step) | 0;
            i32[a + 5] = 0;
            continue;
          }
          case ValueOp.FOR_LOOP: {
            const a = base + ((ins >>> 6) & 0x3fc);
            if (i32[a + 2] === TAG_INTEGER) {
              const count = i32[a + 4];
              if (count !== 0) i32[a + 4] = (count - 1) | 0;
              else if (i32[a + 5] !== 0) {
                i32[a + 4] = -1;
                i32[a + 5] = (i32[a + 5] - 1) | 0;
              } else continue;
              const x = i32[a];
              const low = (x + i32[a + 8]) | 0;
              const high = (i32[a + 1] + i32[a + 9] + (low >>> 0 < x >>> 0 ? 1 : 0)) | 0;
              i32[a] = low;
              i32[a + 1] = high;
              i32[a + 12] = low;
              i32[a + 13] = high;
              i32[a + 14] = TAG_INTEGER;
            } else {
              const step = f64[(a + 8) >> 1];
              const value = f64[a >> 1] + step;
              if (!(step > 0 ? value <= f64[(a + 4) >> 1] : value >= f64[(a + 4) >> 1])) continue;
              f64[a >> 1] = value;
              f64[(a + 12) >> 1] = value;
              i32[a + 14] = TAG_FLOAT;
            }
            pc = (pc + (ins >> 16)) & Word.WORDS;
            credit = (credit + (ins >> 16)) | 0;
            if (ins < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.GENERIC_FOR_LOOP: {
            const a = base + ((ins >>> 6) & 0x3fc);
            if (i32[a + 18] === TAG_NIL) continue;
            i32[a + 8] = i32[a + 16];
            i32[a + 9] = i32[a + 17];
            i32[a + 10] = i32[a + 18];
            pc = (pc + (ins >> 16)) & Word.WORDS;
            credit = (credit + (ins >> 16)) | 0;
            if (ins < 0 && ((credit - pc) | 0) <= 1) {
              leave = Leave.FUEL;
              break run;
            }
            continue;
          }
          case ValueOp.CLOSE: {
            if (i32[thread + THREAD_TO_BE_CLOSED] !== 0) break;
            const a = base + ((ins >>> 6) & 0x3fc);
            const upvalue = i32[thread + THREAD_OPEN_UPVALUES];
            if (upvalue !== 0 && i32[(upvalue + UPVALUE_POINTER) & mask] >= a) break;
            i32[frame + FRAME_STATE] = 0;
            continue;
          }
          case Stop.ENTER: {
            leave = Leave.ELSEWHERE;
            break run;
          }
          default:
        }
        break;
      }
      const ins = jumps[pc];
      if (leave === Leave.CLOSE) {
        // The instruction is run again: it is not charged yet.
        context.fuel = (credit - pc) | 0;
        closeUpvalues(context, base);
        fuel = context.fuel | 0;
        i32[frame + FRAME_PC] = pc;
        if (fuel > 0) continue;
        context.frame = frame;
        return FUEL;
      }
      if (leave === Leave.ELSEWHERE) {
        context.frame = frame;
        context.fuel = (credit - pc) | 0;
        i32[frame + FRAME_PC] = pc;
        return ELSEWHERE;
      }
      pc = (pc + 1) & Word.WORDS;
      fuel = (credit - pc) | 0;
      i32[frame + FRAME_PC] = pc;
      if (leave === Leave.FIND) {
        const slot = findField(i32, mask, object, name, i32[(name + STRING_HASH) & mask]);
        if (slot !== Probe.UNKNOWN) {
          const a = base + ((ins >>> 6) & 0x3fc);
          if ((ins & 255) === ValueOp.SELF) writeWords(context, a + 4, object, 0, TAG_TABLE);
          if (slot === Probe.ABSENT) i32[a + 2] = TAG_NIL;
          else copyValue(context, a, slot);
          continue;
        }
      } else if (leave === Leave.METHOD) {
        const slot = findStringMethod(i32, mask, name, i32[(name + STRING_HASH) & mask]);
        if (slot > 0) {
          const a = base + ((ins >>> 6) & 0x3fc);
          copyValue(context, a + 4, base + ((ins >>> 14) & 0x3fc));
          copyValue(context, a, slot);
          continue;
        }
      } else if (leave === Leave.PLACE) {
        const slot = placeField(i32, mask, object, name, i32[(name + STRING_HASH) & mask]);
        if (slot !== Probe.UNKNOWN) {
          copyValue(context, slot, base + ((ins >>> 22) & 0x3fc));
          continue;
        }
      }
      context.frame = frame;
      context.fuel = fuel;
      if (leave === Leave.FUEL) return FUEL;
      const signal = isTraced
        ? executeTraced(context, ins)
        : (ins & 255) === ValueOp.INTRINSIC
          ? executeIntrinsic(context, ins)
          : executeSlowly(context, ins);
      if (signal === NEXT && context.i32 === i32 && context.frame === frame && context.stack === stack) {
        fuel = context.fuel | 0;
        continue;
      }
      if (signal > RELOAD) return signal;
      continue reload;
    }
  }
}
