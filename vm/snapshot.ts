// A stopped context as bytes, and back. The words of the heap up to its frontier are the state; beside them stand the
// meter, the limits, the last JSON answer (which lies outside the heap) and an opaque part of the host's. Bytes are
// believed as little as a guest: the header is checked here, the heap's structure in snapshot-checks.ts, everything else
// by the loops as they come to it. The checksum tells accidents from snapshots and is no defence. docs/snapshots.md
// describes the format.
import { encodeModule, moduleHash } from './codec';
import { Context, MAXIMUM_MEMORY_BYTES } from './context';
import { HEADER } from './layout';
import { LIMIT_NAMES, LIMITS, type Limits } from './meter';
import type { Module } from './module';
import { OPCODE_VERSION } from './opcodes';
import type { Program } from './program';
import { type RegionPool, regionWords } from './regions';
import { sha256 } from './sha256';
import { findHeapFault, STANDS_AT_END, STANDS_READY } from './snapshot-checks';
import { SnapshotError } from './snapshot-errors';
import { encodeUtf8 } from './utf8';

/** `\0gzs`. */
export const SNAPSHOT_MAGIC = 0x737a6700;
/** Changes whenever the form below, or the layout of heaps, changes. */
export const SNAPSHOT_VERSION = 1;
/** Changes whenever anything costs another number of instructions: counts would not go on as they began. */
export const COST_MODEL_VERSION = 2;

/** What becomes of an execution whose instructions are used up. */
export type InstructionPolicy = 'kill' | 'suspend';
const POLICIES: readonly InstructionPolicy[] = ['kill', 'suspend'];

/** What an execution is beside its heap. */
export interface SnapshotState {
  readonly standing: number;
  /** Of a syscall or the results those before it: what is begun again is charged again. */
  readonly instructions: number;
  readonly elapsedMs: number;
  readonly startTimeMs: number;
  readonly outputBytes: number;
  readonly syscalls: number;
  readonly limits: Limits;
  readonly onInstructions: InstructionPolicy;
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
const POLICY = 15;
const HEAP_WORDS = 16;
const REGION_WORDS = 17;
const PEAK_WORDS = 18;
const ANSWER_BYTES = 19;
const HOST_BYTES = 20;
/** Doubles, two words each: the meter, then the limits in the order of their table. Word 21 is 0. */
const METER = 22;
const METER_FIELDS = ['instructions', 'elapsedMs', 'startTimeMs', 'outputBytes', 'syscalls'] as const;
const HEADER_WORDS = METER + 2 * (METER_FIELDS.length + LIMIT_NAMES.length);

/** The bytes of a context that stands still, its thread's frame saved. */
export function writeSnapshot(context: Context, state: SnapshotState): Uint8Array {
  const { i32, program } = context;
  const heapWords = i32[HEADER.TOP];
  const answerAt = HEADER_WORDS + heapWords;
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
  words[POLICY] = POLICIES.indexOf(state.onInstructions);
  words[HEAP_WORDS] = heapWords;
  words[REGION_WORDS] = i32.length;
  words[PEAK_WORDS] = context.peakWords;
  words[ANSWER_BYTES] = state.lastAnswer.length;
  words[HOST_BYTES] = state.host.length;
  const doubles = new Float64Array(words.buffer, METER * 4, METER_FIELDS.length + LIMIT_NAMES.length);
  METER_FIELDS.forEach((name, index) => {
    doubles[index] = state[name];
  });
  LIMIT_NAMES.forEach((name, index) => {
    doubles[METER_FIELDS.length + index] = state.limits[name];
  });
  words.set(i32.subarray(0, heapWords), HEADER_WORDS);
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
  const answerAt = HEADER_WORDS + heapWords;
  const hostAt = answerAt + wordsOf(answerBytes);
  if (hostAt + wordsOf(hostBytes) !== words.length) throw corrupt('the lengths of its parts');
  const doubles = new Float64Array(words.buffer, METER * 4, METER_FIELDS.length + LIMIT_NAMES.length);
  const onInstructions = POLICIES[words[POLICY]];
  const standing = words[STANDING];
  if (onInstructions === undefined) throw corrupt('the policy');
  if (standing < STANDS_READY || standing > STANDS_AT_END) throw corrupt('where it stands');
  return {
    programId: hexadecimal(bytes.subarray(PROGRAM * 4, (PROGRAM + PROGRAM_WORDS) * 4)),
    standing,
    ...readMeter(doubles),
    limits: readLimits(doubles),
    onInstructions,
    regionWords: words[REGION_WORDS],
    peakWords: words[PEAK_WORDS],
    heap: words.subarray(HEADER_WORDS, answerAt),
    lastAnswer: bytes.slice(answerAt * 4, answerAt * 4 + answerBytes),
    host: bytes.slice(hostAt * 4, hostAt * 4 + hostBytes),
  };
}

type Meter = Pick<SnapshotState, (typeof METER_FIELDS)[number]>;

function readMeter(doubles: Float64Array): Meter {
  const meter: Record<string, number> = {};
  METER_FIELDS.forEach((name, index) => {
    const value = doubles[index]!;
    const isRight = name.endsWith('Ms') ? Number.isFinite(value) : Number.isSafeInteger(value);
    if (!isRight || value < 0) throw corrupt(name);
    meter[name] = value;
  });
  return meter as unknown as Meter;
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
  if (heap.length * 4 > memoryLimitBytes) {
    throw new SnapshotError('snapshot.memory', `${heap.length * 4} bytes, limit ${memoryLimitBytes}`);
  }
  const largest = regionWords(Math.ceil(Math.min(memoryLimitBytes, MAXIMUM_MEMORY_BYTES) / 4));
  const words = Math.min(snapshot.regionWords, largest);
  if (words !== regionWords(words) || words < heap.length) throw corrupt('the size of the region');
  const context = new Context(program, pool, memoryLimitBytes, words, heap.length);
  context.i32.set(heap);
  context.peakWords = peakWords;
  const fault = findHeapFault(context, snapshot.standing);
  if (fault === null) return context;
  context.dispose();
  throw corrupt(fault);
}

function wordsOf(bytes: number): number {
  return Math.ceil(bytes / 4);
}

/**
 * Of all words but its own. Each step is a bijection of what came before, and of the word, so one word that differs always
 * shows.
 */
export function checksumOf(words: Int32Array): number {
  let sum = words.length | 0;
  for (let index = 0; index < words.length; index++) {
    sum = Math.imul(sum ^ (index === CHECKSUM ? 0 : words[index]), 0x2c1b3c6d);
    sum ^= sum >>> 15;
  }
  return sum;
}

/** Writes the checksum that bytes should have: for tests that change snapshots. */
export function sealSnapshot(bytes: Uint8Array): void {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  if (words.length > CHECKSUM) words[CHECKSUM] = checksumOf(words);
}

// --- what a heap belongs to ---

const moduleHashes = new WeakMap<Module, string>();
const identities = new WeakMap<Program, { hash: Uint8Array; id: string }>();

/**
 * Identity of what gives a heap its meaning: the hashes of a program's modules in their order, and that of its image, in which
 * addresses of strings and of the libraries' objects are fixed. The same in every host and process.
 */
export function programIdentity(program: Program): string {
  return identify(program).id;
}

function identify(program: Program): { hash: Uint8Array; id: string } {
  const known = identities.get(program);
  if (known !== undefined) return known;
  const { buffer, byteOffset, byteLength } = program.image;
  const parts = [...program.modules.map(hashOf), moduleHash(new Uint8Array(buffer, byteOffset, byteLength))];
  const hash = sha256(encodeUtf8(parts.join('\n')));
  const identity = { hash, id: hexadecimal(hash) };
  identities.set(program, identity);
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
