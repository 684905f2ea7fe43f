// One function of a module in the making: instructions with symbolic jumps, constants, lines and names; words at the
// end. Jumps of 16 bits that do not reach go by way of a jump of 24 bits. Use it through ModuleBuilder.
import { ConstantInterner } from './constant-interner';
import { encodeExtra, encodeInstruction, encodeSj, JUMP, MAX_BX, opcodesOf, operandRange } from './encoding';
import { ModuleError } from './errors';
import { MAXIMUM_FUNCTION_WORDS, MAXIMUM_UPVALUES } from './limits';
import type { FunctionDefinition, LineEntry, OperandName, Signature, UpvalueSource } from './module';
import type { Opcode, Operand } from './opcodes';

/** A place in a function's code: made by newLabel, given its place by bind. */
export type Label = number;

export interface FunctionOptions {
  readonly family: 'typed' | 'value';
  readonly name: string;
  /** Typed: its types. Value: how typed code may call it; default null. */
  readonly signature?: Signature | null;
  /** Default: the signature's, or 0. */
  readonly parameterCount?: number;
  readonly isVararg?: boolean;
  /** Index of the source file; default 0. */
  readonly source?: number;
  /** First and last line of the definition; default 0. */
  readonly line?: number;
  readonly lastLine?: number;
}

interface Item {
  readonly opcode: Opcode;
  /** First word with all its fields but a jump that lies in it. */
  word: number;
  /** Field x, unless it is the jump. */
  readonly extra: number;
  /** Where its jump goes; -1 without one. */
  readonly target: Label;
  /** Of br_table: where its words go. */
  readonly targets: readonly Label[];
  readonly line: number;
  /** Its jump of 16 bits does not reach. */
  isFar: boolean;
}

interface NamedOperand {
  readonly item: number;
  readonly register: number;
  readonly kind: string;
  readonly name: string;
}

interface NamedLocal {
  readonly name: string;
  readonly register: number;
  readonly start: Label;
  readonly end: Label;
}

const FAR_JUMP_WORDS = 2;
const MAXIMUM_ROUNDS = 8;
const REACH = operandRange('j16');
const UNBOUND = -1;
const NO_TARGETS: readonly Label[] = [];

/** Collects the instructions of one function. Operands are given in the order of the opcode table. */
export class FunctionBuilder {
  /** Constants of the function, each once; the methods return the index for `k8` and `k16` operands. */
  readonly constants = new ConstantInterner();
  private readonly opcodes: readonly Opcode[];
  private readonly items: Item[] = [];
  /** By label: index of the item in front of which it stands. */
  private readonly places: number[] = [];
  private readonly upvalues: UpvalueSource[] = [];
  private readonly operandNames: NamedOperand[] = [];
  private readonly locals: NamedLocal[] = [];
  private currentLine: number;
  private lastLine: number;
  private registerCount: number;

  constructor(
    /** The function's index in its module. */
    readonly index: number,
    private readonly options: FunctionOptions,
  ) {
    this.opcodes = opcodesOf(options.family);
    this.currentLine = options.line ?? 0;
    this.lastLine = options.lastLine ?? 0;
    this.registerCount = Math.max(1, this.parameterCount);
  }

  /** Number of instructions so far. */
  get length(): number {
    return this.items.length;
  }

  private get parameterCount(): number {
    return this.options.parameterCount ?? this.options.signature?.params.length ?? 0;
  }

  /** Adds an instruction with all its operands. Throws TypeError or RangeError for operands that it cannot have. */
  emit(op: number, ...operands: number[]): void {
    const opcode = this.opcodeOf(op);
    if (isTable(opcode)) throw new TypeError('br_table is added with emitTable');
    this.add(opcode, opcode.operands, operands, UNBOUND);
  }

  /** Adds an instruction that jumps to `target`, with its other operands. */
  emitJump(op: number, target: Label, ...operands: number[]): void {
    const opcode = this.opcodeOf(op);
    const others = opcode.operands.filter((operand) => !isJump(operand));
    if (others.length === opcode.operands.length) throw new TypeError(`${opcode.mnemonic} does not jump`);
    this.add(opcode, others, operands, target);
  }

  /** Adds br_table: to targets[R[register]], or to the last of them. */
  emitTable(op: number, register: number, targets: readonly Label[]): void {
    const opcode = this.opcodeOf(op);
    if (!isTable(opcode) || targets.length === 0) throw new TypeError('only br_table has targets, at least one');
    if (targets.length - 1 > MAX_BX) throw new ModuleError('module.too_large', 'targets of a br_table');
    this.add(opcode, opcode.operands, [register, targets.length - 1], UNBOUND, targets);
  }

  newLabel(): Label {
    return this.places.push(UNBOUND) - 1;
  }

  /** Puts a label in front of the next instruction. */
  bind(label: Label): void {
    if (this.places[label] !== UNBOUND) throw new TypeError(`label ${label} does not exist or has a place already`);
    this.places[label] = this.items.length;
  }

  /** A label in front of the next instruction. */
  here(): Label {
    const label = this.newLabel();
    this.bind(label);
    return label;
  }

  /** Takes the last instruction back; no label may stand behind it. */
  removeLast(): void {
    const end = this.items.length;
    if (end === 0 || this.places.includes(end)) throw new TypeError('no instruction that can be taken back');
    this.items.pop();
    while (this.operandNames[this.operandNames.length - 1]?.item === end - 1) this.operandNames.pop();
  }

  /** The source line of the instructions that follow. */
  line(line: number): void {
    this.currentLine = line;
  }

  /** The last line of the definition. */
  endLine(line: number): void {
    this.lastLine = line;
  }

  /** Says that registers below `count` are used: for runs that instructions imply. Named ones count by themselves. */
  reserveRegisters(count: number): void {
    this.registerCount = Math.max(this.registerCount, count);
  }

  /** Adds an upvalue and returns its index. */
  addUpvalue(source: UpvalueSource): number {
    if (this.upvalues.length === MAXIMUM_UPVALUES) throw new ModuleError('module.too_large', 'upvalues');
    return this.upvalues.push(source) - 1;
  }

  /** Says that `register` holds the local variable `name` from one label up to the other. */
  nameLocal(name: string, register: number, start: Label, end: Label): void {
    this.locals.push({ name, register, start, end });
  }

  /** Says what an operand of the last instruction is called in the source. */
  nameOperand(register: number, kind: string, name: string): void {
    if (this.items.length === 0) throw new TypeError('no instruction to name an operand of');
    this.operandNames.push({ item: this.items.length - 1, register, kind, name });
  }

  /** The function; ModuleBuilder.build calls it. Throws ModuleError when it is too long, TypeError for unbound labels. */
  finish(): FunctionDefinition {
    const { family, name, signature = null, isVararg = false, source = 0, line = 0 } = this.options;
    const positions = this.layOut();
    return {
      family,
      signature,
      parameterCount: this.parameterCount,
      isVararg,
      registerCount: this.registerCount,
      upvalues: [...this.upvalues],
      constants: this.constants.list(),
      code: this.encode(positions),
      debug: {
        name,
        source,
        line,
        lastLine: this.lastLine,
        lines: this.lineEntries(positions),
        locals: this.locals.map(({ name, register, start, end }) => {
          return { name, register, start: this.position(start, positions), end: this.position(end, positions) };
        }),
        operands: this.operandNames.map(({ item, ...rest }): OperandName => ({ pc: positions[item]!, ...rest })),
      },
    };
  }

  private opcodeOf(op: number): Opcode {
    const opcode = this.opcodes[op];
    if (opcode === undefined) throw new TypeError(`no opcode ${op} in the ${this.options.family} family`);
    return opcode;
  }

  private add(
    opcode: Opcode,
    operands: readonly Operand[],
    values: readonly number[],
    target: Label,
    targets = NO_TARGETS,
  ): void {
    if (operands.length !== values.length) throw new TypeError(`${opcode.mnemonic} has ${operands.length} operands`);
    const fields: { [field: string]: number } = {};
    operands.forEach(({ field, kind }, index) => {
      fields[field] = values[index]!;
      if (kind === 'dst' || kind === 'src' || kind === 'use') this.reserveRegisters(values[index]! + 1);
    });
    const word = encodeInstruction(opcode, fields);
    this.items.push({ opcode, word, extra: fields.x ?? 0, target, targets, line: this.currentLine, isFar: false });
  }

  private position(label: Label, positions: readonly number[]): number {
    const place = this.places[label];
    if (place === undefined || place === UNBOUND) throw new TypeError(`label ${label} has no place`);
    return positions[place]!;
  }

  /** The word position of each item and of the end. Lengthens jumps until all reach their targets. */
  private layOut(): number[] {
    for (let round = 1; ; round++) {
      const positions = [0];
      let end = 0;
      for (const item of this.items) positions.push((end += wordsOf(item)));
      if (end > MAXIMUM_FUNCTION_WORDS) throw new ModuleError('module.too_large', 'function', { function: this.index });
      const failing = this.items.filter((item, index) => isShortJump(item) && !this.reaches(item, index, positions));
      if (failing.length === 0) return positions;
      // A source can be made so that each round pushes one more jump out of reach: then all of them go far.
      for (const item of round < MAXIMUM_ROUNDS ? failing : this.items.filter(isShortJump)) item.isFar = true;
    }
  }

  private reaches(item: Item, index: number, positions: readonly number[]): boolean {
    const distance = this.position(item.target, positions) - positions[index]! - item.opcode.length;
    return distance >= REACH.min && distance <= REACH.max;
  }

  private encode(positions: readonly number[]): Int32Array {
    const code = new Int32Array(positions[this.items.length]!);
    this.items.forEach((item, index) => {
      this.encodeItem(item, positions[index]!, positions, code);
    });
    return code;
  }

  private encodeItem(item: Item, start: number, positions: readonly number[], code: Int32Array): void {
    const { opcode, target, targets } = item;
    const end = start + opcode.length;
    code[start] = item.word;
    if (opcode.length === 2) code[start + 1] = encodeExtra(item.extra);
    if (target !== UNBOUND) {
      const distance = this.position(target, positions) - end;
      // A far jump goes to the second of two jumps behind the instruction; the first one steps over it.
      const { word, extra } = encodeJump(opcode, item.isFar ? 1 : distance);
      code[start] |= word;
      if (opcode.length === 2) code[start + 1] = extra;
      if (item.isFar) {
        code[end] = encodeSj(JUMP, 1);
        code[end + 1] = encodeSj(JUMP, distance - FAR_JUMP_WORDS);
      }
    }
    const tableEnd = end + targets.length;
    targets.forEach((label, index) => {
      code[end + index] = encodeExtra(this.position(label, positions) - tableEnd);
    });
  }

  private lineEntries(positions: readonly number[]): LineEntry[] {
    const entries: LineEntry[] = [];
    let last = -1;
    this.items.forEach(({ line }, index) => {
      if (line !== last) entries.push({ pc: positions[index]!, line });
      last = line;
    });
    return entries;
  }
}

function wordsOf({ opcode, targets, isFar }: Item): number {
  return opcode.length + targets.length + (isFar ? FAR_JUMP_WORDS : 0);
}

function isShortJump({ opcode, target, isFar }: Item): boolean {
  return target !== UNBOUND && !isFar && opcode.operands.some(({ kind }) => kind === 'j16');
}

function isJump({ kind }: Operand): boolean {
  return kind === 'j16' || kind === 'j24';
}

function isTable({ mnemonic }: Opcode): boolean {
  return mnemonic === 'br_table';
}

/** The bits of a jump in its instruction's words. */
function encodeJump(opcode: Opcode, distance: number): { word: number; extra: number } {
  const { field } = opcode.operands.find(isJump)!;
  if (field === 'x') return { word: 0, extra: encodeExtra(distance) };
  return { word: encodeInstruction(opcode, { [field]: distance }), extra: 0 };
}
