// Value numbering: what has been computed or loaded already is not computed again, copies are not read where the original
// is still there, and addresses are reached from others by an offset. In blocks and in what follows on them alone.
import type { Instruction } from './code-list';
import type { Block, FlowGraph } from './flow-graph';
import { fitsSigned16 } from './generation';
import { FIRST_VIRTUAL, type Shape, shapeOfInstruction } from './instruction-shape';
import { formOfAddress, formOfResult, indexShift, isNearAccess, type LinearForm } from './linear-form';
import { Counter, type KnownMemory, ValueTable } from './value-table';

const LARGEST_OFFSET = 255;
const COMMUTATIVE: ReadonlySet<string> = new Set(
  ['i32', 'i64', 'f32', 'f64'].flatMap((type) =>
    ['add', 'mul', 'and', 'or', 'xor', 'eq', 'ne'].map((name) => `${type}.${name}`),
  ),
);

/** Removes what is redundant from `graph`, whose registers below `registerCount` are not virtual. */
export function numberValues(graph: FlowGraph, registerCount: number): void {
  const counter = new Counter();
  const tables = new Map<Block, ValueTable>();
  const visit = (block: Block) => {
    const [only, other] = block.predecessors;
    const before = only !== undefined && other === undefined ? tables.get(only) : undefined;
    const table = before === undefined ? new ValueTable(counter) : before.extend();
    tables.set(block, table);
    const numbering = new BlockNumbering(table, registerCount);
    for (const instruction of block.code) numbering.rewrite(instruction);
  };
  for (const block of orderOf(graph)) visit(block);
}

/** The blocks, those with one predecessor behind it. */
function orderOf(graph: FlowGraph): Block[] {
  const order: Block[] = [];
  const seen = new Set<Block>();
  const follow = (start: Block) => {
    const waiting = [start];
    for (let block = waiting.pop(); block !== undefined; block = waiting.pop()) {
      if (seen.has(block)) continue;
      seen.add(block);
      order.push(block);
      for (const successor of block.successors) if (successor.predecessors.length === 1) waiting.push(successor);
    }
  };
  const [entry] = graph.blocks;
  for (const block of graph.blocks) if (block === entry || block.predecessors.length !== 1) follow(block);
  for (const block of graph.blocks) follow(block);
  return order;
}

class BlockNumbering {
  private readonly formOf = (register: number): LinearForm => this.table.formOf(this.table.valueOf(register));

  constructor(
    private readonly table: ValueTable,
    private readonly registerCount: number,
  ) {}

  rewrite(instruction: Instruction): void {
    const { table } = this;
    const shape = shapeOfInstruction(instruction);
    const { operands } = instruction;
    for (const index of shape.sources) operands[index] = this.originalOf(operands[index]!);
    if (shape.loads > 0 || shape.stores > 0) this.rewriteAddress(instruction);
    if (shape.loads > 0) this.load(instruction, shape);
    else if (shape.isComputed) this.compute(instruction, shape);
    else if (shape.destination >= 0) table.setValue(operands[shape.destination]!, table.newValue());
    for (const index of shape.changed) table.setValue(operands[index]!, table.newValue());
    if (shape.stores > 0) this.store(instruction, shape);
    else if (shape.isCall) table.call(operands[0]!, this.registerCount);
    else if (shape.destination < 0 && shape.changed.length > 0) table.memory = [];
  }

  /** The register to read in place of a temporary one: that which had its value first. */
  private originalOf(register: number): number {
    if (register < FIRST_VIRTUAL) return register;
    return this.table.holderOf(this.table.valueOf(register)) ?? register;
  }

  // --- computations ---

  private compute(instruction: Instruction, shape: Shape): void {
    const { table } = this;
    const { mnemonic, operands } = instruction;
    const destination = operands[shape.destination]!;
    if (mnemonic === 'move') {
      table.setValue(destination, table.valueOf(operands[1]!));
      return;
    }
    const form = formOfResult(instruction, this.formOf);
    if (form !== undefined && form.terms.length === 0 && fitsSigned16(form.offset) && !isConstant(instruction)) {
      instruction.mnemonic = 'i32.const';
      instruction.operands = [destination, form.offset];
    }
    const key =
      form === undefined
        ? this.keyOf(instruction, shape)
        : `${mnemonic === 'const' ? 'wide' : ''}${form.key}:${form.offset}`;
    const known = form !== undefined && this.isSymbol(form) ? form.terms[0]![0] : table.expression(key);
    if (known !== undefined) {
      const holder = table.holderOf(known);
      if (holder !== undefined && !isConstant(instruction)) becomeMove(instruction, holder);
      table.setValue(destination, known);
      return;
    }
    const value = table.newValue();
    table.setExpression(key, value);
    if (form !== undefined) table.setForm(value, form);
    table.setValue(destination, value);
  }

  /** A value that is nothing but another one. */
  private isSymbol({ offset, terms }: LinearForm): boolean {
    return offset === 0 && terms.length === 1 && terms[0]![1] === 1;
  }

  private keyOf({ mnemonic, operands, constant }: Instruction, { sources }: Shape): string {
    if (constant !== undefined) return constantKey(constant);
    const parts = operands.slice(1);
    for (const index of sources) parts[index - 1] = this.table.valueOf(operands[index]!);
    if (COMMUTATIVE.has(mnemonic)) parts.sort((left, right) => left - right);
    return `${mnemonic} ${parts.join(' ')}`;
  }

  // --- memory ---

  /** Reaches the address by an offset from a value that differs from it by a constant, if there is one. */
  private rewriteAddress(instruction: Instruction): void {
    const { table } = this;
    const form = formOfAddress(instruction, this.formOf);
    if (form === undefined || form.terms.length === 0) return;
    const isIndexed = indexShift(instruction) !== undefined;
    for (const value of table.relativesOf(form)) {
      const distance = (form.offset - table.formOf(value).offset) | 0;
      const holder = distance >= 0 && distance <= LARGEST_OFFSET ? table.holderOf(value) : undefined;
      if (holder === undefined) continue;
      if (isIndexed) instruction.mnemonic = instruction.mnemonic.replace('_indexed', '');
      else if (holder === instruction.operands[1]) return;
      instruction.operands = [instruction.operands[0]!, holder, distance];
      return;
    }
  }

  private placeOf(instruction: Instruction, bytes: number): Omit<KnownMemory, 'value'> | undefined {
    const { mnemonic, operands } = instruction;
    if (mnemonic.endsWith('_static')) return { mnemonic, base: 0, offset: operands[1]! * 4, bytes };
    if (isNearAccess(instruction)) {
      const { offset, key, terms } = this.formOf(operands[1]!);
      if (key === '') return { mnemonic, base: 0, offset: offset + operands[2]!, bytes };
      const [term] = terms;
      // The base is a number for the unknown part: the value whose form it is, or the first relative's.
      const base = terms.length === 1 && term![1] === 1 ? term![0] : this.table.relativesOf({ offset, key, terms })[0]!;
      return { mnemonic, base, offset: offset + operands[2]!, bytes };
    }
    return undefined;
  }

  private load(instruction: Instruction, { loads, destination }: Shape): void {
    const { table } = this;
    const { operands } = instruction;
    const place = this.placeOf(instruction, loads);
    const key = place === undefined ? this.indexedKey(instruction) : '';
    const name = loadName(instruction.mnemonic);
    const known = table.memory.find((memory) =>
      place === undefined
        ? memory.mnemonic === key
        : memory.base === place.base && memory.offset === place.offset && memory.mnemonic === name,
    );
    const holder = known === undefined ? undefined : table.holderOf(known.value);
    if (known !== undefined && holder !== undefined) {
      becomeMove(instruction, holder);
      table.setValue(operands[destination]!, known.value);
      return;
    }
    const value = table.newValue();
    table.setValue(operands[destination]!, value);
    if (place !== undefined) table.remember({ ...place, mnemonic: name, value });
    else table.remember({ mnemonic: key, base: UNKNOWN_BASE, offset: 0, bytes: loads, value });
  }

  /** A store: forgets what it may have overwritten, and knows what is there now. */
  private store(instruction: Instruction, { stores }: Shape): void {
    const { table } = this;
    const place = this.placeOf(instruction, stores);
    table.memory = table.memory.filter((known) => place !== undefined && areApart(known, place));
    const stored = STORED_AS[instruction.mnemonic.replace('_static', '').replace('_indexed', '')];
    if (stored === undefined) return;
    const value = table.valueOf(instruction.operands[0]!);
    if (place !== undefined) table.remember({ ...place, mnemonic: stored, value });
    else
      table.remember({ mnemonic: this.indexedKey(instruction), base: UNKNOWN_BASE, offset: 0, bytes: stores, value });
  }

  private indexedKey({ mnemonic, operands }: Instruction): string {
    const [, base, index] = operands as [number, number, number];
    return `${mnemonic.replace('store', 'load')} ${this.table.valueOf(base)} ${this.table.valueOf(index)}`;
  }
}

const UNKNOWN_BASE = -1;
/** What a store of a whole register reads again. */
const STORED_AS: Readonly<Record<string, string>> = { 'i32.store': 'i32.load', 'i64.store': 'i64.load' };

function loadName(mnemonic: string): string {
  return mnemonic.replace('_static', '');
}

/** Whether two places have no byte in common. */
function areApart(left: KnownMemory, right: Omit<KnownMemory, 'value'>): boolean {
  if (left.base !== right.base || left.base === UNKNOWN_BASE) return false;
  return left.offset + left.bytes <= right.offset || right.offset + right.bytes <= left.offset;
}

function isConstant({ mnemonic }: Instruction): boolean {
  return mnemonic === 'const' || mnemonic === 'i32.const' || mnemonic === 'i64.const';
}

function constantKey(constant: NonNullable<Instruction['constant']>): string {
  if (constant.kind === 'integer') return `integer ${constant.high}:${constant.low}`;
  return `float ${Object.is(constant.value, -0) ? '-0' : constant.value}`;
}

function becomeMove(instruction: Instruction, from: number): void {
  instruction.mnemonic = 'move';
  instruction.operands = [instruction.operands[0]!, from];
  instruction.constant = undefined;
}
