// math.random and math.randomseed: xoshiro256** (Blackman and Vigna 2018), as in Lua 5.4. The generator's four words of 64
// bits lie in a string of the heap that no guest sees.
import {
  add,
  type Context,
  compareSigned,
  high,
  isLessUnsigned,
  NEXT,
  newLongString,
  STRING_BYTES,
  subtract,
  TAG_LONG_STRING,
  VALUE_HIGH,
  writeFloatValue,
  writeInteger,
  writeReference,
} from '../../../vm/index';
import { argumentCount, raiseArgument, raiseAtCaller } from './argument-errors';
import { argument, charge, checkInteger, integerAt, intrinsic, optionalInteger } from './support';

export const RANDOM_INTRINSICS = [
  intrinsic('math_random', 3, 1, random),
  intrinsic('seed_arguments', 2, 2, seedArguments),
  intrinsic('random_state', 2, 1, newState),
];

const STATE_WORDS = 8;
/** Numbers that a new generator gives away. */
const DISCARDED = 16;

/** Words of the state, low ones first: s0 to s3. */
const S0 = 0;
const S1 = 2;
const S2 = 4;
const S3 = 6;

/** The number that was drawn last; its upper half. */
let drawnHigh = 0;

/** First word of the state in the string at `slot`: whatever the heap says, all of it lies inside. */
function stateAt(context: Context, slot: number): number {
  const start = (context.i32[slot] + STRING_BYTES) & context.mask & ~1;
  return Math.min(start, context.i32.length - STATE_WORDS);
}

/** Draws 64 bits from the state at the word address `at`: the lower half, the upper one in `drawnHigh`. */
function draw(i32: Int32Array, at: number): number {
  const s1 = i32[at + S1];
  const s1High = i32[at + S1 + 1];
  // 64-bit products by 5 and 9, and rotations by 7 and 45, of halves: what is carried is the quotient by 2^32.
  const times5 = Math.imul(s1, 5);
  const times5High = (Math.imul(s1High, 5) + ((((s1 >>> 0) * 5) / 4294967296) | 0)) | 0;
  const turned = (times5 << 7) | (times5High >>> 25);
  const turnedHigh = (times5High << 7) | (times5 >>> 25);
  drawnHigh = (Math.imul(turnedHigh, 9) + ((((turned >>> 0) * 9) / 4294967296) | 0)) | 0;
  i32[at + S2] ^= i32[at + S0];
  i32[at + S2 + 1] ^= i32[at + S0 + 1];
  i32[at + S3] ^= s1;
  i32[at + S3 + 1] ^= s1High;
  i32[at + S1] ^= i32[at + S2];
  i32[at + S1 + 1] ^= i32[at + S2 + 1];
  i32[at + S0] ^= i32[at + S3];
  i32[at + S0 + 1] ^= i32[at + S3 + 1];
  i32[at + S2] ^= s1 << 17;
  i32[at + S2 + 1] ^= (s1High << 17) | (s1 >>> 15);
  const s3 = i32[at + S3];
  const s3High = i32[at + S3 + 1];
  i32[at + S3] = (s3High << 13) | (s3 >>> 19);
  i32[at + S3 + 1] = (s3 << 13) | (s3High >>> 19);
  return Math.imul(turned, 9);
}

/** R[0] and R[1] are the arguments of math.random, R[2] is the generator. Each number that is drawn costs 1. */
function random(context: Context, registers: number): number {
  const { i32 } = context;
  const upper = argument(registers, 1);
  const at = stateAt(context, argument(registers, 2));
  const count = argumentCount(context);
  charge(context, 1);
  const drawn = draw(i32, at);
  if (count > 2) return raiseAtCaller(context, 'wrong number of arguments');
  if (count === 0) {
    writeFloatValue(context, registers, toFraction(drawn, drawnHigh));
    return NEXT;
  }
  const signal = checkInteger(context, registers, 1) || (count === 2 ? checkInteger(context, upper, 2) : NEXT);
  if (signal !== NEXT) return signal;
  if (count === 1 && integerAt(context, registers) === 0) {
    writeInteger(context, registers, drawn, drawnHigh);
    return NEXT;
  }
  if (count === 1) {
    writeInteger(context, upper, i32[registers], i32[registers + VALUE_HIGH]);
    writeInteger(context, registers, 1, 0);
  }
  const low = i32[registers];
  const lowHigh = i32[registers + VALUE_HIGH];
  if (compareSigned(low, lowHigh, i32[upper], i32[upper + VALUE_HIGH]) > 0) {
    return raiseArgument(context, 1, 'interval is empty');
  }
  const limit = subtract(i32[upper], i32[upper + VALUE_HIGH], low, lowHigh);
  const projected = project(context, at, drawn, limit, high);
  const sum = add(projected, drawnHigh, low, lowHigh);
  writeInteger(context, registers, sum, high);
  return NEXT;
}

/** The upper 53 bits as a float from 0 to 1, which is not reached. */
function toFraction(low: number, top: number): number {
  return ((top >>> 11) * 4294967296 + (((top << 21) | (low >>> 11)) >>> 0)) * 2 ** -53;
}

/**
 * Makes of the number that was drawn one from 0 to a limit (unsigned), by rejection under the smallest mask of ones that
 * covers it: less than two draws on average. Its lower half; the upper one is in `drawnHigh`.
 */
function project(context: Context, at: number, drawn: number, limit: number, limitHigh: number): number {
  const mask = limitHigh !== 0 ? -1 : onesOver(limit);
  const maskHigh = limitHigh !== 0 ? onesOver(limitHigh) : 0;
  let low = drawn & mask;
  drawnHigh &= maskHigh;
  while (isLessUnsigned(limit, limitHigh, low, drawnHigh)) {
    charge(context, 1);
    low = draw(context.i32, at) & mask;
    drawnHigh &= maskHigh;
  }
  return low;
}

/** The smallest number of ones alone that is not below `word`. */
function onesOver(word: number): number {
  return word === 0 ? 0 : -1 >>> Math.clz32(word);
}

/** Checks the arguments of math.randomseed: a missing second one is 0. */
function seedArguments(context: Context, registers: number): number {
  const second = argument(registers, 1);
  return checkInteger(context, registers, 1) || optionalInteger(context, second, 2, 0);
}

/** A new generator from the seeds R[0] and R[1], in R[0]. */
function newState(context: Context, registers: number): number {
  const address = newLongString(context, STATE_WORDS * 4);
  if (address === 0) return context.failure;
  charge(context, DISCARDED);
  const { i32 } = context;
  const second = argument(registers, 1);
  const at = (address + STRING_BYTES) & context.mask;
  i32.fill(0, at, at + STATE_WORDS);
  i32[at + S0] = i32[registers];
  i32[at + S0 + 1] = i32[registers + VALUE_HIGH];
  i32[at + S1] = 0xff;
  i32[at + S2] = i32[second];
  i32[at + S2 + 1] = i32[second + VALUE_HIGH];
  for (let count = 0; count < DISCARDED; count++) draw(i32, at);
  writeReference(context, registers, TAG_LONG_STRING, address);
  return NEXT;
}
