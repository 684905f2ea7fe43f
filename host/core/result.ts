// What callers get: the result of an execution, as data that survives JSON.
import type { ExecutionError, GuestValue, Outcome, Status, Usage } from '../../vm/index';
import type { LogRecord } from './logs';
import { once } from './once';
import type { OutputLog } from './output';

export interface ExecutionResult {
  /** `ok`: it ended by itself. `error`: a guest error, a trap, a value that cannot cross. `limit`: a limit ended it. */
  readonly status: Status;
  /** The first result, or null. Of an entry that returns nothing by its type, as C's, the exit code. */
  readonly value: GuestValue;
  readonly values: readonly GuestValue[];
  /** What `exit` was called with, 0 without it; null when it did not end by itself. */
  readonly exitCode: number | null;
  /** As UTF-8, with U+FFFD for what is not; `execution.logs` has the bytes. */
  readonly stdout: string;
  readonly stderr: string;
  /** Structured logs, in order; empty when `log` has taken them. */
  readonly logs: readonly LogRecord[];
  readonly usage: Usage;
  /** Of every status but `ok`. */
  readonly error?: ExecutionError;
}

/** The usage of an execution that never began. */
export const UNUSED: Usage = {
  instructions: 0,
  memoryPeakBytes: 0,
  memoryRefusals: 0,
  wallTimeMs: 0,
  startTimeMs: 0,
  outputBytes: 0,
  logBytes: 0,
  syscalls: 0,
  requests: 0,
  networkInBytes: 0,
  networkOutBytes: 0,
  storageBytes: 0,
  storageOperations: 0,
};

/** Puts a result together. `isProcess`: the entry returns nothing by its type. */
export function makeResult(outcome: Outcome, usage: Usage, output: OutputLog, isProcess: boolean): ExecutionResult {
  const { status, error } = outcome;
  const exitCode = status === 'ok' ? (outcome.exitCode ?? 0) : null;
  const values = isProcess && outcome.exitCode !== null ? [outcome.exitCode] : outcome.values;
  const isShort = output.byteLength <= SHORT_OUTPUT;
  const result: ExecutionResult = {
    status,
    value: values[0] ?? null,
    values,
    exitCode,
    stdout: isShort ? output.textOf('stdout') : '',
    stderr: isShort ? output.textOf('stderr') : '',
    logs: output.records,
    usage,
  };
  if (!isShort) for (const stream of STREAMS) makeTextLater(result, stream, output);
  return error === null ? result : Object.assign(result, { error });
}

/** Output of so many bytes is made text at once. */
const SHORT_OUTPUT = 1 << 16;
const STREAMS = ['stdout', 'stderr'] as const;

/** When somebody looks at it: sixteen megabytes take too long for a turn. */
function makeTextLater(result: ExecutionResult, stream: 'stdout' | 'stderr', output: OutputLog): void {
  Object.defineProperty(result, stream, { enumerable: true, get: once(() => output.textOf(stream)) });
}

/** The error as a standalone interpreter prints it: message, then a line for each call. */
export function formatError(error: ExecutionError): string {
  const lines = [describeError(error)];
  const { stack, skippedFrames } = error;
  if (stack.length > 0) lines.push('stack traceback:');
  const cut = skippedFrames > 0 ? Math.ceil(stack.length / 2) : -1;
  stack.forEach(({ function: name, file, line }, depth) => {
    if (depth === cut) lines.push(`\t...\t(${skippedFrames} calls left out)`);
    lines.push(`\t${file}:${line === 0 ? '?' : line}: in ${name}`);
  });
  return lines.join('\n');
}

function describeError({ message, resource, level, limit, used }: ExecutionError): string {
  if (resource === undefined) return message;
  const whose = level === undefined || level === 'invocation' ? '' : ` of the ${level}`;
  return `${message} (${resource} limit${whose} ${limit}, used ${Math.ceil(used ?? 0)})`;
}
