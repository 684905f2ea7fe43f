// The modules that a context has loaded while it ran (loading.ts), as a part of its snapshot: each as it is encoded, in the
// order in which they were linked, and where in the heap the strings of their constants lie. Bytes from outside are believed
// as little as any: each module is verified, may be no more than what text compiles to, and each string must be where
// it is said to be.
import { decodeUntrusted, encodeInSteps, moduleHashInSteps } from './codec';
import type { Context } from './context';
import { ModuleError } from './errors';
import { writeConstant } from './image';
import { TAG_LONG_STRING, TAG_SHORT_STRING, VALUE_AUX, VALUE_LOW, VALUE_TAG } from './layout';
import { linkFurther } from './linker';
import { memoryOf } from './loading';
import type { Constant, Module } from './module';
import { CONSTANT_WORDS, type Program } from './program';
import { hashInSteps } from './sha256';
import { SnapshotError } from './snapshot-errors';
import { copyInSteps, Pace, type Steps } from './steps';
import { isLongStringOf, isShortStringOf, stringHash, stringTag } from './strings';
import { encodeUtf8 } from './utf8';
import { verifyInSteps } from './verifier';

// Words of the part: SHA-256 of the lines of the modules' hashes, their number; of each its bytes' length and its bytes, filled up
// to a word; then the strings' word addresses.
const COUNT = 8;
const MODULES = 9;
/** Constants that are looked at in one step. */
const STEP_CONSTANTS = 512;

/** What a snapshot says of loaded modules. */
export interface LoadedModules {
  readonly modules: readonly Module[];
  /** Word addresses of the strings among their constants, in order. */
  readonly strings: Int32Array;
  /** Bytes that they count as memory. */
  readonly bytes: number;
}

const NONE: LoadedModules = { modules: [], strings: new Int32Array(0), bytes: 0 };

/** Empty without any. */
export function* encodeLoaded(program: Program): Steps<Int32Array> {
  const encoded: Uint8Array[] = [];
  for (const module of program.modules.slice(program.sharedModuleCount)) encoded.push(yield* encodeInSteps(module));
  return encoded.length === 0 ? new Int32Array(0) : yield* encodeParts(encoded, yield* stringsOf(program));
}

/** The part that says this, true or not. */
export function* encodeParts(encoded: readonly Uint8Array[], strings: readonly number[]): Steps<Int32Array> {
  const size = encoded.reduce((sum, { length }) => sum + 1 + Math.ceil(length / 4), MODULES + strings.length);
  const words = new Int32Array(size);
  const bytes = new Uint8Array(words.buffer);
  bytes.set(yield* hashOf(encoded));
  words[COUNT] = encoded.length;
  let at = MODULES;
  for (const module of encoded) {
    words[at] = module.length;
    yield* copyInSteps(module, module.length, bytes, (at + 1) * 4);
    at += 1 + Math.ceil(module.length / 4);
  }
  words.set(strings, at);
  return words;
}

function* hashOf(encoded: readonly Uint8Array[]): Steps<Uint8Array> {
  const lines: string[] = [];
  for (const module of encoded) lines.push(yield* moduleHashInSteps(module));
  return yield* hashInSteps(encodeUtf8(lines.join('\n')));
}

/** The addresses of the strings among the loaded modules' constants. */
function* stringsOf({ constants, constantCount, sharedConstantCount }: Program): Steps<number[]> {
  const addresses: number[] = [];
  const pace = new Pace(STEP_CONSTANTS);
  for (let at = sharedConstantCount * CONSTANT_WORDS; at < constantCount * CONSTANT_WORDS; at += CONSTANT_WORDS) {
    const tag = constants[at + VALUE_TAG];
    if (tag === TAG_SHORT_STRING || tag === TAG_LONG_STRING) addresses.push(constants[at + VALUE_LOW]!);
    if (pace.isOver()) yield;
  }
  return addresses;
}

/** Decodes and verifies. Throws SnapshotError. */
export function* decodeLoaded(words: Int32Array): Steps<LoadedModules> {
  if (words.length === 0) return NONE;
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const count = words.length > MODULES ? words[COUNT]! : 0;
  if (count <= 0) throw corrupt('their number');
  const encoded: Uint8Array[] = [];
  let at = MODULES;
  for (let index = 0; index < count; index++) {
    const length = at < words.length ? words[at]! : -1;
    const end = at + 1 + Math.ceil(length / 4);
    if (length < 0 || end > words.length) throw corrupt('their lengths');
    encoded.push(bytes.subarray((at + 1) * 4, (at + 1) * 4 + length));
    at = end;
  }
  const hash = yield* hashOf(encoded);
  if (!hash.every((byte, index) => byte === bytes[index])) throw corrupt('their hash');
  const modules: Module[] = [];
  let memoryBytes = 0;
  for (const module of encoded) {
    modules.push(yield* readModule(module));
    memoryBytes += yield* memoryOf(modules[modules.length - 1]!);
  }
  return { modules, strings: words.subarray(at), bytes: memoryBytes };
}

/** One that `load` could have made, for all that can be seen of it. */
function* readModule(bytes: Uint8Array): Steps<Module> {
  try {
    const module = yield* decodeUntrusted(bytes);
    yield* verifyInSteps(module);
    const isPlain = module.memory === null && module.initialiser === null;
    const imports = module.syscalls.length + module.intrinsics.length + module.table.length + module.signatures.length;
    if (!isPlain || imports > 0 || module.functions.some(({ family }) => family !== 'value')) {
      throw corrupt('what they may have');
    }
    return module;
  } catch (error) {
    throw error instanceof ModuleError ? corrupt(error.message) : error;
  }
}

/** The program with the loaded modules behind its own. Throws SnapshotError. */
export function* linkLoaded(program: Program, { modules, strings }: LoadedModules): Steps<Program> {
  if (modules.length === 0) return program;
  const pace = new Pace(STEP_CONSTANTS);
  let wanted = 0;
  for (const constant of constantsOf(modules)) {
    if (constant.kind === 'string') wanted++;
    if (pace.isOver()) yield;
  }
  if (wanted !== strings.length) throw corrupt('their strings');
  try {
    return (yield* linkFurther(program, modules)).program;
  } catch (error) {
    throw error instanceof ModuleError ? corrupt(error.message) : error;
  }
}

/** Writes the loaded modules' constants. False when a string does not lie where it should. The heap has been checked. */
export function* placeLoaded(context: Context, { modules, strings }: LoadedModules): Steps<boolean> {
  const { program } = context;
  const { constants } = program;
  const pace = new Pace(STEP_CONSTANTS);
  let at = program.sharedConstantCount * CONSTANT_WORDS;
  let next = 0;
  const noStrings = new Map<Constant, number>();
  let { fuel } = context;
  for (const constant of constantsOf(modules)) {
    if (constant.kind === 'string') {
      const { bytes } = constant;
      const address = strings[next++]!;
      const tag = stringTag(bytes.length);
      const isThere =
        tag === TAG_SHORT_STRING
          ? isShortStringOf(context, address, bytes)
          : yield* isLongStringOf(context, address, bytes);
      if (!isThere) return false;
      constants[at + VALUE_LOW] = address;
      constants[at + VALUE_TAG] = tag;
      constants[at + VALUE_AUX] = stringHash(context, address);
    } else writeConstant(context, program, at, constant, noStrings);
    at += CONSTANT_WORDS;
    // Finding a string may take long, as its charge says.
    if (pace.isOver(1 + fuel - context.fuel)) yield;
    fuel = context.fuel;
  }
  return true;
}

function* constantsOf(modules: readonly Module[]): Generator<Constant> {
  for (const { functions } of modules) for (const { constants } of functions) yield* constants;
}

function corrupt(what: string): SnapshotError {
  return new SnapshotError('snapshot.corrupt', `the loaded modules: ${what}`);
}
