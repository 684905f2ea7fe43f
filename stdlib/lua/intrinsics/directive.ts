// Reading one directive of string.format, "%5.2f", with C's flags, width and precision, and Lua's limits on them.
import { type Context, NEXT } from '../../../vm/index';
import { raiseAtCaller } from './argument-errors';

/** The directive that was read last: scratch of one step. */
export interface Directive {
  isLeft: boolean;
  hasPlus: boolean;
  hasSpace: boolean;
  isAlternate: boolean;
  hasZeros: boolean;
  width: number;
  /** -1 without one. */
  precision: number;
  /** The letter, as its ASCII code. */
  conversion: number;
  /** Byte address behind it. */
  end: number;
  /** Nothing but the letter. */
  isBare: boolean;
}

export const directive: Directive = {
  isLeft: false,
  hasPlus: false,
  hasSpace: false,
  isAlternate: false,
  hasZeros: false,
  width: 0,
  precision: -1,
  conversion: 0,
  end: 0,
  isBare: true,
};

const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
const MINUS = 0x2d;
const PLUS = 0x2b;
const SPACE = 0x20;
const NUMBER_SIGN = 0x23;

/** Flags, digits and points in front of the letter, at most. */
const MOST_MODIFIERS = 20;

/** By conversion: the flags that it takes, and whether it takes a precision. */
const RULES: ReadonlyMap<string, { flags: string; hasPrecision: boolean }> = new Map([
  ['c', { flags: '-', hasPrecision: false }],
  ['p', { flags: '-', hasPrecision: false }],
  ['s', { flags: '-', hasPrecision: true }],
  ['u', { flags: '-0', hasPrecision: true }],
  ...Array.from('di', (letter) => [letter, { flags: '-+0 ', hasPrecision: true }] as const),
  ...Array.from('xXo', (letter) => [letter, { flags: '-#0', hasPrecision: true }] as const),
  ...Array.from('aAeEfgG', (letter) => [letter, { flags: '-+#0 ', hasPrecision: true }] as const),
]);
const rulesByCode = new Map([...RULES].map(([letter, rule]) => [letter.charCodeAt(0), rule]));
const QUOTED = 0x71;

/** Reads the directive whose "%" is in front of the byte address `start`; the template ends at `end`. NEXT or THROW. */
export function readDirective(context: Context, start: number, end: number): number {
  const { u8 } = context;
  let at = start;
  while (at < end && isModifier(u8[at])) at++;
  directive.conversion = at < end ? u8[at] : 0;
  directive.end = Math.min(at + 1, end);
  directive.isBare = at === start;
  if (at - start > MOST_MODIFIERS) return raiseAtCaller(context, 'invalid format (too long)');
  if (directive.conversion === QUOTED) {
    return directive.isBare ? NEXT : raiseAtCaller(context, "specifier '%q' cannot have modifiers");
  }
  const rule = rulesByCode.get(directive.conversion);
  const text = () => String.fromCharCode(...u8.subarray(start - 1, directive.end)).split('\0')[0];
  if (rule === undefined) return raiseAtCaller(context, `invalid conversion '${text()}' to 'format'`);
  if (!readModifiers(u8, start, at, rule.flags, rule.hasPrecision)) {
    return raiseAtCaller(context, `invalid conversion specification: '${text()}'`);
  }
  return NEXT;
}

function isModifier(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= NINE) ||
    byte === POINT ||
    byte === MINUS ||
    byte === PLUS ||
    byte === SPACE ||
    byte === NUMBER_SIGN
  );
}

/** Whether bytes[start], ..., bytes[end - 1] are flags of `flags`, at most two digits, a point and at most two digits. */
function readModifiers(bytes: Uint8Array, start: number, end: number, flags: string, hasPrecision: boolean): boolean {
  directive.isLeft = directive.hasPlus = directive.hasSpace = directive.isAlternate = directive.hasZeros = false;
  let at = start;
  for (; at < end && flags.includes(String.fromCharCode(bytes[at])); at++) {
    if (bytes[at] === MINUS) directive.isLeft = true;
    else if (bytes[at] === PLUS) directive.hasPlus = true;
    else if (bytes[at] === SPACE) directive.hasSpace = true;
    else if (bytes[at] === NUMBER_SIGN) directive.isAlternate = true;
    else directive.hasZeros = true;
  }
  // A zero that is no flag is no width either.
  if (at < end && bytes[at] === ZERO) return false;
  const width = digitsAt(bytes, at, end);
  directive.width = numberAt(bytes, at, width);
  directive.precision = -1;
  at += width;
  if (at < end && bytes[at] === POINT && hasPrecision) {
    at++;
    const precision = digitsAt(bytes, at, end);
    directive.precision = numberAt(bytes, at, precision);
    at += precision;
  }
  return at === end;
}

/** How many digits there are, at most two. */
function digitsAt(bytes: Uint8Array, at: number, end: number): number {
  let count = 0;
  while (count < 2 && at + count < end && bytes[at + count] >= ZERO && bytes[at + count] <= NINE) count++;
  return count;
}

function numberAt(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let index = 0; index < digits; index++) value = value * 10 + bytes[at + index] - ZERO;
  return value;
}
