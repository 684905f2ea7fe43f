// The linker: joins verified modules into one program, numbering functions, constants, syscalls and intrinsics through.
// The heap that the program's contexts start from is made by image.ts.
import { ModuleError } from './errors';
import { type MutableProgram, makeImage, type PlacedConstant } from './image';
import { verifyImports } from './import-verifier';
import { TYPED_REGISTER_WORDS, VALUE_REGISTER_WORDS } from './layout';
import type { Constant, FunctionDefinition, Module, Signature } from './module';
import { toDouble } from './numbers/integer64';
import { ValueOp } from './opcode-numbers';
import { TYPED_OPCODES, VALUE_OPCODES } from './opcodes';
import {
  CONSTANT_WORDS,
  FLAG_BARRIER,
  FLAG_CLOSES,
  FLAG_VALUE,
  FLAG_VARARG,
  FUNCTION_CONSTANTS,
  FUNCTION_END,
  FUNCTION_FIXED_PARAMETERS,
  FUNCTION_FLAGS,
  FUNCTION_PARAMETERS,
  FUNCTION_PLACE,
  FUNCTION_RESULTS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_SIGNATURE,
  FUNCTION_START,
  FUNCTION_TABLE,
  FUNCTION_TABLE_SIZE,
  FUNCTION_TYPED_WORDS,
  FUNCTION_UPVALUE_COUNT,
  FUNCTION_UPVALUES,
  FUNCTION_VALUE_WORDS,
  FUNCTION_WORDS,
  type Intrinsic,
  NOT_FIXED,
  type Program,
  TOO_MANY_WORDS,
} from './program';
import { findSyscall, SYSCALLS } from './syscalls';

export interface LinkOptions {
  /** The intrinsics that modules may name. */
  readonly intrinsics?: readonly Intrinsic[];
}

/**
 * Links verified modules; the entry is the last module's that has one. Throws ModuleError `module.import` for a syscall or
 * an intrinsic that does not exist, `module.entry` without an entry, `module.initialiser` when one fails.
 */
export function link(modules: readonly Module[], options: LinkOptions = {}): Program {
  const tables = new Tables(modules, options.intrinsics ?? []);
  for (const module of modules) tables.add(module);
  const program = tables.finish();
  makeImage(program, tables.constants, tables.initialisers);
  return program;
}

/** What one opcode's operands need at linking. */
type Relocation = 'fn' | 'sys' | 'intr' | 'signature' | 'table' | null;

const typedRelocations = TYPED_OPCODES.map((opcode): Relocation => {
  if (opcode.mnemonic === 'call_indirect') return 'signature';
  if (opcode.mnemonic === 'br_table') return 'table';
  return relocationOf(opcode);
});
const valueRelocations = VALUE_OPCODES.map(relocationOf);

/** What can leave an open upvalue or a variable to be closed behind. */
const CLOSING = new Set<number>([ValueOp.CLOSURE, ValueOp.TO_BE_CLOSED, ValueOp.GENERIC_FOR_PREPARE]);

function relocationOf(opcode: (typeof TYPED_OPCODES)[number]): Relocation {
  const kind = opcode.operands.find((operand) => operand.field === 'bx')?.kind;
  return kind === 'fn' || kind === 'sys' || kind === 'intr' ? kind : null;
}

/** The flat tables while modules are added to them. */
class Tables {
  readonly functions: { definition: FunctionDefinition; module: number; local: number }[] = [];
  readonly constants: PlacedConstant[] = [];
  private readonly code: Int32Array;
  private readonly rows: Int32Array;
  private readonly upvalueSources: number[] = [];
  private readonly table: number[] = [];
  private readonly signatures: Signature[] = [];
  private readonly signatureNumbers = new Map<string, number>();
  private readonly intrinsicNumbers: Map<string, number>;
  /** By name of an intrinsic: the first function that uses it. */
  private readonly users = new Map<string, number>();
  /** The first word of `code` belongs to no function: the loop may stand before a function's first instruction. */
  private codeEnd = 1;
  private moduleCount = 0;
  private entry = -1;
  readonly initialisers: number[] = [];

  constructor(
    private readonly modules: readonly Module[],
    private readonly intrinsics: readonly Intrinsic[],
  ) {
    const definitions = modules.flatMap((module) => module.functions);
    this.code = new Int32Array(definitions.reduce((sum, definition) => sum + definition.code.length, this.codeEnd));
    this.rows = emptyRows(definitions.length);
    this.intrinsicNumbers = new Map(intrinsics.map((intrinsic, index) => [intrinsic.name, index]));
  }

  add(module: Module): void {
    verifyImports(module, (kind, name, family) => this.importRegisters(kind, name, family));
    const first = this.functions.length;
    const tableStart = this.table.length;
    for (const element of module.table) this.table.push(element < 0 ? -1 : first + element);
    const numbers = {
      first,
      signatures: module.signatures.map((signature) => this.numberSignature(signature)),
      // A name that is imported but not used was not looked up yet.
      syscalls: module.syscalls.map((name) => importNumber('syscall', name, findSyscall(name)?.number)),
      intrinsics: module.intrinsics.map((name) => importNumber('intrinsic', name, this.intrinsicNumbers.get(name))),
    };
    module.functions.forEach((definition, local) => {
      const row = this.functions.length << FUNCTION_ROW_SHIFT;
      this.functions.push({ definition, module: this.moduleCount, local });
      this.fillRow(row, definition, local);
      this.rows[row + FUNCTION_TABLE] = tableStart;
      this.rows[row + FUNCTION_TABLE_SIZE] = module.table.length;
      this.addCode(definition, numbers);
    });
    if (module.entry !== null) this.entry = first + module.entry;
    if (module.initialiser !== null) this.initialisers.push(first + module.initialiser);
    this.moduleCount++;
  }

  private importRegisters(
    kind: 'syscall' | 'intrinsic',
    name: string,
    family: FunctionDefinition['family'],
  ): number | undefined {
    if (kind === 'syscall') return syscallRegisters(name, family);
    const number = this.intrinsicNumbers.get(name);
    if (number === undefined) return undefined;
    const { parameters, results } = this.intrinsics[number]!;
    return Math.max(parameters, results);
  }

  private fillRow(row: number, definition: FunctionDefinition, local: number): void {
    const rows = this.rows;
    const isValue = definition.family === 'value';
    rows[row + FUNCTION_START] = this.codeEnd;
    rows[row + FUNCTION_END] = this.codeEnd + definition.code.length;
    rows[row + FUNCTION_WORDS] = definition.registerCount * (isValue ? VALUE_REGISTER_WORDS : TYPED_REGISTER_WORDS);
    rows[row + (isValue ? FUNCTION_VALUE_WORDS : FUNCTION_TYPED_WORDS)] = rows[row + FUNCTION_WORDS];
    rows[row + FUNCTION_PARAMETERS] = definition.parameterCount;
    rows[row + FUNCTION_FIXED_PARAMETERS] = definition.isVararg ? NOT_FIXED : definition.parameterCount;
    rows[row + FUNCTION_FLAGS] = (isValue ? FLAG_VALUE : 0) | (definition.isVararg ? FLAG_VARARG : 0);
    rows[row + FUNCTION_CONSTANTS] = this.constants.length * CONSTANT_WORDS;
    rows[row + FUNCTION_RESULTS] = definition.signature?.results.length ?? 0;
    rows[row + FUNCTION_SIGNATURE] = definition.signature === null ? -1 : this.numberSignature(definition.signature);
    rows[row + FUNCTION_PLACE] = (this.moduleCount << 16) | local;
    rows[row + FUNCTION_UPVALUES] = this.upvalueSources.length;
    rows[row + FUNCTION_UPVALUE_COUNT] = definition.upvalues.length;
    for (const source of definition.upvalues) {
      this.upvalueSources.push((source.fromRegister ? 1 << 16 : 0) | source.index);
    }
    for (const constant of definition.constants) {
      this.constants.push({ at: this.constants.length * CONSTANT_WORDS, constant });
    }
  }

  private addCode(definition: FunctionDefinition, numbers: ModuleNumbers): void {
    const { code } = this;
    const relocations = definition.family === 'value' ? valueRelocations : typedRelocations;
    code.set(definition.code, this.codeEnd);
    const end = this.codeEnd + definition.code.length;
    const row = (this.functions.length - 1) << FUNCTION_ROW_SHIFT;
    for (let at = this.codeEnd; at < end; at++) {
      const word = code[at];
      if (definition.family === 'value' && CLOSING.has(word & 255)) this.rows[row + FUNCTION_FLAGS] |= FLAG_CLOSES;
      switch (relocations[word & 255]) {
        case 'fn':
          code[at] = withBx(word, numbers.first + (word >>> 16));
          break;
        case 'sys':
          code[at] = withBx(word, numbers.syscalls[word >>> 16]);
          break;
        case 'intr':
          code[at] = withBx(word, numbers.intrinsics[word >>> 16]);
          this.noteUser(numbers.intrinsics[word >>> 16]);
          if (this.intrinsics[numbers.intrinsics[word >>> 16]]!.isBarrier)
            this.rows[row + FUNCTION_FLAGS] |= FLAG_BARRIER;
          break;
        case 'signature':
          at++;
          code[at] = (code[at] & 255) | (numbers.signatures[code[at] >>> 8] << 8);
          break;
        case 'table':
          at += (word >>> 16) + 1;
          break;
        default:
      }
    }
    this.codeEnd = end;
  }

  /** Remembers the first function that uses an intrinsic: the one whose code is being added, if there was none. */
  private noteUser(intrinsic: number): void {
    const { name } = this.intrinsics[intrinsic]!;
    if (!this.users.has(name)) this.users.set(name, this.functions.length - 1);
  }

  private numberSignature(signature: Signature): number {
    const key = `${signature.params.join()}>${signature.results.join()}`;
    let number = this.signatureNumbers.get(key);
    if (number === undefined) {
      number = this.signatures.push(signature) - 1;
      this.signatureNumbers.set(key, number);
    }
    return number;
  }

  finish(): MutableProgram {
    if (this.functions.length > 1 << 16)
      throw new ModuleError('module.too_large', 'more than 65,536 functions in a program');
    const constants = new Int32Array(this.constants.length * CONSTANT_WORDS);
    return {
      modules: this.modules,
      code: this.code,
      jumps: new Int32Array(this.code.buffer),
      functions: this.rows,
      functionCount: this.functions.length,
      constants,
      constantNumbers: Float64Array.from(this.constants, ({ constant }) => numberOf(constant)),
      upvalueSources: Int32Array.from(this.upvalueSources),
      table: Int32Array.from(this.table),
      signatures: this.signatures,
      syscalls: SYSCALLS,
      intrinsics: this.intrinsics,
      nextFunction: this.users.get('next') ?? -1,
      nextIndexFunction: this.users.get('next_index') ?? -1,
      entry: this.entry,
      image: new Int32Array(0),
    };
  }
}

interface ModuleNumbers {
  readonly first: number;
  readonly signatures: readonly number[];
  readonly syscalls: readonly number[];
  readonly intrinsics: readonly number[];
}

/** A number as a double; NaN for anything else. */
function numberOf(constant: Constant): number {
  if (constant.kind === 'float') return constant.value;
  return constant.kind === 'integer' ? toDouble(constant.low, constant.high) : Number.NaN;
}

/** Rows for `count` functions and at least one behind them, in which no frame fits. */
function emptyRows(count: number): Int32Array {
  const rows = new Int32Array((1 << (32 - Math.clz32(count))) << FUNCTION_ROW_SHIFT);
  for (let row = 0; row < rows.length; row += 1 << FUNCTION_ROW_SHIFT) {
    rows[row + FUNCTION_TYPED_WORDS] = TOO_MANY_WORDS;
    rows[row + FUNCTION_VALUE_WORDS] = TOO_MANY_WORDS;
  }
  return rows;
}

function withBx(word: number, bx: number): number {
  return (word & 0xffff) | (bx << 16);
}

/** Registers that a syscall reads or writes: in typed code bytes, buffers and JSON texts are two each. */
function syscallRegisters(name: string, family: FunctionDefinition['family']): number | undefined {
  const syscall = findSyscall(name);
  if (syscall === undefined) return undefined;
  const wide = syscall.params.filter((kind) => kind === 'bytes' || kind === 'buffer' || kind === 'json').length;
  return Math.max(syscall.params.length + (family === 'typed' ? wide : 0), syscall.result === 'none' ? 0 : 1);
}

function importNumber(kind: string, name: string, number: number | undefined): number {
  if (number === undefined) throw new ModuleError('module.import', `there is no ${kind} '${name}'`);
  return number;
}
