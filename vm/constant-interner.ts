// The constants of one function in the making, each once, in the order of their first use.
import { ModuleError } from './errors';
import { MAXIMUM_CONSTANTS } from './limits';
import type { Constant } from './module';
import { encodeUtf8 } from './utf8';

const CHUNK = 4096;
const scratch = new DataView(new ArrayBuffer(4));

/** Collects constants; every method returns the constant's index. Throws ModuleError when there are too many. */
export class ConstantInterner {
  private readonly constants: Constant[] = [];
  private readonly indices = new Map<string, number>();

  get count(): number {
    return this.constants.length;
  }

  list(): Constant[] {
    return [...this.constants];
  }

  nil(): number {
    return this.add({ kind: 'nil' });
  }

  boolean(value: boolean): number {
    return this.add({ kind: 'boolean', value });
  }

  /** An integer of the value family or an i64: its low and high words. */
  integer(low: number, high: number): number {
    return this.add({ kind: 'integer', low: low | 0, high: high | 0 });
  }

  /** An i32 of the typed family. */
  integer32(value: number): number {
    return this.integer(value, value < 0 ? -1 : 0);
  }

  /** A float of the value family or an f64. */
  float(value: number): number {
    return this.add({ kind: 'float', value });
  }

  /** An f32 of the typed family; a NaN is the canonical one. */
  float32(value: number): number {
    if (Number.isNaN(value)) return this.integer(0x7fc00000, 0);
    scratch.setFloat32(0, value);
    return this.integer(scratch.getInt32(0), 0);
  }

  /** A string: bytes, or text that becomes UTF-8. */
  string(value: Uint8Array | string): number {
    return this.add({ kind: 'string', bytes: typeof value === 'string' ? encodeUtf8(value) : value });
  }

  /** Bytes of which an intrinsic makes a string. */
  text(bytes: Uint8Array): number {
    return this.add({ kind: 'text', bytes });
  }

  add(constant: Constant): number {
    const key = constantKey(constant);
    const known = this.indices.get(key);
    if (known !== undefined) return known;
    if (this.constants.length === MAXIMUM_CONSTANTS) throw new ModuleError('module.too_large', 'constants');
    this.indices.set(key, this.constants.length);
    return this.constants.push(constant) - 1;
  }
}

/** A text that tells constants apart: kind and value; 0.0 and -0.0 differ, all NaNs are one. */
function constantKey(constant: Constant): string {
  switch (constant.kind) {
    case 'nil':
      return 'nil';
    case 'boolean':
      return `b${constant.value}`;
    case 'integer':
      return `i${constant.low},${constant.high}`;
    case 'float':
      return Object.is(constant.value, -0) ? 'f-0' : `f${constant.value}`;
    case 'string':
      return `s${bytesToKey(constant.bytes)}`;
    case 'text':
      return `t${bytesToKey(constant.bytes)}`;
  }
}

function bytesToKey(bytes: Uint8Array): string {
  let key = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    key += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return key;
}
