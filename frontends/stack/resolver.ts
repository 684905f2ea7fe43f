// Instructions to operations: looks up what each name in a function's body means and checks operands that stand in the
// source. An instruction that makes no sense is reported and left out, and the function is then not checked further.
import { findSyscall, type Signature, type Syscall, type ValueType } from '../../vm/index';
import type { FunctionSource } from './functions';
import { findInstruction } from './instructions';
import { MAX_OFFSET, MAX_SIGNATURE_LENGTH, MAX_STACK_BYTES } from './limits';
import { type Bits, floatBits, integerBits, type NumberLiteral } from './literals';
import type { Label, Operation } from './operations';
import type { Program } from './program';
import { type Place, quote, type Report } from './report';
import type { Attribute, Instruction, Name, Value } from './syntax-tree';

type InstructionOf<K extends Instruction['kind']> = Extract<Instruction, { kind: K }>;

/** A function's body as operations. */
export interface ResolvedBody {
  readonly operations: readonly Operation[];
  readonly labelCount: number;
  /** Every instruction made sense. */
  readonly isComplete: boolean;
}

/** Resolves a function's body. */
export function resolveBody(source: FunctionSource, program: Program, report: Report): ResolvedBody {
  return new Resolver(source, program, report).resolve();
}

class Resolver {
  private readonly labels = new Map<string, Label>();

  constructor(
    private readonly source: FunctionSource,
    private readonly program: Program,
    private readonly report: Report,
  ) {}

  resolve(): ResolvedBody {
    const { body } = this.source;
    for (const instruction of body) if (instruction.kind === 'label') this.declareLabel(instruction.name);
    const operations = body.map((instruction) => this.operation(instruction)).filter((operation) => operation !== null);
    return { operations, labelCount: this.labels.size, isComplete: operations.length === body.length };
  }

  private declareLabel(name: Name): void {
    if (this.labels.has(name.text)) {
      this.report.error('duplicate', name, `label '${quote(name.text)}' stands in this function already`);
    } else this.labels.set(name.text, { name: name.text, index: this.labels.size });
  }

  private operation(instruction: Instruction): Operation | null {
    switch (instruction.kind) {
      case 'label':
        return { ...placeOf(instruction), kind: 'label', label: this.labels.get(instruction.name.text)! };
      case 'plain':
        return this.plain(instruction);
      case 'constant':
        return this.constant(instruction, this.program.constants.number(instruction.value));
      case 'named':
        return this.named(instruction);
      case 'valued':
        return this.valued(instruction);
      case 'br_table':
        return this.branchTable(instruction);
      case 'call_indirect':
        return this.callIndirect(instruction);
    }
  }

  /** A word: an instruction, a local, a constant. */
  private plain(instruction: InstructionOf<'plain'>): Operation | null {
    const { text, attributes, line, column, length } = instruction;
    const place = { line, column, length };
    const definition = findInstruction(text);
    if (definition !== undefined) {
      const isAccess = definition.lowering.kind === 'load' || definition.lowering.kind === 'store';
      if (!isAccess && attributes.length > 0) return this.fail('operand', attributes[0]!, `'${text}' has no operand`);
      return { line, column, length, kind: 'plain', definition, offset: this.offset(attributes) };
    }
    if (attributes.length > 0) return this.fail('operand', attributes[0]!, 'only loads and stores have this');
    const local = this.source.locals.get(text);
    if (local !== undefined) return { line, column, length, kind: 'get', local };
    const number = this.program.numberOf(text);
    if (number !== undefined) return this.constant(place, number);
    return this.unknownWord(place, text);
  }

  private unknownWord(place: Place, text: string): null {
    const name = quote(text);
    if (text.includes('.')) return this.fail('unknown-instruction', place, `there is no instruction '${name}'`);
    if (this.labels.has(text))
      return this.fail('wrong-kind', place, `'${name}' is a label`, `to jump there: 'br ${name}'`);
    if (this.program.isFunction(text)) {
      return this.fail('wrong-kind', place, `'${name}' is a function`, `to call it: 'call ${name}'`);
    }
    return this.fail('unknown-name', place, `there is no local, constant or instruction '${name}'`);
  }

  /** A constant by itself: a whole number is an i32, any other an f64. */
  private constant(place: Place, number: NumberLiteral | null): Operation | null {
    if (number === null) return null;
    if (number.kind === 'float') return { ...placeOf(place), kind: 'constant', bits: floatBits(number, 'f64') };
    if (number.value >= -(2n ** 31n) && number.value < 2n ** 32n) {
      return { ...placeOf(place), kind: 'constant', bits: integerBits(number.value, 'i32') };
    }
    return this.fail('range', place, 'this number is no i32', "for an i64 write 'i64.const'");
  }

  private named(instruction: InstructionOf<'named'>): Operation | null {
    const { text, name } = instruction;
    const place = placeOf(instruction);
    switch (text) {
      case 'br':
      case 'br_if': {
        const label = this.labelNamed(name);
        return label && { ...place, kind: text, label };
      }
      case 'call': {
        const found = this.program.functionNamed(name);
        return found
          ? { ...place, kind: 'call', name: name.text, index: found.index, signature: found.signature }
          : null;
      }
      case 'syscall': {
        const syscall = findSyscall(name.text);
        if (syscall === undefined) {
          return this.fail('unknown-name', name, `there is no syscall '${quote(name.text)}'`);
        }
        return { ...place, kind: 'syscall', name: name.text, signature: syscallSignature(syscall) };
      }
      default: {
        const local = this.source.locals.get(name.text);
        if (local === undefined) return this.fail('unknown-name', name, `there is no local '${quote(name.text)}'`);
        return { ...place, kind: text.slice('local.'.length) as 'get' | 'set' | 'tee', local };
      }
    }
  }

  private valued(instruction: InstructionOf<'valued'>): Operation | null {
    const { text, value } = instruction;
    const place = placeOf(instruction);
    if (text === 'stack.allocate') {
      const bytes = this.program.constants.integer(value, 0, MAX_STACK_BYTES);
      return bytes === null ? null : { ...place, kind: 'stack.allocate', bytes };
    }
    const bits: Bits | null = this.program.constants.bits(value, text.slice(0, 3) as ValueType);
    return bits && { ...place, kind: 'constant', bits };
  }

  private branchTable(instruction: InstructionOf<'br_table'>): Operation | null {
    const labels = instruction.labels.map((name) => this.labelNamed(name)).filter((label) => label !== null);
    if (labels.length < instruction.labels.length) return null;
    return { ...placeOf(instruction), kind: 'br_table', labels };
  }

  private callIndirect(instruction: InstructionOf<'call_indirect'>): Operation | null {
    const { params, results } = instruction.signature;
    if (Math.max(params.length, results.length) > MAX_SIGNATURE_LENGTH) {
      return this.fail('limit', instruction, `a function has at most ${MAX_SIGNATURE_LENGTH} parameters, and results`);
    }
    return { ...placeOf(instruction), kind: 'call_indirect', signature: instruction.signature };
  }

  private labelNamed(name: Name): Label | null {
    const label = this.labels.get(name.text);
    return label ?? this.fail('unknown-name', name, `there is no label '${quote(name.text)}' in this function`);
  }

  /** The offset that the attributes give; an alignment is only checked: any address works. */
  private offset(attributes: readonly Attribute[]): number {
    let offset: Value | null = null;
    for (const attribute of attributes) {
      if (attribute.name === 'align') this.program.constants.integer(attribute.value, 1, 8);
      else if (offset === null) offset = attribute.value;
      else this.report.error('operand', attribute, 'there is an offset already');
    }
    return offset === null ? 0 : (this.program.constants.integer(offset, 0, MAX_OFFSET) ?? 0);
  }

  private fail(code: Parameters<Report['error']>[0], place: Place, message: string, hint?: string): null {
    this.report.error(code, place, message, hint);
    return null;
  }
}

/** A syscall's types for typed code: bytes, buffers and JSON are an address and a length. */
export function syscallSignature({ params, result }: Syscall): Signature {
  return {
    params: params.flatMap((param): ValueType[] => (isNumber(param) ? [param] : ['i32', 'i32'])),
    results: result === 'none' ? [] : [result === 'answer' ? 'i64' : isNumber(result) ? result : 'i32'],
  };
}

function isNumber(kind: string): kind is 'i32' | 'i64' | 'f64' {
  return kind === 'i32' || kind === 'i64' || kind === 'f64';
}

function placeOf({ line, column, length }: Place): Place {
  return { line, column, length };
}
