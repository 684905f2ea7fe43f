// Out of the heap: guests' values as plain data. Walks tables without recursion, charges every slot that it looks at,
// stops when the fuel is used up, and believes nothing that the heap says.
import type { Context } from './context';
import {
  CrossingError,
  type CrossingReason,
  floatToGuest,
  type GuestValue,
  setMember,
  type TextCodec,
  VALUE_LIMITS,
  type ValueLimits,
} from './host-values';
import {
  NODE_KEY,
  NODE_SIZE,
  NODE_VALUE,
  TABLE_ARRAY,
  TABLE_ARRAY_SIZE,
  TABLE_DUMMY_NODE,
  TABLE_NODE_MASK,
  TABLE_NODES,
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_NIL,
  TAG_SHORT_STRING,
  TAG_TABLE,
  TAG_TRUE,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_VALUE_DEPTH } from './limits';
import { bitsToDouble } from './numbers/float';
import { shortestToString } from './numbers/format-float';
import { toDouble } from './numbers/integer64';
import { signedToString } from './numbers/integer64-text';
import { isAsleep } from './parts';
import { stringLength, stringStart } from './strings';
import { shortTextOfBytes, TEXT_PIECE, textOfBytes } from './text-conversion';
import { basicTypeName } from './value-errors';

/** Slots looked at between two looks at the fuel. */
const SLOTS_A_CHECK = 256;
/** Entries that are put into order for one instruction. */
const ENTRIES_AN_INSTRUCTION = 4;

/** A list or record that is being made, and how far it is. */
interface Level {
  /** Word address; 0 for the outermost list. */
  readonly table: number;
  /** Names of the elements; null when they are numbered from 1 on. */
  readonly names: readonly string[] | null;
  /** Word addresses of the elements' slots. */
  readonly slots: readonly number[];
  readonly container: GuestValue[] | { [name: string]: GuestValue };
  next: number;
}

/** The bytes of the string at the word address `address`: a view, cut off where the region ends. */
export function stringBytes(context: Context, address: number): Uint8Array {
  const start = stringStart(context, address);
  return context.u8.subarray(start, start + stringLength(context, address));
}

/**
 * The values in the slots at these word addresses, as plain data. Yields when the fuel is used up. A table whose keys are
 * 1 ... n is a list (an empty one too); any other is a record, its numeric keys as text. Throws CrossingError for what
 * cannot cross; `root` is how the list of all is called in its path.
 */
export function* readValues(
  context: Context,
  slots: readonly number[],
  text: TextCodec,
  root: string,
  limits: ValueLimits = VALUE_LIMITS,
): Generator<undefined, GuestValue[], unknown> {
  const values: GuestValue[] = [];
  const reader = new ValueReader(context, text, root, limits);
  reader.levels.push({ table: 0, names: null, slots, container: values, next: 0 });
  for (let level = reader.levels[0]; level !== undefined; level = reader.levels[reader.levels.length - 1]) {
    if (level.next === level.slots.length) {
      reader.leave();
      continue;
    }
    const index = level.next++;
    const slot = level.slots[index]!;
    let value = reader.isLongText(slot) ? yield* reader.readLongText(slot) : reader.readScalar(slot);
    if (value === undefined) {
      const inner = yield* reader.enter(context.i32[slot + VALUE_LOW] & context.mask & -VALUE_SIZE);
      value = inner.container;
      reader.levels.push(inner);
    }
    if (level.names === null) (level.container as GuestValue[])[index] = value;
    else setMember(level.container as { [name: string]: GuestValue }, level.names[index]!, value);
    if (context.fuel <= 0) yield undefined;
  }
  return values;
}

/** The entries of a table as they are found. */
class Entries {
  readonly keys: (string | number)[] = [];
  readonly slots: number[] = [];
  private largest = 0;
  private integers = 0;

  add(key: string | number, slot: number): void {
    this.keys.push(key);
    this.slots.push(slot);
    if (typeof key !== 'number') return;
    this.integers++;
    if (key > this.largest) this.largest = key;
  }

  /** Whether the keys are 1 ... n. A table has each key once, so counting is enough. */
  get isSequence(): boolean {
    return this.integers === this.keys.length && this.largest === this.integers;
  }

  /** The level in which the entries are read; ordering them is charged. */
  *level(context: Context, table: number): Generator<undefined, Level, unknown> {
    const { keys, isSequence } = this;
    const names: string[] = [];
    const slots: number[] = isSequence ? new Array(keys.length).fill(0) : this.slots;
    let found = 0;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!;
      if (!isSequence) names.push(String(key));
      else {
        if (slots[(key as number) - 1] === 0) found++;
        slots[(key as number) - 1] = this.slots[index]!;
      }
      if (index % SLOTS_A_CHECK !== SLOTS_A_CHECK - 1) continue;
      context.fuel = (context.fuel - SLOTS_A_CHECK / ENTRIES_AN_INSTRUCTION) | 0;
      if (context.fuel <= 0) yield undefined;
    }
    if (!isSequence) return { table, names, slots, container: {}, next: 0 };
    // A corrupt table can have a key twice, and so leave another out.
    return { table, names: null, slots: found === keys.length ? slots : [], container: [], next: 0 };
  }
}

class ValueReader {
  readonly levels: Level[] = [];
  private readonly ancestors = new Set<number>();
  private nodes = 0;
  private bytes = 0;

  constructor(
    private readonly context: Context,
    private readonly text: TextCodec,
    private readonly root: string,
    private readonly limits: ValueLimits,
  ) {}

  leave(): void {
    this.ancestors.delete(this.levels.pop()!.table);
  }

  /** The value in a slot, or undefined for a table. */
  readScalar(slot: number): GuestValue | undefined {
    const { context } = this;
    const i32 = context.i32;
    const tag = i32[slot + VALUE_TAG];
    this.countNodes(1);
    switch (tag) {
      case TAG_NIL:
        return null;
      case TAG_FALSE:
      case TAG_TRUE:
        return tag === TAG_TRUE;
      case TAG_INTEGER:
        return integerToGuest(i32[slot + VALUE_LOW], i32[slot + VALUE_HIGH]);
      case TAG_FLOAT:
        return floatToGuest(bitsToDouble(i32[slot + VALUE_LOW], i32[slot + VALUE_HIGH]));
      case TAG_SHORT_STRING:
      case TAG_LONG_STRING:
        return shortTextOfBytes(this.context, this.readBytes(i32[slot + VALUE_LOW]), this.text);
      case TAG_TABLE:
        return undefined;
      default:
        throw this.error('kind', `a ${basicTypeName(tag)} cannot cross`);
    }
  }

  isLongText(slot: number): boolean {
    const { context } = this;
    const { i32 } = context;
    return i32[slot + VALUE_TAG] === TAG_LONG_STRING && stringLength(context, i32[slot + VALUE_LOW]) > TEXT_PIECE;
  }

  /** The string in a slot, in pieces. */
  *readLongText(slot: number): Generator<undefined, string | { base64: string }, unknown> {
    const { context } = this;
    const address = context.i32[slot + VALUE_LOW];
    this.countNodes(1);
    const length = stringLength(context, address);
    this.countBytes(length);
    const bytes = (start: number, end: number) => stringBytes(context, address).subarray(start, end);
    return yield* textOfBytes(context, length, bytes, this.text);
  }

  /** Finds the entries of a table. */
  *enter(table: number): Generator<undefined, Level, unknown> {
    if (this.ancestors.has(table)) throw this.error('cycle', 'the table contains itself');
    // It has functions, whatever else.
    if (isAsleep(this.context, table)) throw this.error('kind', 'a function cannot cross');
    if (this.levels.length > MAXIMUM_VALUE_DEPTH) throw this.error('depth', 'nested too deeply');
    this.ancestors.add(table);
    const { context } = this;
    const { i32, mask } = context;
    const entries = new Entries();
    const array = i32[(table + TABLE_ARRAY) & mask];
    const arraySize = i32[(table + TABLE_ARRAY_SIZE) & mask];
    for (let index = 1; index <= arraySize; index++) {
      const slot = (array + index * VALUE_SIZE) & mask & -VALUE_SIZE;
      if (i32[slot + VALUE_TAG] !== TAG_NIL) this.add(entries, index, slot);
      if (this.chargeSlot(index)) yield undefined;
    }
    const first = i32[(table + TABLE_NODES) & mask];
    const nodeCount = first === table + TABLE_DUMMY_NODE ? 0 : i32[(table + TABLE_NODE_MASK) & mask] + 1;
    for (let index = 0; index < nodeCount; index++) {
      const node = (first + index * NODE_SIZE) & mask & -VALUE_SIZE;
      if (i32[node + NODE_VALUE + VALUE_TAG] !== TAG_NIL) {
        const key = (node + NODE_KEY) & mask;
        this.add(entries, this.isLongText(key) ? yield* this.readLongKey(key) : this.readKey(key), node + NODE_VALUE);
      }
      if (this.chargeSlot(index)) yield undefined;
    }
    if (!entries.isSequence) this.countNames(entries.keys.length);
    return yield* entries.level(context, table);
  }

  private add(entries: Entries, key: string | number, slot: number): void {
    entries.add(key, slot);
    if (entries.keys.length > this.limits.nodes - this.nodes) this.countNodes(entries.keys.length);
  }

  /** One instruction; true when it is time to stop. */
  private chargeSlot(index: number): boolean {
    this.context.fuel = (this.context.fuel - 1) | 0;
    return index % SLOTS_A_CHECK === 0 && this.context.fuel <= 0;
  }

  /** A number for an integer that can be an index, text for every other key. */
  private readKey(slot: number): string | number {
    const i32 = this.context.i32;
    const low = i32[slot + VALUE_LOW];
    const high = i32[slot + VALUE_HIGH];
    switch (i32[slot + VALUE_TAG]) {
      case TAG_INTEGER:
        return high === 0 && low > 0 ? low : signedToString(low, high);
      case TAG_FLOAT:
        return shortestToString(bitsToDouble(low, high));
      case TAG_SHORT_STRING:
      case TAG_LONG_STRING:
        return this.checkKey(shortTextOfBytes(this.context, this.readBytes(low), this.text));
      default:
        throw this.error('key', `a ${basicTypeName(i32[slot + VALUE_TAG])} cannot be a key outside`);
    }
  }

  private *readLongKey(slot: number): Generator<undefined, string, unknown> {
    return this.checkKey(yield* this.readLongText(slot));
  }

  private checkKey(key: string | { base64: string }): string {
    if (typeof key === 'string') return key;
    throw this.error('key', 'a key is not UTF-8');
  }

  private readBytes(address: number): Uint8Array {
    const bytes = stringBytes(this.context, address);
    this.context.fuel = (this.context.fuel - 1) | 0;
    this.countBytes(bytes.length);
    return bytes;
  }

  private countBytes(count: number): void {
    this.bytes += count;
    if (this.bytes > this.limits.bytes) throw this.error('size', `more than ${this.limits.bytes} bytes of text`);
  }

  private countNames(count: number): void {
    const { names } = this.limits;
    if (count > names) throw this.error('size', `more than ${names} names`);
    this.addNodes(count);
  }

  private countNodes(count: number): void {
    this.context.fuel = (this.context.fuel - 1) | 0;
    this.addNodes(count);
  }

  private addNodes(count: number): void {
    this.nodes += count;
    if (this.nodes > this.limits.nodes) throw this.error('size', `more than ${this.limits.nodes} values`);
  }

  private error(reason: CrossingReason, detail: string): CrossingError {
    const path = this.levels.map(({ names, next }) => (names === null ? `[${next - 1}]` : `.${names[next - 1]}`));
    return new CrossingError(reason, this.root + path.join(''), detail);
  }
}

/** An integer's words as they cross. */
export function integerToGuest(low: number, high: number): number | string {
  const value = toDouble(low, high);
  return Number.isSafeInteger(value) ? value : signedToString(low, high);
}
