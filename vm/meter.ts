// What an execution may use, and what it has used: the limits' table and the usage's shape. Counting is execution.ts's.
import type { Resource } from './errors';

/** The most that an execution may use; Infinity is no limit. Each name carries its unit. */
export interface Limits {
  readonly instructions: number;
  readonly memoryBytes: number;
  readonly wallTimeMs: number;
  readonly outputBytes: number;
  readonly syscalls: number;
}

export interface LimitDefinition {
  /** How errors name it. */
  readonly resource: Resource;
  readonly default: number;
  readonly minimum: number;
  readonly synopsis: string;
}

/** The limits by name. Defaults are for functions of seconds, not hours. */
export const LIMITS: Readonly<Record<keyof Limits, LimitDefinition>> = {
  instructions: {
    resource: 'instructions',
    default: 1_000_000_000,
    minimum: 1,
    synopsis: 'instructions, charges for bulk work and syscalls included',
  },
  memoryBytes: {
    resource: 'memory',
    default: 64 * 1024 * 1024,
    minimum: 1,
    synopsis: 'bytes of the heap: frames, values, linear memory and what lies unused between them; at most 1 GiB',
  },
  wallTimeMs: {
    resource: 'wall_time',
    default: 60_000,
    minimum: 1,
    synopsis: 'milliseconds from the call to the end, waiting included',
  },
  outputBytes: {
    resource: 'output_bytes',
    default: 16 * 1024 * 1024,
    minimum: 0,
    synopsis: 'bytes written to stdout and stderr together',
  },
  syscalls: { resource: 'syscalls', default: 10_000_000, minimum: 0, synopsis: 'syscalls of all kinds' },
};

export const LIMIT_NAMES = Object.keys(LIMITS) as (keyof Limits)[];

/** What an execution has used. */
export interface Usage {
  readonly instructions: number;
  /** The largest heap so far, in bytes, as the memory limit counts it. */
  readonly memoryPeakBytes: number;
  /** From the call to the end, in milliseconds with fractions. */
  readonly wallTimeMs: number;
  /** What making the context and crossing its arguments took of that. */
  readonly startTimeMs: number;
  readonly outputBytes: number;
  readonly syscalls: number;
}
