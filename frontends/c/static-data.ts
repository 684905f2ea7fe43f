// Turns checked initialisers of objects with static storage into bytes and relocations.
import type { CheckContext } from './check-context';
import { MAX_DATA_BYTES } from './limits';
import type { Token } from './token';
import type {
  FunctionSymbol,
  GlobalVariable,
  InitialiserStore,
  Relocation,
  StaticData,
  TypedExpression,
} from './typed-tree';
import { sizeOf, typeName } from './types';

/** An address known before the program runs, or (without target) a plain number. */
interface AddressConstant {
  readonly target: GlobalVariable | FunctionSymbol | undefined;
  readonly addend: number;
}

/** The bytes that `stores` make, in order; reports what is not constant. */
export function staticData(context: CheckContext, stores: readonly InitialiserStore[], token: Token): StaticData {
  const writer = new DataWriter(context, token);
  for (const store of stores) writer.write(store);
  return writer.finish();
}

class DataWriter {
  private bytes = new Uint8Array(64);
  private used = 0;
  private readonly relocations = new Map<number, Relocation>();

  constructor(
    private readonly context: CheckContext,
    private readonly token: Token,
  ) {}

  finish(): StaticData {
    const relocations = [...this.relocations.values()].sort((a, b) => a.offset - b.offset);
    return { bytes: this.bytes.slice(0, this.used), relocations };
  }

  write(store: InitialiserStore): void {
    const { offset, type, bitField, value } = store;
    const size = sizeOf(type);
    this.reserve(offset + size);
    if (bitField !== undefined) this.writeBits(offset, size, bitField, value);
    else if (value.kind === 'variable') this.copyLiteral(offset, size, value);
    else if (value.kind === 'constant') this.writeConstant(offset, size, value.value);
    else this.writeAddress(offset, size, value);
  }

  private reserve(end: number): void {
    if (end > MAX_DATA_BYTES) this.context.fail('too-large', 'the initialised data is too large', this.token);
    this.used = Math.max(this.used, end);
    if (end <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(end, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  private get view(): DataView {
    return new DataView(this.bytes.buffer);
  }

  private writeConstant(offset: number, size: number, value: bigint | number): void {
    this.relocations.delete(offset);
    if (typeof value === 'number') {
      if (size === 4) this.view.setFloat32(offset, value, true);
      else this.view.setFloat64(offset, value, true);
    } else if (size === 8) this.view.setBigInt64(offset, value, true);
    else if (size === 4) this.view.setInt32(offset, Number(BigInt.asIntN(32, value)), true);
    else if (size === 2) this.view.setInt16(offset, Number(value), true);
    else this.view.setInt8(offset, Number(value));
  }

  private writeBits(
    offset: number,
    size: number,
    { start, width }: { start: number; width: number },
    value: TypedExpression,
  ): void {
    if (value.kind !== 'constant' || typeof value.value !== 'bigint') this.failNotConstant(value);
    let unit = 0n;
    for (let index = size - 1; index >= 0; index--) unit = (unit << 8n) | BigInt(this.bytes[offset + index]!);
    const mask = ((1n << BigInt(width)) - 1n) << BigInt(start);
    unit = (unit & ~mask) | ((value.value << BigInt(start)) & mask);
    for (let index = 0; index < size; index++) this.bytes[offset + index] = Number((unit >> BigInt(8 * index)) & 255n);
  }

  /** Copies a string literal, or a compound literal that stands outside of functions. */
  private copyLiteral(offset: number, size: number, value: TypedExpression & { kind: 'variable' }): void {
    const { variable } = value;
    if (variable.kind !== 'global' || !variable.isLiteral) this.failNotConstant(value);
    const bytes = variable.data?.bytes ?? new Uint8Array(0);
    this.bytes.set(bytes.subarray(0, size), offset);
    for (const relocation of variable.data?.relocations ?? []) {
      this.relocations.set(offset + relocation.offset, { ...relocation, offset: offset + relocation.offset });
    }
  }

  private writeAddress(offset: number, size: number, value: TypedExpression): void {
    const address = addressConstant(value);
    if (address === undefined || size !== 4) this.failNotConstant(value);
    const { target, addend } = address;
    this.writeConstant(offset, 4, target === undefined ? BigInt(addend) : 0n);
    if (target !== undefined) this.relocations.set(offset, { offset, target, addend });
  }

  private failNotConstant(value: TypedExpression): never {
    return this.context.fail('not-constant', `this '${typeName(value.type)}' is not constant`, value.token);
  }
}

/** What `node` evaluates to before the program runs; undefined when that is not known. */
function addressConstant(node: TypedExpression): AddressConstant | undefined {
  switch (node.kind) {
    case 'constant':
      return typeof node.value === 'bigint'
        ? { target: undefined, addend: Number(BigInt.asIntN(32, node.value)) }
        : undefined;
    case 'function':
      return { target: node.symbol, addend: 0 };
    case 'addressOf':
      return placeConstant(node.operand);
    case 'convert':
      return sizeOf(node.type) === 4 && sizeOf(node.operand.type) === 4 ? addressConstant(node.operand) : undefined;
    case 'pointerAdd':
      return sumConstant(addressConstant(node.pointer), addressConstant(node.index), node.scale);
    case 'arithmetic':
      if (node.operator !== '+' && node.operator !== '-') return undefined;
      return sumConstant(addressConstant(node.left), addressConstant(node.right), node.operator === '+' ? 1 : -1);
    default:
      return undefined;
  }
}

function sumConstant(
  left: AddressConstant | undefined,
  right: AddressConstant | undefined,
  scale: number,
): AddressConstant | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (right.target === undefined) return { target: left.target, addend: (left.addend + right.addend * scale) | 0 };
  return left.target === undefined && scale === 1
    ? { target: right.target, addend: (left.addend + right.addend) | 0 }
    : undefined;
}

/** The address of the object that `node` denotes. */
function placeConstant(node: TypedExpression): AddressConstant | undefined {
  switch (node.kind) {
    case 'variable':
      return node.variable.kind === 'global' ? { target: node.variable, addend: 0 } : undefined;
    case 'function':
      return { target: node.symbol, addend: 0 };
    case 'dereference':
      return addressConstant(node.pointer);
    case 'member': {
      const object = placeConstant(node.object);
      return object === undefined ? undefined : { ...object, addend: object.addend + node.member.offset };
    }
    default:
      return undefined;
  }
}
