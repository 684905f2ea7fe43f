// Into the heap: plain data of the host as guests' values. Charged by what is written; stops when the fuel is used up.
// It never collects: what is half made has no root. When memory runs out it answers so, and can begin again.
import { growStringsInTurns } from './collector';
import type { Context } from './context';
import { failCorrupt } from './heap-checks';
import { type Container, type HostValue, isContainer, isList, membersOf, type TextCodec } from './host-values';
import { HEADER, TAG_LONG_STRING, TAG_SHORT_STRING, TAG_TABLE } from './layout';
import { newLongString, newString, stringStart, stringTag } from './strings';
import { hasJob, insertInTurns, jobInTurns, newTableInTurns } from './table-job';
import { findOrInsert, findOrInsertInteger, findOrInsertShortString } from './tables';
import { endOfPiece, lengthOfText, TEXT_PIECE } from './text-conversion';
import { writeBoolean, writeFloat, writeInteger, writeNil, writeReference } from './values';

type Writing<T> = Generator<undefined, T, unknown>;

/** Instructions for an element or a member; a member's name costs as much again, beside its text. */
const ELEMENT_COST = 2;

/** A table that is being filled: from a list, or from the members of a Map or record. */
interface Level {
  readonly table: number;
  readonly list: readonly HostValue[] | null;
  readonly members: Iterator<readonly [string, HostValue]> | null;
  /** Elements of the list that are written. */
  done: number;
}

/**
 * Writes `value` to the slot at word address `slot`. Yields when the fuel is used up. False when memory does not suffice
 * or the heap is corrupt (`context.failure`).
 */
export function* writeValue(
  context: Context,
  slot: number,
  value: HostValue,
  text: TextCodec,
): Generator<undefined, boolean, unknown> {
  const levels: Level[] = [];
  if (!(yield* writeElement(context, slot, value, text, levels))) return false;
  for (let level = levels[0]; level !== undefined; level = levels[levels.length - 1]) {
    context.fuel = (context.fuel - ELEMENT_COST) | 0;
    if (context.i32[HEADER.STRINGS_GROW] !== 0 && !(yield* growStringsInTurns(context))) return false;
    if (context.fuel <= 0) yield undefined;
    const { table, list } = level;
    let place: number;
    let element: HostValue;
    if (list !== null) {
      if (level.done === list.length) {
        levels.pop();
        continue;
      }
      element = list[level.done++]!;
      // A nil is no entry.
      if (element === null) continue;
      place = findOrInsertInteger(context, table, level.done, 0);
      // The table has room for the whole list: what comes by turns hardly ever happens.
      if (place === 0 && hasJob(context) && (yield* jobInTurns(context))) {
        place = yield* insertInTurns(context, () => findOrInsertInteger(context, table, level.done, 0));
      }
    } else {
      const { done, value: member } = level.members!.next();
      if (done) {
        levels.pop();
        continue;
      }
      element = member[1];
      if (element === null) continue;
      place = yield* findPlace(context, table, member[0], text);
    }
    if (place === 0) return false;
    const isWritten = isShortScalar(element)
      ? writeScalar(context, place, element, text)
      : yield* writeElement(context, place, element, text, levels);
    if (!isWritten) return false;
  }
  return true;
}

function isShortScalar(value: HostValue): value is Exclude<HostValue, Container> {
  return !isContainer(value) && !isLongText(value);
}

function* newLevel(context: Context, value: Container): Writing<Level | null> {
  if (isList(value)) {
    const table = yield* newTableInTurns(context, value.length, 0);
    return table === 0 ? null : { table, list: value, members: null, done: 0 };
  }
  const { size, entries } = membersOf(value);
  const table = yield* newTableInTurns(context, 0, size);
  return table === 0 ? null : { table, list: null, members: entries, done: 0 };
}

/** Writes a scalar, long texts in pieces; or an empty table, and pushes the level that fills it. False without memory. */
function* writeElement(
  context: Context,
  slot: number,
  value: HostValue,
  text: TextCodec,
  levels: Level[],
): Writing<boolean> {
  if (isLongText(value)) return yield* writeLongText(context, slot, value, text);
  if (!isContainer(value)) return writeScalar(context, slot, value, text);
  const level = yield* newLevel(context, value);
  if (level === null) return false;
  writeReference(context, slot, TAG_TABLE, level.table);
  levels.push(level);
  return true;
}

/** False without memory. */
function* writeLongText(context: Context, slot: number, value: string | Uint8Array, text: TextCodec): Writing<boolean> {
  const address = yield* newLongText(context, value, text);
  if (address !== 0) writeReference(context, slot, TAG_LONG_STRING, address);
  return address !== 0;
}

/** What is converted in pieces, before anything is written that has to stay as it is. */
function isLongText(value: HostValue): value is string | Uint8Array {
  return (typeof value === 'string' || value instanceof Uint8Array) && value.length > TEXT_PIECE;
}

/**
 * A long string of these characters or bytes, in pieces; 0 without memory. A text is encoded twice, first to know how long it is: to
 * keep its bytes would be memory outside of V8's heap, for which it collects.
 */
function* newLongText(context: Context, value: string | Uint8Array, text: TextCodec): Writing<number> {
  const length = typeof value === 'string' ? yield* lengthOfText(context, value, text) : value.length;
  const address = newLongString(context, length);
  if (address === 0) return 0;
  let written = 0;
  for (let done = 0; done < value.length; ) {
    const end = endOfPiece(value, done);
    const piece = typeof value === 'string' ? text.encodeBriefly(value.slice(done, end)) : value.subarray(done, end);
    chargeBytes(context, piece.length);
    const start = stringStart(context, address) + written;
    if (start + piece.length > context.u8.length) return failCorrupt(context);
    context.u8.set(piece, start);
    written += piece.length;
    done = end;
    if (context.fuel <= 0) yield undefined;
  }
  return address;
}

function chargeBytes(context: Context, bytes: number): void {
  context.fuel = (context.fuel - (bytes >>> 6)) | 0;
}

/** False without memory. */
function writeScalar(context: Context, slot: number, value: Exclude<HostValue, Container>, text: TextCodec): boolean {
  switch (typeof value) {
    case 'boolean':
      writeBoolean(context, slot, value);
      return true;
    case 'number':
      writeNumber(context, slot, value);
      return true;
    case 'bigint':
      writeBigint(context, slot, value);
      return true;
    case 'string':
      context.fuel = (context.fuel - (value.length >> 3)) | 0;
      return writeBytes(context, slot, text.encodeBriefly(value));
    default:
      if (value !== null) return writeBytes(context, slot, value);
      writeNil(context, slot);
      return true;
  }
}

/** A number with an integer's value is an integer, as JSON's readers have it; -0 and what lies beyond 2^53 is a float. */
function writeNumber(context: Context, slot: number, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    writeInteger(context, slot, value | 0, Math.floor(value / 4294967296) | 0);
  } else writeFloat(context, slot, value);
}

/** A 64-bit integer; higher bits are cut off. */
export function writeBigint(context: Context, slot: number, value: bigint): void {
  writeInteger(context, slot, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
}

/** A string of these bytes. False without memory. */
export function writeBytes(context: Context, slot: number, bytes: Uint8Array): boolean {
  const address = newString(context, bytes, 0, bytes.length);
  if (address === 0) return false;
  writeReference(context, slot, stringTag(bytes.length), address);
  return true;
}

/** The slot of a key, which is made if need be; 0 without memory. */
function* findPlace(context: Context, table: number, key: string, text: TextCodec): Writing<number> {
  context.fuel = (context.fuel - ELEMENT_COST) | 0;
  let address: number;
  if (isLongText(key)) address = yield* newLongText(context, key, text);
  else {
    const bytes = text.encodeBriefly(key);
    context.fuel = (context.fuel - (bytes.length >> 3)) | 0;
    address = newString(context, bytes, 0, bytes.length);
    if (stringTag(bytes.length) === TAG_SHORT_STRING && address !== 0) {
      return yield* insertInTurns(context, () => findOrInsertShortString(context, table, address));
    }
  }
  if (address === 0) return 0;
  // The error slot is free while the guest stands still.
  writeReference(context, HEADER.ERROR, TAG_LONG_STRING, address);
  const slot = yield* insertInTurns(context, () => findOrInsert(context, table, HEADER.ERROR));
  writeNil(context, HEADER.ERROR);
  return slot;
}
