// The stack of a function while its code is generated: what each position holds, and the code that brings it where it is
// needed. Position p has a register of its own, its home, behind the locals. One rule keeps late computation right:
// before a register is written, every entry that refers to it is computed (see `prepareWrite`).
import type { FunctionBuilder } from '../../vm/index';
import { emit, emitConstant } from './emitter';
import { type AddressEntry, type ChoiceEntry, type ComparisonEntry, type Entry, leavesOf, type Side } from './entries';

const REGISTER_LIMIT = 256;
const NONE = -1;

export class ValueStack {
  private entries: Entry[] = [];
  /** By register: how often entries refer to it. */
  private readonly references = new Uint16Array(REGISTER_LIMIT);
  /** Position of an entry whose computation may trap or sees the memory: it must not move past another such. */
  private ordered = NONE;
  /** Line of the instruction being compiled. */
  line = 0;

  constructor(
    private readonly builder: FunctionBuilder,
    /** Home of position 0. */
    private readonly base: number,
    /** A register that no position has. */
    private readonly scratch: number,
  ) {}

  get height(): number {
    return this.entries.length;
  }

  home(position: number): number {
    return this.base + position;
  }

  push(entry: Entry): void {
    this.count(entry, this.entries.length, 1);
    this.entries.push(entry);
  }

  /** Pushes an entry that must keep its place among those that may trap or see the memory (after settleOrdered). */
  pushOrdered(entry: Entry): void {
    this.ordered = this.entries.length;
    this.push(entry);
  }

  /** Pushes what is in the home of the next position. */
  pushHome(): void {
    this.push({ kind: 'register', register: this.home(this.entries.length) });
  }

  /** Takes the top; whoever takes it computes it before anything else that is ordered. */
  pop(): Entry {
    const entry = this.entries.pop()!;
    if (this.ordered === this.entries.length) this.ordered = NONE;
    this.count(entry, this.entries.length, -1);
    return entry;
  }

  top(): Entry {
    return this.entries[this.entries.length - 1]!;
  }

  /** Drops the top; what may trap is computed all the same. */
  drop(): void {
    if (this.ordered === this.entries.length - 1) this.settle(this.ordered);
    this.pop();
  }

  /** Begins anew where `height` values are in their homes. */
  reset(height: number): void {
    this.entries = [];
    this.references.fill(0);
    this.ordered = NONE;
    for (let position = 0; position < height; position++) this.pushHome();
  }

  /** Computes the value at a position into its home. */
  settle(position: number): void {
    const entry = this.entries[position]!;
    const home = this.home(position);
    if (entry.kind === 'register' && entry.register === home) return;
    if (this.ordered === position) this.ordered = NONE;
    this.count(entry, position, -1);
    this.entries[position] = { kind: 'register', register: home };
    this.evaluate(entry, home);
  }

  /** Computes the top `count` values into their homes, and returns the register of the first. */
  settleTop(count: number): number {
    const first = this.entries.length - count;
    for (let position = first; position < this.entries.length; position++) this.settle(position);
    return this.home(first);
  }

  settleAll(): void {
    this.settleTop(this.entries.length);
  }

  /** Computes the entry that must not move past what comes next. */
  settleOrdered(): void {
    if (this.ordered !== NONE) this.settle(this.ordered);
  }

  /** Computes all entries that refer to registers from `first` on: a call overwrites these. */
  settleReferencesFrom(first: number): void {
    for (let register = first; register < REGISTER_LIMIT; register++) this.prepareWrite(register);
  }

  /** The register that holds a popped entry: where it lies, or else `register`, into which it is computed. */
  place(entry: Entry, register: number): number {
    if (entry.kind === 'register') return entry.register;
    this.evaluate(entry, register);
    return register;
  }

  /** Computes a popped entry into a register. */
  evaluate(entry: Entry, register: number): void {
    if (entry.kind === 'register' && entry.register === register) return;
    this.prepareWrite(register);
    this.builder.line('line' in entry ? entry.line : this.line);
    switch (entry.kind) {
      case 'register':
        emit(this.builder, 'move', register, entry.register);
        return;
      case 'constant':
        emitConstant(this.builder, register, entry.bits);
        return;
      case 'computation':
        emit(this.builder, entry.mnemonic, register, ...entry.operands);
        return;
      case 'address':
        this.evaluateAddress(entry, register);
        return;
      case 'comparison':
        this.evaluateComparison(entry, register);
        return;
      case 'choice':
        this.evaluateChoice(entry, register);
        return;
    }
  }

  /** A side of a comparison in a register: `register` if it is a constant. */
  placeSide(side: Side, register: number): number {
    if ('register' in side) return side.register;
    emitConstant(this.builder, register, { type: 'i32', low: side.constant, high: 0 });
    return register;
  }

  /** Computes every entry that refers to a register that is about to change. */
  private prepareWrite(register: number): void {
    for (let position = 0; this.references[register]! > 0 && position < this.entries.length; position++) {
      if (leavesOf(this.entries[position]!).includes(register)) this.settle(position);
    }
  }

  private evaluateAddress({ base, index, scale }: AddressEntry, register: number): void {
    const offset = register === base ? this.scratch : register;
    emit(this.builder, 'i32.shl_imm', offset, index, scale);
    emit(this.builder, 'i32.add', register, base, offset);
  }

  private evaluateComparison({ test, left, right }: ComparisonEntry, register: number): void {
    if (test === 'eq' && 'register' in left && 'constant' in right && right.constant === 0) {
      emit(this.builder, 'i32.eqz', register, left.register);
      return;
    }
    const leftRegister = this.placeSide(
      left,
      'register' in right && right.register === register ? this.scratch : register,
    );
    const rightRegister = this.placeSide(right, leftRegister === register ? this.scratch : register);
    emit(this.builder, `i32.${test}`, register, leftRegister, rightRegister);
  }

  /** The machine's select overwrites its first operand. */
  private evaluateChoice({ first, second, condition }: ChoiceEntry, register: number): void {
    const isOverwritten = register !== first && (register === second || register === condition);
    const target = isOverwritten ? this.scratch : register;
    if (target !== first) emit(this.builder, 'move', target, first);
    emit(this.builder, 'select', target, second, condition);
    if (target !== register) emit(this.builder, 'move', register, target);
  }

  /** Counts an entry's references; one to its own home is none, as nothing else writes there. */
  private count(entry: Entry, position: number, change: 1 | -1): void {
    if (entry.kind === 'register' && entry.register === this.home(position)) return;
    for (const register of leavesOf(entry)) this.references[register]! += change;
  }
}
