// One function from Lua 5.3's register code to the value family: the walk over the code, jumps and tests, calls and
// loops. What computes values is in expression-translator.ts.
import { type Constant, type FunctionBuilder, type Label, ValueOp } from '../../vm/index';
import {
  countCaptures,
  countClosedVariables,
  decodeSize,
  findTargets,
  isNumber,
  isSmallInteger,
} from './code-analysis';
import { ExpressionTranslator } from './expression-translator';
import type { LibraryForms, SpecialCall } from './library-forms';
import type { UsedUpvalues } from './library-prototypes';
import { type Instruction, OP, type Prototype } from './prototype';

/** Elements that the parser's code stores into a table at once. */
const FIELDS_PER_FLUSH = 50;
/** Registers from a generic for's iterator on that its call uses. */
const GENERIC_FOR_REGISTERS = 7;
const CLOSING_REGISTER = 3;

/** The opcodes of `<` and `<=`: on registers; with a constant on the right, or on the left, by its size. */
interface Order {
  readonly plain: number;
  readonly right: { readonly immediate: number; readonly constant: number };
  readonly left: { readonly immediate: number; readonly constant: number };
}
const STRICT_ORDER: Order = {
  plain: ValueOp.JUMP_LT,
  right: { immediate: ValueOp.JUMP_LT_IMM, constant: ValueOp.JUMP_LT_K },
  left: { immediate: ValueOp.JUMP_GT_IMM, constant: ValueOp.JUMP_GT_K },
};
const WEAK_ORDER: Order = {
  plain: ValueOp.JUMP_LE,
  right: { immediate: ValueOp.JUMP_LE_IMM, constant: ValueOp.JUMP_LE_K },
  left: { immediate: ValueOp.JUMP_GE_IMM, constant: ValueOp.JUMP_GE_K },
};

/** Translates one function. */
export class FunctionTranslator extends ExpressionTranslator {
  private readonly code: readonly Instruction[];
  /** By pc of the parser's code: the label of a place that something refers to. */
  private readonly labels: Label[] = [];
  /** By pc: how many variables are active that a return has to close. */
  private readonly closedVariables: Int32Array;
  /** By pc: how many instructions before it can make a variable that must be closed. */
  private readonly captures: Int32Array;
  private pc = 0;
  private readonly specialCalls = new Map<number, SpecialCall>();

  constructor(
    prototype: Prototype,
    builder: FunctionBuilder,
    private readonly indices: ReadonlyMap<Prototype, number>,
    forms: LibraryForms | null,
    /** Upvalues that are the function's own closure. */
    private readonly ownUpvalues: ReadonlySet<number> | undefined,
    used: UsedUpvalues | undefined,
  ) {
    super(prototype, builder, forms, used);
    this.code = prototype.code;
    this.closedVariables = countClosedVariables(prototype);
    this.captures = countCaptures(this.code);
    findTargets(this.code).forEach((isTarget, pc) => {
      if (isTarget === 1) this.labels[pc] = builder.newLabel();
    });
    for (const { name, register, start, end } of prototype.locals) {
      if (start < end) builder.nameLocal(name, register, this.labelAt(start), this.labelAt(end));
    }
    for (const upvalue of used?.upvalues ?? prototype.upvalues) builder.addUpvalue(upvalue);
  }

  /** Emits the whole function into the builder. */
  translate(): void {
    while (this.pc < this.code.length) this.translateNext();
    this.bindLabel(this.pc);
  }

  private labelAt(pc: number): Label {
    return (this.labels[pc] ??= this.builder.newLabel());
  }

  private bindLabel(pc: number): void {
    const label = this.labels[pc];
    if (label === undefined) return;
    this.flush();
    this.builder.bind(label);
  }

  /** Translates the instruction at `pc`, with those that belong to it, and moves on. */
  private translateNext(): void {
    const first = this.pc;
    this.bindLabel(first);
    this.setLine(this.prototype.lines[first]!);
    this.names.advanceTo(first);
    this.pc++;
    this.select(this.code[first]!);
    this.names.execute(first, this.code[first]!);
    for (let skipped = first + 1; skipped < this.pc; skipped++) {
      this.bindLabel(skipped);
      this.names.advanceTo(skipped);
      this.names.execute(skipped, this.code[skipped]!);
    }
  }

  private select(instruction: Instruction): void {
    const selector = FunctionTranslator.SELECTORS.get(instruction.opcode);
    if (selector === undefined) this.arithmetic(instruction);
    else selector(this, instruction);
  }

  /** The instruction behind this one, which belongs to it. */
  private takeNext(): Instruction {
    return this.code[this.pc++]!;
  }

  // --- small ones ---

  private loadBoolean(register: number, value: boolean, skips: boolean): void {
    this.emit(ValueOp.LOAD_BOOLEAN, register, value ? 1 : 0);
    if (skips) this.emitJump(ValueOp.JUMP, this.pc + 1);
  }

  private setList({ A, B, C }: Instruction): void {
    const batch = C === 0 ? this.takeNext().Ax : C;
    this.emit(ValueOp.SET_LIST, A, B, (batch - 1) * FIELDS_PER_FLUSH);
  }

  private getUpvalue(register: number, upvalue: number): void {
    if (this.ownUpvalues?.has(upvalue)) this.emit(ValueOp.GET_CLOSURE, register);
    else this.emit(ValueOp.GET_UPVALUE, register, this.upvalueNumber(upvalue));
  }

  private getGlobal(instruction: Instruction): void {
    const special = this.forms?.find(this.prototype, this.pc - 1) ?? null;
    if (special === null) this.getUpvalueField(instruction);
    else {
      this.specialCalls.set(special.callPc, special);
      this.pc = special.nextPc;
    }
  }

  // --- jumps and tests ---

  /** Emits a jump to the translation of the parser's instruction at `target`. */
  private emitJump(op: number, target: number, ...operands: number[]): void {
    this.emitJumpTo(op, this.labelAt(target), ...operands);
  }

  private emitJumpTo(op: number, label: Label, ...operands: number[]): void {
    this.flush();
    this.builder.emitJump(op, label, ...operands);
  }

  private jump({ A, sBx }: Instruction): void {
    const target = this.pc + sBx;
    if (this.prototype.genericFors.has(this.pc - 1)) {
      this.emitJump(ValueOp.GENERIC_FOR_PREPARE, target, this.code[target]!.A);
    } else this.jumpAndClose(this.closeLevel(A, target), target);
  }

  /**
   * The register (plus 1; or 0) from which on a jump closes variables. Jumps to the end of a generic for's body were
   * told to close its fourth value too, because the parser closes in the same way when the loop is left: they must not,
   * and often there is nothing else to close.
   */
  private closeLevel(level: number, target: number): number {
    const next = this.code[target];
    if (level === 0 || next?.opcode !== OP.TFORCALL || level !== next.A + CLOSING_REGISTER + 1) return level;
    const prepare = target + 1 + this.code[target + 1]!.sBx;
    // The jump at the very end is only for the body's variables; others come from inner blocks too.
    const isEnd = target === this.pc;
    const closes = isEnd ? this.prototype.genericFors.get(prepare) : this.captures[target]! > this.captures[prepare]!;
    return closes ? level + 1 : 0;
  }

  private jumpAndClose(closeLevel: number, target: number): void {
    if (closeLevel > 0) this.emit(ValueOp.CLOSE, closeLevel - 1);
    if (target !== this.pc) this.emitJump(ValueOp.JUMP, target);
  }

  /** Takes the jump behind a test. `emit` makes an instruction that goes to a label when the test gives `flag`. */
  private branch(flag: boolean, emit: (flag: boolean, target: Label) => void): void {
    const { A, sBx } = this.takeNext();
    const target = this.pc + sBx;
    const closeLevel = this.closeLevel(A, target);
    if (closeLevel === 0) {
      emit(flag, this.labelAt(target));
      return;
    }
    const skip = this.builder.newLabel();
    emit(!flag, skip);
    this.jumpAndClose(closeLevel, target);
    this.builder.bind(skip);
  }

  private test(register: number, flag: boolean): void {
    this.branch(flag, (condition, target) => this.jumpWhen(register, condition, target));
  }

  private jumpWhen(register: number, condition: boolean, target: Label): void {
    this.emitJumpTo(condition ? ValueOp.JUMP_IF : ValueOp.JUMP_UNLESS, target, register);
  }

  /** Goes to the jump's target with R[A] := R[B], when R[B] is as wanted. */
  private testAndSet({ A, B, C }: Instruction): void {
    const { sBx } = this.takeNext();
    const target = this.labelAt(this.pc + sBx);
    if (!this.names.isLocal(A)) {
      // Nobody reads a temporary register on the other way, so it may be set before the test.
      this.emit(ValueOp.MOVE, A, B);
      this.jumpWhen(A, C !== 0, target);
      return;
    }
    const skip = this.builder.newLabel();
    this.jumpWhen(B, C === 0, skip);
    this.emit(ValueOp.MOVE, A, B);
    this.emitJumpTo(ValueOp.JUMP, target);
    this.builder.bind(skip);
  }

  private compare({ opcode, A, B, C }: Instruction): void {
    this.branch(A !== 0, (isTrue, target) => {
      const flag = isTrue ? 1 : 0;
      if (opcode === OP.EQ) this.compareEqual(B, C, flag, target);
      else if (opcode === OP.LT) this.compareOrder(STRICT_ORDER, B, C, flag, target);
      else this.compareOrder(WEAK_ORDER, B, C, flag, target);
    });
  }

  private compareEqual(B: number, C: number, flag: number, target: Label): void {
    const [left, right] = this.comparedConstant(C) === null && this.comparedConstant(B) !== null ? [C, B] : [B, C];
    const constant = this.comparedConstant(right);
    const index = constant === null ? -1 : this.shortIndex(constant);
    if (index >= 0) {
      this.dropLoad(right);
      this.emitJumpTo(ValueOp.JUMP_EQ_K, target, this.registerOf(left, 0), index, flag);
    } else {
      const a = this.registerOf(left, 0);
      this.emitJumpTo(ValueOp.JUMP_EQ, target, a, this.registerOf(right, 1), flag);
    }
  }

  private compareOrder(order: Order, B: number, C: number, flag: number, target: Label): void {
    const left = this.comparedConstant(B);
    const right = this.comparedConstant(C);
    if (right !== null && this.isOrderConstant(right)) {
      this.dropLoad(C);
      this.compareWithConstant(order.right, B, right, flag, target);
    } else if (left !== null && this.isOrderConstant(left)) {
      this.dropLoad(B);
      this.compareWithConstant(order.left, C, left, flag, target);
    } else {
      const a = this.registerOf(B, 0);
      this.emitJumpTo(order.plain, target, a, this.registerOf(C, 1), flag);
    }
  }

  private isOrderConstant(constant: Constant): boolean {
    return isNumber(constant) && (isSmallInteger(constant, 8) || this.shortIndex(constant) >= 0);
  }

  private compareWithConstant(
    { immediate, constant: op }: Order['right'],
    operand: number,
    constant: Constant,
    flag: number,
    target: Label,
  ): void {
    const register = this.registerOf(operand, 0);
    if (isSmallInteger(constant, 8)) this.emitJumpTo(immediate, target, register, constant.low, flag);
    else this.emitJumpTo(op, target, register, this.shortIndex(constant), flag);
  }

  // --- calls and loops ---

  private call(instruction: Instruction): void {
    const { A, B, C } = instruction;
    const special = this.specialCalls.get(this.pc - 1);
    if (special !== undefined) {
      this.specialCall(special, instruction);
      return;
    }
    this.emit(ValueOp.CALL, A, B, C);
    this.noteName(A);
  }

  private tailCall(instruction: Instruction): void {
    const { A, B } = instruction;
    const mustClose = this.closedVariables[this.pc - 1]! > 0;
    if (mustClose || this.specialCalls.has(this.pc - 1)) {
      this.call({ ...instruction, C: 0 });
      return;
    }
    this.emit(ValueOp.TAIL_CALL, A, B);
    this.noteName(A);
  }

  private emitReturn(first: number, count: number): void {
    if (count === 1) this.emit(ValueOp.RETURN_NONE);
    else if (count === 2) this.emit(ValueOp.RETURN_ONE, first);
    else this.emit(ValueOp.RETURN, first, count);
  }

  private genericForCall(base: number, variables: number): void {
    this.builder.reserveRegisters(base + GENERIC_FOR_REGISTERS);
    this.emit(ValueOp.GENERIC_FOR_CALL, base, variables - 1);
    this.builder.nameOperand(base, 'for iterator', 'for iterator');
  }

  private genericForLoop(base: number, target: number): void {
    this.emitJump(ValueOp.GENERIC_FOR_LOOP, target, base);
    this.emit(ValueOp.CLOSE, base + CLOSING_REGISTER);
  }

  /** A library form instead of a call: its arguments stand where those of the call would. */
  private specialCall(special: SpecialCall, call: Instruction): void {
    this.flush();
    this.builder.reserveRegisters(special.registerCount);
    const replacement = special.emit(this.builder, call, this.code[this.pc]);
    if (replacement === null) return;
    this.pc++;
    this.select(replacement);
  }

  /** What becomes of each opcode but binary arithmetic. */
  private static readonly SELECTORS: ReadonlyMap<number, Selector> = new Map<number, Selector>([
    [OP.MOVE, (self, { A, B }) => self.emit(ValueOp.MOVE, A, B)],
    [OP.LOADK, (self, { A, Bx }) => self.load(A, self.prototype.constants[Bx]!)],
    [OP.LOADKX, (self, { A }) => self.load(A, self.prototype.constants[self.takeNext().Ax]!)],
    [OP.LOADBOOL, (self, { A, B, C }) => self.loadBoolean(A, B !== 0, C !== 0)],
    [OP.LOADNIL, (self, { A, B }) => self.emit(ValueOp.LOAD_NIL, A, B)],
    [OP.GETUPVAL, (self, { A, B }) => self.getUpvalue(A, B)],
    [OP.SETUPVAL, (self, { A, B }) => self.emit(ValueOp.SET_UPVALUE, A, self.upvalueNumber(B))],
    [OP.GETTABUP, (self, instruction) => self.getGlobal(instruction)],
    [OP.SETTABUP, (self, instruction) => self.setUpvalueField(instruction)],
    [OP.GETTABLE, (self, { A, B, C }) => self.get(A, B, C)],
    [OP.SETTABLE, (self, { A, B, C }) => self.set(A, B, C)],
    [OP.NEWTABLE, (self, { A, B, C }) => self.emit(ValueOp.NEW_TABLE, A, decodeSize(B), decodeSize(C))],
    [OP.SELF, (self, instruction) => self.self(instruction)],
    [OP.UNM, (self, instruction) => self.unary(instruction)],
    [OP.BNOT, (self, instruction) => self.unary(instruction)],
    [OP.NOT, (self, instruction) => self.unary(instruction)],
    [OP.LEN, (self, instruction) => self.unary(instruction)],
    [OP.CONCAT, (self, instruction) => self.concatenate(instruction)],
    [OP.JMP, (self, instruction) => self.jump(instruction)],
    [OP.EQ, (self, instruction) => self.compare(instruction)],
    [OP.LT, (self, instruction) => self.compare(instruction)],
    [OP.LE, (self, instruction) => self.compare(instruction)],
    [OP.TEST, (self, { A, C }) => self.test(A, C !== 0)],
    [OP.TESTSET, (self, instruction) => self.testAndSet(instruction)],
    [OP.CALL, (self, instruction) => self.call(instruction)],
    [OP.TAILCALL, (self, instruction) => self.tailCall(instruction)],
    [OP.RETURN, (self, { A, B }) => self.emitReturn(A, B)],
    [OP.FORPREP, (self, { A, sBx }) => self.emitJump(ValueOp.FOR_PREPARE, self.pc + sBx + 1, A)],
    [OP.FORLOOP, (self, { A, sBx }) => self.emitJump(ValueOp.FOR_LOOP, self.pc + sBx, A)],
    [OP.TFORCALL, (self, { A, C }) => self.genericForCall(A, C)],
    [OP.TFORLOOP, (self, { A, sBx }) => self.genericForLoop(A - 2, self.pc + sBx)],
    [OP.SETLIST, (self, instruction) => self.setList(instruction)],
    [OP.CLOSURE, (self, { A, Bx }) => self.emit(ValueOp.CLOSURE, A, self.functionIndex(Bx))],
    [OP.VARARG, (self, { A, B }) => self.emit(ValueOp.VARARG, A, B)],
    [OP.TBC, (self, { A }) => self.emit(ValueOp.TO_BE_CLOSED, A)],
  ]);

  private functionIndex(child: number): number {
    return this.indices.get(this.prototype.children[child]!)!;
  }
}

type Selector = (self: FunctionTranslator, instruction: Instruction) => void;
