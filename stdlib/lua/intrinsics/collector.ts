// Intrinsics of the collector: collectgarbage with its options, and what the library's function that calls finalisers needs.
import {
  COLLECT,
  type Context,
  copyValue,
  FRAME_FUNCTION,
  FUNCTION_ROW_SHIFT,
  FUNCTION_WORDS,
  HEADER,
  isFinalising,
  METAMETHOD_GC,
  metamethodOf,
  NEXT,
  raiseExit,
  setThreshold,
  TAG_NIL,
  takeFinaliser,
  VALUE_SIZE,
  writeBoolean,
  writeFloatValue,
  writeInteger,
  writeNil,
} from '../../../vm/index';
import { raiseArgument, raiseArgumentType } from './argument-errors';
import { shortTextAt } from './basic';
import { argument, baseRegister, charge, intrinsic, optionalInteger, storeText, tagOf } from './support';

export const COLLECTOR_INTRINSICS = [
  intrinsic('collectgarbage', 2, 1, collectGarbage),
  intrinsic('set_finaliser', 1, 0, setFinaliser),
  // A coroutine cannot yield in a finaliser.
  { ...intrinsic('next_finaliser', 2, 2, nextFinaliser), isBarrier: true },
  intrinsic('exit_closing', 1, 0, exitClosing),
];

/** What Lua's parameters of the collector are at first, in per cent. */
const FIRST_PAUSE = 200;
const FIRST_STEP = 100;

/** The option R[0] with its argument R[1]. */
function collectGarbage(context: Context, registers: number): number {
  const option = tagOf(context, registers) === TAG_NIL ? 'collect' : shortTextAt(context, registers);
  const { i32 } = context;
  switch (option) {
    case 'collect':
    case 'step':
      return collectNow(context, registers, option);
    case 'count':
      // KiB of objects: those that the last collection found alive, and what was allocated since.
      writeFloatValue(context, registers, (i32[HEADER.LIVE] + i32[HEADER.DEBT]) / 256);
      return NEXT;
    case 'isrunning':
      writeBoolean(context, registers, i32[HEADER.COLLECTOR_STOPPED] === 0);
      return NEXT;
    case 'stop':
    case 'restart':
      i32[HEADER.COLLECTOR_STOPPED] = option === 'stop' ? 1 : 0;
      setThreshold(context);
      writeInteger(context, registers, 0, 0);
      return NEXT;
    case 'incremental':
    case 'generational': {
      // Lua's executable begins with the generational mode.
      const before = i32[HEADER.COLLECTOR_MODE] === 0 ? 'generational' : 'incremental';
      const signal = storeText(context, registers, before);
      if (signal === NEXT) i32[HEADER.COLLECTOR_MODE] = option === 'generational' ? 0 : 1;
      return signal;
    }
    case 'setpause':
      return setParameter(context, registers, HEADER.COLLECTOR_PAUSE, FIRST_PAUSE);
    case 'setstepmul':
      return setParameter(context, registers, HEADER.COLLECTOR_STEP, FIRST_STEP);
    default:
      if (option === null) return raiseArgumentType(context, 1, registers, 'string');
      return raiseArgument(context, 1, `invalid option '${option}'`);
  }
}

/** A step is a whole collection. Nothing is collected for a finaliser. */
function collectNow(context: Context, registers: number, option: 'collect' | 'step'): number {
  const signal = optionalInteger(context, argument(registers, 1), 2, 0);
  if (signal !== NEXT) return signal;
  if (isFinalising(context)) {
    writeNil(context, registers);
    return NEXT;
  }
  forgetRegisters(context, registers);
  if (option === 'step') writeBoolean(context, registers, true);
  else writeInteger(context, registers, 0, 0);
  return COLLECT;
}

/** Sets a parameter of the collector to R[1]; R[0] is what it was. */
function setParameter(context: Context, registers: number, word: number, first: number): number {
  const value = argument(registers, 1);
  const signal = optionalInteger(context, value, 2, 0);
  if (signal !== NEXT) return signal;
  const before = context.i32[word] + first;
  context.i32[word] = context.i32[value] - first;
  writeInteger(context, registers, before, before >> 31);
  setThreshold(context);
  return NEXT;
}

/** What callers have left in the registers of this function keeps nothing alive. */
function forgetRegisters(context: Context, registers: number): void {
  const { i32, frame, program } = context;
  const words = program.functions[(i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT) + FUNCTION_WORDS];
  const end = baseRegister(context) + words;
  for (let slot = registers + VALUE_SIZE; slot < end; slot += VALUE_SIZE) writeNil(context, slot);
}

/** The closure R[0] calls finalisers. */
function setFinaliser(context: Context, registers: number): number {
  context.i32[HEADER.FINALISER] = context.i32[registers];
  return NEXT;
}

/** Instructions for taking up a finaliser. */
const FINALISER_COST = 6;

/** R[0] becomes the next object whose finaliser is to be called, R[1] the finaliser; R[0] is false when there is none. */
function nextFinaliser(context: Context, registers: number): number {
  charge(context, FINALISER_COST);
  writeNil(context, argument(registers, 1));
  if (!takeFinaliser(context, registers)) {
    writeBoolean(context, registers, false);
    return NEXT;
  }
  const finaliser = metamethodOf(context, registers, METAMETHOD_GC);
  if (finaliser !== 0) copyValue(context, argument(registers, 1), finaliser);
  return NEXT;
}

/** Ends with the status R[0] when all is closed that the program has left open. */
function exitClosing(context: Context, registers: number): number {
  return raiseExit(context, context.i32[registers]);
}
