// Forms that only library code may use: __intrinsic.NAME(...), __syscall.NAME(...) and __op.NAME(...) become one
// instruction of the machine. They look like calls of global functions; here they are found in the parser's code.
import { VALUE_OPCODES } from '../../vm/index';
import type { CodeBuffer, Operands } from './code-buffer';
import { constantIndex, type Instruction, isConstantOperand, OP, type Prototype } from './prototype';
import { LuaSyntaxError } from './syntax-error';

const FORMS = ['__intrinsic', '__syscall', '__op'] as const;
type Form = (typeof FORMS)[number];

const OPCODES = new Map(VALUE_OPCODES.map((opcode) => [opcode.mnemonic, opcode]));

/** A call in the parser's code that stands for an instruction. */
export interface SpecialCall {
  readonly callPc: number;
  /** Highest register that it needs. */
  readonly lastRegister: number;
  /**
   * Emits the instruction. When the results go on to `next` (a call without a fixed number of results), gives the
   * instruction to translate in `next`'s place.
   */
  emit(buffer: CodeBuffer, next: Instruction | undefined): Instruction | null;
}

/** The library forms of one module; collects the names that it imports. */
export class LibraryForms {
  readonly syscalls: string[] = [];
  readonly intrinsics: string[] = [];

  /** The form whose first instruction is at `pc`: the global, behind it the field; the call is searched. */
  find(prototype: Prototype, pc: number): SpecialCall | null {
    const { code, upvalues } = prototype;
    const { A, B, C } = code[pc]!;
    const form = stringOf(prototype, C) as Form | null;
    if (form === null || !FORMS.includes(form) || upvalues[B]!.name !== '_ENV') return null;
    const field = code[pc + 1];
    const name = field?.opcode === OP.GETTABLE && field.B === A ? stringOf(prototype, field.C) : null;
    const line = prototype.lines[pc]!;
    if (field === undefined || name === null) throw misuse(line, `${form} needs the name of an instruction`);
    const callPc = code.findIndex((instruction, at) => at > pc + 1 && isCall(instruction) && instruction.A === field.A);
    if (callPc < 0) throw misuse(line, `${form}.${name} must be called`);
    return this.createCall(form, name, callPc, code[callPc]!, line);
  }

  private createCall(form: Form, name: string, callPc: number, call: Instruction, line: number): SpecialCall {
    const first = call.A + 1;
    const operands = form === '__op' ? null : { a: first, bx: this.importName(form, name) };
    const mnemonic = form === '__op' ? name : form.slice(2);
    const opcode = OPCODES.get(mnemonic);
    if (opcode === undefined) throw misuse(line, `no such instruction: ${name}`);
    const isOpen = call.opcode === OP.TAILCALL || call.C === 0;
    const emit = (buffer: CodeBuffer, next: Instruction | undefined): Instruction | null => {
      if (mnemonic === 'protected_call') {
        buffer.emit(mnemonic, { a: first, b: call.B, c: isOpen ? 0 : call.C });
        return isOpen ? returnFrom(first, next, line) : moveResults(buffer, first, call.C - 1);
      }
      if (call.B === 0) throw misuse(line, `${name} takes a fixed number of arguments`);
      buffer.emit(mnemonic, operands ?? registerOperands(opcode.operands, first));
      if (isOpen) return passOne(first, next, line, buffer);
      return moveResults(buffer, first, call.C - 1);
    };
    const results = Math.max(call.C - 1, 1);
    const argumentCount = Math.max(call.B - 1, 0);
    return { callPc, emit, lastRegister: call.A + Math.max(results, argumentCount) };
  }

  private importName(form: Form, name: string): number {
    const names = form === '__syscall' ? this.syscalls : this.intrinsics;
    const known = names.indexOf(name);
    return known >= 0 ? known : names.push(name) - 1;
  }
}

function isCall({ opcode }: Instruction): boolean {
  return opcode === OP.CALL || opcode === OP.TAILCALL;
}

/** Register operands are the arguments in order; a result replaces the first one. */
function registerOperands(operands: readonly { field: string; kind: string }[], first: number): Operands {
  const fields: Record<string, number> = {};
  let argument = first;
  for (const { field, kind } of operands) {
    if (kind === 'dst') fields[field] = first;
    else fields[field] = argument++;
  }
  return fields;
}

/** The results stand one register above those where the call would leave them. */
function moveResults(buffer: CodeBuffer, first: number, count: number): null {
  for (let index = 0; index < count; index++) buffer.emit('move', { a: first - 1 + index, b: first + index });
  return null;
}

/** `return FORM(...)`: all results, from `first` up to the top. */
function returnFrom(first: number, next: Instruction | undefined, line: number): Instruction {
  if (next?.opcode !== OP.RETURN || next.B !== 0) throw misuse(line, 'all results of this form can only be returned');
  return { ...next, A: first };
}

/** One result goes on to a return, a call or a table that takes what there is. */
function passOne(first: number, next: Instruction | undefined, line: number, buffer: CodeBuffer): Instruction {
  if (next?.opcode === OP.RETURN && next.B === 0) return { ...next, A: first, B: 2 };
  if (next === undefined || next.B !== 0) throw misuse(line, 'this form gives one result');
  buffer.emit('move', { a: first - 1, b: first });
  const count = first - 1 - next.A;
  return { ...next, B: next.opcode === OP.SETLIST ? count : count + 1 };
}

function stringOf(prototype: Prototype, operand: number): string | null {
  if (!isConstantOperand(operand)) return null;
  const constant = prototype.constants[constantIndex(operand)]!;
  return constant.kind === 'string' ? new TextDecoder().decode(constant.bytes) : null;
}

function misuse(line: number, message: string): LuaSyntaxError {
  return new LuaSyntaxError('lua.library', message, line, 0, 1);
}
