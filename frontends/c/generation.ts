// The state of generating one function, shared by the parts of the code generator, and the smallest steps: constants,
// moves, temporaries.
import { CodeList, type Label } from './code-list';
import { Frame } from './frame';
import type { LoadedConstant, LoopConstants } from './loop-constants';
import type { FunctionBody, FunctionSymbol, GlobalVariable, LabelSymbol } from './typed-tree';
import { type CType, type FunctionType, valueTypeOf } from './types';

/** What a function needs to know of the program around it. */
export interface ProgramSymbols {
  addressOf(variable: GlobalVariable): number;
  /** What defines the function, in the program or the library. */
  definitionOf(symbol: FunctionSymbol): FunctionSymbol;
  /** Index of the function in the module. */
  functionIndex(symbol: FunctionSymbol): number;
  /** Index in the table of functions that can be called through pointers. */
  tableIndex(symbol: FunctionSymbol): number;
  /** Index of the signature that a call through a pointer must find. */
  signatureIndex(type: FunctionType, args: readonly CType[]): number;
  syscallIndex(name: string): number;
  intrinsicIndex(name: string): number;
}

/** A function in place of its call: where its `return` goes, and with what. */
export interface Inlined {
  readonly end: Label;
  readonly register: number | undefined;
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
  /** For each switch around: how many loops are around it. */
  readonly switchDepths: number[] = [];
  /** The statements around that `break` and `continue` can leave, the innermost last. */
  readonly targets: JumpTargets[] = [];
  /** Holds the address for a result that is a struct; -1 otherwise. */
  resultRegister = -1;
  /** Holds the address of the variable arguments; -1 otherwise. */
  variableArgumentsRegister = -1;
  /** It calls setjmp: control may come back into the middle of it. */
  isReturnedTo = false;
  /** The function being put in place of a call: never one in another. */
  inlined: Inlined | undefined;

  constructor(
    readonly program: ProgramSymbols,
    readonly symbol: FunctionSymbol,
    readonly body: FunctionBody,
    readonly loopConstants: LoopConstants,
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
    const signed = value | 0;
    return fitsSigned16(signed)
      ? this.loaded({ mnemonic: 'i32.const', value: signed }, want)
      : this.loaded({ mnemonic: 'const', constant: { kind: 'integer', low: signed, high: signed >> 31 } }, want);
  }

  /**
   * The register with `constant`: `want`, where it is loaded now; or one that holds it for the loop and must not be changed; or
   * a fresh one.
   */
  private loaded(constant: LoadedConstant, want: number | undefined): number {
    const held = want === undefined ? this.loopConstants.find(constant) : undefined;
    if (held !== undefined) return held;
    const register = this.destination(want);
    this.loadConstant(constant, register);
    return register;
  }

  loadConstant(constant: LoadedConstant, register: number): void {
    if (constant.mnemonic === 'const') this.code.addConstant(register, constant.constant);
    else this.code.add(constant.mnemonic, register, constant.value);
  }

  /** Loads a constant of `type`. */
  constant(value: bigint | number, type: CType, want?: number): number {
    const valueType = valueTypeOf(type);
    if (typeof value === 'bigint' && valueType === 'i32')
      return this.integerConstant(Number(BigInt.asIntN(32, value)), want);
    if (typeof value === 'bigint') return this.loaded(longConstant(value), want);
    if (valueType !== 'f64') return this.integerConstant(singleBits(value), want);
    if (Object.is(value, 0)) return this.loaded({ mnemonic: 'i64.const', value: 0 }, want);
    return this.loaded({ mnemonic: 'const', constant: { kind: 'float', value } }, want);
  }
}

function longConstant(value: bigint): LoadedConstant {
  const signed = BigInt.asIntN(64, value);
  if (signed >= -0x8000n && signed < 0x8000n) return { mnemonic: 'i64.const', value: Number(signed) };
  const low = Number(BigInt.asIntN(32, signed));
  return { mnemonic: 'const', constant: { kind: 'integer', low, high: Number(signed >> 32n) } };
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
