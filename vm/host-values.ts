// Values outside the heap: what a host gives to a guest and gets from it. Plain data, no guest's and no host's objects.
import { MAXIMUM_LIST_ELEMENTS, MAXIMUM_RESULT_NAMES, MAXIMUM_VALUE_BYTES, MAXIMUM_VALUE_NODES } from './limits';

/**
 * What goes into a guest, already plain and bounded (host/core checks it). A Map is a table with string keys; so is a record, as
 * what comes out of guests has them: it goes into another one as it is.
 */
export type HostValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly HostValue[]
  | ReadonlyMap<string, HostValue>
  | { readonly [name: string]: HostValue };

/**
 * What comes out of a guest: JSON can say all of it. Integers beyond 2^53 are decimal strings, floats that are no numbers or
 * infinite `NaN`, `Infinity` and `-Infinity`, also strings; strings that are not UTF-8 are `{ base64 }`.
 */
export type GuestValue =
  | null
  | boolean
  | number
  | string
  | { readonly base64: string }
  | GuestValue[]
  | { [name: string]: GuestValue };

/** How much may cross at once. */
export interface ValueLimits {
  /** Values of all kinds, and names. */
  readonly nodes: number;
  /** Bytes of all strings together; what comes from the host counts a character as one. */
  readonly bytes: number;
  /** Of one list. */
  readonly elements: number;
  /** Of one record. */
  readonly names: number;
}

/** Of arguments, which are copied when a call begins; how deep values are nested is MAXIMUM_VALUE_DEPTH. */
export const VALUE_LIMITS: ValueLimits = {
  nodes: MAXIMUM_VALUE_NODES,
  bytes: MAXIMUM_VALUE_BYTES,
  elements: MAXIMUM_VALUE_NODES,
  names: MAXIMUM_VALUE_NODES,
};

/** Of results, which are made in an execution's turns. */
export const RESULT_LIMITS: ValueLimits = {
  ...VALUE_LIMITS,
  elements: MAXIMUM_LIST_ELEMENTS,
  names: MAXIMUM_RESULT_NAMES,
};

/** What pays for a conversion: a context's fuel. Whatever is used up may be below zero. */
export interface FuelMeter {
  fuel: number;
}

/** Text and bytes, by the host's own converters: they are fast, and every host's answer the same. */
export interface TextCodec {
  encode(text: string): Uint8Array;
  /** The same, in bytes that the next call writes over: for who copies them at once. */
  encodeBriefly(text: string): Uint8Array;
  /** Null when the bytes are not UTF-8. */
  decode(bytes: Uint8Array): string | null;
  /** The same, with U+FFFD for what is not. */
  decodeLeniently(bytes: Uint8Array): string;
  /** RFC 4648, section 4, with padding. */
  base64(bytes: Uint8Array): string;
}

/** Why a value cannot cross. */
export const CROSSING_REASONS = {
  kind: 'is of a kind that cannot cross, or that is not expected',
  cycle: 'contains itself',
  depth: 'is nested too deeply',
  size: 'is too large',
  range: 'does not fit into the type that is called for',
  key: 'has a key that no JSON object can have',
  count: 'is one too many or one too few',
} as const;

export type CrossingReason = keyof typeof CROSSING_REASONS;

/** A value that cannot cross. `path` says where in it, as `$[1].name`. It ends in a result, never in a host's stack. */
export class CrossingError extends Error {
  override readonly name = 'CrossingError';
  constructor(
    readonly reason: CrossingReason,
    readonly path: string,
    detail: string,
  ) {
    super(`${path}: ${detail}`);
  }

  /** Code and message of an execution that ends for it. */
  describe(what: 'argument' | 'result'): { code: string; message: string } {
    return { code: `${what}.${this.reason}`, message: `${what}s cannot cross: ${this.message}` };
  }
}

/** A string of bytes as it crosses. */
export function textOrBase64(bytes: Uint8Array, text: TextCodec): string | { base64: string } {
  return text.decode(bytes) ?? { base64: text.base64(bytes) };
}

/** An integer as it crosses to the host: a number when it is exact, else decimal digits. */
export function bigintToGuest(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** A float as it crosses to the host: a number, or the word for one that JSON does not have. */
export function floatToGuest(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** A value that has values in it. */
export type Container = readonly HostValue[] | ReadonlyMap<string, HostValue> | { readonly [name: string]: HostValue };

export function isContainer(value: HostValue): value is Container {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

export function isList(value: Container): value is readonly HostValue[] {
  return Array.isArray(value);
}

/** How many members a Map or record has, and which. */
export function membersOf(value: Exclude<Container, readonly HostValue[]>): {
  size: number;
  entries: Iterator<readonly [name: string, value: HostValue]>;
} {
  if (value instanceof Map) return { size: value.size, entries: value.entries() };
  const names = Object.keys(value);
  return { size: names.length, entries: named(value as { readonly [name: string]: HostValue }, names) };
}

function* named(
  record: { readonly [name: string]: HostValue },
  names: readonly string[],
): Generator<[string, HostValue]> {
  for (const name of names) yield [name, record[name]!];
}

/** Sets a member without touching the prototype. */
export function setMember<T>(record: { [name: string]: T }, name: string, value: T): void {
  if (name === '__proto__') {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  } else record[name] = value;
}
