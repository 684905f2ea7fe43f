// Code for objects in memory: where they lie, loading and storing them, bit-fields, copying and clearing.

import { generateValue } from './generate-expressions';
import { generateStores } from './generate-initialisers';
import { fitsSigned8, type Generation } from './generation';
import type { TypedExpression } from './typed-tree';
import { type CType, longLongType, type Member, sizeOf } from './types';

/** Where an object lies: base + offset, or base + index * scale. */
export interface Address {
  /** A register, or NO_REGISTER: then `offset` is the whole address. */
  readonly base: number;
  /** Never negative with a base. */
  readonly offset: number;
  /** A register, or NO_REGISTER. */
  readonly index: number;
}

export const NO_REGISTER = -1;
const MAX_LOAD_OFFSET = 255;
/** The last word that load_static and store_static can name. */
const LAST_STATIC_WORD = 0xffff;
/** The largest distance that address.offset holds. */
const MAX_ADDRESS_OFFSET = 0xff_ffff;

/** The address of the object that `node` denotes, or of the struct that it computes. */
export function generateAddress(g: Generation, node: TypedExpression, accessSize = 0): Address {
  switch (node.kind) {
    case 'variable': {
      const { variable } = node;
      if (variable.kind === 'global')
        return { base: NO_REGISTER, offset: g.program.addressOf(variable), index: NO_REGISTER };
      const location = g.frame.find(variable)!;
      if (location.kind === 'frame') return { base: g.frame.baseRegister, offset: location.offset, index: NO_REGISTER };
      return { base: location.register, offset: 0, index: NO_REGISTER };
    }
    case 'dereference':
      return pointerAddress(g, node.pointer, accessSize);
    case 'member':
      return displaced(g, generateAddress(g, node.object), node.member.offset);
    case 'compoundLiteral': {
      const offset = g.frame.allocateMemory(sizeOf(node.type), node.variable.alignment);
      g.frame.pinMemory();
      g.frame.place(node.variable, { kind: 'frame', offset });
      const address = { base: g.frame.baseRegister, offset, index: NO_REGISTER };
      generateStores(g, address, node.type, node.stores);
      return address;
    }
    default:
      return { base: generateValue(g, node), offset: 0, index: NO_REGISTER };
  }
}

/** The address that the pointer `node` holds, for an access of `accessSize` bytes (0: any). */
function pointerAddress(g: Generation, node: TypedExpression, accessSize: number): Address {
  switch (node.kind) {
    case 'constant':
      return { base: NO_REGISTER, offset: Number(BigInt.asUintN(32, node.value as bigint)), index: NO_REGISTER };
    case 'addressOf':
      if (node.operand.kind !== 'function') return generateAddress(g, node.operand, accessSize);
      break;
    case 'convert':
      if (node.operand.type.kind === 'pointer') return pointerAddress(g, node.operand, accessSize);
      break;
    case 'pointerAdd': {
      const { pointer, index, scale } = node;
      if (index.kind === 'constant') return displaced(g, pointerAddress(g, pointer, 0), Number(index.value) * scale);
      if (scale !== accessSize) break;
      const base = addressRegister(g, pointerAddress(g, pointer, 0));
      return { base, offset: 0, index: generateValue(g, index) };
    }
  }
  return { base: generateValue(g, node), offset: 0, index: NO_REGISTER };
}

function displaced(g: Generation, address: Address, distance: number): Address {
  if (distance === 0) return address;
  const offset = address.offset + distance;
  if (address.index === NO_REGISTER && address.base === NO_REGISTER) return { ...address, offset: offset >>> 0 };
  if (address.index === NO_REGISTER && offset >= 0) return { ...address, offset };
  const base = addressRegister(g, address);
  return { base: addConstant(g, base, distance), offset: 0, index: NO_REGISTER };
}

/** `base + distance` in a register, wrapping. */
export function addConstant(g: Generation, base: number, distance: number, want?: number): number {
  if (fitsSigned8(distance)) {
    const register = g.destination(want);
    g.code.add('i32.add_imm', register, base, distance);
    return register;
  }
  const constant = g.integerConstant(distance);
  const register = g.destination(want);
  g.code.add('i32.add', register, base, constant);
  return register;
}

/** `address` as one number in a register: the base itself where nothing is to be added. */
export function addressRegister(g: Generation, address: Address, want?: number): number {
  const { base, offset, index } = address;
  if (base === NO_REGISTER) return g.integerConstant(offset, want);
  if (index !== NO_REGISTER) throw new Error('an indexed address is only ever loaded from or stored to');
  if (offset === 0) return want === undefined ? base : g.move(want, base);
  if (fitsSigned8(offset) || offset > MAX_ADDRESS_OFFSET) return addConstant(g, base, offset, want);
  const register = g.destination(want);
  g.code.add('address.offset', register, base, offset);
  return register;
}

// --- loads and stores -----------------------------------------------------------------------------------------------

/** The opcode that moves a value of `type` from or to memory. */
function accessMnemonic(type: CType, verb: 'load' | 'store'): string {
  const size = type.kind === 'array' || type.kind === 'record' ? 4 : sizeOf(type);
  if (size === 8) return `i64.${verb}`;
  if (size === 4) return `i32.${verb}`;
  const sign = verb === 'store' ? '' : type.kind === 'integer' && type.isSigned ? '_s' : '_u';
  return `i32.${verb}${8 * size}${sign}`;
}

function access(g: Generation, type: CType, verb: 'load' | 'store', register: number, address: Address): void {
  const mnemonic = accessMnemonic(type, verb);
  if (address.index !== NO_REGISTER) {
    g.code.add(`${mnemonic}_indexed`, register, address.base, address.index);
    return;
  }
  if (isStaticWord(type, address)) {
    g.code.add(`i32.${verb}_static`, register, address.offset / 4);
    return;
  }
  const isNear = address.base !== NO_REGISTER && address.offset <= MAX_LOAD_OFFSET;
  if (isNear) g.code.add(mnemonic, register, address.base, address.offset);
  else g.code.add(mnemonic, register, addressRegister(g, address), 0);
}

/** Whether the scalar of `type` at `address` is a word that one instruction reaches without a register. */
export function isStaticWord(type: CType, { base, offset, index }: Address): boolean {
  if (base !== NO_REGISTER || index !== NO_REGISTER || accessMnemonic(type, 'load') !== 'i32.load') return false;
  return offset % 4 === 0 && offset / 4 <= LAST_STATIC_WORD;
}

/** Loads the scalar of `type` at `address`. */
export function load(g: Generation, type: CType, address: Address, want?: number): number {
  const register = g.destination(want);
  // A wanted variable must keep its value until the load itself: the address is never computed in it.
  access(g, type, 'load', register, address);
  return register;
}

/** Stores the scalar of `type` in `register` at `address`. */
export function store(g: Generation, type: CType, address: Address, register: number): void {
  access(g, type, 'store', register, address);
}

/** `address` such that using it twice, for scalars of `type`, computes nothing twice. */
export function stableAddress(g: Generation, address: Address, type?: CType): Address {
  if (type !== undefined && isStaticWord(type, address)) return address;
  const isFar = address.base === NO_REGISTER || address.offset > MAX_LOAD_OFFSET;
  if (address.index !== NO_REGISTER || !isFar) return address;
  return { base: addressRegister(g, address), offset: 0, index: NO_REGISTER };
}

// --- bit-fields -----------------------------------------------------------------------------------------------------

type BitField = NonNullable<Member['bitField']>;

/** The type in which a bit-field's storage unit is handled: unsigned, so that a load does not extend it wrongly. */
function unitBits(type: CType): 32 | 64 {
  return sizeOf(type) === 8 ? 64 : 32;
}

/** Loads a bit-field declared with `type`. */
export function loadBits(g: Generation, type: CType, bits: BitField, address: Address, want?: number): number {
  const unit = load(g, type, address, want !== undefined && g.isTemporary(want) ? want : undefined);
  return extractBits(g, type, bits, unit, g.destination(want));
}

/** The field out of its storage unit: shifted up against the top, and down again with its sign or zeros. */
function extractBits(g: Generation, type: CType, { start, width }: BitField, unit: number, to: number): number {
  const size = unitBits(type);
  const prefix = `i${size}`;
  const isSigned = type.kind === 'integer' && type.isSigned;
  const above = size - start - width;
  let from = unit;
  if (above > 0) {
    g.code.add(`${prefix}.shl_imm`, to, from, above);
    from = to;
  }
  if (size - width > 0) g.code.add(`${prefix}.shr_${isSigned ? 's' : 'u'}_imm`, to, from, size - width);
  else g.move(to, from);
  return to;
}

/** Stores `register` into a bit-field; with `needsValue`, gives what the field then holds. */
export function storeBits(
  g: Generation,
  type: CType,
  bits: BitField,
  address: Address,
  register: number,
  needsValue: boolean,
): number {
  const prefix = `i${unitBits(type)}`;
  const { start, width } = bits;
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(start);
  const place = stableAddress(g, address);
  const unit = load(g, type, place);
  const moved = g.frame.allocate();
  g.constant(~mask, type, moved);
  g.code.add(`${prefix}.and`, unit, unit, moved);
  // Up to the top and down to its place: that cuts it to its width.
  const size = unitBits(type);
  g.code.add(`${prefix}.shl_imm`, moved, register, size - width);
  if (size - width - start > 0) g.code.add(`${prefix}.shr_u_imm`, moved, moved, size - width - start);
  g.code.add(`${prefix}.or`, unit, unit, moved);
  store(g, type, place, unit);
  return needsValue ? extractBits(g, type, bits, unit, moved) : moved;
}

// --- whole objects --------------------------------------------------------------------------------------------------

/** Copies up to this many bytes word by word. */
const MAX_INLINE_COPY = 32;

/** Copies `size` bytes. */
export function copyObject(g: Generation, to: Address, from: Address, size: number): void {
  const { frame } = g;
  const mark = frame.mark();
  if (size <= MAX_INLINE_COPY) copyInline(g, stableAddress(g, to), stableAddress(g, from), size);
  else {
    const target = addressRegister(g, to, frame.allocate());
    const source = addressRegister(g, from, frame.allocate());
    g.code.add('memory.copy', target, source, g.integerConstant(size, frame.allocate()));
  }
  frame.releaseRegisters(mark);
}

function copyInline(g: Generation, to: Address, from: Address, size: number): void {
  const scratch = g.frame.allocate();
  for (let done = 0; done < size; ) {
    const step = size - done >= 8 ? 8 : size - done >= 4 ? 4 : size - done >= 2 ? 2 : 1;
    const mnemonic = PIECES[step]!;
    const source = displaced(g, from, done);
    const target = displaced(g, to, done);
    g.code.add(mnemonic[0], scratch, ...nearOperands(g, source));
    g.code.add(mnemonic[1], scratch, ...nearOperands(g, target));
    done += step;
  }
}

const PIECES: Readonly<Record<number, readonly [load: string, store: string]>> = {
  1: ['i32.load8_u', 'i32.store8'],
  2: ['i32.load16_u', 'i32.store16'],
  4: ['i32.load', 'i32.store'],
  8: ['i64.load', 'i64.store'],
};

function nearOperands(g: Generation, address: Address): [base: number, offset: number] {
  const near = address.offset <= MAX_LOAD_OFFSET && address.base !== NO_REGISTER;
  return near ? [address.base, address.offset] : [addressRegister(g, address), 0];
}

/** Fills `size` bytes with zeros. */
export function clearObject(g: Generation, address: Address, size: number): void {
  const { frame } = g;
  const mark = frame.mark();
  if (size <= MAX_INLINE_COPY) {
    const zero = g.constant(0n, longLongType);
    const place = stableAddress(g, address);
    for (let done = 0; done < size; ) {
      const step = size - done >= 8 ? 8 : size - done >= 4 ? 4 : size - done >= 2 ? 2 : 1;
      g.code.add(PIECES[step]![1], zero, ...nearOperands(g, displaced(g, place, done)));
      done += step;
    }
  } else {
    const target = addressRegister(g, address, frame.allocate());
    const zero = g.integerConstant(0, frame.allocate());
    g.code.add('memory.fill', target, zero, g.integerConstant(size, frame.allocate()));
  }
  frame.releaseRegisters(mark);
}

/** Whether values of `type` are handled as addresses. */
export function isAggregate(type: CType): boolean {
  return type.kind === 'record' || type.kind === 'array';
}
