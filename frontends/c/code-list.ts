// The instructions of one function while it is being generated: symbolic, so that the prologue can be completed at
// the end and the last instruction be changed. What cannot be reached is never added.
import type { Token } from './token';

/** A place in the code. */
export interface Label {
  /** Some jump goes there. */
  isUsed: boolean;
  isPlaced: boolean;
}

/** One instruction: its mnemonic, register and immediate operands in the table's order, and where it jumps. */
export interface Instruction {
  mnemonic: string;
  operands: number[];
  /** The last operand is this jump. */
  target: Label | undefined;
  /** The targets of a br_table, the default last. */
  targets: readonly Label[] | undefined;
  /** What a pool constant, a call or a name operand is about; appended to the operands by the emitter. */
  constant: PoolConstant | undefined;
  /** Of a call: how many registers from the first operand on are its arguments. */
  argumentCount: number;
  token: Token;
}

/** A constant of 64 bits. */
export type PoolConstant = { kind: 'integer'; low: number; high: number } | { kind: 'float'; value: number };

export function createInstruction(mnemonic: string, operands: number[], token: Token, target?: Label): Instruction {
  return { mnemonic, operands, target, targets: undefined, constant: undefined, argumentCount: 0, token };
}

export type CodeItem = Instruction | Label;

export function isLabel(item: CodeItem): item is Label {
  return 'isPlaced' in item;
}

/** The code of a function in the making. */
export class CodeList {
  readonly items: CodeItem[] = [];
  isReachable = true;
  token!: Token;
  /** What all instructions belong to while it is set, whatever `token` says. */
  fixedToken: Token | undefined;

  createLabel(): Label {
    return { isUsed: false, isPlaced: false };
  }

  place(label: Label): void {
    label.isPlaced = true;
    const last = this.last();
    if (last?.mnemonic === 'jump' && last.target === label) this.items.pop();
    this.items.push(label);
    this.isReachable = true;
  }

  /** Places a label that only earlier code can have jumped to: if none has, it is not there. */
  placeForward(label: Label): void {
    if (label.isUsed) this.place(label);
  }

  add(mnemonic: string, ...operands: number[]): Instruction {
    return this.push(mnemonic, operands, undefined);
  }

  addConstant(register: number, constant: PoolConstant): void {
    this.push('const', [register], undefined).constant = constant;
  }

  /** A conditional jump. */
  branch(mnemonic: string, operands: number[], target: Label): void {
    if (this.isReachable) target.isUsed = true;
    this.push(mnemonic, operands, target);
  }

  jump(target: Label): void {
    this.branch('jump', [], target);
    this.isReachable = false;
  }

  table(register: number, targets: readonly Label[]): void {
    if (this.isReachable) for (const target of targets) target.isUsed = true;
    this.push('br_table', [register], undefined).targets = targets;
    this.isReachable = false;
  }

  /** An instruction behind which control does not go on. */
  terminate(mnemonic: string, ...operands: number[]): void {
    this.push(mnemonic, operands, undefined);
    this.isReachable = false;
  }

  /** The instruction added last, if control came through it and no label stands behind it. */
  last(): Instruction | undefined {
    const item = this.items[this.items.length - 1];
    return item === undefined || isLabel(item) ? undefined : item;
  }

  private push(mnemonic: string, operands: number[], target: Label | undefined): Instruction {
    const instruction = createInstruction(mnemonic, operands, this.fixedToken ?? this.token, target);
    if (this.isReachable) this.items.push(instruction);
    return instruction;
  }
}
