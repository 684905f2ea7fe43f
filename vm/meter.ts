// What is counted and can be limited: the limits' table, and the usage's shape. Counting is budget.ts's.
import type { Resource } from './errors';

/** What an invocation may use; Infinity is no limit. Each name carries its unit. */
export interface Limits {
  readonly instructions: number;
  readonly instructionsPerSecond: number;
  readonly instructionsBurst: number;
  readonly memoryBytes: number;
  readonly wallTimeMs: number;
  readonly outputBytes: number;
  readonly logBytes: number;
  readonly syscalls: number;
  readonly requests: number;
  readonly openRequests: number;
  readonly networkInBytes: number;
  readonly networkInBytesPerSecond: number;
  readonly networkOutBytes: number;
  readonly networkOutBytesPerSecond: number;
  readonly storageBytes: number;
  readonly storageOperations: number;
}

/** What all invocations of a function, a tenant or a host may use together. */
export interface SharedLimits extends Limits {
  readonly concurrentInvocations: number;
  readonly queueLength: number;
}

export type LimitName = keyof SharedLimits;

/**
 * What becomes of an execution that a limit stops: `kill` ends it, `suspend` has it stand still until more is granted,
 * `throttle` has it wait until the rate admits it, or what others hold is given back.
 */
export type Policy = 'kill' | 'suspend' | 'throttle';

/** By limit; those left out have the limit's default. */
export type Policies = { readonly [Name in LimitName]?: Policy };

/** `total`: ever. `held`: at a time. `rate`: a second, after a burst. `burst`: how much of a rate may come at once. */
export type LimitKind = 'total' | 'held' | 'rate' | 'burst';

export interface LimitDefinition {
  /** How errors name it. */
  readonly resource: Resource;
  readonly kind: LimitKind;
  /** Of an invocation when nobody says otherwise; those above have no limit then. */
  readonly default: number;
  readonly minimum: number;
  /** The first is the default. */
  readonly policies: readonly Policy[];
  /** Whether it makes no sense for a single invocation. */
  readonly isShared: boolean;
  readonly synopsis: string;
}

const ENDING: readonly Policy[] = ['kill', 'suspend'];
const WAITING: readonly Policy[] = ['throttle', 'kill', 'suspend'];

function total(resource: Resource, value: number, minimum: number, synopsis: string): LimitDefinition {
  return { resource, kind: 'total', default: value, minimum, policies: ENDING, isShared: false, synopsis };
}

function rate(resource: Resource, synopsis: string): LimitDefinition {
  return {
    resource,
    kind: 'rate',
    default: Number.POSITIVE_INFINITY,
    minimum: 1,
    policies: WAITING,
    isShared: false,
    synopsis,
  };
}

function held(resource: Resource, minimum: number, policies: readonly Policy[], synopsis: string): LimitDefinition {
  return { resource, kind: 'held', default: Number.POSITIVE_INFINITY, minimum, policies, isShared: false, synopsis };
}

const MEBIBYTE = 1024 * 1024;

/** The limits by name. Defaults are for functions of seconds, not hours. */
export const LIMITS: Readonly<Record<LimitName, LimitDefinition>> = {
  instructions: total('instructions', 1_000_000_000, 1, 'instructions, charges for bulk work and syscalls included'),
  instructionsPerSecond: rate('instructions_rate', 'instructions a second'),
  instructionsBurst: {
    ...rate('instructions_rate', 'instructions that may come at once after a rest; without it those of one second'),
    kind: 'burst',
    policies: [],
  },
  memoryBytes: {
    ...held(
      'memory',
      1,
      ENDING,
      'bytes of the heap: frames, values, linear memory and what lies unused between them; at most 1 GiB each',
    ),
    default: 64 * MEBIBYTE,
  },
  wallTimeMs: total('wall_time', 60_000, 1, 'milliseconds from the call to the end, waiting included'),
  outputBytes: total('output_bytes', 16 * MEBIBYTE, 0, 'bytes written to stdout and stderr together'),
  logBytes: total('log_bytes', MEBIBYTE, 0, 'bytes of structured log records'),
  syscalls: total('syscalls', 10_000_000, 0, 'syscalls of all kinds'),
  requests: total('requests', 1000, 0, 'requests to the network and invocations of other functions'),
  openRequests: {
    ...held('open_requests', 0, ['kill', 'suspend', 'throttle'], 'requests whose answer is not read to its end'),
    default: 16,
  },
  networkInBytes: total('network_in_bytes', 64 * MEBIBYTE, 0, 'bytes received, headers included'),
  networkInBytesPerSecond: rate('network_in_rate', 'bytes received a second'),
  networkOutBytes: total('network_out_bytes', 64 * MEBIBYTE, 0, 'bytes sent, headers included'),
  networkOutBytesPerSecond: rate('network_out_rate', 'bytes sent a second'),
  storageBytes: {
    ...held('storage_bytes', 0, ENDING, 'bytes by which stored keys and values have grown'),
    default: 16 * MEBIBYTE,
  },
  storageOperations: total('storage_operations', 100_000, 0, 'operations on the storage; a page of a list is one'),
  concurrentInvocations: {
    ...held('concurrent_invocations', 1, ['throttle', 'kill'], 'invocations that run or wait; others queue'),
    isShared: true,
  },
  queueLength: {
    ...held('queue_length', 0, ['kill'], 'invocations that queue for one of the concurrent ones to end'),
    isShared: true,
  },
};

/** All limits. */
export const SHARED_LIMIT_NAMES = Object.keys(LIMITS) as LimitName[];
/** Those that an invocation can have. */
export const LIMIT_NAMES = SHARED_LIMIT_NAMES.filter((name) => !LIMITS[name].isShared) as (keyof Limits)[];

/** What an invocation has when nobody says otherwise. */
export const DEFAULT_LIMITS = Object.fromEntries(
  LIMIT_NAMES.map((name) => [name, LIMITS[name].default]),
) as unknown as Limits;

/** No limit anywhere. */
export const UNLIMITED = Object.fromEntries(
  SHARED_LIMIT_NAMES.map((name) => [name, Number.POSITIVE_INFINITY]),
) as unknown as SharedLimits;

/** What an execution has used. */
export interface Usage {
  readonly instructions: number;
  /** The largest heap so far, in bytes, as the memory limit counts it. */
  readonly memoryPeakBytes: number;
  /** How often the guest was told that there is not enough memory, and could go on. */
  readonly memoryRefusals: number;
  /** From the call to the end, in milliseconds with fractions. */
  readonly wallTimeMs: number;
  /** What making the context and crossing its arguments took of that. */
  readonly startTimeMs: number;
  readonly outputBytes: number;
  readonly logBytes: number;
  readonly syscalls: number;
  readonly requests: number;
  readonly networkInBytes: number;
  readonly networkOutBytes: number;
  /** By how much the storage has grown through it; negative when it has shrunk. */
  readonly storageBytes: number;
  readonly storageOperations: number;
}
