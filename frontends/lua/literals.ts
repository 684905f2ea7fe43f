// Names and literals of one compilation, each spelling or value once. Tokens carry indices into these tables.
import type { Constant } from '../../vm/index';

/** Bytes as a string of characters 0 to 255, which compares and hashes fast. */
export function bytesToLatin1(bytes: Uint8Array): string {
  let text = '';
  const CHUNK = 8192;
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return text;
}

/** A text that tells constants apart: kind and value. Floats by their bits, so 0.0 and -0.0 differ. */
export function constantKey(constant: Constant): string {
  switch (constant.kind) {
    case 'nil':
      return 'n';
    case 'boolean':
      return constant.value ? 't' : 'f';
    case 'integer':
      return `i${constant.low},${constant.high}`;
    case 'float':
      return Object.is(constant.value, -0) ? 'd-0' : `d${constant.value}`;
    default:
      return `s${bytesToLatin1(constant.bytes)}`;
  }
}

/** The names and literals of one source. */
export class LiteralTable {
  readonly names: string[] = [];
  readonly constants: Constant[] = [];
  private readonly nameIndices = new Map<string, number>();
  private readonly constantIndices = new Map<string, number>();

  internName(name: string): number {
    const known = this.nameIndices.get(name);
    if (known !== undefined) return known;
    this.nameIndices.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  internConstant(constant: Constant): number {
    const key = constantKey(constant);
    const known = this.constantIndices.get(key);
    if (known !== undefined) return known;
    this.constantIndices.set(key, this.constants.length);
    return this.constants.push(constant) - 1;
  }
}
