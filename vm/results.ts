// What an execution leaves behind: the values at its thread's floor, or the error that nobody caught.
import type { Context } from './context';
import { entrySignature, hasValueEntry } from './entry';
import { CrossingError, floatToGuest, type GuestValue, type TextCodec, type ValueLimits } from './host-values';
import {
  ENDING_TOLD,
  FRAME_TOP,
  HEADER,
  TAG_FLOAT,
  TAG_INTEGER,
  TAG_LONG_STRING,
  TAG_SHORT_STRING,
  TYPED_REGISTER_WORDS,
  VALUE_HIGH,
  VALUE_LOW,
  VALUE_SIZE,
  VALUE_TAG,
} from './layout';
import { MAXIMUM_MESSAGE_LENGTH } from './limits';
import type { ValueType } from './module';
import { bitsToDouble, bitsToFloat } from './numbers/float';
import { floatNumeralToString } from './numbers/format-float';
import { signedToString } from './numbers/integer64-text';
import { basicTypeName } from './value-errors';
import { integerToGuest, readValues, stringBytes } from './value-reader';

/** The entry's results, after DONE. Yields when the fuel is used up; throws CrossingError. */
export function* readResults(
  context: Context,
  text: TextCodec,
  limits: ValueLimits,
): Generator<undefined, GuestValue[], unknown> {
  const { program, stack, stackEnd, i32 } = context;
  if (!hasValueEntry(program)) {
    return entrySignature(program)!.results.map((type, index) =>
      readRegister(context, stack + index * TYPED_REGISTER_WORDS, type),
    );
  }
  const end = Math.min(stack + Math.max(0, i32[context.frame + FRAME_TOP]), stackEnd);
  const slots: number[] = [];
  for (let slot = stack; slot + VALUE_SIZE <= end; slot += VALUE_SIZE) slots.push(slot);
  return yield* readValues(context, slots, text, 'values', limits);
}

function readRegister(context: Context, register: number, type: ValueType): number | string {
  const low = context.i32[register];
  const high = context.i32[register + 1];
  if (type === 'i32') return low;
  if (type === 'i64') return integerToGuest(low, high);
  return floatToGuest(type === 'f32' ? bitsToFloat(low) : bitsToDouble(low, high));
}

/** The error in HEADER.ERROR: its text as a standalone interpreter prints it, and its data when it is no text. */
export function uncaughtError(context: Context, text: TextCodec): { message: string; value: GuestValue | null } {
  const { i32 } = context;
  const tag = i32[HEADER.ERROR + VALUE_TAG];
  const low = i32[HEADER.ERROR + VALUE_LOW];
  const high = i32[HEADER.ERROR + VALUE_HIGH];
  switch (tag) {
    case TAG_SHORT_STRING:
    case TAG_LONG_STRING: {
      const bytes = stringBytes(context, low).subarray(0, MAXIMUM_MESSAGE_LENGTH);
      return { message: text.decodeLeniently(bytes), value: null };
    }
    case TAG_INTEGER:
      return { message: signedToString(low, high), value: integerToGuest(low, high) };
    case TAG_FLOAT: {
      const value = bitsToDouble(low, high);
      return { message: floatNumeralToString(value, false), value: floatToGuest(value) };
    }
    default:
      return {
        message: toldText(context, text) ?? `(error object is a ${basicTypeName(tag)} value)`,
        value: errorData(context, text),
      };
  }
}

/** What the error's own `__tostring` has said; null when there is none, or it was no text. */
function toldText(context: Context, text: TextCodec): string | null {
  const { i32, mask } = context;
  if (i32[HEADER.ENDING] !== ENDING_TOLD) return null;
  const slot = context.stack + VALUE_SIZE;
  const tag = i32[(slot + VALUE_TAG) & mask];
  if (tag !== TAG_SHORT_STRING && tag !== TAG_LONG_STRING) return null;
  return text.decodeLeniently(stringBytes(context, i32[slot & mask]).subarray(0, MAXIMUM_MESSAGE_LENGTH));
}

/** At most: an error's data is small, and is read in one go. */
const ERROR_LIMITS: ValueLimits = { nodes: 256, bytes: MAXIMUM_MESSAGE_LENGTH, elements: 256, names: 256 };

/** Null when it is not plain data. */
function errorData(context: Context, text: TextCodec): GuestValue | null {
  const reading = readValues(context, [HEADER.ERROR], text, 'error', ERROR_LIMITS);
  try {
    for (;;) {
      const { done, value } = reading.next();
      if (done) return value[0]!;
    }
  } catch (error) {
    if (error instanceof CrossingError) return null;
    throw error;
  }
}
