// What is known of registers at a place in the code: numbers for their values, which registers hold a value still, what
// expressions and what memory have been computed and read. A table may stand on that of the block in front.
import { FIRST_VIRTUAL } from './instruction-shape';
import { type LinearForm, symbolForm } from './linear-form';

/** A value that was loaded from or stored to memory. */
export interface KnownMemory {
  readonly mnemonic: string;
  readonly base: number;
  readonly offset: number;
  readonly bytes: number;
  readonly value: number;
}

/** Chains of tables longer than this begin anew: each is asked in turn. */
const MOST_LEVELS = 12;
const MOST_MEMORY = 24;
const UNKNOWN = -1;

/** Numbers that are unique in one function. */
export class Counter {
  private last = 0;

  next(): number {
    return ++this.last;
  }
}

export class ValueTable {
  private readonly values = new Map<number, number>();
  private readonly holders = new Map<number, number[]>();
  private readonly expressions = new Map<string, number>();
  private readonly forms = new Map<number, LinearForm>();
  private readonly relatives = new Map<string, number[]>();
  private readonly writtenAt = new Map<number, number>();
  private readonly level: number;
  /** Virtual registers do not outlive a call: those written since the last one are there. */
  private era: number;
  memory: KnownMemory[];

  constructor(
    private readonly counter: Counter,
    private readonly parent?: ValueTable,
  ) {
    this.level = parent === undefined ? 0 : parent.level + 1;
    this.era = parent === undefined ? counter.next() : parent.era;
    this.memory = parent === undefined ? [] : [...parent.memory];
  }

  /** A table for a block that is reached from the end of this one's alone. */
  extend(): ValueTable {
    return new ValueTable(this.counter, this.level < MOST_LEVELS ? this : undefined);
  }

  /** The number of the value in `register`. */
  valueOf(register: number): number {
    const known = this.find((table) => table.values.get(register));
    if (known !== undefined && known !== UNKNOWN) return known;
    const value = this.counter.next();
    this.setValue(register, value);
    return value;
  }

  /** A number for a value that is like no other. */
  newValue(): number {
    return this.counter.next();
  }

  /** From here on `register` holds `value`. */
  setValue(register: number, value: number): void {
    this.values.set(register, value);
    if (register >= FIRST_VIRTUAL) this.writtenAt.set(register, this.era);
    const list = this.find((table) => table.holders.get(value));
    this.holders.set(value, list === undefined ? [register] : [...list, register]);
  }

  forget(register: number): void {
    this.values.set(register, UNKNOWN);
  }

  /** Registers from `window` on are lost to a call. */
  call(window: number, registerCount: number): void {
    for (let register = window; register < registerCount; register++) this.forget(register);
    this.era = this.counter.next();
    this.memory = [];
  }

  /** The register that has held `value` for longest, of those that hold it still. */
  holderOf(value: number): number | undefined {
    return this.find((table) => table.holders.get(value))?.find((register) => this.holds(register, value));
  }

  private holds(register: number, value: number): boolean {
    if (register >= FIRST_VIRTUAL && this.find((table) => table.writtenAt.get(register)) !== this.era) return false;
    return this.find((table) => table.values.get(register)) === value;
  }

  expression(key: string): number | undefined {
    return this.find((table) => table.expressions.get(key));
  }

  setExpression(key: string, value: number): void {
    this.expressions.set(key, value);
  }

  /** `value` as a sum; of itself alone when nothing else is known. */
  formOf(value: number): LinearForm {
    const known = this.find((table) => table.forms.get(value));
    if (known !== undefined) return known;
    const form = symbolForm(value);
    this.setForm(value, form);
    return form;
  }

  setForm(value: number, form: LinearForm): void {
    this.forms.set(value, form);
    if (form.terms.length === 0) return;
    this.relatives.set(form.key, [...this.relativesOf(form), value]);
  }

  /** The values that differ from `form` by a constant. */
  relativesOf(form: LinearForm): readonly number[] {
    return this.find((table) => table.relatives.get(form.key)) ?? [];
  }

  remember(known: KnownMemory): void {
    this.memory.push(known);
    if (this.memory.length > MOST_MEMORY) this.memory.shift();
  }

  private find<T>(read: (table: ValueTable) => T | undefined): T | undefined {
    for (let table: ValueTable | undefined = this; table !== undefined; table = table.parent) {
      const found = read(table);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
