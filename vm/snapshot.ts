// A stopped context as bytes, and back. The words of the heap up to its frontier are the state; beside them stand the
// meter, the limits, the last JSON answer (which lies outside the heap) and an opaque part of the host's. Bytes are
// believed as little as a guest: the header is checked here, the heap's structure in snapshot-checks.ts, everything else
// by the loops as they come to it. The checksum tells accidents from snapshots and is no defence. docs/snapshots.md
// describes the format.
import { encodeModule, moduleHash } from './codec';
import { Context, MAXIMUM_MEMORY_BYTES } from './context';
import { HEADER } from './layout';
import { LIMIT_NAMES, LIMITS, type LimitName, type Limits, type Policies, type Policy, type Usage } from './meter';
import type { Module } from './module';
import { OPCODE_VERSION } from './opcodes';
import type { Program } from './program';
import { type RegionPool, regionWords } from './regions';
import { sha256 } from './sha256';
import { findHeapFault, STANDS_AT_END, STANDS_READY } from './snapshot-checks';
import { SnapshotError } from './snapshot-errors';
import { decodeLoaded, encodeLoaded, linkLoaded, placeLoaded } from './snapshot-modules';
import { encodeUtf8 } from './utf8';

/** `\0gzs`. */
export const SNAPSHOT_MAGIC = 0x737a6700;
/** Changes whenever the form below, or the layout of heaps, changes. */
export const SNAPSHOT_VERSION = 4;
/** Changes whenever anything costs another number of instructions: counts would not go on as they began. */
export const COST_MODEL_VERSION = 6;

/** What an execution is beside its heap. */
export interface SnapshotState {
  readonly standing: number;
  /** At a syscall or the results, instructions are those before it: what is begun again is charged again. */
  readonly usage: Usage;
  readonly limits: Limits;
  readonly policies: Policies;
  readonly lastAnswer: Uint8Array;
  /** The host's own part. */
  readonly host: Uint8Array;
}

/** A snapshot whose header and checksum are right. Views of its bytes. */
export interface Snapshot extends SnapshotState {
  readonly programId: string;
  readonly regionWords: number;
  readonly peakWords: number;
  readonly heap: Int32Array;
  /** Of modules that were loaded: see snapshot-modules.ts. */
  readonly loaded: Int32Array;
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

/** The bytes of a context that stands still, its thread's frame saved. */
export function writeSnapshot(context: Context, state: SnapshotState): Uint8Array {
  const { i32, program } = context;
  const heapWords = i32[HEADER.TOP];
  const loaded = encodeLoaded(program);
  const loadedAt = HEADER_WORDS + heapWords;
  const answerAt = loadedAt + loaded.length;
  const hostAt = answerAt + wordsOf(state.lastAnswer.length);
  const words = new Int32Array(hostAt + wordsOf(state.host.length));
  const bytes = new Uint8Array(words.buffer);
  words[MAGIC] = SNAPSHOT_MAGIC;
  words[VERSION] = SNAPSHOT_VERSION;
  words[OPCODES] = OPCODE_VERSION;
  words[COSTS] = COST_MODEL_VERSION;
  words[WORDS] = words.length;
  bytes.set(identify(program).hash, PROGRAM * 4);
  words[STANDING] = state.standing;
  words[POLICIES_AT] = encodePolicies(state.policies);
  words[HEAP_WORDS] = heapWords;
  words[REGION_WORDS] = i32.length;
  words[PEAK_WORDS] = context.peakWords;
  words[ANSWER_BYTES] = state.lastAnswer.length;
  words[HOST_BYTES] = state.host.length;
  words[LOADED_WORDS] = loaded.length;
  const doubles = new Float64Array(words.buffer, METER * 4, METER_FIELDS.length + LIMIT_NAMES.length);
  METER_FIELDS.forEach((name, index) => {
    doubles[index] = state.usage[name];
  });
  LIMIT_NAMES.forEach((name, index) => {
    doubles[METER_FIELDS.length + index] = state.limits[name];
  });
  words.set(i32.subarray(0, heapWords), HEADER_WORDS);
  words.set(loaded, loadedAt);
  bytes.set(state.lastAnswer, answerAt * 4);
  bytes.set(state.host, hostAt * 4);
  words[CHECKSUM] = checksumOf(words);
  return bytes;
}

/** Checks all but the program and the heap. Throws SnapshotError. */
export function readSnapshot(given: Uint8Array): Snapshot {
  if (given.length < 4) throw new SnapshotError('snapshot.truncated', `${given.length} bytes`);
  // Words want alignment, and bytes that nobody else can change meanwhile.
  const bytes = given.slice(0, given.length & ~3);
  const words = new Int32Array(bytes.buffer, 0, bytes.length >> 2);
  if (words[MAGIC] !== SNAPSHOT_MAGIC) throw new SnapshotError('snapshot.format');
  if (words.length < HEADER_WORDS) throw new SnapshotError('snapshot.truncated', `${given.length} bytes`);
  checkVersion('format', words[VERSION], SNAPSHOT_VERSION);
  checkVersion('opcodes', words[OPCODES], OPCODE_VERSION);
  checkVersion('cost model', words[COSTS], COST_MODEL_VERSION);
  if (words[WORDS] !== words.length || bytes.length !== given.length) {
    throw new SnapshotError('snapshot.truncated', `${given.length} bytes, not ${(words[WORDS] >>> 0) * 4}`);
  }
  if (words[CHECKSUM] !== checksumOf(words)) throw new SnapshotError('snapshot.checksum');
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
    lastAnswer: bytes.slice(answerAt * 4, answerAt * 4 + answerBytes),
    host: bytes.slice(hostAt * 4, hostAt * 4 + hostBytes),
  };
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
 * move, so its size is part of the counts). Throws SnapshotError, and then has taken nothing.
 */
export function restoreContext(
  program: Program,
  pool: RegionPool,
  snapshot: Snapshot,
  memoryLimitBytes: number,
): Context {
  const { heap, peakWords } = snapshot;
  if (snapshot.programId !== programIdentity(program)) throw new SnapshotError('snapshot.modules');
  if (heap.length < HEADER.SIZE || heap[HEADER.TOP] !== heap.length) throw corrupt('the frontier');
  if (heap[HEADER.IMAGE_END] !== program.image[HEADER.IMAGE_END]) throw corrupt('the end of the image');
  if (peakWords < heap.length || peakWords * 4 > snapshot.limits.memoryBytes) throw corrupt('the peak');
  const loaded = decodeLoaded(snapshot.loaded);
  const bytes = heap.length * 4 + loaded.bytes;
  if (bytes > memoryLimitBytes) throw new SnapshotError('snapshot.memory', `${bytes} bytes, limit ${memoryLimitBytes}`);
  const largest = regionWords(Math.ceil(Math.min(memoryLimitBytes, MAXIMUM_MEMORY_BYTES) / 4));
  const words = Math.min(snapshot.regionWords, largest);
  if (words !== regionWords(words) || words < heap.length) throw corrupt('the size of the region');
  const context = new Context(linkLoaded(program, loaded), pool, memoryLimitBytes, pool.take(words, heap.length));
  context.i32.set(heap);
  context.peakWords = peakWords;
  context.loadedBytes = loaded.bytes;
  const fault =
    findHeapFault(context, snapshot.standing) ?? (placeLoaded(context, loaded) ? null : 'a string of a loaded module');
  if (fault === null) return context;
  context.dispose();
  throw corrupt(fault);
}

function wordsOf(bytes: number): number {
  return Math.ceil(bytes / 4);
}

/**
 * Of all words but its own: of every fourth word one sum, since four that do not wait for each other take a third of the
 * time. Each step is a bijection of what came before, and of the word, so one word that differs always shows.
 */
export function checksumOf(words: Int32Array): number {
  const own = words[CHECKSUM];
  words[CHECKSUM] = 0;
  const { length } = words;
  let a = length | 0;
  let b = 1;
  let c = 2;
  let d = 3;
  for (let index = 0; index < length; index += 4) {
    a = Math.imul(a ^ words[index], CHECKSUM_FACTOR);
    b = Math.imul(b ^ (index + 1 < length ? words[index + 1] : 0), CHECKSUM_FACTOR);
    c = Math.imul(c ^ (index + 2 < length ? words[index + 2] : 0), CHECKSUM_FACTOR);
    d = Math.imul(d ^ (index + 3 < length ? words[index + 3] : 0), CHECKSUM_FACTOR);
    a ^= a >>> 15;
    b ^= b >>> 15;
    c ^= c >>> 15;
    d ^= d >>> 15;
  }
  words[CHECKSUM] = own;
  let sum = a;
  for (const lane of [b, c, d]) {
    sum = Math.imul(sum ^ (sum >>> 13), CHECKSUM_FACTOR) ^ lane;
  }
  return sum;
}

const CHECKSUM_FACTOR = 0x2c1b3c6d;

/** Writes the checksum that bytes should have: for tests that change snapshots. */
export function sealSnapshot(bytes: Uint8Array): void {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  if (words.length > CHECKSUM) words[CHECKSUM] = checksumOf(words);
}

// --- what a heap belongs to ---

const moduleHashes = new WeakMap<Module, string>();
/** By a program's image, which those have too that contexts have extended. */
const identities = new WeakMap<Int32Array, { hash: Uint8Array; id: string }>();

/**
 * Identity of what gives a heap its meaning: the hashes of a program's modules in their order, and that of its image, in which
 * addresses of strings and of the libraries' objects are fixed. The same in every host and process, and for what a
 * context has loaded besides.
 */
export function programIdentity(program: Program): string {
  return identify(program).id;
}

function identify(program: Program): { hash: Uint8Array; id: string } {
  const { image, modules, sharedModuleCount } = program;
  const known = identities.get(image);
  if (known !== undefined) return known;
  const shared = modules.slice(0, sharedModuleCount).map(hashOf);
  const parts = [...shared, moduleHash(new Uint8Array(image.buffer, image.byteOffset, image.byteLength))];
  const hash = sha256(encodeUtf8(parts.join('\n')));
  const identity = { hash, id: hexadecimal(hash) };
  identities.set(image, identity);
  return identity;
}

function hashOf(module: Module): string {
  let hash = moduleHashes.get(module);
  if (hash === undefined) {
    hash = moduleHash(encodeModule(module));
    moduleHashes.set(module, hash);
  }
  return hash;
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
