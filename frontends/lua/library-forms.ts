// Forms that only library code may use: __intrinsic.NAME(...), __syscall.NAME(...) and __op.NAME(...) become one
// instruction of the machine. They look like calls of global functions; here they are found in the parser's code.
//
// `return __intrinsic.NAME(first, second)` in a function whose first parameters these are works on the parameters where
// they are: nothing is copied. The return follows the instruction at once, so an intrinsic can skip it.
import {
  type FunctionBuilder,
  findSyscall,
  type ModuleBuilder,
  type Opcode,
  VALUE_OPCODES,
  ValueOp,
} from '../../vm/index';
import { constantIndex, type Instruction, isConstantOperand, OP, type Prototype } from './prototype';
import { LuaSyntaxError } from './syntax-error';

const FORMS = ['__intrinsic', '__syscall', '__op'] as const;
type Form = (typeof FORMS)[number];

const OPCODES = new Map(VALUE_OPCODES.map((opcode) => [opcode.mnemonic, opcode]));

/** What library code may know about the machine's intrinsics. */
export interface LibraryOptions {
  /** How many values an intrinsic leaves; -1: any number, which can only be returned. 1 is assumed without it. */
  intrinsicResults?(name: string): number | undefined;
}

/** A call in the parser's code that stands for an instruction. */
export interface SpecialCall {
  readonly callPc: number;
  /** The first instruction behind the form's beginning that is still to be translated: arguments, or the call itself. */
  readonly nextPc: number;
  /** Registers that it needs. */
  readonly registerCount: number;
  /**
   * Emits the instruction in place of `call`. When its results go on to the next one (`call` has no fixed number of
   * results), gives the instruction to translate in `next`'s place.
   */
  emit(builder: FunctionBuilder, call: Instruction, next: Instruction | undefined): Instruction | null;
}

/** The library forms of one module. */
export class LibraryForms {
  constructor(
    private readonly module: ModuleBuilder,
    private readonly options: LibraryOptions,
  ) {}

  /** The form whose first instruction is at `pc`: the global, behind it the field; the call is searched. */
  find(prototype: Prototype, pc: number): SpecialCall | null {
    if (!isForm(prototype, pc)) return null;
    const { code } = prototype;
    const { A, C } = code[pc]!;
    const form = stringOf(prototype, C) as Form;
    const field = code[pc + 1];
    const name = field?.opcode === OP.GETTABLE && field.B === A ? stringOf(prototype, field.C) : null;
    const line = prototype.lines[pc]!;
    if (field === undefined || name === null) throw misuse(line, `${form} needs the name of an instruction`);
    const callPc = code.findIndex((instruction, at) => at > pc + 1 && isCall(instruction) && instruction.A === field.A);
    if (callPc < 0) throw misuse(line, `${form}.${name} must be called`);
    const opcode = OPCODES.get(form === '__op' ? name : form.slice(2));
    if (opcode === undefined) throw misuse(line, `no such instruction: ${name}`);
    const results = this.resultCount(form, name, opcode);
    const { A: base, B: argumentCount, C: wanted } = code[callPc]!;
    const isInPlace = form === '__intrinsic' && returnsParameters(code, pc + 2, callPc);
    const first = isInPlace ? 0 : base + 1;
    return {
      callPc,
      nextPc: isInPlace ? callPc : pc + 2,
      registerCount: base + 1 + Math.max(wanted, argumentCount, results, 1),
      emit: (builder, call, next) => {
        if (opcode.number === ValueOp.PROTECTED_CALL) return emitProtectedCall(builder, call, next, line);
        if (call.B === 0) throw misuse(line, `${name} takes a fixed number of arguments`);
        builder.emit(opcode.number, ...this.operands(form, name, opcode, first));
        if (results < 0 || isInPlace) return returnResults(first, results, next, line);
        if (isOpen(call)) return passResults(builder, call.A + 1, results, next, line);
        return moveResults(builder, call.A + 1, results, call.C - 1);
      },
    };
  }

  /** R[register] := the string of these bytes, which is made when it is needed. */
  emitText(builder: FunctionBuilder, register: number, bytes: Uint8Array): void {
    builder.emit(ValueOp.LOAD_INTEGER, register, builder.constants.text(bytes));
    builder.emit(ValueOp.INTRINSIC, register, this.module.intrinsic('text'));
  }

  private resultCount(form: Form, name: string, opcode: Opcode): number {
    if (form === '__intrinsic') return this.options.intrinsicResults?.(name) ?? 1;
    if (form === '__syscall') return findSyscall(name)?.result === 'none' ? 0 : 1;
    return opcode.operands.some(({ kind }) => kind === 'dst') ? 1 : 0;
  }

  /** Arguments are register operands in order; a result replaces the first one. */
  private operands(form: Form, name: string, opcode: Opcode, first: number): number[] {
    if (form === '__intrinsic') return [first, this.module.intrinsic(name)];
    if (form === '__syscall') return [first, this.module.syscall(name)];
    let argument = first;
    return opcode.operands.map(({ kind }) => (kind === 'dst' ? first : argument++));
  }
}

/** Whether a form begins at `pc`: with a global of its name, whose field the next instruction reads. */
export function isForm(prototype: Prototype, pc: number): boolean {
  const { opcode, B, C } = prototype.code[pc]!;
  if (opcode !== OP.GETTABUP || prototype.upvalues[B]!.name !== '_ENV') return false;
  return FORMS.includes(stringOf(prototype, C) as Form);
}

function isCall({ opcode }: Instruction): boolean {
  return opcode === OP.CALL || opcode === OP.TAILCALL;
}

/** All results go on to the next instruction. */
function isOpen({ opcode, C }: Instruction): boolean {
  return opcode === OP.TAILCALL || C === 0;
}

/** Whether the call is a tail call whose arguments are the function's first parameters, loaded from `pc` on. */
function returnsParameters(code: readonly Instruction[], pc: number, callPc: number): boolean {
  const { opcode, A, B } = code[callPc]!;
  if (opcode !== OP.TAILCALL || B < 2 || callPc - pc !== B - 1) return false;
  return code
    .slice(pc, callPc)
    .every((load, index) => load.opcode === OP.MOVE && load.A === A + 1 + index && load.B === index);
}

/** The return behind the form, of the results from register `first` on. */
function returnResults(first: number, results: number, next: Instruction | undefined, line: number): Instruction {
  if (next?.opcode !== OP.RETURN || next.B !== 0) throw misuse(line, 'results of this form can only be returned');
  return { ...next, A: first, B: results + 1 };
}

/** `__op.protected_call(handler, function, ...)`: any number of arguments and results. */
function emitProtectedCall(
  builder: FunctionBuilder,
  call: Instruction,
  next: Instruction | undefined,
  line: number,
): Instruction | null {
  const first = call.A + 1;
  builder.emit(ValueOp.PROTECTED_CALL, first, call.B, isOpen(call) ? 0 : call.C);
  if (!isOpen(call)) return moveResults(builder, first, call.C - 1, call.C - 1);
  if (next?.opcode !== OP.RETURN || next.B !== 0) throw misuse(line, 'all results of this form can only be returned');
  return { ...next, A: first };
}

/** Results stand one register above those where a call would leave them; missing ones are nil. */
function moveResults(builder: FunctionBuilder, first: number, results: number, wanted: number): null {
  for (let index = 0; index < Math.min(results, wanted); index++) {
    builder.emit(ValueOp.MOVE, first - 1 + index, first + index);
  }
  if (wanted > results) builder.emit(ValueOp.LOAD_NIL, first - 1 + results, wanted - results - 1);
  return null;
}

/** The results go on to a return, a call or a table that takes what there is: now a known number. */
function passResults(
  builder: FunctionBuilder,
  first: number,
  results: number,
  next: Instruction | undefined,
  line: number,
): Instruction {
  if (next === undefined || next.B !== 0) throw misuse(line, 'results that nothing takes');
  if (next.opcode === OP.RETURN && next.A === first - 1) return { ...next, A: first, B: results + 1 };
  moveResults(builder, first, results, results);
  // Values from next.A on; a call counts them as function and arguments, a table is followed by its elements.
  const count = first - 1 + results - next.A;
  if (next.opcode === OP.RETURN) return { ...next, B: count + 1 };
  return { ...next, B: next.opcode === OP.SETLIST ? count - 1 : count };
}

function stringOf(prototype: Prototype, operand: number): string | null {
  if (!isConstantOperand(operand)) return null;
  const constant = prototype.constants[constantIndex(operand)]!;
  return constant.kind === 'string' ? new TextDecoder().decode(constant.bytes) : null;
}

function misuse(line: number, message: string): LuaSyntaxError {
  return new LuaSyntaxError('lua.library', message, line, 0, 1);
}
