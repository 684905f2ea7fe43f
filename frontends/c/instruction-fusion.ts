// Makes one instruction of two, where a value has but one reader: multiply and add, compare and branch, count and branch;
// and a value that is only moved is computed where it goes.
import { createInstruction, type Instruction } from './code-list';
import type { Block, FlowGraph } from './flow-graph';
import { FIRST_VIRTUAL, forEachRead, forEachWrite, shapeOfInstruction } from './instruction-shape';
import { inverseBranch } from './jump-optimiser';

/** Fuses in all blocks of `graph`. */
export function fuseInstructions(graph: FlowGraph, registerCount: number): void {
  const readers = countReaders(graph);
  for (const block of graph.blocks) new BlockFusion(block, readers, registerCount).run();
}

/** How often each virtual register is read. */
function countReaders({ blocks }: FlowGraph): Map<number, number> {
  const readers = new Map<number, number>();
  for (const { code } of blocks) {
    for (const instruction of code) {
      forEachRead(instruction, (register) => {
        if (register >= FIRST_VIRTUAL) readers.set(register, (readers.get(register) ?? 0) + 1);
      });
    }
  }
  return readers;
}

/** Comparisons by the branch that they become; swapped ones do not occur. */
const COMPARISON = /^(i32|i64|f64)\.(eqz|eq|ne|lt|le|lt_s|lt_u|le_s|le_u)$/;
/** Loads that can branch on what they load. */
const TESTED_LOAD = /^i32\.load(?:8_[su])?(?:_indexed)?$/;
/** Branches that count, by the branch and the operand that is the counter. */
const COUNTING: Readonly<Record<string, readonly [first: string | undefined, second: string | undefined]>> = {
  'i32.br_eq': ['eq', 'eq'],
  'i32.br_ne': ['ne', 'ne'],
  'i32.br_lt_s': ['lt_s', 'gt_s'],
  'i32.br_le_s': ['le_s', 'ge_s'],
  'i32.br_lt_u': ['lt_u', undefined],
};

class BlockFusion {
  /** What is left of the block so far; undefined where an instruction was fused into a later one. */
  private readonly code: (Instruction | undefined)[] = [];
  /** Where each register was written last in the block. */
  private readonly writtenAt = new Map<number, number>();
  private readonly readAt = new Map<number, number>();
  private lastCall = -1;

  constructor(
    private readonly block: Block,
    private readonly readers: ReadonlyMap<number, number>,
    private readonly registerCount: number,
  ) {}

  run(): void {
    for (const instruction of this.block.code) this.add(this.fused(instruction));
    this.block.code = this.code.filter((instruction) => instruction !== undefined);
  }

  private add(instruction: Instruction | undefined): void {
    if (instruction === undefined) return;
    const index = this.code.push(instruction) - 1;
    forEachRead(instruction, (register) => {
      this.readAt.set(register, index);
    });
    if (shapeOfInstruction(instruction).isCall) this.lastCall = index;
    else {
      forEachWrite(instruction, this.registerCount, (register) => {
        this.writtenAt.set(register, index);
      });
    }
  }

  private fused(instruction: Instruction): Instruction | undefined {
    const { mnemonic, operands } = instruction;
    const [first, second, third] = operands as [number, number, number];
    switch (mnemonic) {
      case 'move':
        return this.moved(instruction);
      case 'i32.add':
      case 'f64.add':
        return (
          this.multiplied(instruction, third, second) ?? this.multiplied(instruction, second, third) ?? instruction
        );
      case 'f64.sub':
        return this.multiplied(instruction, third, second) ?? instruction;
      case 'br_if':
      case 'br_unless':
        return this.loaded(instruction, first) ?? this.compared(instruction, first) ?? instruction;
      default:
        if (shapeOfInstruction(instruction).stores > 0) this.stored(instruction);
        return this.counted(instruction) ?? instruction;
    }
  }

  /** Where in the block the virtual `register`, read by the next instruction alone, was computed from what is still there. */
  private producer(register: number): number | undefined {
    if (register < FIRST_VIRTUAL || this.readers.get(register) !== 1) return undefined;
    const index = this.writtenAt.get(register);
    const producer = index === undefined ? undefined : this.code[index];
    if (producer === undefined || index! < this.lastCall) return undefined;
    let isThere = true;
    forEachRead(producer, (source) => {
      if ((this.writtenAt.get(source) ?? -1) > index!) isThere = false;
    });
    return isThere ? index : undefined;
  }

  /** A store of a byte or two need not wait for its value to be cut to that. */
  private stored(store: Instruction): void {
    const index = this.producer(store.operands[0]!);
    const narrowing = index === undefined ? undefined : this.code[index];
    if (narrowing === undefined || !isNarrowing(narrowing, shapeOfInstruction(store).stores)) return;
    store.operands[0] = narrowing.operands[1]!;
    this.take(index!);
  }

  private take(index: number): void {
    this.code[index] = undefined;
  }

  /** `instruction` adds `product` to `other`: one instruction that multiplies too. */
  private multiplied(instruction: Instruction, product: number, other: number): Instruction | undefined {
    const index = this.producer(product);
    if (index === undefined) return undefined;
    const { mnemonic, operands } = this.code[index]!;
    const [, left, right] = operands as [number, number, number];
    const [destination] = instruction.operands as [number];
    const replace = (name: string, values: number[]) => {
      this.take(index);
      return createInstruction(name, values, instruction.token);
    };
    if (mnemonic === 'i32.mul' && instruction.mnemonic === 'i32.add') {
      return replace('i32.mul_add', [destination, left, right, other]);
    }
    if (mnemonic === 'i32.shl_imm' && instruction.mnemonic === 'i32.add') {
      return replace('i32.shl_add', [destination, left, other, right]);
    }
    if (mnemonic === 'f64.mul' && instruction.mnemonic.startsWith('f64.')) {
      const name = instruction.mnemonic === 'f64.add' ? 'f64.mul_add' : 'f64.mul_sub';
      return replace(name, [destination, left, right, other]);
    }
    return undefined;
  }

  /** A branch on what the instruction in front of it has loaded into `register`: one that loads itself. */
  private loaded(branch: Instruction, register: number): Instruction | undefined {
    const load = this.code[this.code.length - 1];
    if (load === undefined || load.operands[0] !== register || !TESTED_LOAD.test(load.mnemonic)) return undefined;
    this.take(this.code.length - 1);
    return createInstruction(`${load.mnemonic}_${branch.mnemonic}`, load.operands, load.token, branch.target);
  }

  /** A branch on the truth in `register`: one that compares itself. */
  private compared(branch: Instruction, register: number): Instruction | undefined {
    const index = this.producer(register);
    const made = index === undefined ? undefined : comparingBranch(this.code[index]!, branch);
    if (made === undefined) return undefined;
    const result = branch.mnemonic === 'br_if' ? made : inverseBranch(made, branch.target!);
    if (result !== undefined) this.take(index!);
    return result;
  }

  /** A branch behind the step of a counter: one that counts itself. */
  private counted(branch: Instruction): Instruction | undefined {
    const names = COUNTING[branch.mnemonic];
    if (names === undefined) return undefined;
    const [first, second] = branch.operands as [number, number];
    return this.steppedBy(branch, first, second, names[0]) ?? this.steppedBy(branch, second, first, names[1]);
  }

  private steppedBy(
    branch: Instruction,
    counter: number,
    bound: number,
    name: string | undefined,
  ): Instruction | undefined {
    const index = this.writtenAt.get(counter);
    const step = index === undefined ? undefined : this.code[index];
    if (name === undefined || step === undefined || counter === bound || index! < this.lastCall) return undefined;
    const isMovable =
      (this.readAt.get(counter) ?? -1) <= index! && step.operands[0] === counter && step.operands[1] === counter;
    if (!isMovable) return undefined;
    const [, , distance] = step.operands as [number, number, number];
    if (step.mnemonic === 'i32.add_imm') {
      this.take(index!);
      return createInstruction(`i32.add_imm_br_${name}`, [counter, distance, bound], branch.token, branch.target);
    }
    const isSum = step.mnemonic === 'i32.add' && (name === 'lt_s' || name === 'le_s') && distance !== counter;
    if (!isSum || (this.writtenAt.get(distance) ?? -1) > index!) return undefined;
    this.take(index!);
    return createInstruction(`i32.add_br_${name}`, [counter, distance, bound], branch.token, branch.target);
  }

  /** A move of a value that nothing else reads: it is computed in its place. */
  private moved(move: Instruction): Instruction | undefined {
    const [to, from] = move.operands as [number, number];
    if (to === from) return undefined;
    if (from < FIRST_VIRTUAL || this.readers.get(from) !== 1) return move;
    const index = this.writtenAt.get(from);
    const writer = index === undefined ? undefined : this.code[index];
    const isBusy = Math.max(this.readAt.get(to) ?? -1, this.writtenAt.get(to) ?? -1) > (index ?? 0);
    if (writer === undefined || isBusy || index! < this.lastCall) return move;
    const { destination } = shapeOfInstruction(writer);
    if (destination < 0 || writer.operands[destination] !== from) return move;
    writer.operands[destination] = to;
    this.writtenAt.set(to, index!);
    return undefined;
  }
}

/** Whether `instruction` keeps the low `bytes` bytes as they are. */
function isNarrowing({ mnemonic, operands }: Instruction, bytes: number): boolean {
  if (mnemonic === 'i32.extend16_s') return bytes <= 2;
  return bytes === 1 && (mnemonic === 'i32.extend8_s' || (mnemonic === 'i32.and_imm' && operands[2] === 255));
}

/** The branch to where `branch` goes when `comparison` is true. */
function comparingBranch(comparison: Instruction, { token, target }: Instruction): Instruction | undefined {
  const { mnemonic, operands } = comparison;
  const [, left, right] = operands as [number, number, number];
  if (mnemonic === 'i32.and_imm') return createInstruction('i32.br_any_imm', [left, right], token, target);
  const [, type, name] = COMPARISON.exec(mnemonic) ?? [];
  if (type === undefined) return undefined;
  if (name !== 'eqz') return createInstruction(`${type}.br_${name}`, [left, right], token, target);
  return createInstruction(type === 'i64' ? 'i64.br_unless' : 'br_unless', [left], token, target);
}
