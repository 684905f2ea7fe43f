// Forms that only library code may use: __intrinsic.NAME(...), __syscall.NAME(...) and __op.NAME(...) become one
// instruction of the machine. They look like calls of global functions; here they are found in the parser's code.
import { type FunctionBuilder, type ModuleBuilder, type Opcode, VALUE_OPCODES, ValueOp } from '../../vm/index';
import { constantIndex, type Instruction, isConstantOperand, OP, type Prototype } from './prototype';
import { LuaSyntaxError } from './syntax-error';

const FORMS = ['__intrinsic', '__syscall', '__op'] as const;
type Form = (typeof FORMS)[number];

const OPCODES = new Map(VALUE_OPCODES.map((opcode) => [opcode.mnemonic, opcode]));

/** A call in the parser's code that stands for an instruction. */
export interface SpecialCall {
  readonly callPc: number;
  /** Registers that it needs. */
  readonly registerCount: number;
  /**
   * Emits the instruction. When the results go on to `next` (a call without a fixed number of results), gives the
   * instruction to translate in `next`'s place.
   */
  emit(builder: FunctionBuilder, next: Instruction | undefined): Instruction | null;
}

/** The library forms of one module. */
export class LibraryForms {
  constructor(private readonly module: ModuleBuilder) {}

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
    const opcode = OPCODES.get(form === '__op' ? name : form.slice(2));
    if (opcode === undefined) throw misuse(line, `no such instruction: ${name}`);
    const first = call.A + 1;
    const isOpen = call.opcode === OP.TAILCALL || call.C === 0;
    const emit = (builder: FunctionBuilder, next: Instruction | undefined): Instruction | null => {
      if (opcode.number === ValueOp.PROTECTED_CALL) {
        builder.emit(opcode.number, first, call.B, isOpen ? 0 : call.C);
        if (isOpen) return returnFrom(first, next, line);
      } else {
        if (call.B === 0) throw misuse(line, `${name} takes a fixed number of arguments`);
        builder.emit(opcode.number, ...this.operands(form, name, opcode, first));
        if (isOpen) return passOne(first, next, line, builder);
      }
      return moveResults(builder, first, call.C - 1);
    };
    const registerCount = first + Math.max(call.C - 1, call.B - 1, 1);
    return { callPc, emit, registerCount };
  }

  /** Arguments are register operands in order; a result replaces the first one. */
  private operands(form: Form, name: string, opcode: Opcode, first: number): number[] {
    if (form === '__intrinsic') return [first, this.module.intrinsic(name)];
    if (form === '__syscall') return [first, this.module.syscall(name)];
    let argument = first;
    return opcode.operands.map(({ kind }) => (kind === 'dst' ? first : argument++));
  }
}

function isCall({ opcode }: Instruction): boolean {
  return opcode === OP.CALL || opcode === OP.TAILCALL;
}

/** The results stand one register above those where the call would leave them. */
function moveResults(builder: FunctionBuilder, first: number, count: number): null {
  for (let index = 0; index < count; index++) builder.emit(ValueOp.MOVE, first - 1 + index, first + index);
  return null;
}

/** `return FORM(...)`: all results, from `first` up to the top. */
function returnFrom(first: number, next: Instruction | undefined, line: number): Instruction {
  if (next?.opcode !== OP.RETURN || next.B !== 0) throw misuse(line, 'all results of this form can only be returned');
  return { ...next, A: first };
}

/** One result goes on to a return, a call or a table that takes what there is. */
function passOne(first: number, next: Instruction | undefined, line: number, builder: FunctionBuilder): Instruction {
  if (next?.opcode === OP.RETURN && next.B === 0) return { ...next, A: first, B: 2 };
  if (next === undefined || next.B !== 0) throw misuse(line, 'this form gives one result');
  builder.emit(ValueOp.MOVE, first - 1, first);
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
