// What the parser hands to the translator: functions in the register code of Lua 5.3, as plain data of our own.
import type { Constant } from '../../vm/index';

/** The opcodes of Lua 5.3, in order. */
const NAMES = [
  'MOVE', 'LOADK', 'LOADKX', 'LOADBOOL', 'LOADNIL', 'GETUPVAL', 'GETTABUP', 'GETTABLE', 'SETTABUP', 'SETUPVAL',
  'SETTABLE', 'NEWTABLE', 'SELF', 'ADD', 'SUB', 'MUL', 'MOD', 'POW', 'DIV', 'IDIV', 'BAND', 'BOR', 'BXOR', 'SHL', 'SHR',
  'UNM', 'BNOT', 'NOT', 'LEN', 'CONCAT', 'JMP', 'EQ', 'LT', 'LE', 'TEST', 'TESTSET', 'CALL', 'TAILCALL', 'RETURN',
  'FORLOOP', 'FORPREP', 'TFORCALL', 'TFORLOOP', 'SETLIST', 'CLOSURE', 'VARARG', 'EXTRAARG',
  // Ours: R[A] becomes a to-be-closed variable.
  'TBC',
] as const; // biome-ignore format: rows

/** Opcode numbers of the parser's code. */
export const OP = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Readonly<
  Record<(typeof NAMES)[number], number>
>;

/** An instruction of the parser's code, all its fields unpacked (which of them mean something depends on the opcode). */
export interface Instruction {
  readonly opcode: number;
  readonly A: number;
  readonly B: number;
  readonly C: number;
  readonly Bx: number;
  readonly sBx: number;
  readonly Ax: number;
}

/** Set in B and C where the operand is a constant rather than a register. */
const CONSTANT_BIT = 256;

export function isConstantOperand(operand: number): boolean {
  return (operand & CONSTANT_BIT) !== 0;
}

export function constantIndex(operand: number): number {
  return operand & ~CONSTANT_BIT;
}

export interface PrototypeUpvalue {
  readonly fromRegister: boolean;
  readonly index: number;
  readonly name: string;
}

/** A local variable: active from pc `start` up to (not including) `end`. */
export interface PrototypeLocal {
  readonly name: string;
  readonly register: number;
  readonly start: number;
  readonly end: number;
  /** While it is active a return must close something: it is a to-be-closed variable or a generic for's state. */
  readonly isClosed: boolean;
}

/** One function of the source. */
export interface Prototype {
  readonly name: string;
  readonly line: number;
  readonly lastLine: number;
  readonly parameterCount: number;
  readonly isVararg: boolean;
  readonly registerCount: number;
  readonly code: readonly Instruction[];
  /** The line of each instruction. */
  readonly lines: readonly number[];
  readonly constants: readonly Constant[];
  readonly upvalues: readonly PrototypeUpvalue[];
  readonly locals: readonly PrototypeLocal[];
  readonly children: readonly Prototype[];
  /** By the pc of a generic for's first jump: whether a variable of its body is captured by a closure. */
  readonly genericFors: ReadonlyMap<number, boolean>;
}
