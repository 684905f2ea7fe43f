// One call of a deployed function, as its caller holds it: a promise of the result, with an id, its output as it comes, and
// ways to end it, to have it stand still, to save and to copy it.
import type { Level, Limits, SuspensionReason } from '../../vm/index';
import type { RestoreOptions } from './function';
import type { LogChunk } from './output';
import type { ExecutionResult } from './result';

export type ExecutionStatus = 'running' | 'waiting' | 'suspended' | 'ended';

/** Where an execution runs: in this thread, or behind something that has to be asked. */
export type Place = 'here' | 'server';

/** What is there at once of an execution that runs here; of any other, a promise of it. */
export type Answer<P extends Place, T> = P extends 'here' ? T : Promise<T>;

/** Why an execution stands still; when a limit has it do so, whose that is. */
export interface Suspension {
  readonly reason: SuspensionReason;
  readonly level?: Level;
  readonly limit?: number;
  readonly used?: number;
}

/** What can be done to an execution beside waiting for it. */
export interface Steering<P extends Place = 'here'> {
  readonly status: () => Answer<P, ExecutionStatus>;
  readonly suspendedFor: () => Answer<P, SuspensionReason | null>;
  readonly memoryBytes: () => Answer<P, number>;
  /** The reason when it is suspended next, or is now; null when it ends first. */
  readonly suspension: () => Promise<SuspensionReason | null>;
  readonly suspend: () => Promise<boolean>;
  readonly resume: () => Answer<P, void>;
  readonly refill: (more: Partial<Limits>) => Answer<P, void>;
  readonly snapshot: () => Promise<Uint8Array>;
  readonly fork: (options: RestoreOptions) => Execution<P>;
}

/** What stands behind an execution. */
export interface ExecutionControl<P extends Place = 'here'> {
  readonly id: string;
  readonly logs: AsyncIterable<LogChunk>;
  readonly result: Promise<ExecutionResult>;
  readonly steering: Steering<P>;
  cancel(): void;
}

/**
 * Awaiting it gives the result, whatever comes of the call; it rejects only for a defect of the host itself, or when
 * the server that it runs on refuses it or is gone.
 */
export class Execution<P extends Place = 'here'> implements Promise<ExecutionResult> {
  readonly [Symbol.toStringTag] = 'Execution';
  /** Unique in this process. */
  readonly id: string;
  /** The output from its beginning on, then as it comes; ends with the execution. May be iterated several times. */
  readonly logs: AsyncIterable<LogChunk>;

  constructor(private readonly control: ExecutionControl<P>) {
    this.id = control.id;
    this.logs = control.logs;
  }

  /** Ends it as `cancelled`, running or waiting. Nothing happens when it has ended. */
  cancel(): void {
    this.control.cancel();
  }

  /** `suspended` has a reason in `suspendedFor`. */
  get status(): Answer<P, ExecutionStatus> {
    return this.control.steering.status();
  }

  /** `request`: `suspend()`; `instructions`: they are used up, see `refill()`. Null when it is not suspended. */
  get suspendedFor(): Answer<P, SuspensionReason | null> {
    return this.control.steering.suspendedFor();
  }

  /** How large its heap is now, in bytes: about what its snapshot has. 0 before it begins, and when it has ended. */
  get memoryBytes(): Answer<P, number> {
    return this.control.steering.memoryBytes();
  }

  /**
   * Has it stand still: at once when it waits, else after the slice that is under way. True when it does, false when it has
   * ended. Its wall time does not run meanwhile; answers that it waits for are kept.
   */
  suspend(): Promise<boolean> {
    return this.control.steering.suspend();
  }

  /** When it is suspended next, or now: why. Null when it ends first. */
  suspension(): Promise<SuspensionReason | null> {
    return this.control.steering.suspension();
  }

  /** Lets it go on after `suspend()`. */
  resume(): Answer<P, void> {
    return this.control.steering.resume();
  }

  /**
   * Raises its limits by these amounts, beyond those of its function too; if it stood still for want of instructions, it goes
   * on. Throws RangeError.
   */
  refill(more: Partial<Limits>): Answer<P, void> {
    return this.control.steering.refill(more);
  }

  /**
   * All that it is, for `host.restore`: as it stands now, for it stands still until that is written, whatever `resume` and
   * `refill` want meanwhile. Rejects with SnapshotError: `snapshot.running` unless it is suspended, `snapshot.ended` when it has
   * ended, or ends first.
   */
  snapshot(): Promise<Uint8Array> {
    return this.control.steering.snapshot();
  }

  /**
   * A second execution that goes on from the same point; a request under way is answered to this one only. This one stands still
   * as for `snapshot`. Throws SnapshotError as that rejects, TypeError and RangeError for options that are wrong; when this one
   * ends before it is copied, the other rejects with `snapshot.ended`.
   */
  fork(options: RestoreOptions = {}): Execution<P> {
    return this.control.steering.fork(options);
  }

  // biome-ignore lint/suspicious/noThenProperty: an execution is awaited
  then<T = ExecutionResult, E = never>(
    fulfilled?: ((result: ExecutionResult) => T | PromiseLike<T>) | null,
    rejected?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.control.result.then(fulfilled, rejected);
  }

  catch<E = never>(rejected?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<ExecutionResult | E> {
    return this.control.result.catch(rejected);
  }

  finally(settled?: (() => void) | null): Promise<ExecutionResult> {
    return this.control.result.finally(settled);
  }
}
