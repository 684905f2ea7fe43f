// The linker: joins verified modules into one program, numbering functions, constants, syscalls and intrinsics through.
// The heap that the program's contexts start from is made by image.ts.
import { ModuleError } from './errors';
import { makeImage, type PlacedConstant } from './image';
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
  type MutableProgram,
  NOT_FIXED,
  type Program,
  type RuntimeCompiler,
  TOO_MANY_WORDS,
} from './program';
import { append, appendRows, emptyRows, makeProgram } from './program-tables';
import { allSteps, type Steps } from './steps';
import { findSyscall, SYSCALLS } from './syscalls';

/** Words of code, and constants, that are added in one step; functions that are looked at. */
const STEP_WORDS = 1024;
const STEP_CONSTANTS = 512;
const STEP_FUNCTIONS = 1024;

export interface LinkOptions {
  /** The intrinsics that modules may name. */
  readonly intrinsics?: readonly Intrinsic[];
  /** What compiles text for the program at run time; without it there is no such thing as `load`. */
  readonly compiler?: RuntimeCompiler | null;
}

/**
 * Links verified modules; the entry is the last module's that has one. Throws ModuleError `module.import` for a syscall or
 * an intrinsic that does not exist, `module.entry` without an entry, `module.initialiser` when one fails.
 */
export function link(modules: readonly Module[], options: LinkOptions = {}): Program {
  return allSteps(linkInSteps(modules, options));
}

/** As link. */
export function* linkInSteps(modules: readonly Module[], options: LinkOptions = {}): Steps<Program> {
  const tables = new Tables(modules, options.intrinsics ?? [], NOTHING, yield* sizesOf(modules));
  for (const module of modules) yield* tables.add(module);
  const program = tables.finish(options.compiler ?? null);
  yield* makeImage(program, tables.constants, tables.initialisers);
  return program;
}

/** A module that is about to join a program: its constants are still to be written. */
export interface FurtherModule {
  /** To become the context's program. */
  readonly program: Program;
  readonly constants: readonly PlacedConstant[];
}

/**
 * Links a verified module without typed code's memory behind the modules of `program`, for one context: nothing of what
 * others use is changed, and what is known stays where it is. A program that was extended before belongs to its context:
 * what is appended lies in the room that its tables have left, and does not count before the context has the new program.
 * Throws ModuleError as `link`. In steps, between which nobody else may extend the program.
 */
export function* linkFurther(program: Program, modules: readonly Module[]): Steps<FurtherModule> {
  const tables = new Tables(modules, program.intrinsics, program, yield* sizesOf(modules));
  for (const module of modules) yield* tables.add(module);
  const constants = tables.constants;
  return { program: yield* tables.appendTo(program), constants };
}

/** How much there is of what grows with a program's text. */
interface Sizes {
  readonly functions: number;
  readonly words: number;
  readonly constants: number;
}

/** Of all the modules together. */
export function* sizesOf(modules: readonly Module[]): Steps<Sizes> {
  const sizes = { functions: 0, words: 0, constants: 0 };
  for (const { functions } of modules) {
    for (const { code, constants } of functions) {
      sizes.words += code.length;
      sizes.constants += constants.length;
      if (++sizes.functions % STEP_FUNCTIONS === 0) yield;
    }
  }
  return sizes;
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
  private functionCount = 0;
  readonly constants: PlacedConstant[] = [];
  private readonly constantNumbers: Float64Array;
  private readonly code: Int32Array;
  private readonly rows: Int32Array;
  private readonly upvalueSources: number[] = [];
  private readonly table: number[] = [];
  private readonly signatures: Signature[] = [];
  private readonly signatureNumbers = new Map<string, number>();
  private readonly intrinsicNumbers: Map<string, number>;
  /** By name of an intrinsic: the first function that uses it. */
  private readonly users = new Map<string, number>();
  /** Words of `code` so far. */
  private codeEnd: number;
  private moduleCount: number;
  private entry = -1;
  readonly initialisers: number[] = [];

  /** `base`: what the tables are to follow, which says from where on everything is numbered. */
  constructor(
    private readonly modules: readonly Module[],
    private readonly intrinsics: readonly Intrinsic[],
    private readonly base: Base,
    sizes: Sizes,
  ) {
    this.moduleCount = base.modules.length;
    // The first word of a program's code belongs to no function: the loop may stand before a function's first instruction.
    this.codeEnd = base === NOTHING ? 1 : 0;
    this.code = new Int32Array(this.codeEnd + sizes.words);
    this.rows = new Int32Array(sizes.functions << FUNCTION_ROW_SHIFT);
    this.constantNumbers = new Float64Array(sizes.constants);
    this.intrinsicNumbers = numbersOf(intrinsics);
    for (const signature of base.signatures) this.numberSignature(signature);
  }

  *add(module: Module): Steps<void> {
    yield* this.verifyImports(module);
    const first = this.base.functionCount + this.functionCount;
    const tableStart = this.base.tableSize + this.table.length;
    for (const element of module.table) this.table.push(element < 0 ? -1 : first + element);
    const numbers = {
      first,
      signatures: module.signatures.map((signature) => this.numberSignature(signature)),
      // A name that is imported but not used was not looked up yet.
      syscalls: module.syscalls.map((name) => importNumber('syscall', name, findSyscall(name)?.number)),
      intrinsics: module.intrinsics.map((name) => importNumber('intrinsic', name, this.intrinsicNumbers.get(name))),
    };
    for (const [local, definition] of module.functions.entries()) {
      const row = this.functionCount++ << FUNCTION_ROW_SHIFT;
      this.fillRow(row, definition, local);
      this.rows[row + FUNCTION_TABLE] = tableStart;
      this.rows[row + FUNCTION_TABLE_SIZE] = module.table.length;
      yield* this.addConstants(definition);
      yield* this.addCode(definition, numbers);
    }
    if (module.entry !== null) this.entry = first + module.entry;
    if (module.initialiser !== null) this.initialisers.push(first + module.initialiser);
    this.moduleCount++;
  }

  /** Modules of libraries are linked again and again, with the same intrinsics. */
  private *verifyImports(module: Module): Steps<void> {
    if (verifiedWith.get(module) === this.intrinsics) return;
    yield* verifyImports(module, (kind, name, family) => this.importRegisters(kind, name, family));
    verifiedWith.set(module, this.intrinsics);
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
    rows[row + FUNCTION_START] = this.base.codeSize + this.codeEnd;
    rows[row + FUNCTION_END] = this.base.codeSize + this.codeEnd + definition.code.length;
    rows[row + FUNCTION_WORDS] = definition.registerCount * (isValue ? VALUE_REGISTER_WORDS : TYPED_REGISTER_WORDS);
    rows[row + FUNCTION_VALUE_WORDS] = isValue ? rows[row + FUNCTION_WORDS] : TOO_MANY_WORDS;
    rows[row + FUNCTION_TYPED_WORDS] = isValue ? TOO_MANY_WORDS : rows[row + FUNCTION_WORDS];
    rows[row + FUNCTION_PARAMETERS] = definition.parameterCount;
    rows[row + FUNCTION_FIXED_PARAMETERS] = definition.isVararg ? NOT_FIXED : definition.parameterCount;
    rows[row + FUNCTION_FLAGS] = (isValue ? FLAG_VALUE : 0) | (definition.isVararg ? FLAG_VARARG : 0);
    rows[row + FUNCTION_CONSTANTS] = (this.base.constantCount + this.constants.length) * CONSTANT_WORDS;
    rows[row + FUNCTION_RESULTS] = definition.signature?.results.length ?? 0;
    rows[row + FUNCTION_SIGNATURE] = definition.signature === null ? -1 : this.numberSignature(definition.signature);
    rows[row + FUNCTION_PLACE] = (this.moduleCount << 16) | local;
    rows[row + FUNCTION_UPVALUES] = this.base.upvalueSourceCount + this.upvalueSources.length;
    rows[row + FUNCTION_UPVALUE_COUNT] = definition.upvalues.length;
    for (const source of definition.upvalues) {
      this.upvalueSources.push((source.fromRegister ? 1 << 16 : 0) | source.index);
    }
  }

  private *addConstants({ constants }: FunctionDefinition): Steps<void> {
    for (const constant of constants) {
      const number = this.constants.length;
      this.constantNumbers[number] = numberOf(constant);
      this.constants.push({ at: (this.base.constantCount + number) * CONSTANT_WORDS, constant });
      if (this.constants.length % STEP_CONSTANTS === 0) yield;
    }
  }

  private *addCode(definition: FunctionDefinition, numbers: ModuleNumbers): Steps<void> {
    const { code } = this;
    const relocations = definition.family === 'value' ? valueRelocations : typedRelocations;
    code.set(definition.code, this.codeEnd);
    const end = this.codeEnd + definition.code.length;
    const row = (this.functionCount - 1) << FUNCTION_ROW_SHIFT;
    for (let at = this.codeEnd; at < end; at++) {
      if (at % STEP_WORDS === 0) yield;
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
    if (!this.users.has(name)) this.users.set(name, this.functionCount - 1);
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

  finish(compiler: RuntimeCompiler | null): MutableProgram {
    this.checkFunctionCount();
    const functions = emptyRows(this.functionCount);
    functions.set(this.rows);
    return makeProgram({
      modules: this.modules,
      code: this.code,
      functions,
      constants: new Int32Array(this.constants.length * CONSTANT_WORDS),
      constantNumbers: this.constantNumbers,
      upvalueSources: new Int32Array(this.upvalueSources),
      table: new Int32Array(this.table),
      functionCount: this.functionCount,
      codeSize: this.code.length,
      constantCount: this.constants.length,
      upvalueSourceCount: this.upvalueSources.length,
      tableSize: this.table.length,
      signatures: this.signatures,
      syscalls: SYSCALLS,
      intrinsics: this.intrinsics,
      nextFunction: this.users.get('next') ?? -1,
      nextIndexFunction: this.users.get('next_index') ?? -1,
      entry: this.entry,
      image: new Int32Array(0),
      parts: [],
      compiler,
      sharedModuleCount: this.modules.length,
      sharedConstantCount: this.constants.length,
      isPrivate: false,
    });
  }

  /** A program of `program`'s tables with these behind them. */
  *appendTo(program: Program): Steps<Program> {
    this.checkFunctionCount();
    const { isPrivate } = program;
    const upvalueSources = new Int32Array(this.upvalueSources);
    const constants = new Int32Array(this.constants.length * CONSTANT_WORDS);
    return makeProgram({
      ...program,
      modules: [...program.modules, ...this.modules],
      code: yield* append(program.code, program.codeSize, this.code, isPrivate),
      functions: yield* appendRows(program.functions, program.functionCount, this.rows, isPrivate),
      constants: yield* append(program.constants, program.constantCount * CONSTANT_WORDS, constants, isPrivate),
      constantNumbers: yield* append(program.constantNumbers, program.constantCount, this.constantNumbers, isPrivate),
      upvalueSources: yield* append(program.upvalueSources, program.upvalueSourceCount, upvalueSources, isPrivate),
      table: yield* append(program.table, program.tableSize, Int32Array.from(this.table), isPrivate),
      functionCount: program.functionCount + this.functionCount,
      codeSize: program.codeSize + this.code.length,
      constantCount: program.constantCount + this.constants.length,
      upvalueSourceCount: program.upvalueSourceCount + upvalueSources.length,
      tableSize: program.tableSize + this.table.length,
      signatures: this.signatures,
      isPrivate: true,
    });
  }

  private checkFunctionCount(): void {
    if (this.base.functionCount + this.functionCount > 1 << 16)
      throw new ModuleError('module.too_large', 'more than 65,536 functions in a program');
  }
}

/** What a program already has, by which numbering goes on. */
type Base = Pick<
  Program,
  'modules' | 'signatures' | 'functionCount' | 'codeSize' | 'constantCount' | 'upvalueSourceCount' | 'tableSize'
>;

const NOTHING: Base = {
  modules: [],
  signatures: [],
  functionCount: 0,
  codeSize: 0,
  constantCount: 0,
  upvalueSourceCount: 0,
  tableSize: 0,
};

/** The intrinsics with which a module's imports were verified last. */
const verifiedWith = new WeakMap<Module, readonly Intrinsic[]>();

/** By list of intrinsics, which are few and live long: their numbers by name. */
const intrinsicNumbers = new WeakMap<readonly Intrinsic[], Map<string, number>>();

function numbersOf(intrinsics: readonly Intrinsic[]): Map<string, number> {
  let numbers = intrinsicNumbers.get(intrinsics);
  if (numbers === undefined) {
    numbers = new Map(intrinsics.map((intrinsic, index) => [intrinsic.name, index]));
    intrinsicNumbers.set(intrinsics, numbers);
  }
  return numbers;
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
