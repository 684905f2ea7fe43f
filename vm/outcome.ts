// What comes of an execution, as data.
import type { Level } from './budget';
import type { Resource } from './errors';
import type { GuestValue } from './host-values';
import type { StackFrame } from './stack-trace';

export type Status = 'ok' | 'error' | 'limit' | 'cancelled';

/** Why an execution did not end by itself. */
export interface ExecutionError {
  /** Stable: `limit.*`, `trap.*`, `argument.*`, `result.*`, `guest_error`, `capability_denied`, ... (docs/api.md lists them). */
  readonly code: string;
  readonly message: string;
  /** Where the guest stood, innermost call first. */
  readonly stack: readonly StackFrame[];
  /** Calls left out in the middle of `stack`. */
  readonly skippedFrames: number;
  /** Of limits: which resource, whose limit, how much was allowed, how much was used. */
  readonly resource?: Resource;
  readonly level?: Level;
  readonly limit?: number;
  readonly used?: number;
  /** The capability that was missing. */
  readonly capability?: string;
  /** The guest's own error, when it is plain data other than a string. */
  readonly value?: GuestValue;
}

/** What came of an execution. */
export interface Outcome {
  readonly status: Status;
  readonly values: readonly GuestValue[];
  /** Status of `exit`, else null. */
  readonly exitCode: number | null;
  readonly error: ExecutionError | null;
}
