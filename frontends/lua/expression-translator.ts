// Operands, constants, arithmetic and table accesses of one function: the part of the translation that does not
// depend on where control goes. Registers keep their numbers; three behind the function's own are used for constants
// that an instruction cannot name.
import { type Constant, SHORT_STRING_BYTES } from '../../vm/index';
import { isSmallFloat, isSmallInteger } from './code-analysis';
import { CodeBuffer } from './code-buffer';
import { foldConstants } from './folding';
import { isSmallIndex, OperandNames } from './operand-names';
import { constantIndex, type Instruction, isConstantOperand, OP, type Prototype } from './prototype';

/** Parser opcodes of binary arithmetic by the machine's mnemonics, and which of them take a constant on the right. */
const ARITHMETIC: ReadonlyMap<number, string> = new Map([
  [OP.ADD, 'add'], [OP.SUB, 'sub'], [OP.MUL, 'mul'], [OP.MOD, 'mod'], [OP.POW, 'pow'], [OP.DIV, 'div'],
  [OP.IDIV, 'idiv'], [OP.BAND, 'band'], [OP.BOR, 'bor'], [OP.BXOR, 'bxor'], [OP.SHL, 'shl'], [OP.SHR, 'shr'],
]); // biome-ignore format: rows
const TAKES_CONSTANT: ReadonlySet<number> = new Set([OP.ADD, OP.SUB, OP.MUL, OP.MOD, OP.POW, OP.DIV, OP.IDIV]);
const UNARY: ReadonlyMap<number, string> = new Map([
  [OP.UNM, 'negate'],
  [OP.BNOT, 'bnot'],
  [OP.NOT, 'not'],
  [OP.LEN, 'length'],
]);

/** A constant that an instruction has loaded into a register. */
export interface Load {
  readonly register: number;
  readonly constant: Constant;
}

/** Translates what computes values. */
export class ExpressionTranslator {
  protected readonly buffer = new CodeBuffer();
  protected readonly names: OperandNames;
  protected registerCount: number;
  /** Constants that the latest instructions have loaded, in order; folding takes the loads back. */
  protected loads: readonly Load[] = [];

  constructor(protected readonly prototype: Prototype) {
    this.names = new OperandNames(prototype);
    this.registerCount = prototype.registerCount;
  }

  // --- operands ---

  protected constantOf(operand: number): Constant | null {
    return isConstantOperand(operand) ? this.prototype.constants[constantIndex(operand)]! : null;
  }

  /** A register with the operand's value: its own, or temporary register number `temporary` with the constant. */
  protected registerOf(operand: number, temporary: 0 | 1): number {
    const constant = this.constantOf(operand);
    if (constant === null) return operand;
    const register = this.temporary(temporary);
    this.emitLoad(register, constant);
    return register;
  }

  protected temporary(index: 0 | 1): number {
    const register = this.prototype.registerCount + index;
    this.needRegister(register);
    return register;
  }

  protected needRegister(register: number): void {
    this.registerCount = Math.max(this.registerCount, register + 1);
  }

  /** Notes the name of what is in `register`, for an error of the last instruction. The debugger knows locals. */
  protected noteName(register: number): void {
    if (!this.names.isLocal(register)) this.buffer.nameOperand(register, this.names.nameOf(register));
  }

  /** As noteName, for an operand that registerOf has put into `register`. */
  protected noteOperandName(operand: number, register: number): void {
    const constant = this.constantOf(operand);
    if (constant === null) this.noteName(register);
    else if (constant.kind === 'string') {
      this.buffer.nameOperand(register, { kind: 'constant', name: new TextDecoder().decode(constant.bytes) });
    }
  }

  /** The 8-bit constant index of a key that field instructions take; -1 when it is none. */
  protected fieldIndex(operand: number): number {
    const constant = this.constantOf(operand);
    if (constant?.kind !== 'string' || constant.bytes.length > SHORT_STRING_BYTES) return -1;
    return this.buffer.constants.shortIndex(constant);
  }

  /** The key of an instruction that takes a small integer; -1 when it is none. */
  protected smallIndex(operand: number): number {
    const constant = this.constantOf(operand);
    return constant?.kind === 'integer' && isSmallIndex(constant) ? constant.low : -1;
  }

  // --- loads and constants ---

  protected load(register: number, constant: Constant, loads: readonly Load[]): void {
    this.emitLoad(register, constant);
    this.loads = [...loads.slice(-1), { register, constant }];
  }

  protected emitLoad(register: number, constant: Constant): void {
    if (constant.kind === 'nil') this.buffer.emit('load_nil', { a: register, b: 0 });
    else if (constant.kind === 'boolean') this.buffer.emit('load_boolean', { a: register, b: constant.value ? 1 : 0 });
    else if (isSmallInteger(constant, 16)) this.buffer.emit('load_integer', { a: register, bx: constant.low });
    else if (isSmallFloat(constant)) this.buffer.emit('load_float', { a: register, bx: constant.value });
    else this.buffer.emit('load_constant', { a: register, k: constant });
  }

  /** The constant that the latest load but `skip` has put into the temporary register `operand`; or null. */
  protected loadedConstant(operand: number, loads: readonly Load[], skip: number) {
    const load = loads[loads.length - 1 - skip];
    if (isConstantOperand(operand) || load?.register !== operand || this.names.isLocal(operand)) return null;
    return load.constant;
  }

  protected unary({ opcode, A, B }: Instruction, loads: readonly Load[]): void {
    const constant = this.loadedConstant(B, loads, 0);
    const isFoldable = opcode === OP.UNM || opcode === OP.BNOT;
    const folded = constant !== null && isFoldable ? foldConstants(opcode, constant, constant) : null;
    if (folded !== null) {
      this.buffer.removeLast();
      this.load(A, folded, loads.slice(0, -1));
      return;
    }
    this.buffer.emit(UNARY.get(opcode)!, { a: A, b: B });
    if (opcode !== OP.NOT) this.noteName(B);
  }

  protected arithmetic({ opcode, A, B, C }: Instruction, loads: readonly Load[]): void {
    const loadedRight = this.loadedConstant(C, loads, 0);
    const loadedLeft = this.loadedConstant(B, loads, loadedRight === null ? 0 : 1);
    const right = this.constantOf(C) ?? loadedRight;
    const left = this.constantOf(B) ?? loadedLeft;
    const folded = left !== null && right !== null ? foldConstants(opcode, left, right) : null;
    if (folded !== null) {
      const taken = (loadedRight === null ? 0 : 1) + (loadedLeft === null ? 0 : 1);
      for (let count = 0; count < taken; count++) this.buffer.removeLast();
      this.load(A, folded, taken === 0 ? loads : loads.slice(0, -taken));
    } else if (right === null || !this.arithmeticWithConstant(opcode, A, B, right, loadedRight !== null)) {
      const b = this.registerOf(B, 0);
      const c = this.registerOf(C, 1);
      this.buffer.emit(ARITHMETIC.get(opcode)!, { a: A, b, c });
      this.noteOperandName(B, b);
      if (c !== b) this.noteOperandName(C, c);
    }
  }

  /** Emits a form with the constant `right` inside the instruction; false when there is none. */
  protected arithmeticWithConstant(opcode: number, A: number, B: number, right: Constant, isLoaded: boolean): boolean {
    if (!TAKES_CONSTANT.has(opcode) || (right.kind !== 'integer' && right.kind !== 'float')) return false;
    const isImmediate = opcode === OP.ADD && isSmallInteger(right, 8);
    const index = isImmediate ? 0 : this.buffer.constants.shortIndex(right);
    if (index < 0) return false;
    if (isLoaded) this.buffer.removeLast();
    const b = this.registerOf(B, 0);
    if (isImmediate) this.buffer.emit('add_imm', { a: A, b, c: right.low });
    else this.buffer.emit(`${ARITHMETIC.get(opcode)!}_k`, { a: A, b, c: index });
    this.noteOperandName(B, b);
    return true;
  }

  protected concatenate({ A, B, C }: Instruction): void {
    this.buffer.emit('concat', { a: A, b: B, c: C });
    for (let register = B; register <= C; register++) this.noteName(register);
  }

  // --- tables ---

  protected get(destination: number, table: number, key: number): void {
    const field = this.fieldIndex(key);
    const index = this.smallIndex(key);
    if (field >= 0) this.buffer.emit('get_field', { a: destination, b: table, c: field });
    else if (index >= 0) this.buffer.emit('get_index', { a: destination, b: table, c: index });
    else this.buffer.emit('get_table', { a: destination, b: table, c: this.registerOf(key, 0) });
    this.noteName(table);
  }

  protected set(table: number, key: number, value: number): void {
    const valueRegister = this.registerOf(value, 0);
    const field = this.fieldIndex(key);
    const index = this.smallIndex(key);
    if (field >= 0) this.buffer.emit('set_field', { a: table, b: field, c: valueRegister });
    else if (index >= 0) this.buffer.emit('set_index', { a: table, b: index, c: valueRegister });
    else this.buffer.emit('set_table', { a: table, b: this.registerOf(key, 1), c: valueRegister });
    this.noteName(table);
  }

  protected getUpvalueField({ A, B, C }: Instruction): void {
    const field = this.fieldIndex(C);
    if (field >= 0) {
      this.buffer.emit('get_upvalue_field', { a: A, b: B, c: field });
      return;
    }
    const table = this.loadUpvalue(B, 1);
    this.get(A, table, C);
    this.nameUpvalue(table, B);
  }

  protected setUpvalueField({ A, B, C }: Instruction): void {
    const field = this.fieldIndex(B);
    if (field >= 0) {
      this.buffer.emit('set_upvalue_field', { a: A, b: field, c: this.registerOf(C, 0) });
      return;
    }
    // Three operands and two temporary registers: a constant value goes behind them.
    const table = this.temporary(1) + 1;
    this.needRegister(table);
    this.buffer.emit('get_upvalue', { a: table, b: A });
    this.set(table, B, C);
    this.nameUpvalue(table, A);
  }

  protected loadUpvalue(upvalue: number, temporary: 0 | 1): number {
    const register = this.temporary(temporary);
    this.buffer.emit('get_upvalue', { a: register, b: upvalue });
    return register;
  }

  protected nameUpvalue(register: number, upvalue: number): void {
    this.buffer.nameOperand(register, { kind: 'upvalue', name: this.prototype.upvalues[upvalue]!.name });
  }

  protected self({ A, B, C }: Instruction): void {
    const field = this.fieldIndex(C);
    if (field >= 0) {
      this.buffer.emit('self', { a: A, b: B, c: field });
      this.noteName(B);
      return;
    }
    const name = this.names.nameOf(B);
    this.buffer.emit('move', { a: A + 1, b: B });
    this.buffer.emit('get_table', { a: A, b: A + 1, c: this.registerOf(C, 0) });
    this.buffer.nameOperand(A + 1, name);
  }
}
