// Assembles small WebAssembly modules by hand, to have the host's own engine say what is right. Floats cross as their
// bits, so that NaNs keep theirs.
import type { ValueType } from '../../../vm/index';

/** A function to compare with: parameters and results of these types, and its instructions on local.get 0, 1, .... */
export interface WasmFunction {
  readonly params: readonly ValueType[];
  readonly result: ValueType | null;
  readonly body: readonly number[];
}

/** A number's bits: the low word and the high one, 0 for types of 32 bits. */
export type Words = readonly [low: number, high: number];

const I32 = 0x7f;
const I64 = 0x7e;
const LOCAL_GET = 0x20;
const END = 0x0b;
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const MEMORY_PAGES = 1;

/** Instructions that make a float of its bits, and bits of a float. */
const FROM_BITS: Readonly<Record<ValueType, readonly number[]>> = { i32: [], i64: [], f32: [0xbe], f64: [0xbf] };
const TO_BITS: Readonly<Record<ValueType, readonly number[]>> = { i32: [], i64: [], f32: [0xbc], f64: [0xbd] };

/** The functions, ready to be called with bits; `memory` is shared by all. */
export class WasmOracle {
  readonly memory: Uint8Array;
  private readonly exports: WebAssembly.Exports;

  constructor(private readonly functions: readonly WasmFunction[]) {
    const module = new WebAssembly.Module(assemble(functions));
    this.exports = new WebAssembly.Instance(module).exports;
    this.memory = new Uint8Array((this.exports.memory as WebAssembly.Memory).buffer);
  }

  /** Calls function `index`; null when it traps. */
  call(index: number, args: readonly Words[]): Words | null {
    const { params, result } = this.functions[index]!;
    const exported = this.exports[`f${index}`] as (...args: unknown[]) => unknown;
    try {
      const answer = exported(...args.map((words, i) => (isLong(params[i]!) ? toBigInt(words) : words[0])));
      return result !== null && isLong(result) ? toWords(answer as bigint) : [(answer as number | undefined) ?? 0, 0];
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return null;
      throw error;
    }
  }
}

function isLong(type: ValueType): boolean {
  return type === 'i64' || type === 'f64';
}

function toBigInt([low, high]: Words): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

function toWords(value: bigint): Words {
  return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
}

function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ params, result }) => [
    0x60,
    ...vector(params.map((type) => [bitsType(type)])),
    ...vector(result === null ? [] : [[bitsType(result)]]),
  ]);
  return Uint8Array.from([
    ...MAGIC,
    ...section(1, vector(types)),
    ...section(3, vector(functions.map((_, index) => leb128(index)))),
    ...section(5, vector([[0x00, MEMORY_PAGES]])),
    ...section(7, vector([exported('memory', 2, 0), ...functions.map((_, index) => exported(`f${index}`, 0, index))])),
    ...section(10, vector(functions.map(code))),
  ]);
}

function bitsType(type: ValueType): number {
  return isLong(type) ? I64 : I32;
}

function code({ params, result, body }: WasmFunction): number[] {
  const operands = params.flatMap((type, index) => [LOCAL_GET, index, ...FROM_BITS[type]]);
  const bytes = [0, ...operands, ...body, ...(result === null ? [] : TO_BITS[result]), END];
  return [...leb128(bytes.length), ...bytes];
}

function exported(name: string, kind: number, index: number): number[] {
  return [...leb128(name.length), ...new TextEncoder().encode(name), kind, ...leb128(index)];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb128(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...leb128(items.length), ...items.flat()];
}

/** An unsigned number of any length. */
function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)];
}
