// One connection of a client: requests with their answers, notifications to whoever waits for them, and the end.
import type { ErrorData, MethodName, NotificationName, NotificationParams, Params, Result } from '../protocol/index';
import { ConnectionError, errorFromWire } from './errors';
import type { OpenTransport, Transport } from './transport';

type OutputParams = NotificationParams<'output'>;
type SuspendedParams = NotificationParams<'suspended'>;

/** What comes for one subscription. */
export type SubscriptionMessage =
  | { readonly method: 'functionOutput'; readonly params: NotificationParams<'functionOutput'> }
  | { readonly method: 'functionEnded'; readonly params: NotificationParams<'functionEnded'> };

/** Who waits for an answer, and for the notifications of an execution. */
export interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly output?: (params: OutputParams) => void;
  readonly suspended?: (params: SuspendedParams) => void;
}

/** Empty when its answer has come. As in host/core/engine.ts: tables outlive their entries. */
interface PendingEntry {
  pending: Pending | null;
}

/** Who listens to a subscription; told once when nothing comes any more. */
export interface SubscriptionListener {
  message(message: SubscriptionMessage): void;
  ended(error: Error): void;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { code: number; message: string; data?: ErrorData };
  readonly method?: NotificationName;
  readonly params?: unknown;
}

export class Connection {
  private readonly transport: Transport;
  private readonly pending = new Map<number, PendingEntry>();
  private readonly listeners = new Map<string, SubscriptionListener>();
  private requests = 0;
  /** What the server takes as one message. */
  messageBytes = Number.POSITIVE_INFINITY;
  private isOpen = false;
  private endedBy: ConnectionError | null = null;
  private readonly opening: Promise<void>;
  private opened!: () => void;
  private failed!: (error: Error) => void;
  private isClosed!: () => void;
  /** Settled when the connection has ended, for whatever reason. */
  readonly closed = new Promise<void>((resolve) => {
    this.isClosed = resolve;
  });

  constructor(
    readonly url: string,
    open: OpenTransport,
  ) {
    this.opening = new Promise((resolve, reject) => {
      this.opened = resolve;
      this.failed = reject;
    });
    this.transport = open(url, {
      opened: () => {
        this.isOpen = true;
        this.opened();
      },
      message: (text) => this.receive(text),
      closed: (code, reason) => this.end(code, reason),
    });
  }

  /** Waits until it is open. Rejects with ConnectionError `connection.failed`. */
  ready(): Promise<void> {
    return this.opening;
  }

  nextId(): number {
    return ++this.requests;
  }

  /**
   * Sends a request. Rejects with what the server refuses it for, or with ConnectionError. `accepted` gets the result
   * before any message that comes behind it is looked at.
   */
  request<M extends MethodName>(
    method: M,
    params: Params<M>,
    accepted?: (result: Result<M>) => void,
  ): Promise<Result<M>> {
    return new Promise((resolve, reject) => {
      const settle = (result: unknown) => {
        accepted?.(result as Result<M>);
        resolve(result as Result<M>);
      };
      this.send(this.nextId(), method, params, { resolve: settle, reject });
    });
  }

  /** Sends a request with an id from nextId; `pending` takes its notifications too. */
  send(id: number, method: MethodName, params: object, pending: Pending): void {
    if (this.endedBy !== null) {
      pending.reject(this.endedBy);
      return;
    }
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    if (isLongerThan(text, this.messageBytes)) {
      // The server would close the connection, and all that is under way with it.
      pending.reject(new ConnectionError('connection.size'));
      return;
    }
    this.pending.set(id, { pending });
    this.transport.send(text);
  }

  /** Has `listener` called for a subscription until the answer is called. */
  listen(subscription: string, listener: SubscriptionListener): () => void {
    this.listeners.set(subscription, listener);
    return () => this.listeners.delete(subscription);
  }

  /** Closes the connection; what is under way is rejected. */
  close(): Promise<void> {
    this.endedBy ??= new ConnectionError('connection.closed', 'the client has closed the connection');
    this.transport.close();
    return this.closed;
  }

  private receive(text: string): void {
    let message: Answer;
    try {
      message = JSON.parse(text);
      if (message.method !== undefined) this.notified(message.method, message.params);
      else this.answered(message);
    } catch (cause) {
      const { message } = cause as Error;
      this.endedBy ??= new ConnectionError('connection.protocol', `the server's message: ${message}`, undefined, {
        cause,
      });
      this.transport.close();
    }
  }

  private answered({ id, result, error }: Answer): void {
    const entry = this.pending.get(id!);
    const pending = entry?.pending;
    // Refused before its id could be read: there is no way to tell whose it is.
    if (entry === undefined || !pending) throw new Error(error?.message ?? `an answer to nothing (${id})`);
    this.pending.delete(id!);
    entry.pending = null;
    if (error === undefined) pending.resolve(result);
    else pending.reject(errorFromWire(error));
  }

  private notified(method: NotificationName, params: unknown): void {
    if (method === 'output') {
      const output = params as OutputParams;
      this.pending.get(output.request as number)?.pending?.output?.(output);
    } else if (method === 'suspended') {
      const suspended = params as SuspendedParams;
      this.pending.get(suspended.request as number)?.pending?.suspended?.(suspended);
    } else if (method === 'functionOutput' || method === 'functionEnded') {
      const message = { method, params } as SubscriptionMessage;
      this.listeners.get(message.params.subscription)?.message(message);
    }
  }

  private end(code: number, reason: string): void {
    const detail = reason === '' ? `code ${code}` : reason;
    const error = this.isOpen
      ? new ConnectionError('connection.closed', `the server has closed the connection: ${detail}`, code)
      : new ConnectionError('connection.failed', `cannot connect to ${this.url}: ${detail}`, code);
    this.endedBy ??= error;
    this.failed(this.endedBy);
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const { pending } of waiting) pending?.reject(this.endedBy);
    for (const listener of this.listeners.values()) listener.ended(this.endedBy);
    this.listeners.clear();
    this.isClosed();
  }
}

/** A character has one to three bytes in UTF-8. */
function isLongerThan(text: string, bytes: number): boolean {
  if (text.length * 3 <= bytes) return false;
  return text.length > bytes || new TextEncoder().encode(text).length > bytes;
}
