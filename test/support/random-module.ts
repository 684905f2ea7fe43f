// Random modules that the verifier accepts: functions of both families that call each other, every opcode, every kind of
// constant, debug information. Computed from the opcode table, with the verifier's rules to reject what does not fit.
import { type FunctionBuilder, type Label, ModuleBuilder } from '../../vm/builder';
import { ConstantInterner } from '../../vm/constant-interner';
import { findOpcode, opcodesOf, operandRange } from '../../vm/encoding';
import { TRAP_COUNT } from '../../vm/errors';
import { instructionRule, type RuleContext, setsTop, usesTop } from '../../vm/instruction-rules';
import type { Constant, FunctionDebug, FunctionDefinition, Module, Signature, ValueType } from '../../vm/module';
import type { Opcode, OperandKind } from '../../vm/opcodes';
import { Random } from './random';

const TYPES: readonly ValueType[] = ['i32', 'i64', 'f32', 'f64'];
const NAMES = [
  'x',
  'i',
  'total',
  '',
  'for iterator',
  'größe',
  '\ud83d\ude00',
  '\ud800',
  '"',
  '\\',
  'a\nb',
  '\u2028',
  '; L1',
];
const FAMILIES = ['typed', 'value'] as const;
const ATTEMPTS = 30;

export interface RandomModuleOptions {
  /** Most instructions of a function; default 30. */
  readonly instructions?: number;
  /** Which families its functions have; default both. */
  readonly families?: readonly FunctionDefinition['family'][];
}

/** What is settled of a function before its body is made. */
interface Sketch {
  readonly family: FunctionDefinition['family'];
  readonly signature: Signature | null;
  readonly parameterCount: number;
  readonly isVararg: boolean;
  readonly registerCount: number;
  readonly upvalues: FunctionDefinition['upvalues'];
  readonly constants: readonly Constant[];
}

/** A random module; the same for the same seed and options. */
export function randomModule(seed: number, options: RandomModuleOptions = {}): Module {
  return new ModuleMaker(new Random(seed), options).make();
}

class ModuleMaker {
  private readonly builder = new ModuleBuilder('random');
  private readonly sketches: Sketch[];
  /** What the verifier's rules look at: everything but the code. */
  private readonly outline: Module;

  constructor(
    private readonly random: Random,
    private readonly options: RandomModuleOptions,
  ) {
    this.sketches = random.list(random.between(1, 5), () => this.sketch());
    this.outline = {
      language: 'random',
      sources: random.pick([['random'], ['main.lua'], ['a.c', 'größe.h']]),
      functions: this.sketches.map((sketch) => ({ ...sketch, code: new Int32Array(0), debug: NO_DEBUG })),
      signatures: distinctSignatures(random.list(random.below(4), () => this.signature())),
      syscalls: ['write', 'clock', 'random'].slice(random.below(4)),
      intrinsics: ['concat', 'sort'].slice(random.below(3)),
      table: [],
      memory: null,
      entry: null,
      initialiser: null,
    };
    for (const path of this.outline.sources) this.builder.source(path);
    for (const signature of this.outline.signatures) this.builder.signature(signature);
    for (const name of this.outline.syscalls) this.builder.syscall(name);
    for (const name of this.outline.intrinsics) this.builder.intrinsic(name);
    for (const _ of this.sketches) this.builder.reserveFunction();
    this.addTable();
    this.addMemory();
    this.addEntries();
  }

  make(): Module {
    this.sketches.forEach((sketch, index) => {
      new BodyMaker(this.random, this.builder, this.outline, sketch, index).make(this.options.instructions ?? 30);
    });
    return this.builder.build();
  }

  private sketch(): Sketch {
    const { random } = this;
    const family = random.pick(this.options.families ?? FAMILIES);
    const signature = family === 'typed' || random.oneIn(2) ? this.signature() : null;
    const isTyped = family === 'typed';
    const parameterCount = isTyped ? signature!.params.length : random.below(4);
    const upvalueCount = signature === null ? random.below(4) : 0;
    return {
      family,
      signature,
      parameterCount,
      isVararg: !isTyped && random.oneIn(2),
      registerCount: Math.max(parameterCount, random.pick([3, 8, 12, 20, 250])),
      upvalues: random.list(upvalueCount, () => {
        return { fromRegister: random.oneIn(2), index: random.below(3), name: random.pick(NAMES) };
      }),
      constants: this.constants(isTyped),
    };
  }

  private constants(isTyped: boolean): Constant[] {
    const interner = new ConstantInterner();
    for (let count = this.random.below(12); count > 0; count--) interner.add(this.constant(isTyped));
    return interner.list();
  }

  private signature(): Signature {
    const { random } = this;
    const types = (): ValueType[] => random.list(random.below(4), () => random.pick(TYPES));
    return { params: types(), results: types() };
  }

  private constant(isTyped: boolean): Constant {
    const { random } = this;
    const kinds = isTyped ? 2 : 6;
    switch (random.below(kinds)) {
      case 0:
        return { kind: 'integer', low: random.int32(), high: random.int32() };
      case 1:
        return { kind: 'float', value: random.pick([0, -0, 1.5, 1e300, 5e-324, Infinity, -Infinity, NaN, 0.1]) };
      case 2:
        return random.oneIn(2) ? { kind: 'nil' } : { kind: 'boolean', value: random.oneIn(2) };
      default:
        return { kind: 'string', bytes: random.bytes(random.pick([0, 1, 3, 40, 41, 300])) };
    }
  }

  private addTable(): void {
    for (let count = this.random.below(5); count > 0; count--) {
      const index = this.random.below(this.sketches.length);
      this.builder.addTableElement(this.sketches[index]!.signature === null ? -1 : index);
    }
  }

  private addMemory(): void {
    const { random } = this;
    if (random.oneIn(3)) return;
    this.builder.setMemory(4096, random.pick([0, 16, 65536]));
    for (let address = 1024; address < 4000 && !random.oneIn(3); address += random.between(100, 900)) {
      this.builder.addData(address, random.bytes(random.below(96)));
    }
  }

  private addEntries(): void {
    const callable = [...this.sketches.keys()].filter((index) => this.sketches[index]!.upvalues.length <= 1);
    if (callable.length > 0 && !this.random.oneIn(4)) this.builder.entry = this.random.pick(callable);
    const initialisers = callable.filter((index) => {
      const { family, parameterCount } = this.sketches[index]!;
      return family === 'value' && parameterCount === 0;
    });
    if (initialisers.length > 0 && this.random.oneIn(2)) this.builder.initialiser = this.random.pick(initialisers);
  }
}

class BodyMaker {
  private readonly body: FunctionBuilder;
  private readonly opcodes: readonly Opcode[];
  private readonly labels: Label[] = [];

  constructor(
    private readonly random: Random,
    builder: ModuleBuilder,
    private readonly outline: Module,
    private readonly sketch: Sketch,
    index: number,
  ) {
    const source = random.below(outline.sources.length);
    const debug = { name: random.pick(NAMES), source, line: random.below(99), lastLine: 99 };
    this.body = builder.addFunction({ ...sketch, ...debug }, index);
    this.body.reserveRegisters(sketch.registerCount);
    for (const upvalue of sketch.upvalues) this.body.addUpvalue(upvalue);
    for (const constant of sketch.constants) this.body.constants.add(constant);
    this.opcodes = opcodesOf(sketch.family).filter(({ mnemonic }) => mnemonic !== 'extra');
  }

  make(maximum: number): void {
    const groups = this.random.between(1, maximum);
    for (let group = 0; group <= groups; group++) this.labels.push(this.body.newLabel());
    for (let group = 0; group < groups; group++) this.addGroup(group);
    this.body.bind(this.labels[groups]!);
    this.addReturn();
    for (let count = this.random.below(3); count > 0; count--) this.nameLocal();
  }

  private addGroup(group: number): void {
    if (!this.random.oneIn(3)) this.body.line(this.random.below(200));
    this.body.bind(this.labels[group]!);
    const setter = this.addInstruction(this.random.pick(this.opcodes), false);
    if (setter) this.addUser();
    if (this.random.oneIn(4) && this.body.length > 0) {
      this.body.nameOperand(
        this.random.below(10),
        this.random.pick(['local', 'for iterator', 'global']),
        this.random.pick(NAMES),
      );
    }
  }

  /** Something that takes what the instruction before has left. */
  private addUser(): void {
    const users = this.opcodes.filter(({ mnemonic }) => ['call', 'return', 'set_list', 'tail_call'].includes(mnemonic));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (this.addInstruction(this.random.pick(users), true)) return;
    }
  }

  /** Adds an instruction of that opcode if operands can be found. Says whether a user of the top must follow or did. */
  private addInstruction(opcode: Opcode, mustUseTop: boolean): boolean {
    if (opcode.mnemonic === 'br_table') {
      const targets = this.random.list(this.random.between(1, 4), () => this.random.pick(this.labels));
      this.body.emitTable(opcode.number, this.random.below(this.sketch.registerCount), targets);
      return false;
    }
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const operands = opcode.operands.map(({ kind }) => this.operand(kind));
      if (operands.includes(null)) return false;
      const context = this.context(opcode, operands as number[]);
      if (usesTop(context.instruction) !== mustUseTop || !isAccepted(context)) continue;
      this.emit(opcode, operands as number[]);
      return mustUseTop || (setsTop(context.instruction) && opcode.mnemonic !== 'tail_call');
    }
    return false;
  }

  private emit(opcode: Opcode, operands: number[]): void {
    const jump = opcode.operands.findIndex(({ kind }) => kind === 'j16' || kind === 'j24');
    if (jump < 0) this.body.emit(opcode.number, ...operands);
    else {
      operands.splice(jump, 1);
      this.body.emitJump(opcode.number, this.random.pick(this.labels), ...operands);
    }
  }

  private context(opcode: Opcode, operands: number[]): RuleContext {
    return {
      module: this.outline,
      definition: this.outline.functions[this.body.index]!,
      instruction: { pc: 0, opcode, length: opcode.length, operands },
      refuse: () => {
        throw REFUSED;
      },
    };
  }

  /** A value for an operand, or null when there is none. */
  private operand(kind: OperandKind): number | null {
    const { random, sketch, outline } = this;
    const index = (count: number): number | null => (count === 0 ? null : random.below(count));
    switch (kind) {
      case 'dst':
      case 'src':
      case 'use':
        return random.below(random.oneIn(8) ? sketch.registerCount : Math.min(sketch.registerCount, 8));
      case 'k8':
      case 'k16':
        return index(sketch.constants.length);
      case 'up':
        return index(sketch.upvalues.length);
      case 'fn':
        return index(outline.functions.length);
      case 'sys':
        return index(outline.syscalls.length);
      case 'intr':
        return index(outline.intrinsics.length);
      case 'trap':
        return random.below(TRAP_COUNT);
      case 'count':
        return random.below(5);
      case 'j16':
      case 'j24':
        return 0;
      default: {
        const { min, max } = operandRange(kind);
        return Math.min(random.pick([0, 1, 2, 3, min, max, random.between(min, max)]), max);
      }
    }
  }

  private addReturn(): void {
    const { family, signature } = this.sketch;
    const number = (mnemonic: string): number => findOpcode(family, mnemonic)!.number;
    const results = signature?.results.length ?? 0;
    if (family === 'value') this.body.emit(number('return_none'));
    else if (results <= 1)
      this.body.emit(number(results === 0 ? 'return' : 'return_value'), ...(results === 0 ? [] : [0]));
    else if (results <= this.sketch.registerCount) this.body.emit(number('return_values'), 0, results);
    else this.body.emit(number('trap'), 0);
  }

  private nameLocal(): void {
    const register = this.random.below(this.sketch.registerCount);
    this.body.nameLocal(
      this.random.pick(NAMES),
      register,
      this.random.pick(this.labels),
      this.random.pick(this.labels),
    );
  }
}

const REFUSED = new Error('refused');
const NO_DEBUG: FunctionDebug = { name: '', source: 0, line: 0, lastLine: 0, lines: [], locals: [], operands: [] };

function distinctSignatures(signatures: readonly Signature[]): Signature[] {
  return [...new Map(signatures.map((signature) => [JSON.stringify(signature), signature])).values()];
}

function isAccepted(context: RuleContext): boolean {
  try {
    instructionRule(context.definition.family, context.instruction.opcode.mnemonic)?.(context);
    return true;
  } catch (error) {
    if (error === REFUSED) return false;
    throw error;
  }
}
