// One call of a deployed function, as its caller holds it: a promise of the result, with an id, its output as it comes,
// and a way to end it.
import type { LogChunk } from './output';
import type { ExecutionResult } from './result';

/** What stands behind an execution. */
export interface ExecutionControl {
  readonly id: string;
  readonly logs: AsyncIterable<LogChunk>;
  readonly result: Promise<ExecutionResult>;
  cancel(): void;
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
