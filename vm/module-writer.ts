// What is in each section of a module's binary form, on the way out. module-reader.ts is its mirror, line for line.
import type { ByteWriter } from './byte-writer';
import type { Constant, FunctionDebug, FunctionDefinition, Module, Signature, ValueType } from './module';
import type { Steps } from './steps';

/** Types by their byte. */
export const TYPE_BYTES: readonly ValueType[] = ['i32', 'i64', 'f32', 'f64'];
/** Bits of a function's first byte. */
export const FUNCTION_BITS = { VALUE: 1, SIGNATURE: 2, VARARG: 4 } as const;
/** First byte of a constant. */
export const CONSTANT_BYTES = { NIL: 0, FALSE: 1, TRUE: 2, INTEGER: 3, FLOAT: 4, STRING: 5, TEXT: 6 } as const;

export function writeNames(writer: ByteWriter, { language, sources }: Module): void {
  writer.name(language);
  writer.list(sources, (source) => writer.name(source));
}

export function writeSignatures(writer: ByteWriter, { signatures }: Module): void {
  writer.list(signatures, (signature) => writeSignature(writer, signature));
}

function writeSignature(writer: ByteWriter, { params, results }: Signature): void {
  for (const types of [params, results]) writer.list(types, (type) => writer.byte(TYPE_BYTES.indexOf(type)));
}

export function writeImports(writer: ByteWriter, { syscalls, intrinsics }: Module): void {
  for (const names of [syscalls, intrinsics]) writer.list(names, (name) => writer.name(name));
}

export function* writeFunctions(writer: ByteWriter, { functions }: Module): Steps<void> {
  writer.unsigned(functions.length);
  for (const definition of functions) yield* writeFunction(writer, definition);
}

function* writeFunction(writer: ByteWriter, definition: FunctionDefinition): Steps<void> {
  const { family, signature, parameterCount, isVararg, registerCount, upvalues, constants, code } = definition;
  writer.byte(
    (family === 'value' ? FUNCTION_BITS.VALUE : 0) |
      (signature === null ? 0 : FUNCTION_BITS.SIGNATURE) |
      (isVararg ? FUNCTION_BITS.VARARG : 0),
  );
  if (signature !== null) writeSignature(writer, signature);
  writer.unsigned(parameterCount);
  writer.unsigned(registerCount);
  writer.list(upvalues, ({ fromRegister, index }) => {
    writer.byte(fromRegister ? 1 : 0);
    writer.unsigned(index);
  });
  yield* writer.longList(constants, (constant) => writeConstant(writer, constant));
  writer.unsigned(code.length);
  for (const word of code) {
    writer.word(word);
    if (writer.isStepOver()) yield;
  }
}

function writeConstant(writer: ByteWriter, constant: Constant): void {
  switch (constant.kind) {
    case 'nil':
      writer.byte(CONSTANT_BYTES.NIL);
      return;
    case 'boolean':
      writer.byte(constant.value ? CONSTANT_BYTES.TRUE : CONSTANT_BYTES.FALSE);
      return;
    case 'integer':
      writer.byte(CONSTANT_BYTES.INTEGER);
      writer.word(constant.low);
      writer.word(constant.high);
      return;
    case 'float':
      writer.byte(CONSTANT_BYTES.FLOAT);
      writer.float(constant.value);
      return;
    case 'string':
    case 'text':
      writer.byte(constant.kind === 'text' ? CONSTANT_BYTES.TEXT : CONSTANT_BYTES.STRING);
      writer.block(constant.bytes);
  }
}

export function writeTable(writer: ByteWriter, { table }: Module): void {
  writer.list(table, (element) => writer.unsigned(element + 1));
}

export function writeMemory(writer: ByteWriter, { memory }: Module): void {
  writer.byte(memory === null ? 0 : 1);
  if (memory === null) return;
  writer.unsigned(memory.dataEnd);
  writer.unsigned(memory.stackBytes);
  writer.list(memory.segments, ({ address, bytes }) => {
    writer.unsigned(address);
    writer.block(bytes);
  });
}

export function writeEntries(writer: ByteWriter, { entry, initialiser }: Module): void {
  for (const index of [entry, initialiser]) writer.unsigned(index === null ? 0 : index + 1);
}

export function* writeDebug(writer: ByteWriter, { functions }: Module): Steps<void> {
  for (const { upvalues, debug } of functions) {
    for (const { name } of upvalues) writer.name(name);
    yield* writeFunctionDebug(writer, debug);
  }
}

function* writeFunctionDebug(writer: ByteWriter, debug: FunctionDebug): Steps<void> {
  const { name, source, line, lastLine, lines, locals, operands } = debug;
  writer.name(name);
  writer.unsigned(source);
  writer.unsigned(line);
  writer.unsigned(lastLine);
  let last = { pc: 0, line: 0 };
  yield* writer.longList(lines, (entry) => {
    writer.unsigned(entry.pc - last.pc);
    writer.signed(entry.line - last.line);
    last = entry;
  });
  yield* writer.longList(locals, ({ name, register, start, end }) => {
    writer.name(name);
    writer.unsigned(register);
    writer.unsigned(start);
    writer.unsigned(end);
  });
  let lastPc = 0;
  yield* writer.longList(operands, ({ pc, register, kind, name }) => {
    writer.unsigned(pc - lastPc);
    writer.unsigned(register);
    writer.name(kind);
    writer.name(name);
    lastPc = pc;
  });
}
