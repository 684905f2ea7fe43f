// Adds instructions to a function by mnemonic, and loads constants the shortest way.
import { bitsToDouble, type FunctionBuilder, TYPED_OPCODES } from '../../vm/index';
import type { Bits } from './literals';

const NUMBERS = new Map(TYPED_OPCODES.map((opcode) => [opcode.mnemonic, opcode.number]));

/** The number of a typed opcode. */
export function opcodeNumber(mnemonic: string): number {
  const number = NUMBERS.get(mnemonic);
  if (number === undefined) throw new TypeError(`no typed opcode '${mnemonic}'`);
  return number;
}

/** Adds to `builder` the instruction of that mnemonic, with all its operands. */
export function emit(builder: FunctionBuilder, mnemonic: string, ...operands: number[]): void {
  builder.emit(opcodeNumber(mnemonic), ...operands);
}

/** Loads a constant into a register. */
export function emitConstant(builder: FunctionBuilder, register: number, { type, low, high }: Bits): void {
  const isShort = fitsSigned(low, 16);
  const is32Bits = type === 'i32' || type === 'f32';
  if (is32Bits && isShort) emit(builder, 'i32.const', register, low);
  else if (is32Bits) emit(builder, 'const', register, builder.constants.integer(low, low >> 31));
  else if (isShort && high === low >> 31) emit(builder, 'i64.const', register, low);
  else if (type === 'i64') emit(builder, 'const', register, builder.constants.integer(low, high));
  else emit(builder, 'const', register, builder.constants.float(bitsToDouble(low, high)));
}

/** Whether a value fits so many bits, one of them the sign. */
export function fitsSigned(value: number, bits: number): boolean {
  return value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1);
}
