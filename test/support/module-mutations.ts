// Damages modules for fuzz tests: blindly in their bytes, or with knowledge of what is where. The checksum and, most
// often, the lengths are right again afterwards, so that the damage gets past the door.

import { readInstruction } from '../../vm/code-walk';
import { encodeModule, HEADER_BYTES, sealModule } from '../../vm/codec';
import { encodeInstruction, opcodesOf, operandRange } from '../../vm/encoding';
import type { Constant, FunctionDebug, FunctionDefinition, Module } from '../../vm/module';
import type { Random } from './random';

const LENGTH_OFFSET = 12;

/** Bytes of a damaged version of `module`: half of the times blind damage, half with knowledge of the structure. */
export function mutateModule(module: Module, random: Random): Uint8Array {
  if (random.oneIn(2)) return mutateBytes(encodeModule(module), random);
  let mutated = module;
  for (let count = random.pick([1, 1, 1, 2, 5]); count > 0; count--) mutated = mutateStructure(mutated, random);
  return encodeModule(mutated);
}

// --- blind ---

/** Damages bytes: some are changed, cut out, doubled or put in. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated: Uint8Array = bytes.slice();
  for (let count = random.pick([1, 1, 2, 4, 16]); count > 0; count--) mutated = mutateOnce(mutated, random);
  if (mutated.length < HEADER_BYTES) return mutated;
  if (!random.oneIn(8)) {
    new DataView(mutated.buffer, mutated.byteOffset).setUint32(LENGTH_OFFSET, mutated.length - HEADER_BYTES, true);
  }
  sealModule(mutated);
  return mutated;
}

function mutateOnce(bytes: Uint8Array, random: Random): Uint8Array {
  // The header is rarely worth it.
  const first = random.oneIn(16) ? 0 : Math.min(HEADER_BYTES, bytes.length);
  const at = random.between(first, Math.max(first, bytes.length - 1));
  const end = Math.min(bytes.length, at + random.pick([1, 1, 2, 4, 8, 64]));
  switch (random.below(7)) {
    case 0:
      return joined(bytes.subarray(0, at), bytes.subarray(end));
    case 1:
      return joined(bytes.subarray(0, end), bytes.subarray(at));
    case 2:
      return joined(bytes.subarray(0, at), random.bytes(random.between(1, 8)), bytes.subarray(at));
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(end), bytes.subarray(at, end));
    case 4:
      return random.oneIn(8) ? bytes.slice(0, at) : changed(bytes, at, random.pick([0, 1, 127, 128, 255]));
    case 5:
      return changed(bytes, at, random.below(256));
    default:
      return changed(bytes, at, bytes[at]! ^ (1 << random.below(8)));
  }
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  if (at < bytes.length) bytes[at] = value;
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}

// --- with knowledge ---

type Mutation<T> = (subject: T, random: Random) => T;

/** Damages one thing of a module. The result has a binary form, whatever it means. */
export function mutateStructure(module: Module, random: Random): Module {
  if (module.functions.length > 0 && !random.oneIn(5)) {
    const index = random.below(module.functions.length);
    const functions = module.functions.slice();
    functions[index] = mutateFunction(functions[index]!, random);
    return { ...module, functions };
  }
  return random.pick(MODULE_MUTATIONS)(module, random);
}

/** A number near the borders of what tables of that size have. */
function near(count: number, random: Random): number {
  return random.pick([0, Math.max(0, count - 1), count, count + 1, 255, 65535, 0x7ffffffe]);
}

const MODULE_MUTATIONS: readonly Mutation<Module>[] = [
  (module, random) => ({ ...module, entry: near(module.functions.length, random) }),
  (module, random) => ({ ...module, initialiser: near(module.functions.length, random) }),
  (module, random) => ({ ...module, table: [...module.table, near(module.functions.length, random)] }),
  (module, random) => ({ ...module, functions: without(module.functions, random) }),
  (module, random) => ({ ...module, functions: shuffled(module.functions, random) }),
  (module, random) => ({ ...module, signatures: without(module.signatures, random) }),
  (module, random) => ({ ...module, signatures: shuffled(module.signatures, random) }),
  (module, random) => ({ ...module, syscalls: without(module.syscalls, random) }),
  (module, random) => ({ ...module, intrinsics: without(module.intrinsics, random) }),
  (module, random) => ({ ...module, sources: without(module.sources, random) }),
  (module) => ({ ...module, memory: null }),
  (module, random) => {
    const bytes = random.bytes(random.below(32));
    const segments = [...(module.memory?.segments ?? []), { address: near(4096, random), bytes }];
    return { ...module, memory: { dataEnd: near(4096, random), stackBytes: near(65536, random), segments } };
  },
];

function mutateFunction(definition: FunctionDefinition, random: Random): FunctionDefinition {
  if (random.oneIn(2)) return { ...definition, code: mutateCode(definition, random) };
  return random.pick(FUNCTION_MUTATIONS)(definition, random);
}

const FUNCTION_MUTATIONS: readonly Mutation<FunctionDefinition>[] = [
  (definition, random) => ({
    ...definition,
    registerCount: near(random.pick([1, definition.registerCount, 250]), random),
  }),
  (definition, random) => ({ ...definition, parameterCount: near(definition.parameterCount, random) }),
  (definition) => ({ ...definition, family: definition.family === 'typed' ? 'value' : 'typed' }),
  (definition) => ({ ...definition, isVararg: !definition.isVararg }),
  (definition, random) => ({
    ...definition,
    signature: random.pick([null, { params: [], results: [] }, { params: ['i32'], results: ['f64', 'i64'] }]),
  }),
  (definition, random) => ({ ...definition, constants: without(definition.constants, random) }),
  (definition, random) => ({ ...definition, constants: shuffled(definition.constants, random) }),
  (definition, random) => ({ ...definition, constants: [...definition.constants, randomConstant(random)].reverse() }),
  (definition, random) => ({ ...definition, upvalues: without(definition.upvalues, random) }),
  (definition, random) => {
    const upvalue = { fromRegister: random.oneIn(2), index: near(4, random), name: 'x' };
    return { ...definition, upvalues: [...definition.upvalues, upvalue] };
  },
  (definition, random) => ({ ...definition, debug: mutateDebug(definition.debug, random) }),
];

function mutateDebug(debug: FunctionDebug, random: Random): FunctionDebug {
  // Differences of pcs are written, so the order stays ascending.
  const end = (debug.lines[debug.lines.length - 1]?.pc ?? 0) + random.below(3);
  const lastOperand = debug.operands[debug.operands.length - 1]?.pc ?? 0;
  const operand = { pc: lastOperand + random.below(3), register: near(250, random), kind: '', name: '' };
  return random.pick([
    { ...debug, source: near(1, random) },
    { ...debug, line: near(100, random), lastLine: near(100, random) },
    { ...debug, lines: [...debug.lines, { pc: end, line: near(100, random) }] },
    { ...debug, locals: [{ name: 'x', register: near(8, random), start: near(8, random), end: near(8, random) }] },
    { ...debug, operands: [...debug.operands, operand] },
  ]);
}

function randomConstant(random: Random): Constant {
  return random.pick<Constant>([
    { kind: 'nil' },
    { kind: 'boolean', value: true },
    { kind: 'integer', low: random.int32(), high: random.int32() },
    { kind: 'float', value: NaN },
    { kind: 'string', bytes: random.bytes(random.pick([0, 40, 41])) },
  ]);
}

/** Another operand, another opcode, a word less or more. */
function mutateCode({ code, family }: FunctionDefinition, random: Random): Int32Array {
  const mutated = code.slice();
  if (mutated.length === 0) return mutated;
  const at = random.below(mutated.length);
  const opcodes = opcodesOf(family);
  switch (random.below(8)) {
    case 0:
      mutated[at] = (mutated[at]! & ~255) | random.below(opcodes.length);
      return mutated;
    case 1:
      mutated[at] = random.int32();
      return mutated;
    case 2:
      return mutated.slice(0, at);
    case 3:
      return Int32Array.of(...mutated.subarray(0, at), ...mutated.subarray(at + 1));
    case 4:
      return Int32Array.of(...mutated.subarray(0, at), mutated[random.below(mutated.length)]!, ...mutated.subarray(at));
    case 5:
      return mutated.fill(mutated[random.below(mutated.length)]!, at, at + 1);
    default:
      return mutateOperand(mutated, at, family, random);
  }
}

function mutateOperand(code: Int32Array, at: number, family: FunctionDefinition['family'], random: Random): Int32Array {
  const instruction = readInstruction(code, at, opcodesOf(family));
  if (instruction === null || instruction.opcode.operands.length === 0) return code;
  const { opcode, operands } = instruction;
  const chosen = random.below(operands.length);
  const fields: { [field: string]: number } = {};
  opcode.operands.forEach(({ field, kind }, index) => {
    const { min, max } = operandRange(kind);
    const others = [0, 1, min, max, operands[index]! + 1, operands[index]! - 1, random.between(-8, 8)];
    const value = index === chosen ? random.pick(others) : operands[index]!;
    fields[field] = Math.min(max, Math.max(min, value));
  });
  code[at] = encodeInstruction(opcode, fields);
  if (fields.x !== undefined) code[at + 1] = (code[at + 1]! & 255) | (fields.x << 8);
  return code;
}

function without<T>(items: readonly T[], random: Random): T[] {
  const at = random.below(items.length);
  return items.filter((_, index) => index !== at);
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const at = random.below(Math.max(1, items.length));
  return [...items.slice(at), ...items.slice(0, at)];
}
