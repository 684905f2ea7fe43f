// Where the output and the logs of a call go: kept for its result, or to whoever takes them as they come.
import type { ExecuteOptions } from './function';
import type { LogRecord } from './logs';
import { OutputLog } from './output';

type Sinks = Pick<ExecuteOptions, 'output' | 'log'>;

/** The output and the logs of one call. */
export class Outputs {
  /** What nobody takes as it comes. */
  readonly log = new OutputLog();
  private readonly takeOutput: Sinks['output'];
  private readonly takeRecord: Sinks['log'];

  constructor({ output, log }: Sinks) {
    this.takeOutput = output;
    this.takeRecord = log;
  }

  /** Takes a copy of the bytes, which are the guest's memory. A promise holds the guest until it is settled. */
  write(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void> {
    const { takeOutput } = this;
    if (takeOutput === undefined) {
      this.log.write(stream, bytes);
      return undefined;
    }
    return promiseOf(takeOutput({ stream: stream === 1 ? 'stdout' : 'stderr', bytes: bytes.slice() }));
  }

  /** A promise holds the guest until it is settled. */
  record(record: LogRecord): undefined | Promise<void> {
    const { takeRecord } = this;
    if (takeRecord !== undefined) return promiseOf(takeRecord(record));
    this.log.record(record);
    return undefined;
  }
}

/** What a stream's write answers is no promise. */
function promiseOf(taken: unknown): undefined | Promise<void> {
  return taken instanceof Promise ? taken : undefined;
}
