// Values on their way into a guest: arguments, and answers of host functions. Copied into plain data (nothing of the
// caller's can be reached through it, and it cannot change any more), with limits on depth and size.
import {
  CrossingError,
  type CrossingReason,
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
  return new Copier(limits).copy(value);
}

class Copier {
  private nodes = 0;
  private bytes = 0;
  private readonly ancestors = new Set<object>();
  /** Where in the value the copier is: it is said in errors alone. */
  private readonly path: (string | number)[] = [];

  constructor(private readonly limits: CrossingLimits) {}

  copy(value: unknown): HostValue {
    this.countNode();
    switch (typeof value) {
      case 'boolean':
      case 'number':
        return value;
      case 'undefined':
        return null;
      case 'bigint':
        if (BigInt.asIntN(64, value) !== value) throw this.error('range', 'needs over 64 bits');
        return value;
      case 'string':
        this.countBytes(value.length);
        return value;
      case 'object':
        return value === null ? null : this.copyObject(value);
      default:
        throw this.error('kind', `a ${typeof value} cannot cross`);
    }
  }

  private copyObject(value: object): HostValue {
    if (value instanceof Uint8Array) {
      this.countBytes(value.length);
      return value.slice();
    }
    if (this.ancestors.has(value)) throw this.error('cycle', 'contains itself');
    if (this.ancestors.size >= this.limits.depth) throw this.error('depth', 'is nested too deeply');
    this.ancestors.add(value);
    const copy = Array.isArray(value) ? this.copyList(value) : this.copyRecord(value);
    this.ancestors.delete(value);
    return copy;
  }

  private copyList(list: readonly unknown[]): HostValue {
    const copy: HostValue[] = [];
    const depth = this.path.push(0) - 1;
    for (let index = 0; index < list.length; index++) {
      this.path[depth] = index;
      copy.push(this.copy(list[index]));
    }
    this.path.pop();
    return copy;
  }

  private copyRecord(record: object): HostValue {
    const prototype = Object.getPrototypeOf(record);
    // Plain objects of another realm (a frame, a vm context) have another Object.prototype, whose own prototype is null.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw this.error('kind', `an object of class ${prototype.constructor?.name} cannot cross`);
    }
    const copy = new Map<string, HostValue>();
    const depth = this.path.push('') - 1;
    // Names, then each value: of thousands, that takes half of the time that entries take.
    for (const name of Object.keys(record)) {
      this.path[depth] = name;
      this.countNode();
      this.countBytes(name.length);
      copy.set(name, this.copy((record as Record<string, unknown>)[name]));
    }
    this.path.pop();
    return copy;
  }

  private countNode(): void {
    if (++this.nodes > this.limits.nodes) throw this.error('size', `more than ${this.limits.nodes} values`);
  }

  private countBytes(count: number): void {
    this.bytes += count;
    if (this.bytes > this.limits.bytes) throw this.error('size', `more than ${this.limits.bytes} bytes of text`);
  }

  private error(reason: CrossingReason, detail: string): CrossingError {
    const steps = this.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
    return new CrossingError(reason, `$${steps.join('')}`, detail);
  }
}
