// Values on their way into a guest: arguments, and answers of host functions. Copied into plain data (nothing of the
// caller's can be reached through it, and it cannot change any more), with limits on depth and size.
import {
  CrossingError,
  type CrossingReason,
  type FuelMeter,
  type HostValue,
  MAXIMUM_VALUE_DEPTH,
  VALUE_LIMITS,
  type ValueLimits,
} from '../../vm/index';

/** Values that are copied between two looks at the fuel: some microseconds. */
const VALUES_A_STEP = 64;

/** A plain copy of a JSON value, bytes or a bigint. Throws CrossingError. */
export function toPlain(value: unknown, limits: ValueLimits = VALUE_LIMITS): HostValue {
  const copier = new Copier(value, limits);
  copier.copySome(Number.POSITIVE_INFINITY);
  return copier.copy;
}

/** A plain copy that is begun at once, and may take steps. */
export class PlainCopy {
  private readonly copier: Copier;

  /** Copies the value up to `atOnce` values, names among them. Throws CrossingError. */
  constructor(value: unknown, limits: ValueLimits, atOnce: number) {
    this.copier = new Copier(value, limits);
    this.copier.copySome(atOnce);
  }

  /** The copy; null when it is not complete. */
  get complete(): { readonly value: HostValue } | null {
    return this.copier.copySome(0) ? { value: this.copier.copy } : null;
  }

  /** Completes it: 1 for each value. Yields when the fuel is used up; throws CrossingError. */
  *inSteps(meter: FuelMeter): Generator<undefined, HostValue, unknown> {
    do {
      meter.fuel = (meter.fuel - VALUES_A_STEP) | 0;
      if (meter.fuel <= 0) yield undefined;
    } while (!this.copier.copySome(VALUES_A_STEP));
    return this.copier.copy;
  }
}

/** A list or record of which some is copied. */
interface Level {
  readonly source: object;
  /** Names of its members; null when it is a list. */
  readonly names: readonly string[] | null;
  readonly length: number;
  readonly copy: HostValue[] | Map<string, HostValue>;
  next: number;
}

class Copier {
  readonly copy: HostValue;
  private nodes = 0;
  private bytes = 0;
  private readonly levels: Level[] = [];
  private readonly ancestors = new Set<object>();

  constructor(
    value: unknown,
    private readonly limits: ValueLimits,
  ) {
    this.copy = this.begin(value);
  }

  /** Copies so many values more, a name as one: whether that was all. */
  copySome(count: number): boolean {
    const end = this.nodes + count;
    for (let level = this.levels.at(-1); level !== undefined; level = this.levels.at(-1)) {
      if (level.next === level.length) {
        this.levels.pop();
        this.ancestors.delete(level.source);
      } else if (this.nodes >= end) return false;
      else this.copyNext(level);
    }
    return true;
  }

  private copyNext(level: Level): void {
    const { source, names, copy } = level;
    const index = level.next++;
    if (names === null) (copy as HostValue[]).push(this.begin((source as readonly unknown[])[index]));
    else {
      const name = names[index]!;
      this.countNode();
      this.countBytes(name.length);
      (copy as Map<string, HostValue>).set(name, this.begin((source as Record<string, unknown>)[name]));
    }
  }

  /** The copy of a scalar; or of a list or record, which is still empty. */
  private begin(value: unknown): HostValue {
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
        return value === null ? null : this.beginObject(value);
      default:
        throw this.error('kind', `a ${typeof value} cannot cross`);
    }
  }

  private beginObject(value: object): HostValue {
    if (value instanceof Uint8Array) {
      this.countBytes(value.length);
      return value.slice();
    }
    if (this.ancestors.has(value)) throw this.error('cycle', 'contains itself');
    if (this.ancestors.size >= MAXIMUM_VALUE_DEPTH) throw this.error('depth', 'is nested too deeply');
    const level = Array.isArray(value) ? this.listOf(value) : this.recordOf(value);
    this.ancestors.add(value);
    this.levels.push(level);
    return level.copy;
  }

  private listOf(source: readonly unknown[]): Level {
    const { elements } = this.limits;
    if (source.length > elements) throw this.error('size', `a list of more than ${elements} elements`);
    return { source, names: null, length: source.length, copy: [], next: 0 };
  }

  private recordOf(source: object): Level {
    const prototype = Object.getPrototypeOf(source);
    // Plain objects of another realm (a frame, a vm context) have another Object.prototype, whose own prototype is null.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw this.error('kind', `an object of class ${prototype.constructor?.name} cannot cross`);
    }
    // Names, then each value: of thousands, that takes half of the time that entries take.
    const names = Object.keys(source);
    if (names.length > this.limits.names) throw this.error('size', `more than ${this.limits.names} names`);
    return { source, names, length: names.length, copy: new Map(), next: 0 };
  }

  private countNode(): void {
    if (++this.nodes > this.limits.nodes) throw this.error('size', `more than ${this.limits.nodes} values`);
  }

  private countBytes(count: number): void {
    this.bytes += count;
    if (this.bytes > this.limits.bytes) throw this.error('size', `more than ${this.limits.bytes} bytes of text`);
  }

  private error(reason: CrossingReason, detail: string): CrossingError {
    const steps = this.levels.map(({ names, next }) => (names === null ? `[${next - 1}]` : `.${names[next - 1]}`));
    return new CrossingError(reason, `$${steps.join('')}`, detail);
  }
}
