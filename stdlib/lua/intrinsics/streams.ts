// Intrinsics of io and os: what to read, how numerals begin, options, fields of dates, exit codes. Files are in files.ts.
import {
  type Context,
  copyValue,
  NEXT,
  stringLength,
  stringStart,
  TAG_FALSE,
  TAG_INTEGER,
  TAG_NIL,
  TAG_TABLE,
  TAG_TRUE,
  writeInteger,
} from '../../../vm/index';
import { raiseArgument, raiseArgumentType, raiseAtCaller } from './argument-errors';
import { isSpace } from './mathematics';
import { beginText, endText, pushNumber } from './short-text';
import {
  argument,
  charge,
  checkInteger,
  checkString,
  integerAt,
  intrinsic,
  isString,
  shortTextOf,
  storeText,
  tagOf,
  toInteger,
} from './support';

export const STREAM_INTRINSICS = [
  intrinsic('read_kind', 2, 1, readKind),
  intrinsic('check_integer', 2, 1, (context, registers) =>
    checkInteger(context, registers, integerAt(context, argument(registers, 1))),
  ),
  intrinsic('check_text', 2, 1, checkText),
  intrinsic('skip_space', 2, 1, skipSpace),
  intrinsic('numeral_length', 2, 1, numeralLength),
  intrinsic('check_string', 2, 1, (context, registers) =>
    checkString(context, registers, integerAt(context, argument(registers, 1))),
  ),
  intrinsic('check_option', 3, 1, checkOption),
  intrinsic('argument_error', 2, 0, argumentError),
  intrinsic('date_field', 3, 1, dateField),
  intrinsic('exit_status', 1, 1, exitStatus),
];

const STAR = 0x2a;

/** The letter of a format of io.read, argument number R[1]: a stands for all, n for a number, l and L for a line. */
function readKind(context: Context, registers: number): number {
  const index = integerAt(context, argument(registers, 1));
  const signal = checkString(context, registers, index);
  if (signal !== NEXT) return signal;
  const start = stringStart(context, context.i32[registers]);
  const length = stringLength(context, context.i32[registers]);
  const at = length > 0 && context.u8[start] === STAR ? 1 : 0;
  const letter = at < length ? String.fromCharCode(context.u8[start + at]) : '';
  if (letter === '' || !'alLn'.includes(letter)) return raiseArgument(context, index, 'invalid format');
  return storeText(context, registers, letter);
}

/** R[0], argument number R[1] of io.write, as the text that it writes. */
function checkText(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (isString(tag)) return NEXT;
  if (tag < TAG_INTEGER || tag >= TAG_TABLE) {
    return raiseArgumentType(context, integerAt(context, argument(registers, 1)), registers, 'string');
  }
  beginText();
  pushNumber(context, registers, true);
  return endText(context, registers);
}

/** R[0], argument number R[1], as one of the words of R[2]. */
function checkOption(context: Context, registers: number): number {
  const index = integerAt(context, argument(registers, 1));
  const signal = checkString(context, registers, index);
  if (signal !== NEXT) return signal;
  const option = shortTextOf(context, registers);
  if (shortTextOf(context, argument(registers, 2)).split(' ').includes(option)) return NEXT;
  return raiseArgument(context, index, `invalid option '${option}'`);
}

/** Raises R[1], a text of the library's own, about argument number R[0]. */
function argumentError(context: Context, registers: number): number {
  return raiseArgument(context, integerAt(context, registers), shortTextOf(context, argument(registers, 1)));
}

/** The first position of R[0] from R[1] on that is no white space. */
function skipSpace(context: Context, registers: number): number {
  const start = stringStart(context, context.i32[registers]);
  const length = stringLength(context, context.i32[registers]);
  let at = Math.max(integerAt(context, argument(registers, 1)) - 1, 0);
  const from = at;
  while (at < length && isSpace(context.u8[start + at])) at++;
  charge(context, (at - from) >> 3);
  writeInteger(context, registers, at + 1, 0);
  return NEXT;
}

/** As many bytes as Lua's io.read("n") would read of a numeral. */
const LONGEST_NUMERAL = 200;
const NUMERAL = /^[+-]?(?:0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*(?:[pP][+-]?[0-9]*)?|[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]*)?)/;

/** How many bytes of R[0] from R[1] on could be a numeral. */
function numeralLength(context: Context, registers: number): number {
  const from = Math.max(integerAt(context, argument(registers, 1)) - 1, 0);
  const start = stringStart(context, context.i32[registers]) + from;
  const length = Math.min(stringLength(context, context.i32[registers]) - from, LONGEST_NUMERAL);
  charge(context, length >> 1);
  const text = String.fromCharCode(...context.u8.subarray(start, start + Math.max(length, 0)));
  writeInteger(context, registers, NUMERAL.exec(text)?.[0].length ?? 0, 0);
  return NEXT;
}

/** The field R[0] of a date, called R[1], as an integer; R[2] where it is missing, if that is not nil. */
function dateField(context: Context, registers: number): number {
  const otherwise = argument(registers, 2);
  const name = () => shortTextOf(context, argument(registers, 1));
  if (tagOf(context, registers) === TAG_NIL) {
    if (tagOf(context, otherwise) === TAG_NIL) return raiseAtCaller(context, `field '${name()}' missing in date table`);
    copyValue(context, registers, otherwise);
    return NEXT;
  }
  if (!toInteger(context, registers)) return raiseAtCaller(context, `field '${name()}' is not an integer`);
  if (Math.abs(integerAt(context, registers)) > LARGEST_FIELD) {
    return raiseAtCaller(context, `field '${name()}' is out-of-bound`);
  }
  return NEXT;
}

/** C's int. */
const LARGEST_FIELD = 2 ** 31 - 1;

/** The exit code that os.exit's argument R[0] says. */
function exitStatus(context: Context, registers: number): number {
  const tag = tagOf(context, registers);
  if (tag > TAG_TRUE) return checkInteger(context, registers, 1);
  writeInteger(context, registers, tag === TAG_FALSE ? 1 : 0, 0);
  return NEXT;
}
