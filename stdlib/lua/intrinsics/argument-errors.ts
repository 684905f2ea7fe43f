// Errors that library functions raise, in the words of Lua's own library: which argument was wrong, what the function was
// called where it was called, and the position of that call.
import {
  type Context,
  definitionOf,
  extraArguments,
  FRAME_FUNCTION,
  FRAME_RESULT,
  FRAME_SIZE,
  FUNCTION_PARAMETERS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  instructionOf,
  isLibrary,
  metatableOf,
  positionOf,
  RESULT_ARGUMENTS_SHIFT,
  RESULT_BYTE_MASK,
  RESULT_KIND_MASK,
  RESULT_VALUES,
  TAG_NIL,
  TAG_USERDATA,
  THREAD_FRAMES,
  tryRaiseText,
  typeNameOf,
  VALUE_TAG,
  ValueOp,
} from '../../../vm/index';

const decoder = new TextDecoder();

/**
 * Raises `message` with the position of the call of the library function in front. THROW; or MEMORY or TRAP, as all that
 * raise here: then the intrinsic is run again, after a collection.
 */
export function raiseAtCaller(context: Context, message: string): number {
  return tryRaiseText(context, positionOfCaller(context), message);
}

/** "file:line: " of the call of the library function that runs. */
export function positionOfCaller(context: Context): string {
  const levels = (context.frame - publicFrame(context)) / FRAME_SIZE;
  return positionOf(context, levels + 1);
}

/** "bad argument #index to 'name' (message)", with the name by which the library function was called. */
export function raiseArgument(context: Context, index: number, message: string): number {
  const { name, isMethod } = calledAs(context);
  if (!isMethod) return raiseAtCaller(context, `bad argument #${index} to '${name}' (${message})`);
  if (index === 1) return raiseAtCaller(context, `calling '${name}' on bad self (${message})`);
  return raiseAtCaller(context, `bad argument #${index - 1} to '${name}' (${message})`);
}

/** The same with "expected expected, got TYPE" for the value at `slot`. */
export function raiseArgumentType(context: Context, index: number, slot: number, expected: string): number {
  if (context.i32[slot + VALUE_TAG] === TAG_NIL && index > countAt(context, publicFrame(context))) {
    return raiseArgument(context, index, `${expected} expected, got no value`);
  }
  return raiseArgument(context, index, `${expected} expected, got ${typeText(context, slot)}`);
}

/** The name of the type of the value at `slot`, as messages have it. */
export function typeText(context: Context, slot: number): string {
  if (context.i32[slot + VALUE_TAG] === TAG_USERDATA && metatableOf(context, slot) === 0) return 'light userdata';
  const name = typeNameOf(context, slot);
  return typeof name === 'string' ? name : decoder.decode(name.slice());
}

/** How many arguments the library function that runs was called with. Many, where nobody has counted. */
export function argumentCount(context: Context): number {
  return countAt(context, context.frame);
}

const UNCOUNTED = 255;

function countAt(context: Context, frame: number): number {
  const { i32, program } = context;
  const noted = (i32[frame + FRAME_RESULT] >>> RESULT_ARGUMENTS_SHIFT) & RESULT_BYTE_MASK;
  if (noted > 0 && noted < UNCOUNTED) return noted - 1;
  const row = i32[frame + FRAME_FUNCTION] << FUNCTION_ROW_SHIFT;
  return Math.max(program.functions[row + FUNCTION_PARAMETERS] + extraArguments(context, frame), noted);
}

/** The frame of the library function that the guest knows: the current one, or the one that called it as its helper. */
function publicFrame(context: Context): number {
  const floor = context.i32[context.thread + THREAD_FRAMES];
  let frame = context.frame;
  for (let step = 0; step < MOST_HELPERS && isHelper(context, frame, floor); step++) frame -= FRAME_SIZE;
  return frame;
}

/**
 * Whether a frame of the thread whose frames begin at `floor` is one that a library function has called as its helper. A
 * function that pcall or the machine itself has called is nobody's helper.
 */
export function isHelper(context: Context, frame: number, floor: number): boolean {
  const { i32, program } = context;
  const caller = frame - FRAME_SIZE;
  if (caller <= floor) return false;
  const index = i32[caller + FRAME_FUNCTION];
  const isCall = (i32[frame + FRAME_RESULT] & RESULT_KIND_MASK) === RESULT_VALUES;
  if (!isCall || index >>> 0 >= program.functionCount || !isLibrary(context, index)) return false;
  const op = program.code[instructionOf(context, caller)] & 255;
  if (op !== ValueOp.CALL && op !== ValueOp.TAIL_CALL) return false;
  // What a library function was given it calls by a local name.
  return calledName(context, caller, index)?.kind !== 'local';
}

/** Helpers nest no deeper: the deepest is the quicksort's recursion. */
const MOST_HELPERS = 80;

/** What the library function that runs is called where it was called; else its own name. */
function calledAs(context: Context): { name: string; isMethod: boolean } {
  const { program, i32 } = context;
  const frame = publicFrame(context);
  const caller = frame - FRAME_SIZE;
  const { name } = definitionOf(program, i32[frame + FRAME_FUNCTION]).definition.debug;
  // Lua looks for a name in the library's tables, where the methods of files are not.
  const own = name.startsWith('file.') ? '?' : name;
  const index = caller > i32[context.thread + THREAD_FRAMES] ? i32[caller + FRAME_FUNCTION] : -1;
  if (index >>> 0 >= program.functionCount || isLibrary(context, index)) return { name: own, isMethod: false };
  const found = calledName(context, caller, index);
  return { name: found?.name ?? own, isMethod: found?.kind === 'method' };
}

/** What the function `index` calls what it has called in its frame `frame`. */
function calledName(context: Context, frame: number, index: number): { name: string; kind: string } | undefined {
  const { program } = context;
  const at = instructionOf(context, frame);
  const pc = at - program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_START];
  const register = (program.code[at] >>> 8) & 255;
  const { operands } = definitionOf(program, index).definition.debug;
  return operands.find((operand) => operand.pc === pc && operand.register === register);
}
