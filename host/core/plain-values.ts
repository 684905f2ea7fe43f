// Values on their way into a guest: arguments, and answers of host functions. Copied into plain data (nothing of the
// caller's can be reached through it, and it cannot change any more), with limits on depth and size.
import {
  CrossingError,
  type HostValue,
  MAXIMUM_VALUE_BYTES,
  MAXIMUM_VALUE_DEPTH,
  MAXIMUM_VALUE_NODES,
} from '../../vm/index';

/** How much may cross at once. */
export interface CrossingLimits {
  readonly depth: number;
  /** Values of all kinds, and keys. */
  readonly nodes: number;
  /** Bytes of all strings together; a character counts as up to three. */
  readonly bytes: number;
}

export const VALUE_LIMITS: CrossingLimits = {
  depth: MAXIMUM_VALUE_DEPTH,
  nodes: MAXIMUM_VALUE_NODES,
  bytes: MAXIMUM_VALUE_BYTES,
};

/** A plain copy of a JSON value, bytes or a bigint. Throws CrossingError. */
export function toPlain(value: unknown, limits: CrossingLimits = VALUE_LIMITS): HostValue {
  return new Copier(limits).copy(value, '$');
}

class Copier {
  private nodes = 0;
  private bytes = 0;
  private readonly ancestors = new Set<object>();

  constructor(private readonly limits: CrossingLimits) {}

  copy(value: unknown, path: string): HostValue {
    this.countNode(path);
    switch (typeof value) {
      case 'boolean':
      case 'number':
        return value;
      case 'undefined':
        return null;
      case 'bigint':
        if (BigInt.asIntN(64, value) !== value) throw new CrossingError('range', path, 'needs over 64 bits');
        return value;
      case 'string':
        this.countBytes(value.length, path);
        return value;
      case 'object':
        return value === null ? null : this.copyObject(value, path);
      default:
        throw new CrossingError('kind', path, `a ${typeof value} cannot cross`);
    }
  }

  private copyObject(value: object, path: string): HostValue {
    if (value instanceof Uint8Array) {
      this.countBytes(value.length, path);
      return value.slice();
    }
    if (this.ancestors.has(value)) throw new CrossingError('cycle', path, 'contains itself');
    if (this.ancestors.size >= this.limits.depth) throw new CrossingError('depth', path, 'is nested too deeply');
    this.ancestors.add(value);
    const copy = Array.isArray(value) ? this.copyList(value, path) : this.copyRecord(value, path);
    this.ancestors.delete(value);
    return copy;
  }

  private copyList(list: readonly unknown[], path: string): HostValue {
    const copy: HostValue[] = [];
    for (let index = 0; index < list.length; index++) copy.push(this.copy(list[index], `${path}[${index}]`));
    return copy;
  }

  private copyRecord(record: object, path: string): HostValue {
    const prototype = Object.getPrototypeOf(record);
    // Plain objects of another realm (a frame, a vm context) have another Object.prototype, whose own prototype is null.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw new CrossingError('kind', path, `an object of class ${prototype.constructor?.name} cannot cross`);
    }
    const copy = new Map<string, HostValue>();
    for (const [name, element] of Object.entries(record)) {
      this.countNode(path);
      this.countBytes(name.length, path);
      copy.set(name, this.copy(element, `${path}.${name}`));
    }
    return copy;
  }

  private countNode(path: string): void {
    if (++this.nodes > this.limits.nodes) {
      throw new CrossingError('size', path, `more than ${this.limits.nodes} values`);
    }
  }

  private countBytes(count: number, path: string): void {
    this.bytes += count;
    if (this.bytes > this.limits.bytes) {
      throw new CrossingError('size', path, `more than ${this.limits.bytes} bytes of text`);
    }
  }
}
