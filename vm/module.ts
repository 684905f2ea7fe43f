// A module: the compiled unit, as data. What a frontend builds, the verifier accepts, the codec writes and the
// linker joins with others into a program. It is immutable once built.
import type { Family } from './opcodes';

/** Types of the typed family. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64';

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/**
 * A constant of the pool. Typed functions use the bits (`i32` in the low word, `f32` as single-precision bits in the low
 * word); value functions use nil, booleans, integers, floats, strings and texts. Integers are lo/hi words.
 */
export type Constant =
  | { readonly kind: 'nil' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** i32, i64, f32 bits for typed functions; an integer for value functions. */
  | { readonly kind: 'integer'; readonly low: number; readonly high: number }
  /** An f64 for typed functions; a float for value functions. */
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly bytes: Uint8Array }
  /**
   * A string that lies in no heap before it is needed: nil to all instructions, bytes to an intrinsic that makes the string
   * (Lua's library has `text`).
   */
  | { readonly kind: 'text'; readonly bytes: Uint8Array };

/** Where a closure finds an upvalue when it is made: a register of the enclosing function, or one of its upvalues. */
export interface UpvalueSource {
  readonly fromRegister: boolean;
  readonly index: number;
  /** For messages and debuggers. */
  readonly name: string;
}

/** A source line for the instructions from `pc` (relative to the function's first word) up to the next entry. */
export interface LineEntry {
  readonly pc: number;
  readonly line: number;
}

/** A local variable's name: `register` holds it from `start` up to (not including) `end`, function-relative pcs. */
export interface LocalName {
  readonly name: string;
  readonly register: number;
  readonly start: number;
  readonly end: number;
}

/** What an operand of an instruction is called in the source, for messages like "(field 'x')". */
export interface OperandName {
  /** Function-relative pc of the instruction. */
  readonly pc: number;
  /** The register or other operand that it is about (the operand field's value). */
  readonly register: number;
  /** `local`, `upvalue`, `global`, `field`, `method`, `constant`, `for iterator`, ... */
  readonly kind: string;
  readonly name: string;
}

export interface FunctionDebug {
  readonly name: string;
  /** Index into the module's `sources`. */
  readonly source: number;
  /** Line of the definition; 0 for a main chunk or an entry stub. */
  readonly line: number;
  readonly lastLine: number;
  readonly lines: readonly LineEntry[];
  readonly locals: readonly LocalName[];
  readonly operands: readonly OperandName[];
}

export interface FunctionDefinition {
  readonly family: Exclude<Family, 'common'>;
  /** Typed: its types. Value: null, or how typed code may call it (i32, i64 an integer, f32, f64 a float). */
  readonly signature: Signature | null;
  /** Number of fixed parameters, which arrive in R[0], R[1], ... */
  readonly parameterCount: number;
  readonly isVararg: boolean;
  /** Registers of the frame, 1 to 250. */
  readonly registerCount: number;
  readonly upvalues: readonly UpvalueSource[];
  readonly constants: readonly Constant[];
  /** The instructions. Jumps are relative, so code can be moved. */
  readonly code: Int32Array;
  readonly debug: FunctionDebug;
}

/** Bytes of the initial linear memory from `address` on (at least 1,024). */
export interface DataSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** The linear memory that a module's typed functions use. At most one module of a program has one. */
export interface MemoryDefinition {
  /** End of the static data: the memory stack begins at the next multiple of 16. */
  readonly dataEnd: number;
  /** Most bytes of the memory stack. The malloc heap begins behind it. */
  readonly stackBytes: number;
  readonly segments: readonly DataSegment[];
}

export interface Module {
  /** The language it was compiled from; for messages. */
  readonly language: string;
  readonly sources: readonly string[];
  readonly functions: readonly FunctionDefinition[];
  /** Signatures that call_indirect names. */
  readonly signatures: readonly Signature[];
  /** Names of the syscalls that `syscall` names by index. */
  readonly syscalls: readonly string[];
  /** Names of the intrinsics that `intrinsic` names by index. */
  readonly intrinsics: readonly string[];
  /** Function indices by table index, for call_indirect; -1 is an empty element. */
  readonly table: readonly number[];
  readonly memory: MemoryDefinition | null;
  /** Index of the function that an execution starts with; null for a library. */
  readonly entry: number | null;
  /** A value function without parameters that the linker runs once, when it makes the image; or null. */
  readonly initialiser: number | null;
}
