// One function from Lua 5.3's register code to the value family: the walk over the code, jumps and tests, calls and
// loops. What computes values is in expression-translator.ts.
import type { FunctionDefinition } from '../../vm/index';
import { countClosedVariables, decodeSize, findTargets, isSmallInteger } from './code-analysis';
import type { FinishedCode } from './code-buffer';
import { ExpressionTranslator, type Load } from './expression-translator';
import type { LibraryForms, SpecialCall } from './library-forms';
import { type Instruction, OP, type Prototype } from './prototype';
import { LuaSyntaxError } from './syntax-error';

/** Elements that the parser's code stores into a table at once. */
const FIELDS_PER_FLUSH = 50;
/** A call of the generic for's iterator needs three registers behind its four. */
const GENERIC_FOR_REGISTERS = 7;
const CLOSING_REGISTER = 3;

/** Translates one function. */
export class FunctionTranslator extends ExpressionTranslator {
  private readonly code: readonly Instruction[];
  private readonly isTarget: Uint8Array;
  /** By pc: how many variables are active that a return has to close. */
  private readonly closedVariables: Int32Array;
  private nextLabel: number;
  private pc = 0;
  private readonly specialCalls = new Map<number, SpecialCall>();

  constructor(
    prototype: Prototype,
    private readonly indices: ReadonlyMap<Prototype, number>,
    private readonly forms: LibraryForms | null,
  ) {
    super(prototype);
    this.code = prototype.code;
    this.isTarget = findTargets(this.code);
    this.closedVariables = countClosedVariables(prototype);
    this.nextLabel = this.code.length + 1;
  }

  translate(): FunctionDefinition {
    while (this.pc < this.code.length) this.translateNext();
    this.buffer.placeLabel(this.pc);
    if (!this.buffer.constants.fits) throw this.limit('function has too many constants');
    return this.define(this.buffer.finish());
  }

  private define(finished: FinishedCode): FunctionDefinition {
    const { name, line, lastLine, parameterCount, isVararg, upvalues, locals } = this.prototype;
    const { labels } = finished;
    return {
      family: 'value',
      signature: null,
      parameterCount,
      isVararg,
      registerCount: this.registerCount,
      upvalues,
      constants: finished.constants,
      code: finished.code,
      debug: {
        name,
        source: 0,
        line,
        lastLine,
        lines: finished.lines,
        locals: locals.map(({ name, register, start, end }) => {
          return { name, register, start: labels[start]!, end: labels[end]! };
        }),
        operands: finished.operandNames,
      },
    };
  }

  private limit(message: string): LuaSyntaxError {
    return new LuaSyntaxError('lua.limit', message, this.prototype.line || 1, 0, 1);
  }

  /** Translates the instruction at `pc`, with those that belong to it, and moves on. */
  private translateNext(): void {
    const { pc } = this;
    const instruction = this.code[pc]!;
    this.buffer.placeLabel(pc);
    if (this.isTarget[pc] === 1) this.loads = [];
    this.buffer.line = this.prototype.lines[pc]!;
    this.names.advanceTo(pc);
    this.pc = pc + 1;
    const before = this.loads;
    this.loads = [];
    this.select(instruction, before);
    this.names.execute(pc, instruction);
    for (let skipped = pc + 1; skipped < this.pc; skipped++) {
      this.buffer.placeLabel(skipped);
      this.names.advanceTo(skipped);
      this.names.execute(skipped, this.code[skipped]!);
    }
  }

  private select(instruction: Instruction, loads: readonly Load[]): void {
    const selector = FunctionTranslator.SELECTORS.get(instruction.opcode);
    if (selector === undefined) this.arithmetic(instruction, loads);
    else selector(this, instruction, loads);
  }

  /** The instruction behind this one, which belongs to it. */
  private takeNext(): Instruction {
    return this.code[this.pc++]!;
  }

  // --- small ones ---

  private loadBoolean(register: number, value: boolean, skips: boolean): void {
    this.buffer.emit('load_boolean', { a: register, b: value ? 1 : 0 });
    if (skips) this.buffer.emit('jump', { target: this.pc + 1 });
  }

  private setList({ A, B, C }: Instruction): void {
    const batch = C === 0 ? this.takeNext().Ax : C;
    this.buffer.emit('set_list', { a: A, b: B, x: (batch - 1) * FIELDS_PER_FLUSH });
  }

  private getGlobal(instruction: Instruction): void {
    const special = this.forms?.find(this.prototype, this.pc - 1) ?? null;
    if (special === null) this.getUpvalueField(instruction);
    else {
      this.specialCalls.set(special.callPc, special);
      this.pc++;
    }
  }

  // --- jumps and tests ---

  private jump({ A, sBx }: Instruction): void {
    const target = this.pc + sBx;
    const from = this.pc - 1;
    if (this.prototype.genericFors.has(from)) {
      this.buffer.emit('generic_for_prepare', { a: this.code[target]!.A, target });
    } else if (this.isEndOfIteration(A, target)) {
      const base = this.code[target]!.A;
      const prepare = target + 1 + this.code[target + 1]!.sBx;
      if (this.prototype.genericFors.get(prepare)) this.buffer.emit('close', { a: base + CLOSING_REGISTER + 1 });
    } else this.jumpAndClose(A, target);
  }

  /** The jump to the next instruction by which an iteration of a generic for closes its variables. */
  private isEndOfIteration(closeLevel: number, target: number): boolean {
    const next = this.code[target];
    return target === this.pc && next?.opcode === OP.TFORCALL && closeLevel === next.A + CLOSING_REGISTER + 1;
  }

  private jumpAndClose(closeLevel: number, target: number): void {
    if (closeLevel > 0) this.buffer.emit('close', { a: closeLevel - 1 });
    if (target !== this.pc) this.buffer.emit('jump', { target });
  }

  /** Takes the jump behind a test. `emit` makes an instruction that goes to a label when the test gives `flag`. */
  private branch(flag: boolean, emit: (flag: boolean, target: number) => void): void {
    const { A, sBx } = this.takeNext();
    const target = this.pc + sBx;
    if (A === 0) {
      emit(flag, target);
      return;
    }
    const skip = this.nextLabel++;
    emit(!flag, skip);
    this.jumpAndClose(A, target);
    this.buffer.placeLabel(skip);
  }

  private test(register: number, flag: boolean): void {
    this.branch(flag, (condition, target) => this.jumpWhen(register, condition, target));
  }

  private jumpWhen(register: number, condition: boolean, target: number): void {
    this.buffer.emit(condition ? 'jump_if' : 'jump_unless', { a: register, target });
  }

  /** Goes to the jump's target with R[A] := R[B], when R[B] is as wanted. */
  private testAndSet({ A, B, C }: Instruction): void {
    const { sBx } = this.takeNext();
    const target = this.pc + sBx;
    if (!this.names.isLocal(A)) {
      // Nobody reads a temporary register on the other way, so it may be set before the test.
      this.buffer.emit('move', { a: A, b: B });
      this.jumpWhen(A, C !== 0, target);
      return;
    }
    const skip = this.nextLabel++;
    this.jumpWhen(B, C === 0, skip);
    this.buffer.emit('move', { a: A, b: B });
    this.buffer.emit('jump', { target });
    this.buffer.placeLabel(skip);
  }

  private compare(instruction: Instruction): void {
    const { opcode, A, B, C } = instruction;
    this.branch(A !== 0, (flag, target) => {
      if (opcode === OP.EQ) this.compareEqual(B, C, flag, target);
      else this.compareOrder(opcode === OP.LT, B, C, flag, target);
    });
  }

  private compareEqual(B: number, C: number, flag: boolean, target: number): void {
    const [left, right] = this.constantOf(C) === null && this.constantOf(B) !== null ? [C, B] : [B, C];
    const constant = this.constantOf(right);
    const index = constant === null ? -1 : this.buffer.constants.shortIndex(constant);
    const a = this.registerOf(left, 0);
    const c = flag ? 1 : 0;
    if (index >= 0) this.buffer.emit('jump_eq_k', { a, b: index, c, target });
    else this.buffer.emit('jump_eq', { a, b: this.registerOf(right, 1), c, target });
  }

  private compareOrder(isStrict: boolean, B: number, C: number, flag: boolean, target: number): void {
    const left = this.constantOf(B);
    const right = this.constantOf(C);
    const c = flag ? 1 : 0;
    if (right !== null && isSmallInteger(right, 8)) {
      const a = this.registerOf(B, 0);
      this.buffer.emit(isStrict ? 'jump_lt_imm' : 'jump_le_imm', { a, b: right.low, c, target });
    } else if (left !== null && isSmallInteger(left, 8)) {
      const a = this.registerOf(C, 0);
      this.buffer.emit(isStrict ? 'jump_gt_imm' : 'jump_ge_imm', { a, b: left.low, c, target });
    } else {
      const a = this.registerOf(B, 0);
      this.buffer.emit(isStrict ? 'jump_lt' : 'jump_le', { a, b: this.registerOf(C, 1), c, target });
    }
  }

  // --- calls and loops ---

  private call({ A, B, C }: Instruction): void {
    const special = this.specialCalls.get(this.pc - 1);
    if (special !== undefined) {
      this.specialCall(special);
      return;
    }
    this.buffer.emit('call', { a: A, b: B, c: C });
    this.noteName(A);
  }

  private tailCall(instruction: Instruction): void {
    const { A, B } = instruction;
    const mustClose = this.closedVariables[this.pc - 1]! > 0;
    if (mustClose || this.specialCalls.has(this.pc - 1)) {
      this.call({ ...instruction, C: 0 });
      return;
    }
    this.buffer.emit('tail_call', { a: A, b: B });
    this.noteName(A);
  }

  private emitReturn(first: number, count: number): void {
    if (count === 1) this.buffer.emit('return_none');
    else if (count === 2) this.buffer.emit('return_one', { a: first });
    else this.buffer.emit('return', { a: first, b: count });
  }

  private genericForCall(base: number, variables: number): void {
    this.needRegister(base + GENERIC_FOR_REGISTERS - 1);
    this.buffer.emit('generic_for_call', { a: base, c: variables - 1 });
    this.buffer.nameOperand(base, { kind: 'for iterator', name: 'for iterator' });
  }

  private genericForLoop(base: number, target: number): void {
    this.buffer.emit('generic_for_loop', { a: base, target });
    this.buffer.emit('close', { a: base + CLOSING_REGISTER });
  }

  /** A library form instead of a call: its arguments stand where those of the call would. */
  private specialCall(special: SpecialCall): void {
    const next = this.code[this.pc];
    const after = special.emit(this.buffer, next);
    this.needRegister(special.lastRegister);
    if (after === null) return;
    this.pc++;
    this.select(after, []);
  }

  /** What becomes of each opcode but binary arithmetic. */
  private static readonly SELECTORS: ReadonlyMap<number, Selector> = new Map<number, Selector>([
    [OP.MOVE, (self, { A, B }) => self.buffer.emit('move', { a: A, b: B })],
    [OP.LOADK, (self, { A, Bx }, loads) => self.load(A, self.prototype.constants[Bx]!, loads)],
    [OP.LOADKX, (self, { A }, loads) => self.load(A, self.prototype.constants[self.takeNext().Ax]!, loads)],
    [OP.LOADBOOL, (self, { A, B, C }) => self.loadBoolean(A, B !== 0, C !== 0)],
    [OP.LOADNIL, (self, { A, B }) => self.buffer.emit('load_nil', { a: A, b: B })],
    [OP.GETUPVAL, (self, { A, B }) => self.buffer.emit('get_upvalue', { a: A, b: B })],
    [OP.SETUPVAL, (self, { A, B }) => self.buffer.emit('set_upvalue', { a: A, b: B })],
    [OP.GETTABUP, (self, instruction) => self.getGlobal(instruction)],
    [OP.SETTABUP, (self, instruction) => self.setUpvalueField(instruction)],
    [OP.GETTABLE, (self, { A, B, C }) => self.get(A, B, C)],
    [OP.SETTABLE, (self, { A, B, C }) => self.set(A, B, C)],
    [OP.NEWTABLE, (self, { A, B, C }) => self.buffer.emit('new_table', { a: A, b: decodeSize(B), c: decodeSize(C) })],
    [OP.SELF, (self, instruction) => self.self(instruction)],
    [OP.UNM, (self, instruction, loads) => self.unary(instruction, loads)],
    [OP.BNOT, (self, instruction, loads) => self.unary(instruction, loads)],
    [OP.NOT, (self, instruction, loads) => self.unary(instruction, loads)],
    [OP.LEN, (self, instruction, loads) => self.unary(instruction, loads)],
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
    [OP.FORPREP, (self, { A, sBx }) => self.buffer.emit('for_prepare', { a: A, target: self.pc + sBx + 1 })],
    [OP.FORLOOP, (self, { A, sBx }) => self.buffer.emit('for_loop', { a: A, target: self.pc + sBx })],
    [OP.TFORCALL, (self, { A, C }) => self.genericForCall(A, C)],
    [OP.TFORLOOP, (self, { A, sBx }) => self.genericForLoop(A - 2, self.pc + sBx)],
    [OP.SETLIST, (self, instruction) => self.setList(instruction)],
    [OP.CLOSURE, (self, { A, Bx }) => self.buffer.emit('closure', { a: A, bx: self.functionIndex(Bx) })],
    [OP.VARARG, (self, { A, B }) => self.buffer.emit('vararg', { a: A, c: B })],
    [OP.TBC, (self, { A }) => self.buffer.emit('to_be_closed', { a: A })],
  ]);

  private functionIndex(child: number): number {
    return this.indices.get(this.prototype.children[child]!)!;
  }
}

type Selector = (self: FunctionTranslator, instruction: Instruction, loads: readonly Load[]) => void;
