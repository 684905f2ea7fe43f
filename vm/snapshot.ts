// A stopped context as bytes, and back. The words of the heap up to its frontier are the state; beside them stand the
// meter, the limits, the last JSON answer (which lies outside the heap) and an opaque part of the host's. Bytes are
// believed as little as a guest: the header is checked here, the heap's structure in snapshot-checks.ts, everything else
// by the loops as they come to it. docs/snapshots.md describes the format. All of it is done in steps: a heap may be large.
import { hexadecimal } from './codec';
import { Context, MAXIMUM_MEMORY_BYTES } from './context';
import { HEADER } from './layout';
import { LIMIT_NAMES, LIMITS, type LimitName, type Limits, type Policies, type Policy, type Usage } from './meter';
import { OPCODE_VERSION } from './opcodes';
import type { Program } from './program';
import { identify } from './program-identity';
import { type RegionPool, regionWords } from './regions';
import { findHeapFault, STANDS_AT_END, STANDS_READY } from './snapshot-checks';
import { checksumOf } from './snapshot-checksum';
import { SnapshotError } from './snapshot-errors';
import { decodeLoaded, encodeLoaded, linkLoaded, placeLoaded } from './snapshot-modules';
import { allSteps, copyInSteps, type Steps } from './steps';

/** `\0gzs`. */
export const SNAPSHOT_MAGIC = 0x737a6700;
/** Changes whenever the form below, or the layout of heaps, changes. */
export const SNAPSHOT_VERSION = 4;
/** Changes whenever anything costs another number of instructions: counts would not go on as they began. */
export const COST_MODEL_VERSION = 6;

/** What a snapshot says of an execution beside its heap, in its header. */
interface Header {
  readonly standing: number;
  /** At a syscall or the results, instructions are those before it: what is begun again is charged again. */
  readonly usage: Usage;
  readonly limits: Limits;
  readonly policies: Policies;
}

/** What an execution is beside its heap. */
export interface SnapshotState extends Header {
  readonly lastAnswer: Uint8Array;
  /** The host's own part: these, one behind the other. */
  readonly host: readonly Uint8Array[];
}

/** A snapshot whose header and checksum are right. Views of a copy of its bytes, but for the last two. */
export interface Snapshot extends Header {
  readonly programId: string;
  readonly regionWords: number;
  readonly peakWords: number;
  readonly heap: Int32Array;
  /** Of modules that were loaded: see snapshot-modules.ts. */
  readonly loaded: Int32Array;
  /** These live longer than the snapshot, and have bytes of their own. */
  readonly lastAnswer: Uint8Array;
  readonly host: Uint8Array;
}

// Words of the header.
const MAGIC = 0;
const VERSION = 1;
const OPCODES = 2;
const COSTS = 3;
const WORDS = 4;
const CHECKSUM = 5;
const PROGRAM = 6;
const PROGRAM_WORDS = 8;
const STANDING = 14;
const POLICIES_AT = 15;
const HEAP_WORDS = 16;
const REGION_WORDS = 17;
const PEAK_WORDS = 18;
const ANSWER_BYTES = 19;
const HOST_BYTES = 20;
const LOADED_WORDS = 21;
/** Doubles, two words each: the meter, then the limits in the order of their table. */
const METER = 22;
const METER_FIELDS: readonly (keyof Usage)[] = [
  'instructions',
  'memoryPeakBytes',
  'memoryRefusals',
  'wallTimeMs',
  'startTimeMs',
  'outputBytes',
  'logBytes',
  'syscalls',
  'requests',
  'networkInBytes',
  'networkOutBytes',
  'storageBytes',
  'storageOperations',
];
const HEADER_WORDS = METER + 2 * (METER_FIELDS.length + LIMIT_NAMES.length);
/** Two bits each, in the order of the limits' table: 0 stands for the limit's default. */
const POLICIES: readonly (Policy | undefined)[] = [undefined, 'kill', 'suspend', 'throttle'];

/** The bytes of a context that stands still all the while, its thread's frame saved. */
export function* writeSnapshot(context: Context, state: SnapshotState): Steps<Uint8Array> {
  const { i32, program } = context;
  const { hash } = yield* identify(program);
  const heapWords = i32[HEADER.TOP];
  const loaded = yield* encodeLoaded(program);
  const hostBytes = state.host.reduce((sum, { length }) => sum + length, 0);
  const loadedAt = HEADER_WORDS + heapWords;
  const answerAt = loadedAt + loaded.length;
  const hostAt = answerAt + wordsOf(state.lastAnswer.length);
  const words = new Int32Array(hostAt + wordsOf(hostBytes));
  const bytes = new Uint8Array(words.buffer);
  words[MAGIC] = SNAPSHOT_MAGIC;
  words[VERSION] = SNAPSHOT_VERSION;
  words[OPCODES] = OPCODE_VERSION;
  words[COSTS] = COST_MODEL_VERSION;
  words[WORDS] = words.length;
  bytes.set(hash, PROGRAM * 4);
  words[HEAP_WORDS] = heapWords;
  words[REGION_WORDS] = i32.length;
  words[PEAK_WORDS] = context.peakWords;
  words[ANSWER_BYTES] = state.lastAnswer.length;
  words[HOST_BYTES] = hostBytes;
  words[LOADED_WORDS] = loaded.length;
  writeHeader(words, state);
  yield* copyInSteps(i32, heapWords, words, HEADER_WORDS);
  yield* copyInSteps(loaded, loaded.length, words, loadedAt);
  yield* copyInSteps(state.lastAnswer, state.lastAnswer.length, bytes, answerAt * 4);
  let at = hostAt * 4;
  for (const part of state.host) {
    yield* copyInSteps(part, part.length, bytes, at);
    at += part.length;
  }
  words[CHECKSUM] = yield* checksumOf(words, CHECKSUM);
  return bytes;
}

function writeHeader(words: Int32Array, { standing, usage, limits, policies }: Header): void {
  words[STANDING] = standing;
  words[POLICIES_AT] = encodePolicies(policies);
  const doubles = new Float64Array(words.buffer, METER * 4, METER_FIELDS.length + LIMIT_NAMES.length);
  METER_FIELDS.forEach((name, index) => {
    doubles[index] = usage[name];
  });
  LIMIT_NAMES.forEach((name, index) => {
    doubles[METER_FIELDS.length + index] = limits[name];
  });
}

/**
 * Checks all but the program and the heap. What becomes of the bytes meanwhile does not matter: a copy is what is read. Throws
 * SnapshotError.
 */
export function* readSnapshot(given: Uint8Array): Steps<Snapshot> {
  const { length } = given;
  if (length < 4) throw new SnapshotError('snapshot.truncated', `${length} bytes`);
  // Words want alignment, too.
  const bytes = new Uint8Array(length & ~3);
  yield* copyInSteps(given, bytes.length, bytes, 0);
  const words = new Int32Array(bytes.buffer);
  if (words[MAGIC] !== SNAPSHOT_MAGIC) throw new SnapshotError('snapshot.format');
  if (words.length < HEADER_WORDS) throw new SnapshotError('snapshot.truncated', `${length} bytes`);
  checkVersion('format', words[VERSION], SNAPSHOT_VERSION);
  checkVersion('opcodes', words[OPCODES], OPCODE_VERSION);
  checkVersion('cost model', words[COSTS], COST_MODEL_VERSION);
  if (words[WORDS] !== words.length || bytes.length !== length) {
    throw new SnapshotError('snapshot.truncated', `${length} bytes, not ${(words[WORDS] >>> 0) * 4}`);
  }
  if (words[CHECKSUM] !== (yield* checksumOf(words, CHECKSUM))) throw new SnapshotError('snapshot.checksum');
  const heapWords = words[HEAP_WORDS] >>> 0;
  const answerBytes = words[ANSWER_BYTES] >>> 0;
  const hostBytes = words[HOST_BYTES] >>> 0;
  const loadedAt = HEADER_WORDS + heapWords;
  const answerAt = loadedAt + (words[LOADED_WORDS] >>> 0);
  const hostAt = answerAt + wordsOf(answerBytes);
  if (hostAt + wordsOf(hostBytes) !== words.length) throw corrupt('the lengths of its parts');
  const doubles = new Float64Array(words.buffer, METER * 4, METER_FIELDS.length + LIMIT_NAMES.length);
  const standing = words[STANDING];
  if (standing < STANDS_READY || standing > STANDS_AT_END) throw corrupt('where it stands');
  return {
    programId: hexadecimal(bytes.subarray(PROGRAM * 4, (PROGRAM + PROGRAM_WORDS) * 4)),
    standing,
    usage: readMeter(doubles),
    limits: readLimits(doubles),
    policies: decodePolicies(words[POLICIES_AT]),
    regionWords: words[REGION_WORDS],
    peakWords: words[PEAK_WORDS],
    heap: words.subarray(HEADER_WORDS, loadedAt),
    loaded: words.subarray(loadedAt, answerAt),
    lastAnswer: yield* copyOf(bytes, answerAt * 4, answerBytes),
    host: yield* copyOf(bytes, hostAt * 4, hostBytes),
  };
}

function* copyOf(bytes: Uint8Array, start: number, length: number): Steps<Uint8Array> {
  const copy = new Uint8Array(length);
  yield* copyInSteps(bytes.subarray(start, start + length), length, copy, 0);
  return copy;
}

function encodePolicies(policies: Policies): number {
  return LIMIT_NAMES.reduce((word, name, index) => word | (POLICIES.indexOf(policies[name]) << (2 * index)), 0);
}

function decodePolicies(word: number): Policies {
  const policies: { [Name in LimitName]?: Policy } = {};
  LIMIT_NAMES.forEach((name, index) => {
    const policy = POLICIES[(word >>> (2 * index)) & 3];
    if (policy === undefined) return;
    if (!LIMITS[name].policies.includes(policy)) throw corrupt(`the policy of ${name}`);
    policies[name] = policy;
  });
  return policies;
}

function readMeter(doubles: Float64Array): Usage {
  const meter: Record<string, number> = {};
  METER_FIELDS.forEach((name, index) => {
    const value = doubles[index]!;
    const isRight = name.endsWith('Ms') ? Number.isFinite(value) : Number.isSafeInteger(value);
    // Only what is stored can have shrunk.
    if (!isRight || (value < 0 && name !== 'storageBytes')) throw corrupt(name);
    meter[name] = value;
  });
  return meter as unknown as Usage;
}

function readLimits(doubles: Float64Array): Limits {
  const limits: Record<string, number> = {};
  LIMIT_NAMES.forEach((name, index) => {
    const value = doubles[METER_FIELDS.length + index]!;
    const isWhole = name === 'wallTimeMs' || value === Number.POSITIVE_INFINITY || Number.isInteger(value);
    if (!(value >= LIMITS[name].minimum) || !isWhole) throw corrupt(`the limit ${name}`);
    limits[name] = value;
  });
  return limits as unknown as Limits;
}

function checkVersion(what: string, found: number, expected: number): void {
  if (found !== expected) throw new SnapshotError('snapshot.version', `${what} ${found}, not ${expected}`);
}

function corrupt(what: string): SnapshotError {
  return new SnapshotError('snapshot.corrupt', what);
}

/**
 * A context that stands where the snapshot was taken, in a region as large as it had (a heap that must grow pays for the
 * move, so its size is part of the counts). Throws SnapshotError, and then, or when it is left between two steps, has taken
 * nothing.
 */
export function* restoreContext(
  program: Program,
  pool: RegionPool,
  snapshot: Snapshot,
  memoryLimitBytes: number,
): Steps<Context> {
  const { heap, peakWords } = snapshot;
  if (snapshot.programId !== (yield* identify(program)).id) throw new SnapshotError('snapshot.modules');
  if (heap.length < HEADER.SIZE || heap[HEADER.TOP] !== heap.length) throw corrupt('the frontier');
  if (heap[HEADER.IMAGE_END] !== program.image[HEADER.IMAGE_END]) throw corrupt('the end of the image');
  if (peakWords < heap.length || peakWords * 4 > snapshot.limits.memoryBytes) throw corrupt('the peak');
  const loaded = yield* decodeLoaded(snapshot.loaded);
  const bytes = heap.length * 4 + loaded.bytes;
  if (bytes > memoryLimitBytes) throw new SnapshotError('snapshot.memory', `${bytes} bytes, limit ${memoryLimitBytes}`);
  const largest = regionWords(Math.ceil(Math.min(memoryLimitBytes, MAXIMUM_MEMORY_BYTES) / 4));
  const words = Math.min(snapshot.regionWords, largest);
  if (words !== regionWords(words) || words < heap.length) throw corrupt('the size of the region');
  const linked = yield* linkLoaded(program, loaded);
  const context = new Context(linked, pool, memoryLimitBytes, pool.take(words, heap.length));
  context.peakWords = peakWords;
  context.loadedBytes = loaded.bytes;
  let isSound = false;
  try {
    yield* copyInSteps(heap, heap.length, context.i32, 0);
    const fault = yield* findHeapFault(context, snapshot.standing);
    if (fault !== null) throw corrupt(fault);
    if (!(yield* placeLoaded(context, loaded))) throw corrupt('a string of a loaded module');
    isSound = true;
    return context;
  } finally {
    if (!isSound) context.dispose();
  }
}

function wordsOf(bytes: number): number {
  return Math.ceil(bytes / 4);
}

/** Writes the checksum that bytes should have: for tests that change snapshots. */
export function sealSnapshot(bytes: Uint8Array): void {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  if (words.length > CHECKSUM) words[CHECKSUM] = allSteps(checksumOf(words, CHECKSUM));
}
