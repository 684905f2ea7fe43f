// Binary chunks: string.dump makes one of a function and those inside it, load reads it back. A chunk begins with the
// header of Lua 5.4's own chunks and the number of upvalues; behind that is a module in our form (vm/codec.ts), whose
// function 0 is the dumped one. What load gets is hostile: it is decoded, checked and verified like any module.
import {
  CLOSURE_FUNCTION,
  type Context,
  decodeModule,
  definitionOf,
  encodeModule,
  FUNCTION_PLACE,
  FUNCTION_ROW_SHIFT,
  type FunctionDefinition,
  isLibrary,
  type Module,
  ModuleError,
  NEXT,
  TAG_CLOSURE,
  TAG_FALSE,
  ValueOp,
  verifyModule,
} from '../../../vm/index';
import { raiseArgumentType, raiseAtCaller } from './argument-errors';
import { argument, intrinsic, note, noted, pay, stopAt, storeString, tagOf } from './support';

export const DUMPING_INTRINSICS = [intrinsic('string_dump', 2, 1, dump)];

/** Instructions for a dump, for a function in it, and for a word of its code: about what they take. */
const DUMP_COST = 200;
const COST_PER_FUNCTION = 100;
const COST_PER_WORD = 20;

/** Signature, version, format, data, sizes of an instruction, an integer and a float; then 0x5678 and 370.5. */
const HEADER = Uint8Array.of(
  ...[0x1b, 0x4c, 0x75, 0x61, 0x54, 0, 0x19, 0x93, 0x0d, 0x0a, 0x1a, 0x0a, 4, 8, 8],
  ...[0x78, 0x56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x28, 0x77, 0x40],
);
/** Behind which byte of the header each of its parts ends, and what is wrong with a chunk that differs there. */
const HEADER_PARTS: readonly (readonly [number, string])[] = [
  [4, 'not a binary chunk'],
  [5, 'version mismatch'],
  [6, 'format mismatch'],
  [12, 'corrupted chunk'],
  [13, 'Instruction size mismatch'],
  [14, 'lua_Integer size mismatch'],
  [15, 'lua_Number size mismatch'],
  [23, 'integer format mismatch'],
  [31, 'float format mismatch'],
];

/** R[0]: a binary chunk of the function R[0]; without what only messages need when R[1] is true. */
function dump(context: Context, registers: number): number {
  if (tagOf(context, registers) !== TAG_CLOSURE) return raiseArgumentType(context, 1, registers, 'function');
  const { program, i32, mask } = context;
  const index = i32[(i32[registers] + CLOSURE_FUNCTION) & mask];
  const isGuest = index >>> 0 < program.functionCount && !isLibrary(context, index);
  if (!isGuest || definitionOf(program, index).definition.family !== 'value') {
    return raiseAtCaller(context, 'unable to dump given function');
  }
  const { module } = definitionOf(program, index);
  const first = program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE] & 0xffff;
  const numbers = functionsInside(module, first);
  const words = numbers.reduce((sum, number) => sum + module.functions[number]!.code.length, 0);
  if (!pay(context, DUMP_COST + COST_PER_FUNCTION * numbers.length + COST_PER_WORD * words)) {
    return stopAt(context, noted(context));
  }
  const origin = originOf(context, index);
  const isStripped = tagOf(context, argument(registers, 1)) > TAG_FALSE;
  const dumped = encodeModule(partOf(module, numbers, origin, isStripped));
  const bytes = new Uint8Array(HEADER.length + 1 + dumped.length);
  bytes.set(HEADER);
  bytes[HEADER.length] = module.functions[first]!.upvalues.length & 255;
  bytes.set(dumped, HEADER.length + 1);
  const signal = storeString(context, registers, bytes, 0, bytes.length);
  if (signal === NEXT) note(context, 0);
  return signal;
}

/** The name under which the text of a function was loaded; of a program's own file "@" and its path. */
export function originOf(context: Context, index: number): string {
  const { program } = context;
  const { module, definition } = definitionOf(program, index);
  const moduleOf = (at: number) => program.functions[(at << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE] >>> 16;
  if (moduleOf(index) > moduleOf(program.entry)) return module.sources[1] ?? '=?';
  const file = module.sources[definition.debug.source] ?? '?';
  return file.startsWith('[') ? file : `@${file}`;
}

/** Numbers of the function `first` of the module and of all inside it, each once. */
function functionsInside({ functions }: Module, first: number): number[] {
  const numbers = [first];
  for (let at = 0; at < numbers.length; at++) {
    for (const word of functions[numbers[at]!]!.code) {
      if ((word & 255) === ValueOp.CLOSURE && !numbers.includes(word >>> 16)) numbers.push(word >>> 16);
    }
  }
  return numbers;
}

/** The module of these functions; the first is function 0. */
function partOf(module: Module, numbers: readonly number[], origin: string, isStripped: boolean): Module {
  const source = module.sources[module.functions[numbers[0]!]!.debug.source]!;
  const places = new Map(numbers.map((number, place) => [number, place]));
  return {
    language: module.language,
    sources: isStripped ? ['?', '=?'] : [source, origin],
    functions: numbers.map((number) => renumbered(module.functions[number]!, places, isStripped)),
    signatures: [],
    syscalls: [],
    intrinsics: [],
    table: [],
    memory: null,
    entry: null,
    initialiser: null,
  };
}

function renumbered(
  definition: FunctionDefinition,
  places: ReadonlyMap<number, number>,
  isStripped: boolean,
): FunctionDefinition {
  const { debug, upvalues } = definition;
  const code = definition.code.map((word) =>
    (word & 255) === ValueOp.CLOSURE ? (word & 0xffff) | (places.get(word >>> 16)! << 16) : word,
  );
  if (!isStripped) return { ...definition, code, debug: { ...debug, source: 0 } };
  const nameless = upvalues.map((upvalue) => ({ ...upvalue, name: '' }));
  const bare = { ...debug, name: '?', source: 0, lines: [], locals: [], operands: [] };
  return { ...definition, code, upvalues: nameless, debug: bare };
}

/** The module of a binary chunk, verified; or what is wrong with it. */
export function readDump(bytes: Uint8Array): Module | string {
  const isSame = (end: number) => HEADER.subarray(0, end).every((byte, at) => bytes[at] === byte);
  const wrong = HEADER_PARTS.find(([end]) => !isSame(Math.min(end, bytes.length)));
  if (wrong !== undefined) return wrong[1];
  if (bytes.length <= HEADER.length + 1) return 'truncated chunk';
  try {
    const module = decodeModule(bytes.subarray(HEADER.length + 1));
    verifyModule(module);
    return isChunk(module) && module.functions[0]!.upvalues.length === bytes[HEADER.length]
      ? module
      : 'corrupted chunk';
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    if (error.code === 'module.opcode_version' || error.code === 'module.format_version') return 'version mismatch';
    return error.code === 'module.truncated' || bytes.length < HEADER.length + 21
      ? 'truncated chunk'
      : 'corrupted chunk';
  }
}

/** Whether a module is what `dump` makes: Lua's functions, which reach nothing but what they are given. */
function isChunk(module: Module): boolean {
  const { functions, syscalls, intrinsics, table, signatures, memory, entry, initialiser, sources } = module;
  const isPlain = functions.every(({ family, signature }) => family === 'value' && signature === null);
  const names = syscalls.length + intrinsics.length + table.length + signatures.length;
  return (
    isPlain &&
    functions.length > 0 &&
    names === 0 &&
    memory === null &&
    entry === null &&
    initialiser === null &&
    sources.length === 2
  );
}
