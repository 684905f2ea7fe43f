// Code for one function: parameters into their places, the body, the end, and the prologue that the body asks for.
import type { CodeItem } from './code-list';
import { livesInRegister, OutOfRegisters } from './frame';
import { NO_REGISTER, store } from './generate-addresses';
import { generateReturnOf, generateStatement } from './generate-statements';
import { Generation, type ProgramSymbols } from './generation';
import { MAX_VARIABLE_REGISTERS, STACK_ALIGNMENT } from './limits';
import { LoopConstants } from './loop-constants';
import { type FunctionCode, optimise } from './optimiser';
import type { FunctionBody, FunctionSymbol, LocalVariable } from './typed-tree';

/** The largest block that one instruction takes from the memory stack; more never fits it. */
const MAX_FRAME_UNITS = 0xffff;

export function generateFunction(program: ProgramSymbols, symbol: FunctionSymbol, body: FunctionBody): FunctionCode {
  const { result, isVariadic } = symbol.type;
  const parameterCount = body.parameters.length + Number(result.kind === 'record') + Number(isVariadic);
  return optimise(generateTwice(program, symbol, body), parameterCount);
}

/** With constants in registers for loops, which a first generation has met. */
function generateTwice(program: ProgramSymbols, symbol: FunctionSymbol, body: FunctionBody): FunctionCode {
  const seen = new LoopConstants();
  const first = generateOnce(program, symbol, body, seen);
  if (seen.isEmpty) return first;
  try {
    return generateOnce(program, symbol, body, new LoopConstants(seen));
  } catch (error) {
    if (!(error instanceof OutOfRegisters)) throw error;
    return first;
  }
}

function generateOnce(
  program: ProgramSymbols,
  symbol: FunctionSymbol,
  body: FunctionBody,
  loopConstants: LoopConstants,
): FunctionCode {
  const g = new Generation(program, symbol, body, loopConstants);
  const { code, frame } = g;
  code.token = body.token;
  if (symbol.type.result.kind === 'record') g.resultRegister = frame.allocate();
  const registers = body.parameters.map(() => frame.allocate());
  if (body.variableArguments !== undefined) g.variableArgumentsRegister = frame.allocate();
  const prologue = body.needsMemory
    ? code.add('stack.allocate', (frame.baseRegister = frame.allocate()), 0)
    : undefined;
  frame.firstTemporary = frame.top;
  body.parameters.forEach((parameter, index) => {
    placeParameter(g, parameter, registers[index]!);
  });
  generateStatement(g, body.body);
  code.token = body.end;
  if (code.isReachable) generateReturnOf(g, undefined);
  if (prologue !== undefined) finishPrologue(g, prologue);
  return { items: code.items, registerCount: frame.registerCount, isReturnedTo: g.isReturnedTo };
}

function placeParameter(g: Generation, parameter: LocalVariable, register: number): void {
  const { frame } = g;
  if (parameter.type.kind === 'record') {
    // The caller has made a copy for us.
    frame.place(parameter, { kind: 'pointer', register });
  } else if (livesInRegister(parameter) && register < MAX_VARIABLE_REGISTERS) {
    frame.place(parameter, { kind: 'register', register });
  } else {
    const location = frame.declare(parameter);
    if (location.kind !== 'frame') return;
    store(g, parameter.type, { base: frame.baseRegister, offset: location.offset, index: NO_REGISTER }, register);
  }
}

/** Gives the prologue its size, or takes it out when the body needs no memory after all. */
function finishPrologue(g: Generation, prologue: CodeItem): void {
  const { code, frame } = g;
  const units = Math.ceil(frame.memorySize / STACK_ALIGNMENT);
  if (units === 0) code.items.splice(code.items.indexOf(prologue), 1);
  else if ('operands' in prologue) prologue.operands[1] = Math.min(units, MAX_FRAME_UNITS);
}
