// A module as assembly text, for people, golden files and the assembler, which makes the same module of it again (of
// any that the verifier accepts, debug information included). Computed from the opcode table.
import { formatFloat, formatInteger, OPERAND_PREFIXES, quoteBytes, quoteName } from './assembly-text';
import { type Instruction, isBranchTable, isCanonical, jumpTargets, readInstruction } from './code-walk';
import { EXTRA, opcodesOf } from './encoding';
import { trapDefinition } from './errors';
import type { Constant, FunctionDefinition, LineEntry, Module, OperandName, Signature } from './module';
import { OPCODE_VERSION, type Operand } from './opcodes';

export interface DisassembleOptions {
  /** Leaves out lines, names of locals and operands, and versions: for golden files. Default false. */
  readonly compact?: boolean;
}

const MNEMONIC_WIDTH = 16;
const COMMENT_COLUMN = 44;
const DATA_BYTES_A_LINE = 48;
const SHOWN_STRING_BYTES = 40;

/** The module as text, lines ended by `\n`. */
export function disassembleModule(module: Module, options: DisassembleOptions = {}): string {
  const isFull = options.compact !== true;
  const { language, sources, signatures, syscalls, intrinsics, table, memory, entry, initialiser } = module;
  const lines = [`.module ${quoteName(language)}`];
  if (isFull) lines.push(`.opcodes ${OPCODE_VERSION}`);
  for (const source of sources) lines.push(`.source ${quoteName(source)}`);
  signatures.forEach((signature, index) => {
    lines.push(withComment(`.signature ${formatSignature(signature)}`, `${index}`));
  });
  syscalls.forEach((name, index) => {
    lines.push(withComment(`.syscall ${quoteName(name)}`, `s${index}`));
  });
  intrinsics.forEach((name, index) => {
    lines.push(withComment(`.intrinsic ${quoteName(name)}`, `i${index}`));
  });
  if (table.length > 0) lines.push(`.table ${table.map((index) => (index < 0 ? '-' : `f${index}`)).join(' ')}`);
  if (memory !== null) {
    lines.push(`.memory ${memory.dataEnd} ${memory.stackBytes}`);
    for (const { address, bytes } of memory.segments) pushData(lines, address, bytes);
  }
  if (entry !== null) lines.push(`.entry f${entry}`);
  if (initialiser !== null) lines.push(`.initialiser f${initialiser}`);
  const functions = module.functions.map((_, index) => `\n${disassembleFunction(module, index, options)}`);
  return `${lines.join('\n')}\n${functions.join('')}`;
}

/** One function as text, as it stands in its module's. */
export function disassembleFunction(module: Module, index: number, options: DisassembleOptions = {}): string {
  return `${new FunctionDisassembler(module, index, options.compact !== true).lines().join('\n')}\n`;
}

function formatSignature({ params, results }: Signature): string {
  return `(${params.join(', ')}) -> (${results.join(', ')})`;
}

function pushData(lines: string[], address: number, bytes: Uint8Array): void {
  lines.push(`.data ${address} ${quoteBytes(bytes.subarray(0, DATA_BYTES_A_LINE))}`);
  for (let start = DATA_BYTES_A_LINE; start < bytes.length; start += DATA_BYTES_A_LINE) {
    lines.push(`  .bytes ${quoteBytes(bytes.subarray(start, start + DATA_BYTES_A_LINE))}`);
  }
}

function formatConstant(constant: Constant): string {
  switch (constant.kind) {
    case 'nil':
      return 'nil';
    case 'boolean':
      return `${constant.value}`;
    case 'integer':
      return `integer ${formatInteger(constant.low, constant.high)}`;
    case 'float':
      return `float ${formatFloat(constant.value)}`;
    case 'string':
    case 'text':
      return `${constant.kind} ${quoteBytes(constant.bytes)}`;
  }
}

/** A constant as a comment shows it: long strings are cut off. */
function describeConstant(constant: Constant | undefined): string {
  if (constant === undefined) return '?';
  if (constant.kind !== 'string' && constant.kind !== 'text') return formatConstant(constant).replace(/^\w+ /, '');
  const { bytes } = constant;
  return `${quoteBytes(bytes.subarray(0, SHOWN_STRING_BYTES))}${bytes.length > SHOWN_STRING_BYTES ? '...' : ''}`;
}

function withComment(text: string, comment: string): string {
  return comment === '' ? text : `${text.padEnd(COMMENT_COLUMN - 1)} ; ${comment}`;
}

class FunctionDisassembler {
  private readonly definition: FunctionDefinition;
  private readonly instructions: (Instruction | number)[] = [];
  private readonly labels = new Map<number, string>();

  constructor(
    private readonly module: Module,
    private readonly index: number,
    private readonly isFull: boolean,
  ) {
    this.definition = module.functions[index]!;
    this.readInstructions();
    this.findLabels();
  }

  lines(): string[] {
    const { family, signature, debug, code } = this.definition;
    const types = signature === null ? '' : ` ${formatSignature(signature)}`;
    const lines = [withComment(`.function ${family} ${quoteName(debug.name)}${types}`, `f${this.index}`)];
    this.pushFrame(lines);
    const lineEntries = new Map(debug.lines.map((entry): [number, LineEntry] => [entry.pc, entry]));
    const names = groupByPc(debug.operands);
    let pc = 0;
    for (const instruction of this.instructions) {
      const line = lineEntries.get(pc);
      if (this.isFull && line !== undefined) lines.push(`  .line ${line.line}`);
      const label = this.labels.get(pc);
      if (label !== undefined) lines.push(`${label}:`);
      lines.push(this.formatInstruction(instruction, pc));
      if (this.isFull) for (const name of names.get(pc) ?? []) lines.push(formatOperandName(name));
      pc += typeof instruction === 'number' ? 1 : instruction.length;
    }
    const end = this.labels.get(code.length);
    if (end !== undefined) lines.push(`${end}:`);
    return lines;
  }

  private pushFrame(lines: string[]): void {
    const { signature, parameterCount, isVararg, registerCount, upvalues, constants, debug } = this.definition;
    lines.push(`  .registers ${registerCount}`);
    if (parameterCount !== (signature?.params.length ?? 0)) lines.push(`  .parameters ${parameterCount}`);
    if (isVararg) lines.push('  .vararg');
    upvalues.forEach(({ fromRegister, index, name }, number) => {
      lines.push(withComment(`  .upvalue ${fromRegister ? 'r' : 'u'}${index} ${quoteName(name)}`, `u${number}`));
    });
    constants.forEach((constant, number) => {
      lines.push(withComment(`  .constant ${formatConstant(constant)}`, `k${number}`));
    });
    if (!this.isFull) return;
    lines.push(`  .defined ${debug.source} ${debug.line} ${debug.lastLine}`);
    for (const { name, register, start, end } of debug.locals) {
      lines.push(`  .local r${register} ${quoteName(name)} ${start} ${end}`);
    }
  }

  /** Words that are no instruction, or not in the one form that it has, stay words. */
  private readInstructions(): void {
    const { code, family } = this.definition;
    const opcodes = opcodesOf(family);
    for (let pc = 0; pc < code.length; ) {
      const instruction = readInstruction(code, pc, opcodes);
      const isPlain = instruction !== null && instruction.opcode.number !== EXTRA && isCanonical(instruction, code);
      this.instructions.push(isPlain ? instruction : code[pc]!);
      pc += isPlain ? instruction.length : 1;
    }
  }

  private findLabels(): void {
    const { code } = this.definition;
    const starts = new Set<number>([code.length]);
    const targets = new Set<number>();
    let pc = 0;
    for (const instruction of this.instructions) {
      starts.add(pc);
      pc += typeof instruction === 'number' ? 1 : instruction.length;
      if (typeof instruction !== 'number') for (const target of jumpTargets(instruction, code)) targets.add(target);
    }
    for (const target of [...targets].sort((left, right) => left - right)) {
      if (starts.has(target)) this.labels.set(target, `L${this.labels.size + 1}`);
    }
  }

  private formatInstruction(instruction: Instruction | number, pc: number): string {
    if (typeof instruction === 'number') return `    .word 0x${(instruction >>> 0).toString(16).padStart(8, '0')}`;
    const { opcode } = instruction;
    const operands = isBranchTable(opcode) ? this.tableOperands(instruction) : this.operands(instruction, pc);
    const text = `    ${opcode.mnemonic.padEnd(MNEMONIC_WIDTH)} ${operands.join(', ')}`.trimEnd();
    return withComment(text, this.comment(instruction));
  }

  private tableOperands(instruction: Instruction): string[] {
    const end = instruction.pc + instruction.length;
    const targets = jumpTargets(instruction, this.definition.code);
    return [`r${instruction.operands[0]}`, ...targets.map((target) => this.formatTarget(target, end))];
  }

  private operands({ opcode, operands, length }: Instruction, pc: number): string[] {
    return opcode.operands.map(({ kind }, index) => {
      const value = operands[index]!;
      if (kind === 'j16' || kind === 'j24') return this.formatTarget(pc + length + value, pc + length);
      return `${OPERAND_PREFIXES[kind] ?? ''}${value}`;
    });
  }

  private formatTarget(target: number, from: number): string {
    return this.labels.get(target) ?? (target < from ? `${target - from}` : `+${target - from}`);
  }

  private comment({ opcode, operands }: Instruction): string {
    const comments = opcode.operands.map((operand, index) => this.describe(opcode.mnemonic, operand, operands[index]!));
    return comments.filter((comment) => comment !== '').join(', ');
  }

  private describe(mnemonic: string, { kind }: Operand, value: number): string {
    const { module, definition } = this;
    const named = (name: string | undefined): string => (name === undefined ? '?' : quoteName(name));
    switch (kind) {
      case 'k8':
      case 'k16':
        return describeConstant(definition.constants[value]);
      case 'up':
        return named(definition.upvalues[value]?.name);
      case 'fn':
        return named(module.functions[value]?.debug.name);
      case 'sys':
        return named(module.syscalls[value]);
      case 'intr':
        return named(module.intrinsics[value]);
      case 'trap':
        return trapDefinition(value).message;
      case 'x24': {
        const signature = mnemonic === 'call_indirect' ? module.signatures[value] : undefined;
        return signature === undefined ? '' : formatSignature(signature);
      }
      default:
        return '';
    }
  }
}

function groupByPc(names: readonly OperandName[]): Map<number, OperandName[]> {
  const groups = new Map<number, OperandName[]>();
  for (const name of names) {
    const group = groups.get(name.pc);
    if (group === undefined) groups.set(name.pc, [name]);
    else group.push(name);
  }
  return groups;
}

function formatOperandName({ register, kind, name }: OperandName): string {
  return `      .name ${register} ${/^[a-z]+$/.test(kind) ? kind : quoteName(kind)} ${quoteName(name)}`;
}
