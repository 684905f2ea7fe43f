// Operands, constants, arithmetic and table accesses of one function: the part of the translation that does not
// depend on where control goes. Registers keep their numbers; three behind the function's own are used for constants
// that an instruction cannot name.
import { type Constant, type FunctionBuilder, SHORT_STRING_BYTES, ValueOp } from '../../vm/index';
import { isNumber, isSmallFloat, isSmallInteger } from './code-analysis';
import { foldConstants } from './folding';
import type { LibraryForms } from './library-forms';
import type { UsedUpvalues } from './library-prototypes';
import { isSmallIndex, OperandNames, stringName } from './operand-names';
import { constantIndex, type Instruction, isConstantOperand, OP, type Prototype } from './prototype';

/** The machine's forms of a binary operator: on registers; with a constant on the right, on the left; with a small one. */
interface Forms {
  readonly plain: number;
  readonly right: number;
  readonly left?: number;
  readonly immediate?: number;
}
const ARITHMETIC: ReadonlyMap<number, Forms> = new Map<number, Forms>([
  [OP.ADD, { plain: ValueOp.ADD, right: ValueOp.ADD_K, left: ValueOp.ADD_LEFT_K, immediate: ValueOp.ADD_IMM }],
  [OP.SUB, { plain: ValueOp.SUB, right: ValueOp.SUB_K, left: ValueOp.SUB_LEFT_K, immediate: ValueOp.SUB_IMM }],
  [OP.MUL, { plain: ValueOp.MUL, right: ValueOp.MUL_K, left: ValueOp.MUL_LEFT_K }],
  [OP.MOD, { plain: ValueOp.MOD, right: ValueOp.MOD_K }],
  [OP.POW, { plain: ValueOp.POW, right: ValueOp.POW_K }],
  [OP.DIV, { plain: ValueOp.DIV, right: ValueOp.DIV_K, left: ValueOp.DIV_LEFT_K }],
  [OP.IDIV, { plain: ValueOp.IDIV, right: ValueOp.IDIV_K }],
  [OP.BAND, { plain: ValueOp.BAND, right: ValueOp.BAND_K }],
  [OP.BOR, { plain: ValueOp.BOR, right: ValueOp.BOR_K }],
  [OP.BXOR, { plain: ValueOp.BXOR, right: ValueOp.BXOR_K }],
  [OP.SHL, { plain: ValueOp.SHL, right: ValueOp.SHL_K }],
  [OP.SHR, { plain: ValueOp.SHR, right: ValueOp.SHR_K }],
]);
const UNARY: ReadonlyMap<number, number> = new Map([
  [OP.UNM, ValueOp.NEGATE],
  [OP.BNOT, ValueOp.BNOT],
  [OP.NOT, ValueOp.NOT],
  [OP.LEN, ValueOp.LENGTH],
]);

const MAX_K8 = 255;
/** Loads that folding may still want: both operands of a binary operator. */
const MAX_PENDING = 2;

/** A constant that is on its way into a register. */
interface PendingLoad {
  readonly register: number;
  readonly constant: Constant;
  readonly line: number;
}

/** Translates what computes values. */
export class ExpressionTranslator {
  protected readonly names: OperandNames;
  private currentLine = 0;
  /** The latest loads of constants: not emitted yet, because folding may make them unnecessary. */
  private pending: PendingLoad[] = [];
  private readonly constantIndices = new Map<Constant, number>();

  constructor(
    protected readonly prototype: Prototype,
    protected readonly builder: FunctionBuilder,
    protected readonly forms: LibraryForms | null,
    private readonly used: UsedUpvalues | undefined,
  ) {
    this.names = new OperandNames(prototype);
    builder.reserveRegisters(prototype.registerCount);
    this.internKeys();
  }

  /** Names of fields get the first constants, because their instructions have only 8 bits for them. */
  private internKeys(): void {
    for (const { opcode, B, C } of this.prototype.code) {
      if (opcode === OP.GETTABUP || opcode === OP.GETTABLE || opcode === OP.SELF) this.fieldIndex(C);
      else if (opcode === OP.SETTABUP || opcode === OP.SETTABLE) this.fieldIndex(B);
    }
  }

  // --- emitting ---

  /** The source line of what follows. */
  protected setLine(line: number): void {
    this.currentLine = line;
    this.builder.line(line);
  }

  protected emit(op: number, ...operands: number[]): void {
    this.flush();
    this.builder.emit(op, ...operands);
  }

  /** Emits the loads that were held back. */
  protected flush(): void {
    if (this.pending.length === 0) return;
    const loads = this.pending;
    this.pending = [];
    for (const { register, constant, line } of loads) {
      this.builder.line(line);
      this.emitLoad(register, constant);
    }
    this.builder.line(this.currentLine);
  }

  protected load(register: number, constant: Constant): void {
    if (this.pending.length === MAX_PENDING) this.flush();
    this.pending.push({ register, constant, line: this.currentLine });
  }

  private emitLoad(register: number, constant: Constant): void {
    if (constant.kind === 'nil') this.emit(ValueOp.LOAD_NIL, register, 0);
    else if (constant.kind === 'boolean') this.emit(ValueOp.LOAD_BOOLEAN, register, constant.value ? 1 : 0);
    else if (this.isText(constant)) this.forms!.emitText(this.builder, register, constant.bytes);
    else if (isSmallInteger(constant, 16)) this.emit(ValueOp.LOAD_INTEGER, register, constant.low);
    else if (isSmallFloat(constant)) this.emit(ValueOp.LOAD_FLOAT, register, constant.value);
    else this.emit(ValueOp.LOAD_CONSTANT, register, this.constantIndex(constant));
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
    this.flush();
    this.emitLoad(register, constant);
    return register;
  }

  /** Strings of library code are texts, so that those which are rarely needed lie in no context before. */
  private isText(constant: Constant): constant is Extract<Constant, { kind: 'string' }> {
    return this.forms !== null && constant.kind === 'string';
  }

  /** The number that an upvalue of the parser's has here. */
  protected upvalueNumber(upvalue: number): number {
    return this.used?.numbers.get(upvalue) ?? upvalue;
  }

  private temporary(index: 0 | 1 | 2): number {
    return this.prototype.registerCount + index;
  }

  /** The index of `constant`. Those of one source are the same objects, so most of them are found by identity. */
  private constantIndex(constant: Constant): number {
    const known = this.constantIndices.get(constant);
    if (known !== undefined) return known;
    const index = this.builder.constants.add(constant);
    this.constantIndices.set(constant, index);
    return index;
  }

  /** The 8-bit index of `constant`; -1 when it has none. */
  protected shortIndex(constant: Constant): number {
    if (this.isText(constant)) return -1;
    const index = this.constantIndex(constant);
    return index <= MAX_K8 ? index : -1;
  }

  /** The 8-bit constant index of a key that field instructions take; -1 when it is none. */
  private fieldIndex(operand: number): number {
    const constant = this.constantOf(operand);
    if (constant?.kind !== 'string' || constant.bytes.length > SHORT_STRING_BYTES) return -1;
    return this.shortIndex(constant);
  }

  /** The key of an instruction that takes a small integer; -1 when it is none. */
  private smallIndex(operand: number): number {
    const constant = this.constantOf(operand);
    return constant?.kind === 'integer' && isSmallIndex(constant) ? constant.low : -1;
  }

  // --- names for messages ---

  /** Notes the name of what is in `register`, for an error of the last instruction. Locals are known anyway. */
  protected noteName(register: number): void {
    if (this.names.isLocal(register)) return;
    const name = this.names.nameOf(register);
    if (name !== null) this.builder.nameOperand(register, name.kind, name.name);
  }

  /** As noteName, for an operand that registerOf has put into `register`. */
  private noteOperandName(operand: number, register: number): void {
    const constant = this.constantOf(operand);
    if (constant === null) this.noteName(register);
    else if (constant.kind === 'string') {
      this.builder.nameOperand(register, 'constant', stringName(constant.bytes));
    }
  }

  // --- arithmetic ---

  /** The constant on its way into the temporary register `operand`, `skip` loads before the latest; or null. */
  private pendingConstant(operand: number, skip: number): Constant | null {
    const load = this.pending[this.pending.length - 1 - skip];
    if (isConstantOperand(operand) || load?.register !== operand || this.names.isLocal(operand)) return null;
    return load.constant;
  }

  /** The constant that a comparison can have instead of the operand: the operand's own, or the latest load's. */
  protected comparedConstant(operand: number): Constant | null {
    return this.constantOf(operand) ?? this.pendingConstant(operand, 0);
  }

  /** The operand is not wanted in a register: if it was loaded, the load goes. */
  protected dropLoad(operand: number): void {
    if (this.pendingConstant(operand, 0) !== null) this.dropPending(1);
  }

  private dropPending(count: number): void {
    this.pending.splice(this.pending.length - count, count);
  }

  protected unary({ opcode, A, B }: Instruction): void {
    const constant = this.pendingConstant(B, 0);
    const isFoldable = opcode === OP.UNM || opcode === OP.BNOT;
    const folded = constant !== null && isFoldable ? foldConstants(opcode, constant, constant) : null;
    if (folded !== null) {
      this.dropPending(1);
      this.load(A, folded);
      return;
    }
    this.emit(UNARY.get(opcode)!, A, B);
    if (opcode !== OP.NOT) this.noteName(B);
  }

  protected arithmetic({ opcode, A, B, C }: Instruction): void {
    const pendingRight = this.pendingConstant(C, 0);
    const pendingLeft = this.pendingConstant(B, pendingRight === null ? 0 : 1);
    const right = this.constantOf(C) ?? pendingRight;
    const left = this.constantOf(B) ?? pendingLeft;
    const folded = left !== null && right !== null ? foldConstants(opcode, left, right) : null;
    if (folded !== null) {
      this.dropPending((pendingRight === null ? 0 : 1) + (pendingLeft === null ? 0 : 1));
      this.load(A, folded);
    } else if (
      !(right !== null && this.withRightConstant(opcode, A, B, right, pendingRight !== null)) &&
      !(left !== null && this.withLeftConstant(opcode, A, C, left, pendingLeft !== null))
    ) {
      const b = this.registerOf(B, 0);
      const c = this.registerOf(C, 1);
      this.emit(ARITHMETIC.get(opcode)!.plain, A, b, c);
      this.noteOperandName(B, b);
      if (c !== b) this.noteOperandName(C, c);
    }
  }

  /** Emits a form with the constant `right` inside the instruction; false when there is none. */
  private withRightConstant(opcode: number, A: number, B: number, right: Constant, isPending: boolean): boolean {
    const forms = ARITHMETIC.get(opcode)!;
    if (!isNumber(right)) return false;
    const isImmediate = forms.immediate !== undefined && isSmallInteger(right, 8);
    const index = isImmediate ? 0 : this.shortIndex(right);
    if (index < 0) return false;
    if (isPending) this.dropPending(1);
    const b = this.registerOf(B, 0);
    if (isImmediate) this.emit(forms.immediate!, A, b, right.low);
    else this.emit(forms.right, A, b, index);
    this.noteOperandName(B, b);
    return true;
  }

  /** As withRightConstant, with the constant `left`, when the right operand is in a register. */
  private withLeftConstant(opcode: number, A: number, C: number, left: Constant, isPending: boolean): boolean {
    const { left: op } = ARITHMETIC.get(opcode)!;
    if (op === undefined || !isNumber(left) || isConstantOperand(C)) return false;
    // A load behind the constant's is the right operand's: both are wanted in registers.
    if (this.pendingConstant(C, 0) !== null) return false;
    const index = this.shortIndex(left);
    if (index < 0) return false;
    if (isPending) this.dropPending(1);
    this.emit(op, A, C, index);
    this.noteName(C);
    return true;
  }

  protected concatenate({ A, B, C }: Instruction): void {
    this.emit(ValueOp.CONCAT, A, B, C);
    for (let register = B; register <= C; register++) this.noteName(register);
  }

  // --- tables ---

  protected get(destination: number, table: number, key: number): void {
    const field = this.fieldIndex(key);
    const index = this.smallIndex(key);
    if (field >= 0) this.emit(ValueOp.GET_FIELD, destination, table, field);
    else if (index >= 0) this.emit(ValueOp.GET_INDEX, destination, table, index);
    else this.emit(ValueOp.GET_TABLE, destination, table, this.registerOf(key, 0));
    this.noteName(table);
  }

  protected set(table: number, key: number, value: number): void {
    const valueRegister = this.registerOf(value, 0);
    const field = this.fieldIndex(key);
    const index = this.smallIndex(key);
    if (field >= 0) this.emit(ValueOp.SET_FIELD, table, field, valueRegister);
    else if (index >= 0) this.emit(ValueOp.SET_INDEX, table, index, valueRegister);
    else this.emit(ValueOp.SET_TABLE, table, this.registerOf(key, 1), valueRegister);
    this.noteName(table);
  }

  protected getUpvalueField({ A, B, C }: Instruction): void {
    const field = this.fieldIndex(C);
    if (field >= 0) {
      this.emit(ValueOp.GET_UPVALUE_FIELD, A, this.upvalueNumber(B), field);
      return;
    }
    const table = this.loadUpvalue(B);
    this.get(A, table, C);
    this.builder.nameOperand(table, 'upvalue', this.prototype.upvalues[B]!.name);
  }

  protected setUpvalueField({ A, B, C }: Instruction): void {
    const field = this.fieldIndex(B);
    if (field >= 0) {
      this.emit(ValueOp.SET_UPVALUE_FIELD, this.upvalueNumber(A), field, this.registerOf(C, 0));
      return;
    }
    const table = this.loadUpvalue(A);
    this.set(table, B, C);
    this.builder.nameOperand(table, 'upvalue', this.prototype.upvalues[A]!.name);
  }

  /** Key and value may need the first two temporary registers. */
  private loadUpvalue(upvalue: number): number {
    const register = this.temporary(2);
    this.emit(ValueOp.GET_UPVALUE, register, this.upvalueNumber(upvalue));
    return register;
  }

  protected self({ A, B, C }: Instruction): void {
    const field = this.fieldIndex(C);
    if (field >= 0) {
      this.emit(ValueOp.SELF, A, B, field);
      this.noteName(B);
      return;
    }
    const name = this.names.nameOf(B);
    this.emit(ValueOp.MOVE, A + 1, B);
    this.emit(ValueOp.GET_TABLE, A, A + 1, this.registerOf(C, 0));
    if (name !== null) this.builder.nameOperand(A + 1, name.kind, name.name);
  }
}
