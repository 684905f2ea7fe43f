// Accepts a module before anything runs it, or says why not: proves what the loops rely on, so that they need not
// check code. Here the module as a whole; code-verifier.ts has the instructions. Whether the syscalls and intrinsics
// that it names exist, and what they take, is the linker's matter.
import { verifyCode } from './code-verifier';
import { verifyDebug } from './debug-verifier';
import { ModuleError, type ModuleErrorCode } from './errors';
import { NULL_GUARD_BYTES, VALUE_SIZE } from './layout';
import {
  MAXIMUM_CONSTANTS,
  MAXIMUM_FUNCTION_WORDS,
  MAXIMUM_FUNCTIONS,
  MAXIMUM_IMPORTS,
  MAXIMUM_MEMORY_STACK_BYTES,
  MAXIMUM_MODULE_BYTES,
  MAXIMUM_NAME_LENGTH,
  MAXIMUM_REGISTERS,
  MAXIMUM_SEGMENTS,
  MAXIMUM_SIGNATURES,
  MAXIMUM_SOURCES,
  MAXIMUM_STATIC_BYTES,
  MAXIMUM_TABLE_ELEMENTS,
  MAXIMUM_UPVALUES,
} from './limits';
import type { Constant, FunctionDefinition, MemoryDefinition, Module, Signature, ValueType } from './module';
import { allSteps, Pace, type Steps } from './steps';

const VALUE_TYPES: readonly ValueType[] = ['i32', 'i64', 'f32', 'f64'];
/** The entry and the initialiser get the globals as their only upvalue. */
const GIVEN_UPVALUES = 1;

/** Functions, constants, signatures that are looked at in one step. */
const STEP_PARTS = 1024;

/** Throws ModuleError (codes `module.*`, with function and pc where they are known) unless `module` is sound. */
export function verifyModule(module: Module): void {
  allSteps(verifyInSteps(module));
}

/** The same in steps, between which the module must stay as it is. */
export function* verifyInSteps(module: Module): Steps<void> {
  const pace = new Pace(STEP_PARTS);
  yield* verifyCounts(module, pace);
  for (const [index, signature] of module.signatures.entries()) {
    verifySignature(signature, `signature ${index}`);
    if (pace.isOver()) yield;
  }
  for (const [index, definition] of module.functions.entries()) {
    verifyFunction(definition, index);
    if (pace.isOver(1 + definition.constants.length)) yield;
  }
  for (const [index, definition] of module.functions.entries()) {
    const starts = yield* verifyCode(module, definition, index);
    yield* verifyDebug(module, definition, index, starts);
    if (pace.isOver()) yield;
  }
  verifyTable(module);
  if (module.memory !== null) verifyMemory(module.memory);
  verifyEntry(module, module.entry, 'entry');
  verifyInitialiser(module);
}

function* verifyCounts(module: Module, pace: Pace): Steps<void> {
  atMost(module.functions.length, MAXIMUM_FUNCTIONS, 'functions');
  atMost(module.signatures.length, MAXIMUM_SIGNATURES, 'signatures');
  atMost(module.syscalls.length, MAXIMUM_IMPORTS, 'syscalls');
  atMost(module.intrinsics.length, MAXIMUM_IMPORTS, 'intrinsics');
  atMost(module.table.length, MAXIMUM_TABLE_ELEMENTS, 'table elements');
  atMost(module.sources.length, MAXIMUM_SOURCES, 'sources');
  for (const name of [module.language, ...module.sources, ...module.syscalls, ...module.intrinsics]) {
    atMost(name.length, MAXIMUM_NAME_LENGTH, 'characters of a name');
  }
  atMost(yield* sizeOf(module, pace), MAXIMUM_MODULE_BYTES, 'bytes');
}

/** Bytes of what takes most: code, constants, data. */
function* sizeOf({ functions, memory }: Module, pace: Pace): Steps<number> {
  let size = 0;
  for (const { code, constants } of functions) {
    size += code.byteLength;
    for (const constant of constants) size += 'bytes' in constant ? constant.bytes.length : VALUE_SIZE * 4;
    if (pace.isOver(1 + constants.length)) yield;
  }
  for (const { bytes } of memory?.segments ?? []) size += bytes.length;
  return size;
}

function verifySignature({ params, results }: Signature, what: string, index?: number): void {
  for (const types of [params, results]) {
    if (types.length > MAXIMUM_REGISTERS) throw new ModuleError('module.signature', what, { function: index });
    for (const type of types) {
      if (!VALUE_TYPES.includes(type)) throw new ModuleError('module.signature', what, { function: index });
    }
  }
}

function verifyFunction(definition: FunctionDefinition, index: number): void {
  const { signature, parameterCount, registerCount, upvalues, constants, code } = definition;
  const refuse = (code: ModuleErrorCode, detail: string): never => {
    throw new ModuleError(code, detail, { function: index });
  };
  if (!isWithin(registerCount, 1, MAXIMUM_REGISTERS)) refuse('module.function', `${registerCount} registers`);
  if (!isWithin(parameterCount, 0, registerCount)) refuse('module.function', `${parameterCount} parameters`);
  if (code.length === 0) refuse('module.end', 'no instructions');
  if (code.length > MAXIMUM_FUNCTION_WORDS) refuse('module.too_large', `${code.length} words of code`);
  if (constants.length > MAXIMUM_CONSTANTS) refuse('module.too_large', `${constants.length} constants`);
  if (upvalues.length > MAXIMUM_UPVALUES) refuse('module.too_large', `${upvalues.length} upvalues`);
  for (const { index: source } of upvalues) {
    if (!isWithin(source, 0, MAXIMUM_UPVALUES - 1)) refuse('module.upvalue', `from ${source}`);
  }
  if (signature !== null) verifySignature(signature, 'of the function', index);
  if (definition.family === 'typed') verifyTyped(definition, refuse);
  else if (definition.family !== 'value') refuse('module.family', `${definition.family}`);
  else if (signature !== null && upvalues.length > 0) {
    refuse('module.upvalue', 'a value function with a signature is called without a closure');
  }
  for (const constant of constants) {
    if (!isConstant(constant, definition.family)) refuse('module.constant', `${constant.kind}`);
  }
}

type Refuse = (code: ModuleErrorCode, detail: string) => never;

function verifyTyped({ signature, parameterCount, isVararg, upvalues }: FunctionDefinition, refuse: Refuse): void {
  if (signature === null || signature.params.length !== parameterCount) {
    refuse('module.function', 'a typed function needs a signature with its parameters');
  }
  if (isVararg || upvalues.length > 0) refuse('module.family', 'a typed function has no varargs and no upvalues');
}

function isConstant(constant: Constant, family: 'typed' | 'value'): boolean {
  switch (constant.kind) {
    case 'integer':
      return (constant.low | 0) === constant.low && (constant.high | 0) === constant.high;
    case 'float':
      return typeof constant.value === 'number';
    case 'nil':
    case 'boolean':
    case 'string':
    case 'text':
      return family === 'value';
    default:
      return false;
  }
}

function verifyTable({ table, functions }: Module): void {
  table.forEach((element, index) => {
    if (element === -1) return;
    if (!isWithin(element, 0, functions.length - 1)) throw new ModuleError('module.table', `element ${index}`);
    if (functions[element]!.signature === null) {
      throw new ModuleError('module.table', `element ${index} has no signature`, { function: element });
    }
  });
}

function verifyMemory({ dataEnd, stackBytes, segments }: MemoryDefinition): void {
  if (!isWithin(dataEnd, NULL_GUARD_BYTES, MAXIMUM_STATIC_BYTES)) {
    throw new ModuleError('module.memory', `end of data at ${dataEnd}`);
  }
  if (!isWithin(stackBytes, 0, MAXIMUM_MEMORY_STACK_BYTES)) {
    throw new ModuleError('module.memory', `stack of ${stackBytes} bytes`);
  }
  atMost(segments.length, MAXIMUM_SEGMENTS, 'data segments');
  let end = NULL_GUARD_BYTES;
  for (const { address, bytes } of segments) {
    if (!isWithin(address, end, dataEnd - bytes.length)) {
      throw new ModuleError('module.memory', `segment at ${address} overlaps, is out of order or outside`);
    }
    end = address + bytes.length;
  }
}

function verifyEntry(module: Module, index: number | null, what: string): void {
  if (index === null) return;
  const definition = module.functions[index];
  if (definition === undefined) throw new ModuleError('module.entry', `no function ${index}`);
  if (definition.upvalues.length > GIVEN_UPVALUES) {
    throw new ModuleError('module.entry', `${what} with more upvalues than the globals`, { function: index });
  }
}

function verifyInitialiser(module: Module): void {
  const { initialiser, functions } = module;
  verifyEntry(module, initialiser, 'initialiser');
  if (initialiser === null) return;
  const { family, parameterCount } = functions[initialiser]!;
  if (family !== 'value' || parameterCount !== 0) {
    throw new ModuleError('module.entry', 'an initialiser is a value function without parameters', {
      function: initialiser,
    });
  }
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function atMost(count: number, maximum: number, what: string): void {
  if (count > maximum) throw new ModuleError('module.too_large', `${count} ${what}, at most ${maximum}`);
}
