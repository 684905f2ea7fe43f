// Random typed programs that do something: every instruction that computes, loads, stores, branches and calls, in loops that
// end. Mostly free of traps; the same for the same seed.
import { type FunctionBuilder, ModuleBuilder } from '../../vm/builder';
import { operandRange } from '../../vm/encoding';
import type { Module, Signature } from '../../vm/module';
import { TypedOp } from '../../vm/opcode-numbers';
import { type Opcode, type OperandKind, TYPED_OPCODES } from '../../vm/opcodes';
import { Random } from './random';

const DATA_END = 8192;
const STACK_BYTES = 64 * 1024;
const FUNCTIONS = 4;
/** R[0] to R[11] hold data; the others counters, addresses and arguments. */
const DATA_REGISTERS = 12;
const ADDRESS = 20;
const COUNTER = 12;
const ARGUMENTS = 24;
const DEEPEST = 2;

const SIGNATURE: Signature = { params: ['i64', 'i64', 'i64'], results: ['i64', 'i64'] };

const COMPUTING = TYPED_OPCODES.filter(
  ({ mnemonic }) =>
    /^([if]\d\d\.(?!.*(load|store|br_))|move|select)/.test(mnemonic) && !/div_|rem_|trunc_[if]/.test(mnemonic),
);
const TRAPPING = TYPED_OPCODES.filter(({ mnemonic }) => /(div|rem)_[su]|trunc_[if]\d\d_/.test(mnemonic));
const TESTED = TYPED_OPCODES.filter(({ mnemonic }) => /load.*br_/.test(mnemonic));
const ACCESSES = TYPED_OPCODES.filter(({ mnemonic }) => /(load|store)[^_]*(_[su])?$/.test(mnemonic));
const INDEXED = TYPED_OPCODES.filter(({ mnemonic }) => /_indexed$/.test(mnemonic));
const STATIC = TYPED_OPCODES.filter(({ mnemonic }) => /_static$/.test(mnemonic));
const BRANCHES = TYPED_OPCODES.filter(({ mnemonic }) =>
  /(br_if|br_unless|[if]\d\d\.(?!load)(\w+_)?br_)/.test(mnemonic),
);
const SMALLEST: Readonly<Partial<Record<OperandKind, number>>> = { s16: -9, s8: -9, u16: 0 };

/** A module whose entry takes three i64 and returns two. */
export function randomTypedModule(seed: number): Module {
  const random = new Random(seed);
  const module = new ModuleBuilder('random');
  module.setMemory(DATA_END, STACK_BYTES);
  module.addData(
    1024,
    Uint8Array.from({ length: 2000 }, () => random.below(256)),
  );
  const indices = Array.from({ length: FUNCTIONS }, () => module.reserveFunction());
  indices.forEach((index) => {
    module.addTableElement(index);
  });
  module.entry = indices[0];
  for (const index of indices) {
    const code = module.addFunction({ family: 'typed', name: `f${index}`, signature: SIGNATURE }, index);
    new BodyMaker(random, module, code).make();
  }
  return module.build();
}

class BodyMaker {
  private depth = 0;

  constructor(
    private readonly random: Random,
    private readonly module: ModuleBuilder,
    private readonly code: FunctionBuilder,
  ) {
    code.reserveRegisters(ARGUMENTS + 4);
  }

  make(): void {
    for (let register = 3; register < DATA_REGISTERS; register++) {
      const constant = this.code.constants.integer(this.random.int32(), this.random.int32());
      this.code.emit(TypedOp.CONST, register, constant);
    }
    this.statements(12);
    this.code.emit(TypedOp.RETURN_VALUES, this.data(), 2);
  }

  private data(): number {
    return this.random.below(DATA_REGISTERS - 1);
  }

  private statements(count: number): void {
    for (let index = 0; index < count; index++) this.statement();
  }

  private statement(): void {
    switch (this.random.below(16)) {
      case 0:
        this.loop();
        break;
      case 1:
        if (this.random.oneIn(3)) this.tested(this.random.pick(TESTED));
        this.condition();
        break;
      case 2:
        this.call();
        break;
      case 3:
        this.bulk();
        break;
      case 4:
        this.stack();
        break;
      case 5:
      case 6:
        this.access(this.random.pick(ACCESSES), false);
        break;
      case 7:
        this.access(this.random.pick(INDEXED), true);
        break;
      case 8:
        if (this.random.oneIn(12)) this.compute(this.random.pick(TRAPPING));
        break;
      case 9:
        if (this.random.oneIn(3)) this.accessStatic(this.random.pick(STATIC));
        this.table();
        break;
      default:
        this.compute(this.random.pick(COMPUTING));
        break;
    }
  }

  /** Data registers, and immediates of any value. */
  private compute(opcode: Opcode): void {
    const operands = opcode.operands.map(({ kind }) => {
      if (kind === 'dst' || kind === 'src' || kind === 'use') return this.data();
      const { min, max } = operandRange(kind);
      return this.random.between(min, max);
    });
    this.code.emit(opcode.number, ...operands);
  }

  private address(): void {
    this.code.emit(TypedOp.I32_AND_IMM, ADDRESS, this.data(), 255);
    this.code.emit(TypedOp.ADDRESS_OFFSET, ADDRESS, ADDRESS, 1024 + this.random.below(3000));
  }

  private access(opcode: Opcode, isIndexed: boolean): void {
    this.address();
    if (isIndexed) this.code.emit(TypedOp.I32_AND_IMM, ADDRESS + 1, this.data(), 63);
    this.code.emit(opcode.number, this.data(), ADDRESS, isIndexed ? ADDRESS + 1 : this.random.below(256));
  }

  private tested(opcode: Opcode): void {
    const end = this.code.newLabel();
    this.address();
    const isIndexed = opcode.mnemonic.includes('_indexed');
    if (isIndexed) this.code.emit(TypedOp.I32_AND_IMM, ADDRESS + 1, this.data(), 63);
    this.code.emitJump(opcode.number, end, this.data(), ADDRESS, isIndexed ? ADDRESS + 1 : this.random.below(256));
    this.compute(this.random.pick(COMPUTING));
    this.code.bind(end);
  }

  private accessStatic(opcode: Opcode): void {
    this.code.emit(opcode.number, this.data(), 256 + this.random.below(1000));
  }

  private loop(): void {
    if (this.depth === DEEPEST) return;
    const counter = COUNTER + this.depth;
    this.depth++;
    this.code.emit(TypedOp.I32_CONST, counter, this.random.between(1, 6));
    const top = this.code.here();
    this.statements(this.random.between(1, 5));
    this.code.emit(TypedOp.I32_ADD_IMM, counter, counter, -1);
    this.code.emitJump(TypedOp.BR_IF, top, counter);
    this.depth--;
  }

  private condition(): void {
    const end = this.code.newLabel();
    const opcode = this.random.pick(BRANCHES);
    const others = opcode.operands.filter(({ kind }) => kind !== 'j16' && kind !== 'j24');
    this.code.emitJump(
      opcode.number,
      end,
      ...others.map(({ kind }) => {
        const smallest = SMALLEST[kind];
        return smallest === undefined ? this.data() : this.random.between(smallest, 9);
      }),
    );
    this.statements(this.random.between(1, 3));
    this.code.bind(end);
  }

  private table(): void {
    const targets = [0, 1, 2].map(() => this.code.newLabel());
    this.code.emit(TypedOp.I32_AND_IMM, ADDRESS, this.data(), 3);
    this.code.emitTable(TypedOp.BR_TABLE, ADDRESS, targets);
    for (const target of targets) {
      this.code.bind(target);
      this.compute(this.random.pick(COMPUTING));
    }
  }

  /** Only functions with a higher index, so that it ends. */
  private call(): void {
    const callee = this.code.index + 1 + this.random.below(FUNCTIONS);
    if (callee >= FUNCTIONS) return;
    for (let index = 0; index < 3; index++) this.code.emit(TypedOp.MOVE, ARGUMENTS + index, this.data());
    if (this.random.oneIn(2)) {
      this.code.emit(TypedOp.I32_CONST, ADDRESS, callee);
      this.code.emit(TypedOp.CALL_INDIRECT, ARGUMENTS, ADDRESS, this.module.signature(SIGNATURE));
    } else this.code.emit(TypedOp.CALL, ARGUMENTS, callee);
    this.code.emit(TypedOp.MOVE, this.data(), ARGUMENTS);
    this.code.emit(TypedOp.MOVE, this.data(), ARGUMENTS + 1);
  }

  private bulk(): void {
    this.address();
    this.code.emit(TypedOp.I32_CONST, ADDRESS + 1, 1024 + this.random.below(3000));
    this.code.emit(TypedOp.I32_CONST, ADDRESS + 2, this.random.below(3000));
    this.code.emit(this.random.oneIn(2) ? TypedOp.MEMORY_COPY : TypedOp.MEMORY_FILL, ADDRESS, ADDRESS + 1, ADDRESS + 2);
  }

  private stack(): void {
    if (this.random.oneIn(8)) {
      this.code.emit(TypedOp.I32_CONST, ADDRESS, this.random.below(5000));
      this.code.emit(TypedOp.MEMORY_GROW, this.data(), ADDRESS);
      return;
    }
    this.code.emit(TypedOp.STACK_ALLOCATE, ADDRESS, this.random.below(20));
    this.code.emit(TypedOp.I32_STORE8, this.data(), ADDRESS, 0);
    this.code.emit(TypedOp.STACK_GET, this.data());
    this.code.emit(TypedOp.MEMORY_SIZE, this.data());
  }
}

/** Opcodes that these programs never contain. */
export function neverUsed(modules: readonly Module[]): string[] {
  const used = new Set<number>();
  for (const { functions } of modules) for (const { code } of functions) for (const word of code) used.add(word & 255);
  return TYPED_OPCODES.filter(({ number }) => !used.has(number)).map(({ mnemonic }) => mnemonic);
}
