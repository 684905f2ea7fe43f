// A table in a heap beside a model of it: tests do the same to both and compare what they find.
import * as assert from 'uvu/assert';
import { collect, startCollection } from '../../vm/collector';
import type { Context } from '../../vm/context';
import { prepareKey } from '../../vm/key-job';
import {
  TAG_FALSE,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_NIL,
  TAG_TABLE,
  TAG_TRUE,
  VALUE_HIGH,
  VALUE_SIZE,
  VALUE_TAG,
} from '../../vm/layout';
import { bitsToDouble } from '../../vm/numbers/float';
import { newString, stringTag } from '../../vm/strings';
import { ENTRY_FOUND, findOrInsert, getSlot, newTable, nextEntry, tableLength } from '../../vm/tables';
import { encodeUtf8 } from '../../vm/utf8';
import { writeBoolean, writeFloat, writeInteger, writeNil, writeReference } from '../../vm/values';
import { insertNow, register } from './bare-context';
import { stringText } from './heap-check';

// Registers by their use in tests with this model.
const TABLE = 0;
export const KEY = 1;
export const RESULT = 2;
const OBJECTS = 8;

/** Keys as the model names them: `i5`, `f0.5`, `strue`, `btrue`, `o3` (the object in a register). */
export type Key = string;

export function writeKey(context: Context, slot: number, key: Key): void {
  const text = key.slice(1);
  if (key[0] === 'i') {
    const value = BigInt(text);
    writeInteger(context, slot, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  } else if (key[0] === 'f') writeFloat(context, slot, Number(text));
  else if (key[0] === 'b') writeBoolean(context, slot, text === 'true');
  else if (key[0] === 'o') writeReference(context, slot, TAG_TABLE, context.i32[register(context, OBJECTS + +text)]);
  else {
    const bytes = encodeUtf8(text);
    writeReference(context, slot, stringTag(bytes.length), newString(context, bytes, 0, bytes.length));
  }
}

function readKey(context: Context, slot: number): Key {
  const { i32 } = context;
  const low = i32[slot];
  switch (i32[slot + VALUE_TAG]) {
    case TAG_INTEGER:
      return `i${(BigInt(i32[slot + VALUE_HIGH]) << 32n) | BigInt(low >>> 0)}`;
    case TAG_FLOAT:
      return `f${bitsToDouble(low, i32[slot + VALUE_HIGH])}`;
    case TAG_FALSE:
      return 'bfalse';
    case TAG_TRUE:
      return 'btrue';
    case TAG_TABLE:
      for (let index = 0; index < 16; index++) if (i32[register(context, OBJECTS + index)] === low) return `o${index}`;
      throw new Error('an unknown object');
    default:
      return `s${stringText(context, low)}`;
  }
}

/** The key that a table keeps: floats with an integer's value become integers. */
function normalise(key: Key): Key {
  if (key[0] !== 'f') return key;
  const value = Number(key.slice(1));
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? `i${BigInt(value)}` : `f${value}`;
}

/** A table in the heap and its model, side by side. */
export class Pair {
  readonly model = new Map<Key, number>();

  constructor(
    readonly context: Context,
    arraySlots = 0,
    hashEntries = 0,
  ) {
    const table = newTable(context, arraySlots, hashEntries);
    assert.not.equal(table, 0);
    writeReference(context, register(context, TABLE), TAG_TABLE, table);
    for (let index = 0; index < 16; index++) {
      writeReference(context, register(context, OBJECTS + index), TAG_TABLE, newTable(context, 0, 0));
    }
  }

  get table(): number {
    return this.context.i32[register(this.context, TABLE)];
  }

  set(key: Key, value: number | null): void {
    const { context } = this;
    const keySlot = register(context, KEY);
    writeKey(context, keySlot, key);
    const slot = insertNow(context, () => findOrInsert(context, this.table, keySlot));
    assert.not.equal(slot, 0, `no slot for ${key}`);
    if (value === null) writeNil(context, slot);
    else writeInteger(context, slot, value, 0);
    if (value === null) this.model.delete(normalise(key));
    else this.model.set(normalise(key), value);
  }

  get(key: Key): number | null {
    const { context } = this;
    writeKey(context, register(context, KEY), key);
    assert.ok(prepareKey(context, register(context, KEY)));
    const slot = getSlot(context, this.table, register(context, KEY));
    if (slot === 0 || context.i32[slot + VALUE_TAG] === TAG_NIL) return null;
    return context.i32[slot];
  }

  check(keys: readonly Key[]): void {
    for (const key of keys) assert.is(this.get(key), this.model.get(normalise(key)) ?? null, key);
    assert.equal(new Map([...this.entries()].sort()), new Map([...this.model].sort()));
    this.checkLength();
  }

  checkLength(): void {
    const length = tableLength(this.context, this.table);
    assert.ok(length === 0 || this.model.has(`i${length}`), `${length} is no border: nil`);
    assert.not.ok(this.model.has(`i${length + 1}`), `${length} is no border: not nil above`);
  }

  /** Goes through the table with nextEntry; `visit` may assign to existing entries. */
  entries(visit: (key: Key) => void = () => {}): Map<Key, number> {
    const { context } = this;
    const result = register(context, RESULT);
    writeNil(context, result);
    const found = new Map<Key, number>();
    while (nextEntry(context, this.table, result, result) === ENTRY_FOUND) {
      const key = readKey(context, result);
      assert.not.ok(found.has(key), `${key} comes twice`);
      found.set(key, context.i32[result + VALUE_SIZE]);
      visit(key);
    }
    assert.is(context.i32[result + VALUE_TAG], TAG_NIL);
    return found;
  }
}

export function collectAll(context: Context): void {
  startCollection(context);
  assert.ok(collect(context));
}
