// What the optimiser needs to know of each instruction, computed from the opcode table: which operands are registers that
// it reads or writes, and what else it does.
import { type Opcode, TYPED_OPCODES } from '../../vm/index';
import type { Instruction } from './code-list';

/** From here on registers are virtual: each is written once, and gets its place at the end. */
export const FIRST_VIRTUAL = 256;

/** An instruction's registers, as indices of its operands, and its effects. */
export interface Shape {
  /** The operand that is only written; -1 without one. */
  readonly destination: number;
  /** Operands that are only read. */
  readonly sources: readonly number[];
  /** Operands that are read and written. */
  readonly changed: readonly number[];
  /** It calls: arguments stand in registers from operand 0 on, and all registers from there on are lost. */
  readonly isCall: boolean;
  /** Control does not go on behind it. */
  readonly isTerminator: boolean;
  /** Its result depends on its operands alone, and it cannot trap: it may be moved, and left out when nobody needs it. */
  readonly isPure: boolean;
  /** Its result depends on its operands alone, where it does not trap. */
  readonly isComputed: boolean;
  /** Bytes that it loads or stores; 0 when it does neither. */
  readonly loads: number;
  readonly stores: number;
}

const CALLS: ReadonlySet<string> = new Set(['call', 'call_indirect', 'syscall', 'intrinsic']);
const STATEFUL = /^(?:stack|memory)\./;
const ACCESS = /^(i32|i64)\.(load|store)(8|16)?/;

function shapeOf({ mnemonic, operands, isTerminator, mayTrap }: Opcode): Shape {
  const visible = operands.filter(({ kind }) => kind !== 'j16' && kind !== 'j24' && kind !== 'k16');
  const indices = (wanted: string) => visible.flatMap(({ kind }, index) => (kind === wanted ? [index] : []));
  const isCall = CALLS.has(mnemonic);
  const [, type, verb, bits] = ACCESS.exec(mnemonic) ?? [];
  const bytes = bits === undefined ? (type === 'i64' ? 8 : 4) : Number(bits) / 8;
  const destination = indices('dst')[0] ?? -1;
  const isComputed = destination >= 0 && verb === undefined && !STATEFUL.test(mnemonic);
  return {
    destination,
    sources: indices('src'),
    changed: isCall ? [] : indices('use'),
    isCall,
    isTerminator,
    isPure: isComputed && !mayTrap,
    isComputed,
    loads: verb === 'load' ? bytes : 0,
    stores: verb === 'store' ? bytes : 0,
  };
}

const SHAPES: ReadonlyMap<string, Shape> = new Map(TYPED_OPCODES.map((opcode) => [opcode.mnemonic, shapeOf(opcode)]));

export function shapeOfInstruction({ mnemonic }: Instruction): Shape {
  return SHAPES.get(mnemonic)!;
}

/** Calls `visit` for each register that `instruction` reads, a call's arguments included. */
export function forEachRead(instruction: Instruction, visit: (register: number) => void): void {
  const { sources, changed, isCall } = shapeOfInstruction(instruction);
  const { operands } = instruction;
  for (const index of sources) visit(operands[index]!);
  for (const index of changed) visit(operands[index]!);
  if (isCall) for (let index = 0; index < instruction.argumentCount; index++) visit(operands[0]! + index);
}

/** Calls `visit` for each register that `instruction` writes; a call's are those from its window on. */
export function forEachWrite(instruction: Instruction, registerCount: number, visit: (register: number) => void): void {
  const { destination, changed, isCall } = shapeOfInstruction(instruction);
  const { operands } = instruction;
  if (destination >= 0) visit(operands[destination]!);
  for (const index of changed) visit(operands[index]!);
  if (isCall) for (let register = operands[0]!; register < registerCount; register++) visit(register);
}
