// A program of typed functions and a context for it, made by hand: for tests of the typed loop alone, without linker,
// image or interpreter.
import { allocate } from '../../vm/allocator';
import { FunctionBuilder } from '../../vm/builder';
import { Context } from '../../vm/context';
import { newThread, pushFrame } from '../../vm/frames';
import { BLOCK_HEADER_WORDS, HEADER, KIND_WINDOW } from '../../vm/layout';
import type { FunctionDefinition, Signature, ValueType } from '../../vm/module';
import {
  CONSTANT_WORDS,
  FUNCTION_CONSTANTS,
  FUNCTION_END,
  FUNCTION_PARAMETERS,
  FUNCTION_RESULTS,
  FUNCTION_ROW_SHIFT,
  FUNCTION_SIGNATURE,
  FUNCTION_START,
  FUNCTION_TABLE_SIZE,
  FUNCTION_WORDS,
  type Intrinsic,
  type Program,
} from '../../vm/program';
import { RegionPool } from '../../vm/regions';

export interface TypedProgramOptions {
  readonly table?: readonly number[];
  readonly intrinsics?: readonly Intrinsic[];
}

export const pool = new RegionPool();

/** Makes a function: `body` emits its code. */
export function typedFunction(
  index: number,
  params: readonly ValueType[],
  results: readonly ValueType[],
  body: (builder: FunctionBuilder) => void,
): FunctionDefinition {
  const builder = new FunctionBuilder(index, { family: 'typed', name: `f${index}`, signature: { params, results } });
  body(builder);
  return builder.finish();
}

/** Lays functions out as the linker does; equal signatures get one number. */
export function typedProgram(definitions: readonly FunctionDefinition[], options: TypedProgramOptions = {}): Program {
  const code: number[] = [];
  const constants: number[] = [];
  const signatures: Signature[] = [];
  const rows = new Int32Array(definitions.length << FUNCTION_ROW_SHIFT);
  definitions.forEach((definition, index) => {
    const row = index << FUNCTION_ROW_SHIFT;
    const signature = definition.signature!;
    rows[row + FUNCTION_START] = code.length;
    code.push(...definition.code);
    rows[row + FUNCTION_END] = code.length;
    rows[row + FUNCTION_WORDS] = definition.registerCount * 2;
    rows[row + FUNCTION_PARAMETERS] = definition.parameterCount;
    rows[row + FUNCTION_CONSTANTS] = constants.length;
    rows[row + FUNCTION_RESULTS] = signature.results.length;
    rows[row + FUNCTION_SIGNATURE] = signatureNumber(signatures, signature);
    rows[row + FUNCTION_TABLE_SIZE] = options.table?.length ?? 0;
    for (const constant of definition.constants) constants.push(...constantWords(constant));
  });
  const words = Int32Array.from(constants);
  return {
    modules: [],
    code: Int32Array.from(code),
    functions: rows,
    functionCount: definitions.length,
    constants: words,
    constantFloats: new Float64Array(words.buffer),
    upvalueSources: new Int32Array(0),
    table: Int32Array.from(options.table ?? []),
    signatures,
    syscalls: [],
    intrinsics: options.intrinsics ?? [],
    entry: 0,
    image: new Int32Array(0),
  };
}

/** The number of an equal signature, added if it is new. */
export function signatureNumber(signatures: Signature[], signature: Signature): number {
  const key = JSON.stringify([signature.params, signature.results]);
  const known = signatures.findIndex(({ params, results }) => JSON.stringify([params, results]) === key);
  return known >= 0 ? known : signatures.push(signature) - 1;
}

function constantWords(constant: FunctionDefinition['constants'][number]): number[] {
  const words = new Int32Array(CONSTANT_WORDS);
  if (constant.kind === 'float') new Float64Array(words.buffer)[0] = constant.value;
  else if (constant.kind === 'integer') words.set([constant.low, constant.high]);
  else throw new TypeError(`a typed function has no constants of kind ${constant.kind}`);
  return [...words];
}

export interface TypedContextOptions {
  readonly memoryLimitBytes?: number;
  /** Bytes of static data; 0: no linear memory. */
  readonly dataEnd?: number;
  readonly stackBytes?: number;
}

/** A context that stands before function 0, which has its arguments as pairs of words (low, high). */
export function typedContext(
  program: Program,
  args: readonly (readonly [number, number])[] = [],
  { memoryLimitBytes = 1 << 24, dataEnd = 0, stackBytes = 0 }: TypedContextOptions = {},
): Context {
  const context = new Context(program, pool, memoryLimitBytes, 1024, 0);
  const { i32 } = context;
  i32[HEADER.TOP] = HEADER.SIZE;
  context.peakWords = HEADER.SIZE;
  const thread = newThread(context);
  context.i32[HEADER.THREAD] = context.i32[HEADER.MAIN_THREAD] = thread;
  if (dataEnd > 0) makeWindow(context, dataEnd, stackBytes);
  if (!context.loadThread()) throw new Error('a new context does not load');
  if (!context.reserveStack(4 + program.functions[FUNCTION_WORDS])) throw new Error('no room for the entry');
  pushFrame(context, 0, 4, 0, context.i32[HEADER.MEMORY_STACK_START]);
  args.forEach(([low, high], index) => {
    context.i32[context.stack + 4 + index * 2] = low;
    context.i32[context.stack + 5 + index * 2] = high;
  });
  return context;
}

function makeWindow(context: Context, dataEnd: number, stackBytes: number): void {
  const block = allocate(context, BLOCK_HEADER_WORDS + dataEnd / 4, KIND_WINDOW);
  const { i32 } = context;
  i32[HEADER.WINDOW] = block + BLOCK_HEADER_WORDS;
  i32[HEADER.WINDOW_BYTES] = i32[HEADER.MEMORY_STACK_START] = dataEnd;
  i32[HEADER.MEMORY_STACK_LIMIT] = dataEnd + stackBytes;
}
