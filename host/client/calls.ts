// Calls of remote functions, in the API's own shapes: executions that can be awaited, cancelled and listened to.
import { CrossingError } from '../../vm/index';
import { Execution, type ExecutionControl } from '../core/execution';
import type { ExecuteOptions, ExecutionResult } from '../core/index';
import { OutputLog } from '../core/output';
import { makeResult, UNUSED } from '../core/result';
import type { NotificationParams, Params } from '../protocol/index';
import type { Connection } from './connection';
import { callToWire, chunkBytes, stdinToWire } from './wire';

type OutputTaker = NonNullable<ExecuteOptions['output']>;

/** Starts a call. Throws TypeError or RangeError for wrong options, as the API does. */
export function startCall(connection: Connection, name: string, argument: unknown, options: ExecuteOptions): Execution {
  const id = connection.nextId();
  const log = new OutputLog();
  const write: OutputTaker = options.output ?? (({ stream, bytes }) => log.write(stream === 'stdout' ? 1 : 2, bytes));
  const call = prepareCall(name, argument, options);
  if (call instanceof CrossingError) return new Execution(refused(id, call, log));
  const finish = (result: ExecutionResult): ExecutionResult => ({
    ...result,
    stdout: log.textOf('stdout'),
    stderr: log.textOf('stderr'),
  });
  const params = { ...call, output: true as const };
  const sent = sendCall(connection, id, params, options, { write, finish, ended: () => log.end() });
  return new Execution({ id: `execution-${id}`, logs: log, result: sent.result, cancel: sent.cancel });
}

/** Starts `count` calls by one request, and gives their results in order. */
export async function callMany(
  connection: Connection,
  name: string,
  count: number,
  argument: unknown,
  options: ExecuteOptions,
): Promise<ExecutionResult[]> {
  if (!Number.isInteger(count) || count < 0) throw new RangeError('count must be a whole number from 0 on');
  const id = connection.nextId();
  const call = prepareCall(name, argument, options);
  if (call instanceof CrossingError) {
    return Promise.all(Array.from({ length: count }, () => refused(id, call, new OutputLog()).result));
  }
  const params = { ...call, count, ...(options.output !== undefined && { output: true as const }) };
  const finish = (results: ExecutionResult[]) => results;
  return sendCall(connection, id, params, options, { write: options.output, finish }).result;
}

function prepareCall(name: string, argument: unknown, options: ExecuteOptions): Params<'execute'> | CrossingError {
  try {
    return callToWire(name, argument, options);
  } catch (error) {
    if (error instanceof CrossingError) return error;
    throw error;
  }
}

type OutputPiece = NotificationParams<'output'>;

interface SentCall<T> {
  readonly result: Promise<T>;
  cancel(): void;
}

/** What is done with what comes. */
interface Taker<Wire, T> {
  readonly write: OutputTaker | undefined;
  readonly finish: (wire: Wire) => T;
  /** However it ends. */
  readonly ended?: () => void;
}

/** Sends a call, once its stdin is there. Cancelled before that, it is sent nevertheless: the answer is the server's. */
function sendCall<Wire, T>(
  connection: Connection,
  id: number,
  params: Params<'execute'>,
  { stdin, signal }: ExecuteOptions,
  { write, finish, ended }: Taker<Wire, T>,
): SentCall<T> {
  let state: 'waiting' | 'cancelled' | 'sent' | 'ended' = 'waiting';
  const cancel = () => {
    if (state === 'sent') connection.request('cancel', { request: id }).catch(() => {});
    else if (state === 'waiting') state = 'cancelled';
  };
  const result = new Promise<T>((resolve, reject) => {
    const settle = () => {
      state = 'ended';
      signal?.removeEventListener('abort', cancel);
      ended?.();
    };
    const pending = {
      resolve(value: unknown) {
        settle();
        try {
          resolve(finish(value as Wire));
        } catch (error) {
          reject(error);
        }
      },
      reject(error: Error) {
        settle();
        reject(error);
      },
      output: (piece: OutputPiece) => void write?.({ stream: piece.stream, bytes: chunkBytes(piece) }),
    };
    const send = (input: object) => {
      const isCancelled = state === 'cancelled';
      state = 'sent';
      connection.send(id, 'execute', { ...params, ...input }, pending);
      if (isCancelled) cancel();
    };
    signal?.addEventListener('abort', cancel);
    if (stdin === undefined) send({});
    else if (typeof stdin === 'string') send({ stdin });
    else stdinToWire(stdin).then((input) => send({ stdin: input }), pending.reject);
  });
  // Whoever only listens, or leaves it alone, need not hear that the connection was closed.
  result.catch(() => {});
  if (signal?.aborted) cancel();
  return { result, cancel };
}

/** A call whose argument cannot cross: the same result as the host's own. */
function refused(id: number, cause: CrossingError, log: OutputLog): ExecutionControl {
  log.end();
  const error = { ...cause.describe('argument'), stack: [], skippedFrames: 0 };
  const outcome = { status: 'error' as const, values: [], exitCode: null, error };
  const result = Promise.resolve(makeResult(outcome, UNUSED, log, false));
  return { id: `execution-${id}`, logs: log, result, cancel: () => {} };
}
