// Code that converts a value in a register from one scalar type to another.
import type { Generation } from './generation';
import { boolType, type CType, type IntegerType, sizeOf, unsignedIntType, valueTypeOf } from './types';

/** How `type` counts as an integer: pointers are unsigned. */
function integerView(type: CType): IntegerType {
  return type.kind === 'integer' ? type : unsignedIntType;
}

/** Whether a value of `from` is one of `to` as it is, in the register it is in. */
export function isSameInRegister(from: CType, to: CType): boolean {
  if (from.kind === 'floating' || to.kind === 'floating') return from.kind === to.kind && sizeOf(from) === sizeOf(to);
  const a = integerView(from);
  const b = integerView(to);
  if ((a.size === 8) !== (b.size === 8)) return false;
  if (b.rank === boolType.rank) return a.rank === boolType.rank;
  if (b.size >= 4 || (a.size === b.size && a.isSigned === b.isSigned)) return true;
  return a.size < b.size && (!a.isSigned || b.isSigned);
}

/** `register`, a value of `from`, as a value of `to`; the register itself if it is the same and none is wanted. */
export function generateConversion(g: Generation, register: number, from: CType, to: CType, want?: number): number {
  if (isSameInRegister(from, to)) return want === undefined ? register : g.move(want, register);
  if (to.kind === 'integer' && to.rank === boolType.rank) return generateTruth(g, register, from, want);
  if (from.kind === 'floating') {
    if (to.kind === 'floating') return unary(g, to.size === 4 ? 'f32.demote_f64' : 'f64.promote_f32', register, want);
    return floatingToInteger(g, register, from, integerView(to), want);
  }
  if (to.kind === 'floating') return integerToFloating(g, register, integerView(from), to, want);
  return integerToInteger(g, register, integerView(from), integerView(to), want);
}

function unary(g: Generation, mnemonic: string, register: number, want: number | undefined): number {
  const result = g.destination(want);
  g.code.add(mnemonic, result, register);
  return result;
}

/** 1 where the value is not zero, else 0. */
function generateTruth(g: Generation, register: number, from: CType, want: number | undefined): number {
  const prefix = valueTypeOf(from);
  const zero = g.constant(from.kind === 'floating' ? 0 : 0n, from);
  const result = g.destination(want);
  g.code.add(`${prefix}.ne`, result, register, zero);
  return result;
}

function floatingToInteger(
  g: Generation,
  register: number,
  from: CType,
  to: IntegerType,
  want: number | undefined,
): number {
  const source = valueTypeOf(from);
  if (to.size === 8) return unary(g, `i64.trunc_${source}_${to.isSigned ? 's' : 'u'}`, register, want);
  if (to.size === 4) return unary(g, `i32.trunc_${source}_${to.isSigned ? 's' : 'u'}`, register, want);
  return narrow(g, unary(g, `i32.trunc_${source}_s`, register, want), to, want);
}

function integerToFloating(
  g: Generation,
  register: number,
  from: IntegerType,
  to: CType,
  want: number | undefined,
): number {
  const sign = from.isSigned || from.size < 4 ? 's' : 'u';
  return unary(g, `${valueTypeOf(to)}.convert_${from.size === 8 ? 'i64' : 'i32'}_${sign}`, register, want);
}

function integerToInteger(
  g: Generation,
  register: number,
  from: IntegerType,
  to: IntegerType,
  want: number | undefined,
): number {
  if (to.size === 8) return unary(g, from.isSigned ? 'i64.extend32_s' : 'i64.extend_i32_u', register, want);
  if (from.size === 8 && to.size === 4) return unary(g, 'i32.wrap_i64', register, want);
  // Narrowing looks at the low bits only, so a long long needs no wrapping first.
  return narrow(g, register, to, want);
}

/** The low bits of `register` as a value of the type `to`, of 1 or 2 bytes. */
function narrow(g: Generation, register: number, to: IntegerType, want: number | undefined): number {
  const result = g.destination(want);
  if (to.isSigned) g.code.add(to.size === 1 ? 'i32.extend8_s' : 'i32.extend16_s', result, register);
  else if (to.size === 1) g.code.add('i32.and_imm', result, register, 255);
  else {
    g.code.add('i32.shl_imm', result, register, 16);
    g.code.add('i32.shr_u_imm', result, result, 16);
  }
  return result;
}
