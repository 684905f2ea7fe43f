// Calls of remote functions, in the API's own shapes: executions that can be awaited, cancelled, listened to and steered.
import { CrossingError } from '../../vm/index';
import { Execution, type ExecutionControl } from '../core/execution';
import type { ExecuteOptions, ExecutionResult, RestoreOptions } from '../core/index';
import { OutputLog } from '../core/output';
import { makeResult, UNUSED } from '../core/result';
import type { Params } from '../protocol/index';
import type { Connection } from './connection';
import { type CallRequest, type OutputTaker, SentCall } from './sent-call';
import { ENDED_BEFORE, steer } from './steering';
import { bytesToWire, callToWire, continuationToWire } from './wire';

/** An execution on a server: what is asked of it comes as a promise. */
export type RemoteExecution = Execution<'server'>;

/** Which function; `tenant` is left out for the default one. */
export interface FunctionAddress {
  readonly tenant?: string;
  readonly name: string;
}

/** Starts a call. Throws TypeError or RangeError for wrong options, as the API does. */
export function startCall(
  connection: Connection,
  address: FunctionAddress,
  argument: unknown,
  options: ExecuteOptions,
): RemoteExecution {
  const id = connection.nextId();
  const call = prepareCall(address, argument, options);
  if (call instanceof CrossingError) return new Execution(refused(id, call, new OutputLog()));
  return start(connection, { id, method: 'execute', params: { ...call, output: true }, options }, options.output);
}

/** Goes on from a snapshot. Throws TypeError or RangeError for wrong options. */
export function startRestore(
  connection: Connection,
  tenant: string | undefined,
  snapshot: Uint8Array,
  options: RestoreOptions,
): RemoteExecution {
  if (!(snapshot instanceof Uint8Array)) throw new TypeError('a snapshot must be bytes (Uint8Array)');
  const params = {
    ...(tenant !== undefined && { tenant }),
    snapshot: bytesToWire(snapshot),
    ...continuationToWire(options),
  };
  return start(connection, { id: connection.nextId(), method: 'restore', params, options }, options.output);
}

/** Starts `count` calls by one request, and gives their results in order. */
export async function callMany(
  connection: Connection,
  address: FunctionAddress,
  count: number,
  argument: unknown,
  options: ExecuteOptions,
): Promise<ExecutionResult[]> {
  if (!Number.isInteger(count) || count < 0) throw new RangeError('count must be a whole number from 0 on');
  const id = connection.nextId();
  const call = prepareCall(address, argument, options);
  if (call instanceof CrossingError) {
    return Promise.all(Array.from({ length: count }, () => refused(id, call, new OutputLog()).result));
  }
  const params = { ...call, count, ...(options.output !== undefined && { output: true as const }) };
  const finish = (results: unknown) => results as ExecutionResult[];
  return new SentCall(connection, { id, method: 'execute', params, options }, { write: options.output, finish }).result;
}

/** Sends what starts one execution. */
function start(connection: Connection, request: CallRequest, output: OutputTaker | undefined): RemoteExecution {
  const log = new OutputLog();
  const call = new SentCall<ExecutionResult>(connection, request, {
    write: output ?? (({ stream, bytes }) => log.write(stream === 'stdout' ? 1 : 2, bytes)),
    finish: (result) => ({
      ...(result as ExecutionResult),
      stdout: log.textOf('stdout'),
      stderr: log.textOf('stderr'),
    }),
    ended: () => log.end(),
  });
  const fork = (options: RestoreOptions): RemoteExecution => {
    const params = { request: call.id, ...continuationToWire(options) };
    const id = connection.nextId();
    return start(connection, { id, method: 'fork', params, options, after: call.sent }, options.output);
  };
  const { result, cancel } = call;
  return new Execution({
    id: `execution-${call.id}`,
    logs: log,
    result,
    cancel,
    steering: steer(connection, call, fork),
  });
}

function prepareCall(
  address: FunctionAddress,
  argument: unknown,
  options: ExecuteOptions,
): Params<'execute'> | CrossingError {
  try {
    return callToWire(address, argument, options);
  } catch (error) {
    if (error instanceof CrossingError) return error;
    throw error;
  }
}

/** A call whose argument cannot cross: the same result as the host's own. */
function refused(id: number, cause: CrossingError, log: OutputLog): ExecutionControl<'server'> {
  log.end();
  const error = { ...cause.describe('argument'), stack: [], skippedFrames: 0 };
  const outcome = { status: 'error' as const, values: [], exitCode: null, error };
  const result = Promise.resolve(makeResult(outcome, UNUSED, log, false));
  return { id: `execution-${id}`, logs: log, result, cancel: () => {}, steering: ENDED_BEFORE };
}
