// What is in each section of a module's binary form, on the way in, from untrusted bytes. module-writer.ts is its
// mirror, line for line. Numbers are in their type's range afterwards; whether they make sense the verifier says.
import type { ByteReader } from './byte-reader';
import {
  MAXIMUM_CONSTANTS,
  MAXIMUM_FUNCTION_WORDS,
  MAXIMUM_FUNCTIONS,
  MAXIMUM_IMPORTS,
  MAXIMUM_REGISTERS,
  MAXIMUM_SEGMENTS,
  MAXIMUM_SIGNATURES,
  MAXIMUM_SOURCES,
  MAXIMUM_TABLE_ELEMENTS,
  MAXIMUM_UPVALUES,
} from './limits';
import type { Constant, FunctionDebug, FunctionDefinition, MemoryDefinition, Module, Signature } from './module';
import { CONSTANT_BYTES, FUNCTION_BITS, TYPE_BYTES } from './module-writer';
import type { Steps } from './steps';

/** Fewest bytes of an item: what its list's length is compared with before anything is read. */
const FUNCTION_BYTES = 5;
const LINE_BYTES = 2;
const NAMED_BYTES = 4;

/** A function before its debug information is known. */
type Body = Omit<FunctionDefinition, 'debug'>;

export function* readNames(reader: ByteReader): Steps<Pick<Module, 'language' | 'sources'>> {
  const language = reader.name();
  return { language, sources: yield* reader.longList(MAXIMUM_SOURCES, 1, 'sources', () => reader.name()) };
}

export function readSignatures(reader: ByteReader): Steps<Signature[]> {
  return reader.longList(MAXIMUM_SIGNATURES, 2, 'signatures', () => readSignature(reader));
}

function readSignature(reader: ByteReader): Signature {
  const readTypes = (what: string): Signature['params'] =>
    reader.list(MAXIMUM_REGISTERS, 1, what, () => TYPE_BYTES[reader.choice(TYPE_BYTES.length, 'type')]!);
  const params = readTypes('parameters');
  return { params, results: readTypes('results') };
}

export function* readImports(reader: ByteReader): Steps<Pick<Module, 'syscalls' | 'intrinsics'>> {
  const syscalls = yield* reader.longList(MAXIMUM_IMPORTS, 1, 'syscalls', () => reader.name());
  return { syscalls, intrinsics: yield* reader.longList(MAXIMUM_IMPORTS, 1, 'intrinsics', () => reader.name()) };
}

export function* readFunctions(reader: ByteReader): Steps<Body[]> {
  const count = reader.count(MAXIMUM_FUNCTIONS, FUNCTION_BYTES, 'functions');
  const bodies: Body[] = [];
  while (bodies.length < count) {
    bodies.push(yield* readFunction(reader));
    if (reader.isStepOver()) yield;
  }
  return bodies;
}

function* readFunction(reader: ByteReader): Steps<Body> {
  const bits = reader.choice(8, 'function');
  const signature = bits & FUNCTION_BITS.SIGNATURE ? readSignature(reader) : null;
  const parameterCount = reader.natural();
  const registerCount = reader.natural();
  const upvalues = reader.list(MAXIMUM_UPVALUES, 2, 'upvalues', () => {
    const fromRegister = reader.choice(2, 'upvalue') === 1;
    return { fromRegister, index: reader.natural(), name: '' };
  });
  const constants = yield* reader.longList(MAXIMUM_CONSTANTS, 1, 'constants', () => readConstant(reader));
  const length = reader.natural();
  if (length > MAXIMUM_FUNCTION_WORDS) reader.refuse('module.too_large', `${length} words of code`);
  const code = reader.words(length);
  const family = bits & FUNCTION_BITS.VALUE ? 'value' : 'typed';
  const isVararg = (bits & FUNCTION_BITS.VARARG) !== 0;
  return { family, signature, parameterCount, isVararg, registerCount, upvalues, constants, code };
}

function readConstant(reader: ByteReader): Constant {
  switch (reader.byte()) {
    case CONSTANT_BYTES.NIL:
      return { kind: 'nil' };
    case CONSTANT_BYTES.FALSE:
      return { kind: 'boolean', value: false };
    case CONSTANT_BYTES.TRUE:
      return { kind: 'boolean', value: true };
    case CONSTANT_BYTES.INTEGER: {
      const low = reader.word();
      return { kind: 'integer', low, high: reader.word() };
    }
    case CONSTANT_BYTES.FLOAT:
      return { kind: 'float', value: reader.float() };
    case CONSTANT_BYTES.STRING:
      return { kind: 'string', bytes: reader.block() };
    case CONSTANT_BYTES.TEXT:
      return { kind: 'text', bytes: reader.block() };
    default:
      return reader.refuse('module.malformed', 'constant');
  }
}

export function readTable(reader: ByteReader): Steps<number[]> {
  return reader.longList(MAXIMUM_TABLE_ELEMENTS, 1, 'table elements', () => reader.natural() - 1);
}

export function* readMemory(reader: ByteReader): Steps<MemoryDefinition | null> {
  if (reader.choice(2, 'memory') === 0) return null;
  const dataEnd = reader.natural();
  const stackBytes = reader.natural();
  const segments = yield* reader.longList(MAXIMUM_SEGMENTS, 2, 'data segments', () => {
    const address = reader.natural();
    return { address, bytes: reader.block() };
  });
  return { dataEnd, stackBytes, segments };
}

export function readEntries(reader: ByteReader): Pick<Module, 'entry' | 'initialiser'> {
  const readIndex = (): number | null => {
    const number = reader.natural();
    return number === 0 ? null : number - 1;
  };
  const entry = readIndex();
  return { entry, initialiser: readIndex() };
}

export function* readDebug(reader: ByteReader, bodies: readonly Body[]): Steps<FunctionDefinition[]> {
  const functions: FunctionDefinition[] = [];
  for (const body of bodies) {
    const upvalues = body.upvalues.map((upvalue) => ({ ...upvalue, name: reader.name() }));
    functions.push({ ...body, upvalues, debug: yield* readFunctionDebug(reader) });
    if (reader.isStepOver()) yield;
  }
  return functions;
}

function* readFunctionDebug(reader: ByteReader): Steps<FunctionDebug> {
  const name = reader.name();
  const source = reader.natural();
  const line = reader.natural();
  const lastLine = reader.natural();
  const last = { pc: 0, line: 0 };
  const lines = yield* reader.longList(MAXIMUM_FUNCTION_WORDS, LINE_BYTES, 'lines', () => {
    last.pc = sum(reader, last.pc, reader.natural());
    last.line = sum(reader, last.line, reader.signed());
    return { ...last };
  });
  const locals = yield* reader.longList(MAXIMUM_FUNCTION_WORDS, NAMED_BYTES, 'locals', () => {
    const name = reader.name();
    const register = reader.natural();
    const start = reader.natural();
    return { name, register, start, end: reader.natural() };
  });
  let pc = 0;
  const operands = yield* reader.longList(MAXIMUM_FUNCTION_WORDS, NAMED_BYTES, 'operand names', () => {
    pc = sum(reader, pc, reader.natural());
    const register = reader.natural();
    const kind = reader.name();
    return { pc, register, kind, name: reader.name() };
  });
  return { name, source, line, lastLine, lines, locals, operands };
}

/** A difference applied: the result must be a natural number again. */
function sum(reader: ByteReader, base: number, difference: number): number {
  const result = base + difference;
  if (result < 0 || result > 0x7fffffff) reader.refuse('module.malformed', 'difference');
  return result;
}
