// Instructions of one function on their way into words: mnemonics and operands in, jumps to labels, lines, names of
// operands; encoding and jump distances at the end. It knows the opcode table, but not what instructions mean.
import {
  type Constant,
  encodeExtra,
  encodeInstruction,
  type LineEntry,
  type OperandName,
  VALUE_OPCODES,
} from '../../vm/index';
import { ConstantPool } from './constant-pool';
import type { ValueName } from './operand-names';

const OPCODES = new Map(VALUE_OPCODES.map((opcode) => [opcode.mnemonic, opcode]));

type Opcode = (typeof VALUE_OPCODES)[number];

/** Operands by field; `k` is a constant for a `k16` field. */
export interface Operands {
  a?: number;
  b?: number;
  c?: number;
  bx?: number;
  x?: number;
  k?: Constant;
  /** Label of a jump's target. */
  target?: number;
}

interface Item {
  readonly opcode: Opcode;
  readonly operands: Operands;
  readonly line: number;
  readonly names: { register: number; name: { kind: string; name: string } }[];
  /** A jump that does not reach its target from a field of 16 bits: a jump with 24 bits goes there instead. */
  isFar: boolean;
}

/** Encoded code with what belongs to it. */
export interface FinishedCode {
  readonly code: Int32Array;
  readonly constants: readonly Constant[];
  readonly lines: readonly LineEntry[];
  readonly operandNames: readonly OperandName[];
  /** Word pc of each label. */
  readonly labels: readonly number[];
}

const FAR_JUMP_WORDS = 2;
const REACH = 0x7fff;
const MAX_ROUNDS = 8;

/** Collects the instructions of one function. */
export class CodeBuffer {
  readonly constants = new ConstantPool();
  line = 0;
  private readonly items: Item[] = [];
  /** Index of the item in front of which a label stands. */
  private readonly labels: number[] = [];

  /** Number of instructions so far. */
  get length(): number {
    return this.items.length;
  }

  /** Puts a label in front of the next instruction. */
  placeLabel(label: number): void {
    this.labels[label] = this.items.length;
  }

  emit(mnemonic: string, operands: Operands = {}): void {
    const opcode = OPCODES.get(mnemonic);
    if (opcode === undefined) throw new TypeError(`no such opcode: ${mnemonic}`);
    this.items.push({ opcode, operands, line: this.line, names: [], isFar: false });
  }

  /** Says what `register` is called, should the last instruction complain about it. */
  nameOperand(register: number, name: ValueName | { kind: string; name: string } | null): void {
    if (name !== null) this.items[this.items.length - 1]!.names.push({ register, name });
  }

  /** Takes the last instruction back. */
  removeLast(): void {
    this.items.pop();
  }

  finish(): FinishedCode {
    for (const { operands } of this.items) if (operands.k !== undefined) this.constants.addLong(operands.k);
    const positions = this.layOut();
    const words = new Int32Array(positions[this.items.length]!);
    for (const [index, item] of this.items.entries()) words.set(this.encode(item, index, positions), positions[index]!);
    return {
      code: words,
      constants: this.constants.finish(),
      lines: this.lineEntries(positions),
      operandNames: this.items.flatMap(({ names }, index) =>
        names.map(({ register, name }) => ({ pc: positions[index]!, register, kind: name.kind, name: name.name })),
      ),
      labels: this.labels.map((index) => positions[index]!),
    };
  }

  /** The word position of each item and of the end; lengthens jumps until all reach their targets. */
  private layOut(): number[] {
    for (let round = 1; ; round++) {
      const positions = [0];
      for (const { opcode, isFar } of this.items) {
        positions.push(positions[positions.length - 1]! + opcode.length + (isFar ? FAR_JUMP_WORDS : 0));
      }
      const tooFar = this.items.filter((item, index) => this.isTooFar(item, index, positions));
      if (tooFar.length === 0) return positions;
      // A source can be made so that each round pushes one more jump out of reach: then all of them go far.
      for (const item of round < MAX_ROUNDS ? tooFar : this.items.filter(hasShortJump)) item.isFar = true;
    }
  }

  private isTooFar(item: Item, index: number, positions: readonly number[]): boolean {
    if (item.isFar || item.operands.target === undefined) return false;
    if (!hasShortJump(item)) return false;
    return Math.abs(this.distance(item, positions[index]! + 1, positions)) > REACH;
  }

  private distance({ operands }: Item, from: number, positions: readonly number[]): number {
    return positions[this.labels[operands.target!]!]! - from;
  }

  private encode(item: Item, index: number, positions: readonly number[]): number[] {
    const { opcode, operands } = item;
    const end = positions[index]! + opcode.length;
    const fields: Operands & { sj?: number } = { ...operands };
    if (operands.k !== undefined) fields.bx = this.constants.longIndex(operands.k);
    const jumpField = opcode.operands.find(({ kind }) => kind === 'j16' || kind === 'j24')?.field;
    if (operands.target !== undefined && jumpField !== undefined) {
      // A far jump goes on behind a jump that steps over the long one.
      const distance = item.isFar ? 1 : this.distance(item, end, positions);
      (fields as Record<string, unknown>)[jumpField] = distance;
    }
    const words = [encodeInstruction(opcode, fields)];
    if (opcode.length === 2) words.push(encodeExtra(fields.x ?? 0));
    if (item.isFar) {
      const jump = OPCODES.get('jump')!;
      words.push(encodeInstruction(jump, { sj: 1 }));
      words.push(encodeInstruction(jump, { sj: this.distance(item, end + FAR_JUMP_WORDS, positions) }));
    }
    return words;
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

function hasShortJump({ opcode }: Item): boolean {
  return opcode.operands.some(({ kind }) => kind === 'j16');
}
