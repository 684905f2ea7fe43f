// One request that executes: sent once its input is there, with its output, its suspensions and its end as they come.
import type { ExecuteOptions, Suspension } from '../core/index';
import { Suspensions } from '../core/suspensions';
import type { MethodName } from '../protocol/index';
import type { Connection, Pending } from './connection';
import { chunkBytes, stdinToWire } from './wire';

export type OutputTaker = NonNullable<ExecuteOptions['output']>;

/** What is done with what comes. */
export interface Taker<T> {
  readonly write: OutputTaker | undefined;
  /** Makes the result of what the answer holds. */
  readonly finish: (wire: unknown) => T;
  /** However it ends. */
  readonly ended?: () => void;
}

/** What is sent, and what happens to it on the way. */
export interface CallRequest {
  readonly id: number;
  readonly method: MethodName;
  readonly params: object;
  readonly options: Pick<ExecuteOptions, 'stdin' | 'signal' | 'onSuspended'>;
  /** What must have been sent before it. */
  readonly after?: Promise<void>;
}

export class SentCall<T> {
  readonly id: number;
  readonly result: Promise<T>;
  /** Settled when it has been sent, or will not be. */
  readonly sent: Promise<void>;
  readonly suspensions = new Suspensions();
  hasEnded = false;
  /** Why there is no result. */
  failure: Error | null = null;
  private state: 'waiting' | 'cancelled' | 'sent' = 'waiting';
  private isSent!: () => void;
  private settle!: { resolve: (result: T) => void; reject: (error: unknown) => void };

  /** Cancelled before its input is there, it is sent nevertheless: the answer is the server's. */
  constructor(
    private readonly connection: Connection,
    private readonly request: CallRequest,
    private readonly taker: Taker<T>,
  ) {
    this.id = request.id;
    this.sent = new Promise((resolve) => {
      this.isSent = resolve;
    });
    this.result = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Whoever only listens, or leaves it alone, need not hear that the connection was closed.
    this.result.catch(() => {});
    const { after, options } = request;
    const { stdin, signal } = options;
    signal?.addEventListener('abort', this.cancel);
    if (after === undefined && (stdin === undefined || typeof stdin === 'string')) {
      this.send(stdin === undefined ? {} : { stdin });
    } else this.sendLater().catch((error: Error) => this.fail(error));
    if (signal?.aborted) this.cancel();
  }

  readonly cancel = (): void => {
    if (this.hasEnded) return;
    if (this.state === 'sent') this.connection.request('cancel', { request: this.id }).catch(() => {});
    else this.state = 'cancelled';
  };

  private async sendLater(): Promise<void> {
    const { after, options } = this.request;
    const input = options.stdin === undefined ? {} : { stdin: await stdinToWire(options.stdin) };
    await after;
    this.send(input);
  }

  private send(input: object): void {
    const { id, method, params, options } = this.request;
    const isCancelled = this.state === 'cancelled';
    this.state = 'sent';
    const pending: Pending = {
      resolve: (value) => this.end(value),
      reject: (error) => this.fail(error),
      output: ({ stream, ...chunk }) => void this.taker.write?.({ stream, bytes: chunkBytes(chunk) }),
      suspended: ({ request: _, index: __, ...suspension }) => {
        this.suspensions.tell(suspension.reason);
        options.onSuspended?.(suspension as Suspension);
      },
    };
    this.connection.send(id, method, { ...params, ...input }, pending);
    this.isSent();
    if (isCancelled) this.cancel();
  }

  private end(value: unknown): void {
    this.over();
    try {
      this.settle.resolve(this.taker.finish(value));
    } catch (error) {
      this.settle.reject(error);
    }
  }

  private fail(error: Error): void {
    this.failure = error;
    this.over();
    this.settle.reject(error);
  }

  private over(): void {
    this.hasEnded = true;
    this.isSent();
    this.request.options.signal?.removeEventListener('abort', this.cancel);
    this.taker.ended?.();
    this.suspensions.tell(null);
  }
}
