// How an instruction lies in a 32-bit word: the only file that knows the bits. What operands mean is in opcodes.ts.
//
//    31             24 23             16 15              8 7               0
//   +-----------------+-----------------+-----------------+-----------------+
//   |        c        |        b        |        a        |       op        |
//   +-----------------+-----------------+-----------------+-----------------+
//   |                bx                 |        a        |       op        |
//   +-----------------------------------+-----------------+-----------------+
//   |                         sj                          |       op        |
//   +-----------------------------------------------------+-----------------+
//
// An operand in field `x` is the `sj` of a second word, whose op is `extra`. Jumps and s8, s16 are two's complement.
// Fields that an instruction does not use are 0.
import {
  type Family,
  type Opcode,
  type Operand,
  type OperandField,
  type OperandKind,
  TYPED_OPCODES,
  VALUE_OPCODES,
} from './opcodes';

export const OP_BITS = 8;
export const A_BITS = 8;
export const B_BITS = 8;
export const C_BITS = 8;
export const BX_BITS = B_BITS + C_BITS;
export const SJ_BITS = A_BITS + BX_BITS;

export const A_SHIFT = OP_BITS;
export const B_SHIFT = A_SHIFT + A_BITS;
export const C_SHIFT = B_SHIFT + B_BITS;
export const BX_SHIFT = B_SHIFT;
export const SJ_SHIFT = A_SHIFT;

export const MAX_OP = (1 << OP_BITS) - 1;
export const MAX_A = (1 << A_BITS) - 1;
export const MAX_B = (1 << B_BITS) - 1;
export const MAX_C = (1 << C_BITS) - 1;
export const MAX_BX = (1 << BX_BITS) - 1;
export const MAX_X = 2 ** SJ_BITS - 1;
export const MIN_SIGNED_BX = -(1 << (BX_BITS - 1));
export const MAX_SIGNED_BX = (1 << (BX_BITS - 1)) - 1;
export const MIN_SJ = -(1 << (SJ_BITS - 1));
export const MAX_SJ = (1 << (SJ_BITS - 1)) - 1;

/** Numbers of the common opcodes that the encoding itself needs. */
export const EXTRA = commonNumber('extra');
export const JUMP = commonNumber('jump');

/** Values of an instruction's fields; absent ones are 0. `x` goes to the extra word (see encodeExtra). */
export interface Fields {
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  readonly bx?: number;
  readonly sj?: number;
  readonly x?: number;
}

export function decodeOp(word: number): number {
  return word & MAX_OP;
}

export function decodeA(word: number): number {
  return (word >>> A_SHIFT) & MAX_A;
}

export function decodeB(word: number): number {
  return (word >>> B_SHIFT) & MAX_B;
}

export function decodeC(word: number): number {
  return word >>> C_SHIFT;
}

export function decodeBx(word: number): number {
  return word >>> BX_SHIFT;
}

export function decodeSignedBx(word: number): number {
  return word >> BX_SHIFT;
}

/** The 24 bits above op as a signed number: a jump. */
export function decodeSj(word: number): number {
  return word >> SJ_SHIFT;
}

/** The 24 bits above op as an unsigned number: a payload. */
export function decodeX(word: number): number {
  return word >>> SJ_SHIFT;
}

/** The word of an instruction with operands a, b, c; what does not fit is cut off. */
export function encodeAbc(op: number, a: number, b: number, c: number): number {
  return op | ((a & MAX_A) << A_SHIFT) | ((b & MAX_B) << B_SHIFT) | ((c & MAX_C) << C_SHIFT);
}

/** The word of an instruction with operands a and bx, signed or not; what does not fit is cut off. */
export function encodeABx(op: number, a: number, bx: number): number {
  return op | ((a & MAX_A) << A_SHIFT) | ((bx & MAX_BX) << BX_SHIFT);
}

/** The word of an instruction with 24 bits, signed or not; what does not fit is cut off. */
export function encodeSj(op: number, sj: number): number {
  return op | (sj << SJ_SHIFT);
}

/** The second word of an instruction whose operand `x` is `value`, from MIN_SJ to MAX_X. Throws RangeError. */
export function encodeExtra(value: number): number {
  if (!Number.isInteger(value) || value < MIN_SJ || value > MAX_X) throw new RangeError(`operand x is ${value}`);
  return encodeSj(EXTRA, value);
}

/** The first word of an instruction. Throws RangeError when an operand is out of its range. */
export function encodeInstruction(opcode: Opcode, fields: Fields): number {
  let word = opcode.number;
  for (const operand of opcode.operands) word |= encodeOperand(operand, fields[operand.field] ?? 0);
  return word;
}

/** The bits of one operand in its instruction's first word (0 for `x`). Throws RangeError. */
function encodeOperand({ field, kind }: Operand, value: number): number {
  const { min, max } = operandRange(kind);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`operand ${field} (${kind}) is ${value}, not in ${min} ... ${max}`);
  }
  switch (field) {
    case 'a':
      return (value & MAX_A) << A_SHIFT;
    case 'b':
      return (value & MAX_B) << B_SHIFT;
    case 'c':
      return (value & MAX_C) << C_SHIFT;
    case 'bx':
      return (value & MAX_BX) << BX_SHIFT;
    case 'sj':
      return value << SJ_SHIFT;
    case 'x':
      return 0;
  }
}

/** An operand's value in an instruction of `word` and, for field `x`, the word after it. */
export function decodeOperand({ field, kind }: Operand, word: number, extra: number): number {
  const { isSigned } = operandRange(kind);
  switch (field) {
    case 'a':
      return isSigned ? (decodeA(word) << 24) >> 24 : decodeA(word);
    case 'b':
      return isSigned ? (decodeB(word) << 24) >> 24 : decodeB(word);
    case 'c':
      return isSigned ? word >> C_SHIFT : decodeC(word);
    case 'bx':
      return isSigned ? decodeSignedBx(word) : decodeBx(word);
    case 'sj':
      return isSigned ? decodeSj(word) : decodeX(word);
    case 'x':
      return isSigned ? decodeSj(extra) : decodeX(extra);
  }
}

export interface OperandRange {
  readonly bits: number;
  readonly isSigned: boolean;
  readonly min: number;
  readonly max: number;
}

const RANGES: Readonly<Record<OperandKind, OperandRange>> = {
  dst: range(A_BITS),
  src: range(A_BITS),
  use: range(A_BITS),
  u8: range(A_BITS),
  s8: range(A_BITS, true),
  k8: range(A_BITS),
  up: range(A_BITS),
  flag: { ...range(A_BITS), max: 1 },
  count: range(A_BITS),
  u16: range(BX_BITS),
  s16: range(BX_BITS, true),
  k16: range(BX_BITS),
  j16: range(BX_BITS, true),
  fn: range(BX_BITS),
  sys: range(BX_BITS),
  intr: range(BX_BITS),
  trap: range(BX_BITS),
  j24: range(SJ_BITS, true),
  x24: range(SJ_BITS),
};

/** The values that an operand of a kind can have. */
export function operandRange(kind: OperandKind): OperandRange {
  return RANGES[kind];
}

function range(bits: number, isSigned = false): OperandRange {
  const size = 2 ** bits;
  return { bits, isSigned, min: isSigned ? -size / 2 : 0, max: (isSigned ? size / 2 : size) - 1 };
}

const FIELD_BITS: Readonly<Record<OperandField, number>> = {
  a: MAX_A << A_SHIFT,
  b: MAX_B << B_SHIFT,
  c: MAX_C << C_SHIFT,
  bx: MAX_BX << BX_SHIFT,
  sj: -1 << SJ_SHIFT,
  x: 0,
};

const UNUSED_BITS = new Map(
  [...TYPED_OPCODES, ...VALUE_OPCODES].map((opcode): [Opcode, number] => [
    opcode,
    opcode.operands.reduce((bits, { field }) => bits & ~FIELD_BITS[field], ~MAX_OP),
  ]),
);

/** The bits of an instruction's first word that mean nothing, and are 0. */
export function unusedBits(opcode: Opcode): number {
  return UNUSED_BITS.get(opcode)!;
}

/** The opcodes of a family by number, the common ones included. */
export function opcodesOf(family: Exclude<Family, 'common'>): readonly Opcode[] {
  return family === 'typed' ? TYPED_OPCODES : VALUE_OPCODES;
}

const BY_MNEMONIC = {
  typed: new Map(TYPED_OPCODES.map((opcode) => [opcode.mnemonic, opcode])),
  value: new Map(VALUE_OPCODES.map((opcode) => [opcode.mnemonic, opcode])),
};

/** The opcode of that name that may stand in functions of a family. */
export function findOpcode(family: Exclude<Family, 'common'>, mnemonic: string): Opcode | undefined {
  return BY_MNEMONIC[family].get(mnemonic);
}

function commonNumber(mnemonic: string): number {
  return TYPED_OPCODES.find((opcode) => opcode.mnemonic === mnemonic)!.number;
}
