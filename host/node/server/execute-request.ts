// One request that starts executions (`execute`, `restore`, `fork`), from their start to the answer. What is kept for the
// answer is bounded; a request whose results are larger ends with an error, and what still runs of it is cancelled.
import type { Steps } from '../../../vm/index';
import type { ExecuteOptions, Execution, Suspension } from '../../core/index';
import type { ServerLimits } from '../../protocol/index';
import { type EndedResult, KeptOutput, type OutputChunk, SentOutput } from './execution-output';
import { jsonPieces } from './json-text';
import { TURN_MS } from './limits';
import { limitReached, RequestError } from './request-error';
import type { Subscriptions } from './subscriptions';
import { textOrBase64 } from './wire-values';

/** What a request needs of its connection. */
export interface Requester {
  readonly service: { readonly subscriptions: Subscriptions; readonly limits: ServerLimits };
  /** Bytes that are kept for answers to this client, of all its requests. */
  keptBytes: number;
  notify(method: 'output' | 'suspended', params: object): void;
  /** A promise while the client should not be sent more. */
  room(): Promise<void> | undefined;
  /** All is over: the answer as JSON text in pieces, or why there is none. */
  executed(request: ExecuteRequest, json: readonly string[]): Steps<void>;
  executionFailed(request: ExecuteRequest, error: unknown): void;
  /** Does what makes answers, one after the other: only one of them is there half made. */
  inOrder(steps: Steps<void>): void;
}

/** What a request starts. */
export interface Work {
  /** Whose executions they are, as its subscribers know it; it may be known only once one has begun. */
  readonly topic: string;
  /** Undefined: one, and the answer is its result in place of a list. */
  readonly count: number | undefined;
  /** Whether output is sent as it comes. */
  readonly isSent: boolean;
  /** Starts one. Throws what the API throws. */
  start(watch: Required<Pick<ExecuteOptions, 'output' | 'onSuspended'>>): Execution;
}

export class ExecuteRequest {
  readonly count: number;
  private readonly executions: Execution[] = [];
  /** Results as JSON in pieces, by index. */
  private results: (readonly string[])[] = [];
  private ended = 0;
  private keptBytes = 0;
  private isCancelled = false;
  private failure: unknown;

  constructor(
    private readonly requester: Requester,
    readonly id: string | number,
    private readonly work: Work,
  ) {
    this.count = work.count ?? 1;
  }

  get topic(): string {
    return this.work.topic;
  }

  /** Starts its executions. Throws RequestError `params.invalid` when it cannot start any. */
  start(): void {
    if (this.count === 0) this.requester.inOrder(this.requester.executed(this, ['[]']));
    else this.startSome();
  }

  /** One of its executions, if it has been started: of many, the last are in later turns. */
  executionAt(index: number): Execution | undefined {
    return this.executions[index];
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
    if (this.ended === this.count) this.requester.inOrder(this.finish());
  }

  private startOne(index: number): void {
    const { work, requester } = this;
    const { subscriptions } = requester.service;
    const kept = work.isSent ? null : new KeptOutput();
    const output = kept ?? new SentOutput(this, index);
    const write = (chunk: OutputChunk): Promise<void> | undefined => {
      const { topic } = work;
      if (subscriptions.has(topic)) subscriptions.output(topic, execution.id, chunk.stream, chunk.bytes);
      if (kept !== null && !this.keep(chunk.bytes.length)) return undefined;
      return output.write(chunk);
    };
    const onSuspended = (suspension: Suspension): void => {
      output.flush();
      this.requester.notify('suspended', { ...this.address(index), ...suspension });
    };
    const execution = work.start({ output: write, onSuspended });
    this.executions.push(execution);
    if (this.isCancelled) execution.cancel();
    execution.then(
      (result) => {
        const { topic } = work;
        if (subscriptions.has(topic)) subscriptions.ended(topic, execution.id, result);
        requester.inOrder(this.complete(index, output.end(result), output.keptBytes));
      },
      (error: unknown) => {
        this.fail(error);
        requester.inOrder(this.endOne());
      },
    );
  }

  /** A piece of output of an execution; a promise while the client should not be sent more. */
  sendPiece(index: number, stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | undefined {
    const { requester } = this;
    requester.notify('output', { ...this.address(index), stream, ...textOrBase64(bytes) });
    return requester.room();
  }

  /** Of notifications. */
  private address(index: number): { request: string | number; index?: number } {
    const { id, work } = this;
    return work.count === undefined ? { request: id } : { request: id, index };
  }

  /** `keptBytes`: what was kept of its output, which the result takes the place of. */
  private *complete(index: number, result: EndedResult, keptBytes: number): Steps<void> {
    this.keep(-keptBytes);
    try {
      yield* this.write(index, result);
    } catch (error) {
      this.fail(error);
    }
    yield* this.endOne();
  }

  private *write(index: number, result: EndedResult): Steps<void> {
    const json: string[] = [];
    for (const piece of jsonPieces(result)) {
      if (json.length > 0) yield;
      if (!this.keep(piece.length)) return;
      json.push(piece);
    }
    this.results[index] = json;
  }

  private *endOne(): Steps<void> {
    if (++this.ended === this.count) yield* this.finish();
  }

  private *finish(): Steps<void> {
    const { requester, failure, work, results } = this;
    requester.keptBytes -= this.keptBytes;
    if (failure !== undefined) requester.executionFailed(this, failure);
    else if (work.count === undefined) yield* requester.executed(this, results[0]!);
    else yield* requester.executed(this, listOf(results));
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

/** Results as JSON in pieces, as a list. */
function listOf(results: readonly (readonly string[])[]): string[] {
  const list = ['['];
  for (const json of results) {
    if (list.length > 1) list.push(',');
    list.push(...json);
  }
  list.push(']');
  return list;
}
