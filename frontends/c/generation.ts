// The state of generating one function, shared by the parts of the code generator, and the smallest steps: constants,
// moves, temporaries.
import { CodeList, type Label } from './code-list';
import { Frame } from './frame';
import type { FunctionBody, FunctionSymbol, GlobalVariable, LabelSymbol } from './typed-tree';
import { type CType, type FunctionType, valueTypeOf } from './types';

/** What a function needs to know of the program around it. */
export interface ProgramSymbols {
  addressOf(variable: GlobalVariable): number;
  /** Index of the function in the module. */
  functionIndex(symbol: FunctionSymbol): number;
  /** Index in the table of functions that can be called through pointers. */
  tableIndex(symbol: FunctionSymbol): number;
  /** Index of the signature that a call through a pointer must find. */
  signatureIndex(type: FunctionType, args: readonly CType[]): number;
  syscallIndex(name: string): number;
  intrinsicIndex(name: string): number;
}

/** Where `break` and `continue` go. */
export interface JumpTargets {
  readonly breakLabel: Label;
  /** In a switch that of the loop around it, if there is one. */
  readonly continueLabel: Label | undefined;
}

/** One function being generated. */
export class Generation {
  readonly code = new CodeList();
  readonly frame = new Frame();
  readonly labels = new Map<LabelSymbol, Label>();
  /** The statements around that `break` and `continue` can leave, the innermost last. */
  readonly targets: JumpTargets[] = [];
  /** Holds the address for a result that is a struct; -1 otherwise. */
  resultRegister = -1;
  /** Holds the address of the variable arguments; -1 otherwise. */
  variableArgumentsRegister = -1;

  constructor(
    readonly program: ProgramSymbols,
    readonly symbol: FunctionSymbol,
    readonly body: FunctionBody,
  ) {}

  /** `want`, or a fresh temporary. */
  destination(want: number | undefined): number {
    return want ?? this.frame.allocate();
  }

  /** Frees the temporaries from `top` on, but for the one that `register` is. Gives `register`. */
  settle(top: number, register: number): number {
    this.frame.top = register >= top ? register + 1 : top;
    return register;
  }

  /** Whether nothing that is still needed can be in `register`. */
  isTemporary(register: number): boolean {
    return register >= this.frame.firstTemporary;
  }

  move(to: number, from: number): number {
    if (to !== from) this.code.add('move', to, from);
    return to;
  }

  /** Loads the 32-bit constant `value`. */
  integerConstant(value: number, want?: number): number {
    const register = this.destination(want);
    const signed = value | 0;
    if (fitsSigned16(signed)) this.code.add('i32.const', register, signed);
    else this.code.addConstant(register, { kind: 'integer', low: signed, high: signed >> 31 });
    return register;
  }

  /** Loads a constant of `type`. */
  constant(value: bigint | number, type: CType, want?: number): number {
    const valueType = valueTypeOf(type);
    if (typeof value === 'bigint' && valueType === 'i32')
      return this.integerConstant(Number(BigInt.asIntN(32, value)), want);
    const register = this.destination(want);
    if (typeof value === 'bigint') this.longConstant(value, register);
    else if (valueType === 'f64' && !Object.is(value, 0)) this.code.addConstant(register, { kind: 'float', value });
    else if (valueType === 'f64') this.code.add('i64.const', register, 0);
    else this.integerConstant(singleBits(value), register);
    return register;
  }

  private longConstant(value: bigint, register: number): void {
    const signed = BigInt.asIntN(64, value);
    if (signed >= -0x8000n && signed < 0x8000n) this.code.add('i64.const', register, Number(signed));
    else {
      const low = Number(BigInt.asIntN(32, signed));
      this.code.addConstant(register, { kind: 'integer', low, high: Number(signed >> 32n) });
    }
  }
}

export function fitsSigned16(value: number): boolean {
  return value >= -0x8000 && value < 0x8000;
}

export function fitsSigned8(value: number): boolean {
  return value >= -0x80 && value < 0x80;
}

const CANONICAL_NAN = 0x7fc0_0000;
const scratch = new DataView(new ArrayBuffer(4));

/** The bits of `value` in single precision. */
function singleBits(value: number): number {
  if (Number.isNaN(value)) return CANONICAL_NAN;
  scratch.setFloat32(0, value);
  return scratch.getInt32(0);
}
