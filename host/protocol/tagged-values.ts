// Values that JSON has no words for (bytes, 64-bit integers, floats such as NaN), written as objects with one member whose
// name begins with `$`. Used where a message says `tagged: true`, so that plain JSON stays plain.
import { decodeBase64, encodeBase64 } from './base64';

/** A tagged value that does not say what it should. */
export class TagError extends Error {
  override readonly name = 'TagError';
}

const TAGS = ['$bytes', '$integer', '$float', '$object'] as const;
const SPECIAL_FLOATS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};
/** As deep as arguments may be, and a little more, so that the other end can say that they are too deep. */
const MAXIMUM_DEPTH = 200;

/** Whether a value has anything in it that JSON would lose. Values that are nested too deeply, or in themselves, have not. */
export function needsTags(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'number':
      return !Number.isFinite(value) || Object.is(value, -0);
    case 'bigint':
      return true;
    case 'object':
      if (value === null || depth > MAXIMUM_DEPTH) return false;
      if (value instanceof Uint8Array) return true;
      if (Array.isArray(value)) return value.some((element) => needsTags(element, depth + 1));
      return Object.values(value).some((element) => needsTags(element, depth + 1));
    default:
      return false;
  }
}

/** A copy of a value in which tags stand for what JSON has no words for. Throws TagError when it is nested too deeply. */
export function encodeTagged(value: unknown, depth = 0): unknown {
  if (depth > MAXIMUM_DEPTH) throw new TagError('the value is nested too deeply, or in itself');
  switch (typeof value) {
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { $float: Object.is(value, -0) ? '-0' : String(value) };
    case 'bigint':
      return { $integer: String(value) };
    case 'object':
      if (value === null) return null;
      if (value instanceof Uint8Array) return { $bytes: encodeBase64(value) };
      if (Array.isArray(value)) return value.map((element) => encodeTagged(element, depth + 1));
      return encodeObject(value, depth);
    default:
      return value;
  }
}

function encodeObject(value: object, depth: number): object {
  const entries = Object.entries(value).map(([name, element]) => [name, encodeTagged(element, depth + 1)]);
  const copy = Object.fromEntries(entries);
  return tagOf(copy) === undefined ? copy : { $object: copy };
}

/** What encodeTagged was given. Changes `value`, which must come from JSON.parse. Throws TagError. */
export function decodeTagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = decodeTagged(value[index]);
    return value;
  }
  const record = value as Record<string, unknown>;
  switch (tagOf(record)) {
    case '$bytes':
      return bytesOf(record.$bytes);
    case '$integer':
      return integerOf(record.$integer);
    case '$float':
      return floatOf(record.$float);
    case '$object':
      return decodeMembers(record.$object);
    default:
      return decodeMembers(record);
  }
}

/** The tag of an object that has nothing else. */
function tagOf(record: object): (typeof TAGS)[number] | undefined {
  let only: string | undefined;
  for (const name in record) {
    if (only !== undefined) return undefined;
    only = name;
  }
  return TAGS.find((tag) => tag === only);
}

function decodeMembers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) throw new TagError('$object must hold an object');
  const record = value as Record<string, unknown>;
  for (const name of Object.keys(record)) record[name] = decodeTagged(record[name]);
  return record;
}

function bytesOf(text: unknown): Uint8Array {
  const bytes = typeof text === 'string' ? decodeBase64(text) : null;
  if (bytes === null) throw new TagError('$bytes must be base64');
  return bytes;
}

function integerOf(text: unknown): bigint {
  if (typeof text !== 'string' || !/^-?\d{1,20}$/.test(text))
    throw new TagError('$integer must be a decimal number as text');
  return BigInt(text);
}

function floatOf(text: unknown): number {
  const value = typeof text === 'string' && Object.hasOwn(SPECIAL_FLOATS, text) ? SPECIAL_FLOATS[text] : undefined;
  if (value === undefined) throw new TagError(`$float must be one of ${Object.keys(SPECIAL_FLOATS).join(', ')}`);
  return value;
}
