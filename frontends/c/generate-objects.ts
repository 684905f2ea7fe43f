// Code that reads and changes variables and other objects: loads, assignments, compound assignments, steps.
import {
  addressRegister,
  copyObject,
  generateAddress,
  isAggregate,
  isStaticWord,
  load,
  loadBits,
  NO_REGISTER,
  stableAddress,
  store,
  storeBits,
} from './generate-addresses';
import { generateOperation } from './generate-arithmetic';
import { generateConversion } from './generate-conversions';
import { generateValue } from './generate-expressions';
import type { Generation } from './generation';
import type { CompoundAssignNode, TypedExpression } from './typed-tree';
import { type CType, type IntegerType, isScalar, type Member, sizeOf } from './types';

type NodeOf<Kind extends TypedExpression['kind']> = TypedExpression & { kind: Kind };

/** The register in which `node`, a variable, lives; undefined for anything else. */
function variableRegister(g: Generation, node: TypedExpression): number | undefined {
  if (node.kind !== 'variable' || node.variable.kind !== 'local') return undefined;
  const location = g.frame.find(node.variable)!;
  return location.kind === 'register' ? location.register : undefined;
}

export function generateLoad(g: Generation, node: TypedExpression, want: number | undefined): number {
  const inRegister = variableRegister(g, node);
  if (inRegister !== undefined) return want === undefined ? inRegister : g.move(want, inRegister);
  const { type } = node;
  if (!isScalar(type)) return addressRegister(g, generateAddress(g, node), want);
  const { top } = g.frame;
  const step = steppedPointer(g, node);
  if (step !== undefined && step.register !== want) {
    const value = load(g, type, { base: step.register, offset: 0, index: NO_REGISTER }, want);
    generateChange(g, step.node, step.register, step.register);
    return g.settle(top, value);
  }
  const address = generateAddress(g, node, sizeOf(type));
  g.code.token = node.token;
  const bits = bitField(node);
  if (bits !== undefined) return g.settle(top, loadBits(g, type, bits, address, want));
  if (!isStaticWord(type, address) && (address.base === NO_REGISTER || address.offset > 255)) {
    const register = addressRegister(g, address);
    g.frame.top = top;
    return load(g, type, { base: register, offset: 0, index: NO_REGISTER }, want);
  }
  g.frame.top = top;
  return load(g, type, address, want);
}

/** For `*p++` with p in a register: the access can use p, and then step it. */
function steppedPointer(
  g: Generation,
  node: TypedExpression,
): { register: number; node: CompoundAssignNode } | undefined {
  if (node.kind !== 'dereference' || node.pointer.kind !== 'compoundAssign' || !node.pointer.isPostfix)
    return undefined;
  const register = variableRegister(g, node.pointer.target);
  return register === undefined ? undefined : { register, node: node.pointer };
}

function bitField(node: TypedExpression): Member['bitField'] {
  return node.kind === 'member' ? node.member.bitField : undefined;
}

// --- assignment ----------------------------------------------------------------------------------------------------

/** `target = value`. The value given back is only there if it `isUsed`. */
export function generateAssign(
  g: Generation,
  node: NodeOf<'assign'>,
  want: number | undefined,
  isUsed: boolean,
): number {
  const { target, value } = node;
  const register = variableRegister(g, target);
  if (register !== undefined) {
    generateValue(g, value, register);
    return want === undefined ? register : g.move(want, register);
  }
  if (isAggregate(target.type)) return assignObject(g, target, value, want);
  const step = steppedPointer(g, target);
  if (step !== undefined) {
    const stored = generateValue(g, value);
    store(g, target.type, { base: step.register, offset: 0, index: NO_REGISTER }, stored);
    generateChange(g, step.node, step.register, step.register);
    return want === undefined ? stored : g.move(want, stored);
  }
  const bits = bitField(target);
  const address = generateAddress(g, target, sizeOf(target.type));
  const stored = generateValue(g, value);
  g.code.token = node.token;
  if (bits !== undefined) {
    const held = storeBits(g, target.type, bits, address, stored, isUsed);
    return want === undefined || !isUsed ? held : g.move(want, held);
  }
  store(g, target.type, address, stored);
  return want === undefined ? stored : g.move(want, stored);
}

function assignObject(
  g: Generation,
  target: TypedExpression,
  value: TypedExpression,
  want: number | undefined,
): number {
  const from = generateAddress(g, value);
  const to = generateAddress(g, target);
  copyObject(g, to, from, sizeOf(target.type));
  return addressRegister(g, to, want);
}

/** `target op= value`, `target++` and their like. */
export function generateCompoundAssign(
  g: Generation,
  node: CompoundAssignNode,
  want: number | undefined,
  isUsed: boolean,
): number {
  const register = variableRegister(g, node.target);
  if (register !== undefined) return changeVariable(g, node, register, want, isUsed);
  return changeObject(g, node, want, isUsed);
}

function changeVariable(
  g: Generation,
  node: CompoundAssignNode,
  register: number,
  want: number | undefined,
  isUsed: boolean,
): number {
  const { frame } = g;
  const old = node.isPostfix && isUsed ? g.move(g.destination(want), register) : -1;
  const { top } = frame;
  generateChange(g, node, register, register);
  frame.top = top;
  if (old >= 0) return old;
  return want === undefined || !isUsed ? register : g.move(want, register);
}

/** Puts into `to` what the target, whose value is in `register`, becomes. */
function generateChange(g: Generation, node: CompoundAssignNode, register: number, to: number): void {
  const { frame } = g;
  const { top } = frame;
  const { type } = node.target;
  const { operationType, operator, value } = node;
  const widened = generateConversion(g, register, type, operationType);
  const isDirect = isUnconverted(operationType, type);
  const result = generateOperation(g, operator, operationType, widened, value, isDirect ? to : undefined, frame.top);
  if (!isDirect) generateConversion(g, result, operationType, type, to);
  frame.top = top;
}

function isUnconverted(operationType: CType, type: CType): boolean {
  if (operationType.kind !== type.kind) return false;
  if (type.kind !== 'integer') return sizeOf(type) === sizeOf(operationType);
  return type.rank > 0 && type.size >= 4 && type.size === (operationType as IntegerType).size;
}

function changeObject(g: Generation, node: CompoundAssignNode, want: number | undefined, isUsed: boolean): number {
  const { frame } = g;
  const { target } = node;
  const { type } = target;
  const { top } = frame;
  const bits = bitField(target);
  const place = generateAddress(g, target, sizeOf(type));
  const address = stableAddress(g, place, bits === undefined ? type : undefined);
  const old = bits === undefined ? load(g, type, address) : loadBits(g, type, bits, address);
  const changed = node.isPostfix && isUsed ? frame.allocate() : old;
  generateChange(g, node, old, changed);
  g.code.token = node.token;
  if (bits === undefined) store(g, type, address, changed);
  else {
    const held = storeBits(g, type, bits, address, changed, isUsed && !node.isPostfix);
    if (isUsed && !node.isPostfix) return g.settle(top, want === undefined ? held : g.move(want, held));
  }
  const result = node.isPostfix ? old : changed;
  return g.settle(top, want === undefined ? result : g.move(want, result));
}
