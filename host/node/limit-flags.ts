// The options of the command line that set limits.
import type { LimitOptions } from '../core/index';

export interface LimitFlags {
  readonly instructions?: number;
  readonly memory?: number;
  readonly wall?: number;
}

/** Those that were given. */
export function limitsFromFlags({ instructions, memory, wall }: LimitFlags): LimitOptions {
  return {
    ...(instructions !== undefined && { instructions }),
    ...(memory !== undefined && { memoryBytes: memory }),
    ...(wall !== undefined && { wallTimeMs: wall }),
  };
}
