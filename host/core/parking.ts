// Who waits, by how long: those that have waited longest keep no region of memory.
import type { GuestExecution } from '../../vm/index';

/** So many of those that wait keep their regions. */
const WARM_CONTEXTS = 1024;

/**
 * A ring of those that began to wait last. A thousand regions suffice for any number of them, and taking one again costs some
 * microseconds.
 */
export class Parking {
  /** Some of them may wait no longer. */
  private readonly parked: (GuestExecution | undefined)[] = [];
  private nextSlot = 0;

  /** An execution waits. */
  readonly park = (execution: GuestExecution): void => {
    const slot = this.nextSlot++ % WARM_CONTEXTS;
    this.parked[slot]?.freeze();
    this.parked[slot] = execution;
    execution.parkingSlot = slot;
  };

  /** It has ended, or left: nothing here holds it any longer. */
  unpark(execution: GuestExecution): void {
    const { parkingSlot } = execution;
    if (this.parked[parkingSlot] === execution) this.parked[parkingSlot] = undefined;
  }
}
