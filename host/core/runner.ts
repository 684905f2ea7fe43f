// Where executions run: in this thread, or in workers. The rest of the host knows this interface alone.
import {
  type ExecutionOptions,
  type FairTask,
  GuestExecution,
  type Limits,
  type Program,
  type Refusal,
  RegionPool,
  type Scheduler,
  type Snapshot,
  type SuspensionReason,
} from '../../vm/index';
import type { ExecutionStatus } from './execution';
import { Parking } from './parking';

/** What is asked of an execution, wherever it runs. */
export interface RunningExecution extends Pick<GuestExecution, 'charges'> {
  readonly status: ExecutionStatus;
  readonly suspendedFor: SuspensionReason | null;
  readonly currentLimits: Limits;
  elapsed(): number;
  suspend(): void;
  resume(): void;
  refill(more: Partial<Limits>): void;
  /** Throws SnapshotError. */
  snapshot(hostPart: () => Uint8Array): Uint8Array;
  cancel(): void;
  refuse(refusal: Refusal): void;
}

export interface RunOptions
  extends Omit<ExecutionOptions, 'pool' | 'wake' | 'parked' | 'account' | 'chargeMemory' | 'loaded' | 'elapsedMs'> {
  readonly capabilities: ReadonlySet<string>;
  /** Its arguments as text. */
  readonly texts: () => readonly Uint8Array[];
  /** Whether whoever takes its output may hold it. */
  readonly isOutputHeld: boolean;
  /** Called when it is cancelled, before its end is known: nothing that it has asked for goes on. */
  readonly cancelling: () => void;
}

/** An execution that does nothing until `begin` is called, once. */
export interface Prepared {
  readonly execution: RunningExecution;
  readonly begin: () => void;
}

export interface Runner {
  /** Throws SnapshotError. */
  prepare(options: RunOptions, snapshot?: Snapshot): Prepared;
  /** It has ended. */
  release(execution: RunningExecution): void;
  /** Limits above executions have been changed. */
  limitsChanged(): void;
  /** All executions have ended, and none begins any more. */
  close(): Promise<void>;
}

/** In this thread, in turn. */
export class LocalRunner implements Runner {
  private readonly pool = new RegionPool();
  private readonly parking = new Parking();
  private readonly wake: (execution: GuestExecution) => void;

  constructor(private readonly scheduler: Scheduler<FairTask>) {
    this.wake = (execution) => scheduler.schedule(execution);
  }

  prepare(options: RunOptions, snapshot?: Snapshot): Prepared {
    const { pool, scheduler, wake } = this;
    const execution = new GuestExecution({ ...options, pool, wake, parked: this.parking.park }, snapshot);
    return { execution, begin: () => scheduler.schedule(execution) };
  }

  release(execution: RunningExecution): void {
    this.parking.unpark(execution as GuestExecution);
  }

  limitsChanged(): void {}

  async close(): Promise<void> {}
}

/** Whether anything in a program can ask for its arguments as text: most cannot, and need not have them with them. */
export function asksForArguments({ modules }: Program): boolean {
  return modules.some(({ syscalls }) => syscalls.includes('argument_read') || syscalls.includes('argument_count'));
}
