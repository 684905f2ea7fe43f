// One function of assembly text: its directives, labels and instructions.
import { OPERAND_PREFIXES, parseFloatText, parseInteger } from './assembly-text';
import { isBranchTable } from './code-walk';
import { encodeExtra, encodeInstruction, findOpcode, MAX_BX, MAX_SJ, MIN_SJ, operandRange } from './encoding';
import type { LineParser } from './line-parser';
import type {
  Constant,
  FunctionDefinition,
  LineEntry,
  LocalName,
  OperandName,
  Signature,
  UpvalueSource,
} from './module';
import type { Opcode, Operand } from './opcodes';

/** A jump whose distance is known once all labels are. */
interface Jump {
  readonly label: string;
  readonly opcode: Opcode;
  /** Of a br_table's word null. */
  readonly operand: Operand | null;
  /** Its word, and the word that the distance is counted from. */
  readonly at: number;
  readonly from: number;
  readonly line: LineParser;
}

/** Collects the lines of one function. Throws ModuleError `module.syntax`. */
export class FunctionAssembler {
  private readonly family: FunctionDefinition['family'];
  private readonly name: string;
  private readonly signature: Signature | null;
  private parameterCount: number;
  private registerCount = 1;
  private isVararg = false;
  private readonly upvalues: UpvalueSource[] = [];
  private readonly constants: Constant[] = [];
  private readonly words: number[] = [];
  private readonly labels = new Map<string, number>();
  private readonly jumps: Jump[] = [];
  private source = 0;
  private line = 0;
  private lastLine = 0;
  private readonly lines: LineEntry[] = [];
  private readonly locals: LocalName[] = [];
  private readonly operandNames: OperandName[] = [];
  /** Where the last instruction begins. */
  private lastPc = 0;

  /** Reads the line of `.function` from behind that word. */
  constructor(line: LineParser) {
    const family = line.word();
    if (family !== 'typed' && family !== 'value') line.refuse(`'${family}' is not a family`);
    this.family = family as FunctionDefinition['family'];
    this.name = line.name();
    this.signature = line.peek() === '(' ? line.signature() : null;
    this.parameterCount = this.signature?.params.length ?? 0;
  }

  addLine(line: LineParser): void {
    const first = line.word();
    if (line.takeIf(':')) this.addLabel(first, line);
    else if (first.startsWith('.')) this.addDirective(first, line);
    else this.addInstruction(first, line);
  }

  finish(): FunctionDefinition {
    for (const jump of this.jumps) this.resolve(jump);
    const { family, signature, parameterCount, isVararg, registerCount, upvalues, constants } = this;
    const { name, source, line, lastLine, lines, locals, operandNames } = this;
    const debug = { name, source, line, lastLine, lines, locals, operands: operandNames };
    const code = Int32Array.from(this.words);
    return { family, signature, parameterCount, isVararg, registerCount, upvalues, constants, code, debug };
  }

  private addLabel(label: string, line: LineParser): void {
    if (this.labels.has(label)) line.refuse(`label '${label}' twice`);
    this.labels.set(label, this.words.length);
  }

  private addDirective(directive: string, line: LineParser): void {
    switch (directive) {
      case '.registers':
        this.registerCount = line.natural();
        return;
      case '.parameters':
        this.parameterCount = line.natural();
        return;
      case '.vararg':
        this.isVararg = true;
        return;
      case '.upvalue': {
        const fromRegister = line.peek()?.startsWith('r') === true;
        const index = line.prefixed(fromRegister ? 'r' : 'u');
        this.upvalues.push({ fromRegister, index, name: line.name() });
        return;
      }
      case '.constant':
        this.constants.push(readConstant(line));
        return;
      case '.word':
        this.addWord(line);
        return;
      default:
        this.addDebugDirective(directive, line);
    }
  }

  private addDebugDirective(directive: string, line: LineParser): void {
    switch (directive) {
      case '.defined':
        this.source = line.natural();
        this.line = line.natural();
        this.lastLine = line.natural();
        return;
      case '.local': {
        const register = line.prefixed('r');
        const name = line.name();
        this.locals.push({ name, register, start: line.natural(), end: line.natural() });
        return;
      }
      case '.line':
        this.lines.push({ pc: this.words.length, line: line.natural() });
        return;
      case '.name': {
        const register = line.natural();
        const kind = line.nameOrWord();
        this.operandNames.push({ pc: this.lastPc, register, kind, name: line.name() });
        return;
      }
      default:
        line.refuse(`'${directive}' is no directive here`);
    }
  }

  private addWord(line: LineParser): void {
    const word = line.word();
    if (!/^0x[0-9a-f]{8}$/.test(word)) line.refuse(`'${word}' is not a word`);
    this.lastPc = this.words.length;
    this.words.push(Number(word) | 0);
  }

  private addInstruction(mnemonic: string, line: LineParser): void {
    const opcode = findOpcode(this.family, mnemonic);
    this.lastPc = this.words.length;
    if (opcode === undefined) line.refuse(`no instruction '${mnemonic}' in this family`);
    else if (isBranchTable(opcode)) this.addTable(opcode, line);
    else this.addPlain(opcode, line);
  }

  private addPlain(opcode: Opcode, line: LineParser): void {
    const at = this.words.length;
    const end = at + opcode.length;
    const fields: { [field: string]: number } = {};
    opcode.operands.forEach((operand, index) => {
      if (index > 0) line.mark(',');
      const isJump = operand.kind === 'j16' || operand.kind === 'j24';
      const label = isJump ? readLabel(line) : null;
      if (label === null) fields[operand.field] = readOperand(operand, line);
      else this.jumps.push({ label, opcode, operand, at, from: end, line });
    });
    this.words.push(encodeInstruction(opcode, fields));
    if (opcode.length === 2) this.words.push(encodeExtra(fields.x ?? 0));
  }

  private addTable(opcode: Opcode, line: LineParser): void {
    const register = readOperand(opcode.operands[0]!, line);
    const targets: (string | number)[] = [];
    while (line.takeIf(',')) targets.push(readLabel(line) ?? readInRange(line, MIN_SJ, MAX_SJ));
    if (targets.length === 0 || targets.length - 1 > MAX_BX) line.refuse(`${targets.length} targets`);
    this.words.push(encodeInstruction(opcode, { a: register, bx: targets.length - 1 }));
    const from = this.words.length + targets.length;
    for (const target of targets) {
      const at = this.words.length;
      this.words.push(encodeExtra(typeof target === 'number' ? target : 0));
      if (typeof target === 'string') this.jumps.push({ label: target, opcode, operand: null, at, from, line });
    }
  }

  private resolve({ label, opcode, operand, at, from, line }: Jump): void {
    const target = this.labels.get(label);
    if (target === undefined) line.refuse(`label '${label}' is missing`);
    const distance = target! - from;
    const { min, max } = operandRange(operand?.kind ?? 'j24');
    if (distance < min || distance > max) line.refuse(`label '${label}' is too far away`);
    if (operand === null) this.words[at] = encodeExtra(distance);
    else if (operand.field === 'x') this.words[at + 1] = encodeExtra(distance);
    else this.words[at] |= encodeInstruction(opcode, { [operand.field]: distance });
  }
}

/** A label's name; null when a distance stands there. */
function readLabel(line: LineParser): string | null {
  return /^[+-]?[0-9]/.test(line.peek() ?? '') ? null : line.word();
}

function readOperand({ kind }: Operand, line: LineParser): number {
  const { min, max } = operandRange(kind);
  const prefix = OPERAND_PREFIXES[kind];
  if (prefix === undefined) return readInRange(line, min, max);
  const value = line.prefixed(prefix);
  if (value > max) line.refuse(`${prefix}${value} is out of range`);
  return value;
}

function readInRange(line: LineParser, min: number, max: number): number {
  const value = line.integer();
  if (value < min || value > max) line.refuse(`${value} is not in ${min} ... ${max}`);
  return value;
}

function readConstant(line: LineParser): Constant {
  const kind = line.word();
  switch (kind) {
    case 'nil':
      return { kind };
    case 'true':
    case 'false':
      return { kind: 'boolean', value: kind === 'true' };
    case 'integer': {
      const value = parseInteger(line.word()) ?? line.refuse('not a 64-bit integer');
      return { kind, ...value };
    }
    case 'float':
      return { kind, value: parseFloatText(line.word()) ?? line.refuse('not a float') };
    case 'string':
    case 'text':
      return { kind, bytes: line.bytes() };
    default:
      return line.refuse(`'${kind}' is no kind of constant`);
  }
}
