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
/** Instructions for a name, beside its text. */
const NAME_COST = 6;

/** A list or record that is being made, and how far it is. Nothing in it is as long as the table, but for what is made. */
interface Level {
  /** Word address; 0 for the outermost list. */
  readonly table: number;
  /** Word addresses of the outermost list's slots. */
  readonly slots: readonly number[];
  readonly list: GuestValue[] | null;
  readonly record: { [name: string]: GuestValue } | null;
  /** Slots looked at: those of the array part, then the nodes. */
  next: number;
  /** Word address of the node that was found; 0 when it was a slot of the array part. */
  node: number;
  /** Index or name of the element that is being read; null when it is not known yet. */
  current: number | string | null;
  /** A corrupt table had a key twice, and so leaves another of the list's out. */
  isTorn: boolean;
}

const NOT_BEGUN: Level = {
  table: 0,
  slots: [],
  list: null,
  record: null,
  next: 0,
  node: 0,
  current: null,
  isTorn: false,
};

function placeAt(level: Level, index: number, value: GuestValue): void {
  const list = level.list!;
  if (list[index] !== undefined) level.isTorn = true;
  list[index] = value;
}

/** What `nextSlot` answers when there is none, and when it is time to stop. */
const NONE = 0;
const PAUSE = -1;

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
  limits: ValueLimits,
): Generator<undefined, GuestValue[], unknown> {
  const values: GuestValue[] = [];
  const reader = new ValueReader(context, text, root, limits);
  reader.levels.push({ ...NOT_BEGUN, slots, list: values });
  for (let level = reader.levels[0]; level !== undefined; level = reader.levels[reader.levels.length - 1]) {
    const slot = reader.nextSlot(level);
    if (slot === PAUSE) {
      yield undefined;
      continue;
    }
    if (slot === NONE) {
      reader.leave();
      continue;
    }
    if (level.record !== null)
      level.current = reader.isLongKey(level) ? yield* reader.readLongKey(level) : reader.readKey(level);
    let value = reader.isLongText(slot) ? yield* reader.readLongText(slot) : reader.readScalar(slot);
    if (value === undefined) {
      const inner = yield* reader.enter(context.i32[slot + VALUE_LOW] & context.mask & -VALUE_SIZE);
      value = inner.list ?? inner.record!;
      reader.levels.push(inner);
    }
    if (level.list !== null) placeAt(level, level.current as number, value);
    else setMember(level.record!, level.current as string, value);
    if (context.fuel <= 0) yield undefined;
  }
  return values;
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
    const { table, list, isTorn } = this.levels.pop()!;
    this.ancestors.delete(table);
    if (isTorn) list!.length = 0;
  }

  /** Word address of the slot of a level's next element; NONE or PAUSE. A slot that is looked at costs an instruction. */
  nextSlot(level: Level): number {
    const { table } = level;
    if (table === 0) {
      if (level.next === level.slots.length) return NONE;
      level.current = level.next;
      return level.slots[level.next++]!;
    }
    const { context } = this;
    const { i32, mask } = context;
    const array = i32[(table + TABLE_ARRAY) & mask];
    const arraySize = i32[(table + TABLE_ARRAY_SIZE) & mask];
    const first = i32[(table + TABLE_NODES) & mask];
    const end = arraySize + nodeCountOf(context, table);
    while (level.next < end) {
      const index = level.next++;
      context.fuel = (context.fuel - 1) | 0;
      if (index < arraySize) {
        const slot = (array + (index + 1) * VALUE_SIZE) & mask & -VALUE_SIZE;
        level.node = 0;
        level.current = index;
        if (i32[slot + VALUE_TAG] !== TAG_NIL) return slot;
      } else {
        const node = (first + (index - arraySize) * NODE_SIZE) & mask & -VALUE_SIZE;
        level.node = node;
        // Of a list: its keys are integers.
        level.current = level.list === null ? null : i32[((node + NODE_KEY) & mask) + VALUE_LOW] - 1;
        if (i32[node + NODE_VALUE + VALUE_TAG] !== TAG_NIL) return node + NODE_VALUE;
      }
      if (index % SLOTS_A_CHECK === 0 && context.fuel <= 0) return PAUSE;
    }
    return NONE;
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

  /** Counts the entries of a table, and finds out which of the two it is. A slot that is looked at costs an instruction. */
  *enter(table: number): Generator<undefined, Level, unknown> {
    if (this.ancestors.has(table)) throw this.error('cycle', 'the table contains itself');
    // It has functions, whatever else.
    if (isAsleep(this.context, table)) throw this.error('kind', 'a function cannot cross');
    if (this.levels.length > MAXIMUM_VALUE_DEPTH) throw this.error('depth', 'nested too deeply');
    this.ancestors.add(table);
    const { context, limits } = this;
    const probe: Level = { ...NOT_BEGUN, table };
    let count = 0;
    let integers = 0;
    let largest = 0;
    for (let slot = this.nextSlot(probe); slot !== NONE; slot = this.nextSlot(probe)) {
      if (slot === PAUSE) {
        yield undefined;
        continue;
      }
      if (++count > limits.nodes - this.nodes) this.countNodes(count);
      const index = probe.node === 0 ? (probe.current as number) + 1 : this.indexOf(probe.node);
      if (index > 0) integers++;
      if (index > largest) largest = index;
      if (context.fuel <= 0) yield undefined;
    }
    // A table has each key once, so counting is enough.
    const isSequence = integers === count && largest === count;
    if (isSequence) this.checkElements(count);
    else this.countNames(count);
    return { ...NOT_BEGUN, table, list: isSequence ? new Array(count) : null, record: isSequence ? null : {} };
  }

  /** The key of a node when it can be an index of a list; else 0. */
  private indexOf(node: number): number {
    const { i32, mask } = this.context;
    const key = (node + NODE_KEY) & mask;
    const low = i32[key + VALUE_LOW];
    return i32[key + VALUE_TAG] === TAG_INTEGER && i32[key + VALUE_HIGH] === 0 && low > 0 ? low : 0;
  }

  private keySlot({ node }: Level): number {
    return (node + NODE_KEY) & this.context.mask;
  }

  /** The name of an element that was found, as text whatever kind of key it is. */
  readKey(level: Level): string {
    // Names cost the host more than most that an instruction does.
    this.context.fuel = (this.context.fuel - NAME_COST) | 0;
    if (level.node === 0) return String((level.current as number) + 1);
    const slot = this.keySlot(level);
    const i32 = this.context.i32;
    const low = i32[slot + VALUE_LOW];
    const high = i32[slot + VALUE_HIGH];
    switch (i32[slot + VALUE_TAG]) {
      case TAG_INTEGER:
        return signedToString(low, high);
      case TAG_FLOAT:
        return shortestToString(bitsToDouble(low, high));
      case TAG_SHORT_STRING:
      case TAG_LONG_STRING:
        return this.checkKey(shortTextOfBytes(this.context, this.readBytes(low), this.text));
      default:
        throw this.error('key', `a ${basicTypeName(i32[slot + VALUE_TAG])} cannot be a key outside`);
    }
  }

  isLongKey(level: Level): boolean {
    return level.node !== 0 && this.isLongText(this.keySlot(level));
  }

  *readLongKey(level: Level): Generator<undefined, string, unknown> {
    return this.checkKey(yield* this.readLongText(this.keySlot(level)));
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

  private checkElements(count: number): void {
    const { elements } = this.limits;
    if (count > elements) throw this.error('size', `a list of more than ${elements} elements`);
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
    const path = this.levels.map(({ list, current }) => {
      if (current === null) return '';
      return list === null ? `.${current}` : `[${current}]`;
    });
    return new CrossingError(reason, this.root + path.join(''), detail);
  }
}

/** Nodes of a table; 0 when it has the one for all that have none. */
function nodeCountOf({ i32, mask }: Context, table: number): number {
  const isNone = i32[(table + TABLE_NODES) & mask] === table + TABLE_DUMMY_NODE;
  return isNone ? 0 : i32[(table + TABLE_NODE_MASK) & mask] + 1;
}

/** An integer's words as they cross. */
export function integerToGuest(low: number, high: number): number | string {
  const value = toDouble(low, high);
  return Number.isSafeInteger(value) ? value : signedToString(low, high);
}
