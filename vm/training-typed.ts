// Training of the typed loop: one small function an instruction (and immediate), run on every kind of operand, to its
// result, its traps and the end of its fuel. Computed from the opcode table, so that a new instruction is trained too.
import { type FunctionBuilder, ModuleBuilder } from './builder';
import { operandRange } from './encoding';
import { link } from './linker';
import type { Module, Signature } from './module';
import { TypedOp } from './opcode-numbers';
import { type Opcode, type OperandKind, TYPED_OPCODES } from './opcodes';
import type { RegionPool } from './regions';
import { NEXT } from './signals';
import { TrainingContext } from './training-run';

const SIGNATURE: Signature = { params: ['i64', 'i64', 'i64'], results: ['i64'] };
/** Where the result goes. */
const RESULT = 3;
const DATA_END = 2048;
const FUEL = 40;
/** Each instruction meets each operand with itself, with the next one, and with that so many places on: an address with 7. */
const SECOND_OPERANDS = [0, 1, 12] as const;

/** Operands, as words: integers, f32 and f64 of every kind, addresses inside and outside, aligned and not. */
const OPERANDS: readonly (readonly [number, number])[] = [
  [7, 0],
  [1, 0],
  [0, 0],
  [1040, 0],
  [1041, 0],
  [0x7fffffff, 0x7fffffff],
  [-0x80000000, -0x80000000],
  [-1, -1],
  [0, 0x3ff80000], // 1.5
  [0, -0x3fdc0000], // -10.0
  [0, 0x7ff80000], // NaN
  [0x7fc00000, 0x7ff00000], // NaN as f32
  [0x3fc00000, 0x43e00000], // 1.5 as f32, 2^63 and more
  [-0x40400000, 0x41dfffff], // -1.5 as f32, below 2^31
  [0x7f800000, 0x41f00000], // an infinity as f32, 2^32
];

/** Trains the loop with every typed instruction. The answer is what it has been trained with. */
export function trainTyped(pool: RegionPool): Module {
  const module = new ModuleBuilder('training');
  module.setMemory(DATA_END, 1 << 16);
  const trained: number[] = [];
  for (const opcode of TYPED_OPCODES) {
    for (const immediate of immediatesOf(opcode)) {
      const body = bodyOf(opcode, immediate);
      if (body === null) continue;
      const code = module.addFunction({ family: 'typed', name: opcode.mnemonic, signature: SIGNATURE });
      code.reserveRegisters(8);
      body(code, module);
      code.emit(TypedOp.RETURN_VALUE, RESULT);
      trained.push(code.index);
    }
  }
  module.entry = trained[0]!;
  addTable(module);
  const built = module.build();
  const intrinsic = { name: 'train', parameters: 0, results: 0, run: () => NEXT };
  const training = new TrainingContext(link([built], { intrinsics: [intrinsic] }), pool);
  training.warmUp(trained[0]!);
  for (const index of trained) trainFunction(training, index);
  return built;
}

function trainFunction(training: TrainingContext, index: number): void {
  for (const distance of SECOND_OPERANDS) {
    for (let first = 0; first < OPERANDS.length; first++) {
      setRegisters(training, [first, (first + distance) % OPERANDS.length, (first + distance) % 5]);
      training.run(index, first === 9 ? 1 : FUEL);
    }
  }
}

function setRegisters({ context, registers }: TrainingContext, operands: readonly number[]): void {
  operands.forEach((operand, index) => {
    context.i32[registers + index * 2] = OPERANDS[operand]![0];
    context.i32[registers + index * 2 + 1] = OPERANDS[operand]![1];
  });
}

type Body = (code: FunctionBuilder, module: ModuleBuilder) => void;

/** The immediates to train an instruction with; one that does not matter when it has none. */
function immediatesOf({ mnemonic, operands }: Opcode): readonly number[] {
  if (/_indexed_br/.test(mnemonic)) return [0, 1];
  const immediate = operands.find(({ kind }) => isImmediate(kind));
  if (immediate === undefined) return [0];
  const { isSigned } = operandRange(immediate.kind);
  if (/_static/.test(mnemonic)) return [0, 300];
  return isSigned ? [1, -1] : [0, 3, 40];
}

function isImmediate(kind: OperandKind): boolean {
  return ['u8', 's8', 'u16', 's16', 'x24', 'count'].includes(kind);
}

/** What trains an instruction; null for those that are trained with others, or cannot stand anywhere. */
function bodyOf(opcode: Opcode, immediate: number): Body | null {
  switch (opcode.number) {
    case TypedOp.EXTRA:
    case TypedOp.RETURN:
    case TypedOp.RETURN_VALUE:
      return null;
    case TypedOp.SYSCALL:
      return (code, module) => code.emit(TypedOp.SYSCALL, 0, module.syscall('exit'));
    case TypedOp.INTRINSIC:
      return (code, module) => code.emit(TypedOp.INTRINSIC, 0, module.intrinsic('train'));
    case TypedOp.CONST:
      return (code) => code.emit(TypedOp.CONST, RESULT, code.constants.float(0.5));
    case TypedOp.RETURN_VALUES:
      return (code) => code.emit(TypedOp.RETURN_VALUES, 0, 1);
    case TypedOp.BR_TABLE:
      return branchTable;
    case TypedOp.CALL:
      return calls;
    case TypedOp.CALL_INDIRECT:
      return indirectCall;
    case TypedOp.TRAP:
      return (code) => code.emit(TypedOp.TRAP, 0);
    case TypedOp.MEMORY_COPY:
    case TypedOp.MEMORY_FILL:
      return (code) => bulk(code, opcode.number);
    default:
      return (code) => plain(code, opcode, immediate);
  }
}

/** An instruction of registers and immediates, which falls through or jumps. */
function plain(code: FunctionBuilder, opcode: Opcode, immediate: number): void {
  let source = 0;
  const others = opcode.operands.filter(({ kind }) => kind !== 'j16' && kind !== 'j24');
  const values = others.map(({ kind }) => (kind === 'dst' ? RESULT : isImmediate(kind) ? immediate : source++));
  // Stores have the value first; an index is small where R[2] is.
  if (/store(?!_static)/.test(opcode.mnemonic)) values.splice(0, values.length, 1, 0, immediate);
  if (/_indexed/.test(opcode.mnemonic)) values[2] = 2;
  if (others.length === opcode.operands.length) {
    code.emit(opcode.number, ...values);
    return;
  }
  if (/load/.test(opcode.mnemonic)) fillMemory(code, immediate);
  const forward = code.newLabel();
  code.emitJump(opcode.number, forward, ...values);
  code.emit(TypedOp.I32_CONST, RESULT, 1);
  code.bind(forward);
  // Taken backward, until the fuel ends.
  code.emitJump(opcode.number, forward, ...values);
}

/**
 * Other numbers than 0, and 0, where loads that branch read: at the addresses in R[0] with their offsets, and with an index
 * in R[2], which meets but one that is aligned: what is there depends on `variant`.
 */
function fillMemory(code: FunctionBuilder, variant: number): void {
  code.emit(TypedOp.I32_CONST, 4, 1040);
  code.emit(TypedOp.I64_CONST, 5, -1);
  code.emit(TypedOp.I64_CONST, 6, 0);
  for (const [register, offset] of [
    [5, 0],
    [variant === 0 ? 5 : 6, 28],
    [6, 40],
  ] as const) {
    code.emit(TypedOp.I64_STORE, register, 4, offset);
  }
}

function branchTable(code: FunctionBuilder): void {
  const targets = [code.newLabel(), code.newLabel()];
  code.emitTable(TypedOp.BR_TABLE, 0, targets);
  for (const target of targets) code.bind(target);
}

/** Calls a function that calls itself, deep enough for both stacks to grow. */
function calls(code: FunctionBuilder, module: ModuleBuilder): void {
  const callee = module.addFunction({ family: 'typed', name: 'callee', signature: SIGNATURE });
  const end = callee.newLabel();
  callee.emitJump(TypedOp.BR_UNLESS, end, 0);
  callee.emit(TypedOp.I32_ADD_IMM, 20, 0, -1);
  callee.reserveRegisters(24);
  callee.emit(TypedOp.CALL, 20, callee.index);
  callee.bind(end);
  callee.emit(TypedOp.RETURN_VALUE, 0);
  code.emit(TypedOp.I32_AND_IMM, 4, 0, 31);
  code.emit(TypedOp.CALL, 4, callee.index);
}

function indirectCall(code: FunctionBuilder, module: ModuleBuilder): void {
  code.emit(TypedOp.I32_AND_IMM, 7, 0, 3);
  code.emit(TypedOp.CALL_INDIRECT, 4, 7, module.signature(SIGNATURE));
}

/** An element that fits, one of another signature, an empty one. */
function addTable(module: ModuleBuilder): void {
  const fitting = module.addFunction({ family: 'typed', name: 'fitting', signature: SIGNATURE });
  fitting.emit(TypedOp.RETURN_VALUE, 0);
  const other = module.addFunction({ family: 'typed', name: 'other', signature: { params: [], results: [] } });
  other.emit(TypedOp.RETURN);
  for (const element of [fitting.index, other.index, -1]) module.addTableElement(element);
}

function bulk(code: FunctionBuilder, op: number): void {
  code.emit(TypedOp.I32_CONST, 4, 1100);
  code.emit(TypedOp.I32_CONST, 5, 20);
  code.emit(op, 4, 0, 5);
}
