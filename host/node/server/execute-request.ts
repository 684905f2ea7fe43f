// One request `execute`: its executions, from their start to the answer. What is kept for the answer is bounded; a request
// whose results are larger ends with an error, and what still runs of it is cancelled.
import type { DeployedFunction, ExecuteOptions, Execution, ExecutionResult } from '../../core/index';
import { decodeTagged, type Params, type ServerLimits, TagError } from '../../protocol/index';
import { KeptOutput, type OutputChunk, SentOutput } from './execution-output';
import { TURN_MS } from './limits';
import { limitReached, RequestError } from './request-error';
import type { Subscriptions } from './subscriptions';
import { limitsFromWire, textOrBase64, textOrBytesOf } from './wire-values';

/** What a request needs of its connection. */
export interface Requester {
  readonly service: { readonly subscriptions: Subscriptions; readonly limits: ServerLimits };
  /** Bytes that are kept for answers to this client, of all its requests. */
  keptBytes: number;
  notify(method: 'output', params: object): void;
  /** A promise while the client should not be sent more. */
  room(): Promise<void> | undefined;
  /** All is over: the answer as JSON text, or why there is none. */
  executed(request: ExecuteRequest, json: string): void;
  executionFailed(request: ExecuteRequest, error: unknown): void;
}

export class ExecuteRequest {
  readonly count: number;
  private readonly executions: Execution[] = [];
  /** Results as JSON, by index. */
  private results: string[] = [];
  private ended = 0;
  private keptBytes = 0;
  private isCancelled = false;
  private failure: unknown;

  private constructor(
    private readonly requester: Requester,
    readonly id: string | number,
    private readonly fn: DeployedFunction,
    private readonly params: Params<'execute'>,
    private readonly options: ExecuteOptions,
  ) {
    this.count = params.count ?? 1;
  }

  /** Throws RequestError `params.invalid`. */
  static of(
    requester: Requester,
    id: string | number,
    fn: DeployedFunction,
    params: Params<'execute'>,
  ): ExecuteRequest {
    return new ExecuteRequest(requester, id, fn, prepare(params), optionsOf(params));
  }

  /** Starts its executions. Throws RequestError `params.invalid` when it cannot start any. */
  start(): void {
    if (this.count === 0) this.requester.executed(this, '[]');
    else this.startSome();
  }

  /** Ends what runs; the results come as ever. */
  cancel(): void {
    this.isCancelled = true;
    for (const execution of this.executions) execution.cancel();
  }

  /** Ten thousand are not started in one turn of the event loop. */
  private readonly startSome = (): void => {
    const start = performance.now();
    try {
      do this.startOne(this.executions.length);
      while (this.executions.length < this.count && performance.now() - start < TURN_MS);
    } catch (error) {
      this.startFailed(error);
      return;
    }
    if (this.executions.length < this.count) setImmediate(this.startSome);
  };

  private startFailed(error: unknown): void {
    const isMisuse = error instanceof TypeError || error instanceof RangeError;
    const refusal = isMisuse ? new RequestError('params.invalid', error.message) : error;
    // Of the first one nothing has begun: whoever has asked gets the error at once.
    if (this.executions.length === 0) throw refusal;
    this.ended += this.count - this.executions.length;
    this.fail(refusal);
    if (this.ended === this.count) this.finish();
  }

  private startOne(index: number): void {
    const { fn, options, params } = this;
    const { subscriptions } = this.requester.service;
    const output = params.output === true ? new SentOutput(this, index) : new KeptOutput();
    const write = (chunk: OutputChunk): Promise<void> | undefined => {
      if (subscriptions.has(fn.name)) subscriptions.output(fn.name, execution.id, chunk.stream, chunk.bytes);
      if (output instanceof KeptOutput && !this.keep(chunk.bytes.length)) return undefined;
      return output.write(chunk);
    };
    const execution = fn.execute(params.argument, { ...options, output: write });
    this.executions.push(execution);
    if (this.isCancelled) execution.cancel();
    execution.then(
      (result) => {
        if (subscriptions.has(fn.name)) subscriptions.ended(fn.name, execution.id, result);
        this.end(index, output.end(result), output.keptBytes);
      },
      (error: unknown) => {
        this.fail(error);
        this.endOne();
      },
    );
  }

  /** A piece of output of an execution; a promise while the client should not be sent more. */
  sendPiece(index: number, stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | undefined {
    const { requester, params, id } = this;
    const which = params.count === undefined ? { request: id } : { request: id, index };
    requester.notify('output', { ...which, stream, ...textOrBase64(bytes) });
    return requester.room();
  }

  /** `keptBytes`: what was kept of its output, which the result takes the place of. */
  private end(index: number, result: ExecutionResult, keptBytes: number): void {
    if (this.failure === undefined) {
      const text = JSON.stringify(result);
      if (this.keep(text.length - keptBytes)) this.results[index] = text;
    }
    this.endOne();
  }

  private endOne(): void {
    if (++this.ended === this.count) this.finish();
  }

  private finish(): void {
    const { requester, failure, params, results } = this;
    requester.keptBytes -= this.keptBytes;
    if (failure !== undefined) requester.executionFailed(this, failure);
    else requester.executed(this, params.count === undefined ? results[0]! : `[${results.join(',')}]`);
  }

  /** Counts what is kept; false, and the request has failed, when it is too much. */
  private keep(bytes: number): boolean {
    if (this.failure !== undefined) return false;
    const { requester } = this;
    const { responseBytes, unreadBytes } = requester.service.limits;
    this.keptBytes += bytes;
    requester.keptBytes += bytes;
    if (this.keptBytes <= responseBytes && requester.keptBytes <= unreadBytes) return true;
    this.fail(limitReached('response.size', 'response_bytes', responseBytes, this.keptBytes));
    return false;
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    this.results = [];
    // Not at once: it may be called from inside of an execution's turn.
    queueMicrotask(() => this.cancel());
  }
}

/** Arguments without their tags. */
function prepare(params: Params<'execute'>): Params<'execute'> {
  if (params.argument !== undefined && params.args !== undefined) {
    throw new RequestError('params.invalid', 'a call takes an argument or args, not both');
  }
  if (params.tagged !== true) return params;
  try {
    return { ...params, argument: decodeTagged(params.argument) };
  } catch (error) {
    if (!(error instanceof TagError)) throw error;
    throw new RequestError('params.invalid', `argument: ${error.message}`);
  }
}

function optionsOf({ args, limits, stdin }: Params<'execute'>): ExecuteOptions {
  return {
    ...(args !== undefined && { args }),
    ...(limits !== undefined && { limits: limitsFromWire(limits) }),
    ...(stdin !== undefined && { stdin: textOrBytesOf(stdin, 'stdin') }),
  };
}
