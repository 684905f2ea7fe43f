// Where the output and the logs of a call go: kept for its result, or to whoever takes them as they come.
import type { ExecuteOptions } from './function';
import type { LogSink } from './logs';
import { OutputLog } from './output';
import type { OutputSink } from './syscall-handlers';

export interface Outputs {
  readonly log: OutputLog;
  readonly output: OutputSink;
  readonly logSink: LogSink;
}

/** Where the output goes. */
export function outputOf({ output, log: takeRecord }: Pick<ExecuteOptions, 'output' | 'log'>): Outputs {
  const log = new OutputLog();
  return {
    log,
    output: output === undefined ? sinkForLog(log) : sinkFor(output),
    logSink: (record) => {
      const taken = takeRecord === undefined ? void log.records.push(record) : takeRecord(record);
      return taken instanceof Promise ? taken : undefined;
    },
  };
}

function sinkForLog(log: OutputLog): OutputSink {
  return (stream, bytes) => {
    log.write(stream, bytes);
    return undefined;
  };
}

function sinkFor(output: NonNullable<ExecuteOptions['output']>): OutputSink {
  return (stream, bytes) => {
    const taken = output({ stream: stream === 1 ? 'stdout' : 'stderr', bytes: bytes.slice() });
    // What a stream's write answers is no promise.
    return taken instanceof Promise ? taken : undefined;
  };
}
