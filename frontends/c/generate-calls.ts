// Code for calls: arguments in consecutive registers, structs by the address of a copy, variable arguments in slots of
// the caller's memory block.
import { Trap } from '../../vm/index';
import { ARGUMENT_SLOT_BYTES } from './check-calls';
import type { Instruction } from './code-list';
import { addressRegister, copyObject, generateAddress, NO_REGISTER, store } from './generate-addresses';
import { generateValue } from './generate-expressions';
import { generateInline, inlinedFunction } from './generate-inline';
import type { Generation } from './generation';
import { type OpcodeOperation, opcodeOperation } from './machine-operations';
import type { CallNode, TypedExpression } from './typed-tree';
import { type CType, sizeOf } from './types';

/** Calls; the result is in the register given back (of a struct its address, of void nothing). */
export function generateCall(g: Generation, node: CallNode, want: number | undefined): number {
  const { frame } = g;
  const { functionType, args, callee } = node;
  const inlined = inlinedFunction(g, node);
  if (inlined !== undefined) return generateInline(g, node, inlined, want);
  const mark = frame.mark();
  // A wanted temporary on top is where the window can begin: nothing is in it yet.
  const isWindow = want !== undefined && want === frame.top - 1 && g.isTemporary(want);
  const pointer = callee.kind === 'function' ? undefined : generateValue(g, callee);
  const window = isWindow && frame.top === mark.top ? want : frame.top;
  frame.top = window;
  const fixedCount = functionType.isVariadic ? functionType.parameters.length : args.length;
  const slots = functionType.isVariadic ? variableArguments(g, args.slice(fixedCount)) : undefined;
  if (functionType.result.kind === 'record') passResultPlace(g, functionType.result);
  for (const argument of args.slice(0, fixedCount)) generateArgument(g, argument);
  if (slots !== undefined) passVariableArguments(g, slots);
  const argumentCount = frame.top - window;
  frame.reach(window + 1);
  g.code.token = node.token;
  emitCall(g, node, window, pointer).argumentCount = argumentCount;
  frame.top = mark.top;
  if (want !== undefined) return g.move(want, window);
  frame.top = window + 1;
  return window;
}

function emitCall(g: Generation, node: CallNode, window: number, pointer: number | undefined): Instruction {
  const { callee, functionType, args } = node;
  if (callee.kind === 'function') return g.code.add('call', window, g.program.functionIndex(callee.symbol));
  const types = functionType.hasPrototype ? functionType.parameters : args.map(({ type }) => type);
  return g.code.add('call_indirect', window, pointer!, g.program.signatureIndex(functionType, types));
}

function passResultPlace(g: Generation, type: CType): void {
  const offset = g.frame.allocateMemory(sizeOf(type), 8);
  const register = g.frame.allocate();
  addressRegister(g, { base: g.frame.baseRegister, offset, index: NO_REGISTER }, register);
}

/** Evaluates one argument into the next register. */
function generateArgument(g: Generation, node: TypedExpression): void {
  const { frame } = g;
  const register = frame.allocate();
  if (node.type.kind === 'record') passRecord(g, node, register);
  else generateValue(g, node, register);
  frame.top = register + 1;
}

/** Puts the address of a copy into `register`; what a call returned is a copy already. */
function passRecord(g: Generation, node: TypedExpression, register: number): void {
  if (node.kind === 'call') {
    generateValue(g, node, register);
    return;
  }
  const size = sizeOf(node.type);
  const place = { base: g.frame.baseRegister, offset: g.frame.allocateMemory(size, 8), index: NO_REGISTER };
  copyObject(g, place, generateAddress(g, node), size);
  addressRegister(g, place, register);
}

/** Stores the variable arguments in slots; gives their offset in the memory block, or -1 if there are none. */
function variableArguments(g: Generation, args: readonly TypedExpression[]): number {
  const { frame } = g;
  if (args.length === 0) return -1;
  const offset = frame.allocateMemory(args.length * ARGUMENT_SLOT_BYTES, ARGUMENT_SLOT_BYTES);
  args.forEach((argument, index) => {
    const { top } = frame;
    const slot = { base: frame.baseRegister, offset: offset + index * ARGUMENT_SLOT_BYTES, index: NO_REGISTER };
    if (argument.type.kind === 'record') {
      generateArgument(g, argument);
      store(g, POINTER, slot, top);
    } else store(g, argument.type, slot, generateValue(g, argument));
    frame.top = top;
  });
  return offset;
}

const POINTER: CType = { kind: 'pointer', target: { kind: 'void', qualifiers: 0 }, qualifiers: 0 };

function passVariableArguments(g: Generation, offset: number): void {
  const register = g.frame.allocate();
  // Without any, the address is null: reading one traps.
  if (offset < 0) g.integerConstant(0, register);
  else addressRegister(g, { base: g.frame.baseRegister, offset, index: NO_REGISTER }, register);
}

const TRAPS: ReadonlyMap<string, number> = new Map([
  ['trap.aborted', Trap.ABORTED],
  ['trap.unreachable', Trap.UNREACHABLE],
]);

/** An operation of the machine: an opcode on registers, or an intrinsic or syscall on consecutive ones. */
export function generateMachineOperation(
  g: Generation,
  node: TypedExpression & { kind: 'intrinsic' | 'syscall' },
  want: number | undefined,
): number {
  const { frame } = g;
  const { top } = frame;
  const trap = node.kind === 'intrinsic' ? TRAPS.get(node.name) : undefined;
  if (trap !== undefined) {
    g.code.terminate('trap', trap);
    return g.destination(want);
  }
  const opcode = node.kind === 'intrinsic' ? opcodeOperation(node.name) : undefined;
  if (opcode !== undefined) return generateOpcode(g, node, opcode, want);
  if (node.name === 'c.set_jump') g.isReturnedTo = true;
  for (const argument of node.args) generateArgument(g, argument);
  frame.reach(top + 1);
  const index = node.kind === 'syscall' ? g.program.syscallIndex(node.name) : g.program.intrinsicIndex(node.name);
  g.code.token = node.token;
  g.code.add(node.kind, top, index).argumentCount = node.args.length;
  frame.top = top;
  return want === undefined ? frame.allocate() : g.move(want, top);
}

function generateOpcode(
  g: Generation,
  node: TypedExpression & { kind: 'intrinsic' | 'syscall' },
  { hasResult, usesUp }: OpcodeOperation,
  want: number | undefined,
): number {
  const { frame } = g;
  const { top } = frame;
  // What the opcode uses up gets registers of its own.
  const registers = node.args.map((argument) => generateValue(g, argument, usesUp ? frame.allocate() : undefined));
  frame.top = top;
  const result = g.destination(want);
  g.code.token = node.token;
  if (hasResult) g.code.add(node.name, result, ...registers);
  else g.code.add(node.name, ...registers);
  return result;
}
