// One call of a deployed function, as its caller holds it: a promise of the result, with an id, its output as it comes, and
// ways to end it, to have it stand still, to save and to copy it.
import type { Limits, SuspensionReason } from '../../vm/index';
import type { RestoreOptions } from './function';
import type { LogChunk } from './output';
import type { ExecutionResult } from './result';

export type ExecutionStatus = 'running' | 'waiting' | 'suspended' | 'ended';

/** What can be done to an execution in this thread; one on a server has none of it yet. */
export interface LocalControl {
  readonly status: () => ExecutionStatus;
  readonly suspendedFor: () => SuspensionReason | null;
  /** The reason when it is suspended next, or is now; null when it ends first. */
  readonly suspension: () => Promise<SuspensionReason | null>;
  readonly suspend: () => void;
  readonly resume: () => void;
  readonly refill: (more: Partial<Limits>) => void;
  readonly snapshot: () => Uint8Array;
  readonly fork: (options: RestoreOptions) => Execution;
}

/** What stands behind an execution. */
export interface ExecutionControl {
  readonly id: string;
  readonly logs: AsyncIterable<LogChunk>;
  readonly result: Promise<ExecutionResult>;
  cancel(): void;
  readonly local?: LocalControl;
}

/**
 * Awaiting it gives the result, whatever comes of the call; it rejects only for a defect of the host itself.
 */
export class Execution implements Promise<ExecutionResult> {
  readonly [Symbol.toStringTag] = 'Execution';
  /** Unique in this process. */
  readonly id: string;
  /** The output from its beginning on, then as it comes; ends with the execution. May be iterated several times. */
  readonly logs: AsyncIterable<LogChunk>;

  constructor(private readonly control: ExecutionControl) {
    this.id = control.id;
    this.logs = control.logs;
  }

  /** Ends it as `cancelled`, running or waiting. Nothing happens when it has ended. */
  cancel(): void {
    this.control.cancel();
  }

  /** `suspended` has a reason in `suspendedFor`. */
  get status(): ExecutionStatus {
    return this.local.status();
  }

  /** `request`: `suspend()`; `instructions`: they are used up, see `refill()`. Null when it is not suspended. */
  get suspendedFor(): SuspensionReason | null {
    return this.local.suspendedFor();
  }

  /**
   * Has it stand still: at once when it waits, else after the slice that is under way. True when it does, false when it has
   * ended. Its wall time does not run meanwhile; answers that it waits for are kept.
   */
  async suspend(): Promise<boolean> {
    const { local } = this;
    local.suspend();
    return (await local.suspension()) !== null;
  }

  /** When it is suspended next, or now: why. Null when it ends first. */
  suspension(): Promise<SuspensionReason | null> {
    return this.local.suspension();
  }

  /** Lets it go on after `suspend()`. */
  resume(): void {
    this.local.resume();
  }

  /**
   * Raises its limits by these amounts, beyond those of its function too; if it stood still for want of instructions, it goes
   * on. Throws RangeError.
   */
  refill(more: Partial<Limits>): void {
    this.local.refill(more);
  }

  /** All that it is, for `host.restore`. Throws SnapshotError `snapshot.running` unless it is suspended. */
  snapshot(): Uint8Array {
    return this.local.snapshot();
  }

  /** A second execution that goes on from the same point; a request under way is answered to this one only. As snapshot. */
  fork(options: RestoreOptions = {}): Execution {
    return this.local.fork(options);
  }

  private get local(): LocalControl {
    if (this.control.local === undefined) throw new TypeError('an execution on a server cannot be suspended or saved');
    return this.control.local;
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
