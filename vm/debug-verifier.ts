// Debug information of a function: nothing that runs relies on it, but stack traces, messages, the disassembler and the
// codec do, and it comes from outside like the rest.
import { ModuleError } from './errors';
import { MAXIMUM_NAME_LENGTH } from './limits';
import type { FunctionDefinition, Module } from './module';
import { Pace, type Steps } from './steps';

/** Entries of its tables that are looked at in one step. */
const STEP_ENTRIES = 1024;
const MAXIMUM_LINE = 0x7fffffff;
/** An operand's number: 16 bits are the widest that a message can be about. */
const MAXIMUM_OPERAND = 0xffff;

/** Throws ModuleError `module.debug`. `starts` says where instructions begin (see verifyCode). */
export function* verifyDebug(
  module: Module,
  definition: FunctionDefinition,
  index: number,
  starts: Uint8Array,
): Steps<void> {
  const { source, line, lastLine, name } = definition.debug;
  const refuse = (detail: string, pc?: number): never => {
    throw new ModuleError('module.debug', detail, { function: index, pc });
  };
  if (module.sources[source] === undefined) refuse(`source ${source}`);
  if (!isLine(line) || !isLine(lastLine)) refuse(`lines ${line} to ${lastLine}`);
  if (name.length > MAXIMUM_NAME_LENGTH) refuse('long name');
  for (const upvalue of definition.upvalues) if (upvalue.name.length > MAXIMUM_NAME_LENGTH) refuse('long name');
  yield* verifyLines(definition, starts, refuse);
  yield* verifyLocals(definition, refuse);
  yield* verifyOperandNames(definition, starts, refuse);
}

type Refuse = (detail: string, pc?: number) => never;

function* verifyLines({ debug }: FunctionDefinition, starts: Uint8Array, refuse: Refuse): Steps<void> {
  const pace = new Pace(STEP_ENTRIES);
  let last = -1;
  for (const { pc, line } of debug.lines) {
    if (starts[pc] !== 1 || pc <= last) refuse('line table out of order', pc);
    if (!isLine(line)) refuse(`line ${line}`, pc);
    last = pc;
    if (pace.isOver()) yield;
  }
}

function* verifyLocals({ debug, registerCount, code }: FunctionDefinition, refuse: Refuse): Steps<void> {
  const pace = new Pace(STEP_ENTRIES);
  for (const { name, register, start, end } of debug.locals) {
    if (name.length > MAXIMUM_NAME_LENGTH) refuse('long name');
    if (!isBelow(register, registerCount)) refuse(`local in register ${register}`);
    if (!isBelow(start, code.length + 1) || !isBelow(end, code.length + 1)) refuse(`local from ${start} to ${end}`);
    if (pace.isOver()) yield;
  }
}

function* verifyOperandNames({ debug }: FunctionDefinition, starts: Uint8Array, refuse: Refuse): Steps<void> {
  const pace = new Pace(STEP_ENTRIES);
  let last = 0;
  for (const { pc, register, kind, name } of debug.operands) {
    if (starts[pc] !== 1 || pc < last) refuse('operand names out of order', pc);
    if (!isBelow(register, MAXIMUM_OPERAND + 1)) refuse(`operand ${register}`, pc);
    if (name.length > MAXIMUM_NAME_LENGTH || kind.length > MAXIMUM_NAME_LENGTH) refuse('long name', pc);
    last = pc;
    if (pace.isOver()) yield;
  }
}

function isLine(line: number): boolean {
  return isBelow(line, MAXIMUM_LINE + 1);
}

function isBelow(value: number, end: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < end;
}
