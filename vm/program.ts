// A program: an ordered list of modules joined into flat, immutable tables that the loops read. Functions, constants,
// syscalls and intrinsics of all modules are numbered through; the code names them by these numbers. linker.ts makes it.
import type { Context } from './context';
import type { Module, Signature } from './module';
import type { Syscall } from './syscalls';

/** Columns of a row of `Program.functions`; a function's row begins at its index << FUNCTION_ROW_SHIFT. */
export const FUNCTION_ROW_SHIFT = 4;
/** First word in `code`, never its very first; and behind the last. */
export const FUNCTION_START = 0;
export const FUNCTION_END = 1;
/** Registers of the frame, in words. */
export const FUNCTION_WORDS = 2;
export const FUNCTION_PARAMETERS = 3;
export const FUNCTION_FLAGS = 4;
/** Index of K[0] in `constants` (words). */
export const FUNCTION_CONSTANTS = 5;
/** Typed: number of results. */
export const FUNCTION_RESULTS = 6;
/** Index into `signatures`, or -1. */
export const FUNCTION_SIGNATURE = 7;
/** Its module << 16 | index inside its module. */
export const FUNCTION_PLACE = 8;
/** First entry in `upvalueSources`, and their number. */
export const FUNCTION_UPVALUES = 9;
export const FUNCTION_UPVALUE_COUNT = 10;
/** The module's part of `table`: first entry, number of entries. */
export const FUNCTION_TABLE = 11;
export const FUNCTION_TABLE_SIZE = 12;
/**
 * Words of the frame in a loop of that family, TOO_MANY_WORDS in the other one: more than any stack has. So one comparison
 * with the stack's end tells a loop both that a frame fits and that its function is of the loop's family.
 */
export const FUNCTION_TYPED_WORDS = 13;
export const FUNCTION_VALUE_WORDS = 14;
export const TOO_MANY_WORDS = 1 << 28;
/** Number of parameters that a call fills with nil: more than any call has when there may be more arguments. */
export const FUNCTION_FIXED_PARAMETERS = 15;
export const NOT_FIXED = 1 << 16;

export const FLAG_VALUE = 1;
export const FLAG_VARARG = 2;
/** It may leave open upvalues or to-be-closed variables when it returns. */
export const FLAG_CLOSES = 4;
/** A coroutine cannot yield across it: it uses an intrinsic that says so. */
export const FLAG_BARRIER = 8;

/** Words of a constant: a value slot. Typed code reads the first two. */
export const CONSTANT_WORDS = 4;

/**
 * A resumable step of bulk work. `registers` is the word address of R[a]. It charges `context.fuel`, keeps all its state
 * in the frame (registers, FRAME_STATE), and answers NEXT (done), FUEL (stopped; it will be called again), or any other
 * signal. It may replace the views when it allocates.
 */
export interface Intrinsic {
  readonly name: string;
  /** How many values it leaves in R[a], ... (value functions); -1: those up to FRAME_TOP, for a `return` behind it. */
  readonly results: number;
  /** How many arguments it reads from R[a], .... */
  readonly parameters: number;
  readonly run: (context: Context, registers: number) => number;
  /** What a function that uses it has called cannot yield: the function is one of C's in Lua's own library. */
  readonly isBarrier?: boolean;
}

/** Text that a running program loads. Plain data. */
export interface Chunk {
  /** In a buffer of its own. */
  readonly source: Uint8Array;
  /** It is a function that was dumped. */
  readonly isBinary: boolean;
  /** What messages call it. */
  readonly name: string;
  /** Its name as it was given: the module's second source. */
  readonly origin: string;
}

/**
 * Compiles text while a program runs: a verified module whose entry is a value function with one upvalue, or the message
 * why there is none. The same text gives the same. Never throws for anything that the text says.
 */
export type RuntimeCompiler = (chunk: Chunk) => Module | string;

/** What a heap has of a library only once it is needed (parts.ts). Plain data. */
export interface LibraryPart {
  /** Word addresses of its tables, which sleep in the image. */
  readonly tables: Int32Array;
  /**
   * Its objects as they lie in a heap, one after the other: first the tables, in their order. References to objects of the
   * image are complete.
   */
  readonly words: Int32Array;
  /**
   * References among its objects, four words each: an object's position in `words`, the word in it that refers, the
   * position of the object that it refers to, and how far into that.
   */
  readonly references: Int32Array;
}

/** Of hot-code.ts. */
export interface HotFunctions {
  /** Goes on where the frame stands: ELSEWHERE, or a signal of the value loop's. `mayTry`: it may be new code. */
  run(context: Context, mayTry: boolean): number;
  /** A turn has ended in the function. */
  sample(index: number): void;
}

/** Tables may be longer than what is used of them. */
export interface Program {
  readonly modules: readonly Module[];
  readonly code: Int32Array;
  /** The same words once more: see the value loop. */
  readonly jumps: Int32Array;
  /** What the value loop runs: the same words, but where specialised code is entered (hot-code.ts). */
  readonly entered: Int32Array;
  /** Which of its functions run often; null until one has used up a turn. */
  readonly hot: HotFunctions | null;
  /**
   * Rows of FUNCTION_... columns, as many as the next power of two above `functionCount`: a masked function index is
   * always a row. In those behind the last function no frame fits.
   */
  readonly functions: Int32Array;
  readonly functionCount: number;
  readonly constants: Int32Array;
  /** By index of the constant (not its words): a number as a double, an integer rounded. */
  readonly constantNumbers: Float64Array;
  /** fromRegister << 16 | index. */
  readonly upvalueSources: Int32Array;
  /** Function indices by table index, -1 for none. */
  readonly table: Int32Array;
  /** How much of `code`, `constants` (constants, not words), `upvalueSources` and `table` is used. */
  readonly codeSize: number;
  readonly constantCount: number;
  readonly upvalueSourceCount: number;
  readonly tableSize: number;
  readonly signatures: readonly Signature[];
  readonly syscalls: readonly Syscall[];
  readonly intrinsics: readonly Intrinsic[];
  /**
   * Flat indices of the library functions that a generic for may step without calling them, -1 without: those that use
   * the intrinsics `next` (of a table's entries) and `next_index` (of its elements in order).
   */
  readonly nextFunction: number;
  readonly nextIndexFunction: number;
  /** Flat index of the entry function. */
  readonly entry: number;
  /** The heap that every context starts from: words from 0 to its frontier. */
  readonly image: Int32Array;
  /** What its contexts wake when they need it. */
  readonly parts: readonly LibraryPart[];
  readonly compiler: RuntimeCompiler | null;
  /** Modules, and constants, that all contexts have. Those behind belong to modules that the context has loaded. */
  readonly sharedModuleCount: number;
  readonly sharedConstantCount: number;
  /** The program is one context's own: it has loaded modules. */
  readonly isPrivate: boolean;
}

/** A program while it is made. */
export type MutableProgram = { -readonly [Key in keyof Program]: Program[Key] };
