// One client: its messages checked and handed to the methods, its answers, and everything that ends when it leaves.
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Steps } from '../../../vm/index';
import type { Execution } from '../../core/index';
import {
  METHODS,
  type MethodName,
  type NotificationName,
  request,
  requestId,
  type ServerLimits,
} from '../../protocol/index';
import { ExecuteRequest, type Requester, type Work } from './execute-request';
import { Inbox } from './inbox';
import { exceededBy } from './json-size';
import { encodeParts } from './json-text';
import { HANDLERS } from './methods';
import { Outbox } from './outbox';
import { limitReached, RequestError, toWireError } from './request-error';
import type { Store } from './store';
import type { Subscription, Subscriptions } from './subscriptions';
import { inTurns } from './turns';

export type RequestId = string | number;

/** What all connections of a server share. */
export interface Service {
  readonly store: Store;
  readonly subscriptions: Subscriptions;
  readonly limits: ServerLimits;
}

/** A request that executes and is under way; empty when it was. As in host/core/engine.ts, for tables outlive their entries. */
interface ExecutingEntry {
  request: ExecuteRequest | null;
  readonly bytes: number;
}

/** The standard code of closing for what cannot be handled. */
const CLOSE_UNSUPPORTED = 1003;

const PATIENCE_BEATS = 2;

export class Connection implements Requester {
  private readonly executing = new Map<RequestId, ExecutingEntry>();
  readonly subscribed = new Map<string, Subscription>();
  /** Executions that are under way, of all requests, and bytes of these requests. */
  private executions = 0;
  private executeBytes = 0;
  /** Bytes of the message that is being handled. */
  private messageBytes = 0;
  keptBytes = 0;
  /** Settled when all that was begun `inOrder` is done; null when it is. */
  private lastAnswer: Promise<void> | null = null;
  /** Settled when all long answers that were begun are sent. */
  private lastLong: Promise<void> = Promise.resolve();
  private readonly outbox: Outbox;
  private readonly inbox: Inbox;
  /** Settled when the client is gone. */
  readonly gone: Promise<void>;
  /** Beats since the last sign of life. */
  private beats = 0;
  private unread = 0;

  constructor(
    readonly service: Service,
    private readonly socket: WebSocket,
    stream: Duplex,
  ) {
    const { unreadBytes } = service.limits;
    this.outbox = new Outbox(socket, stream, unreadBytes, () => {
      this.beats = 0;
      this.inbox.resume();
    });
    this.inbox = new Inbox(
      socket,
      (message) => this.handle(message),
      () => this.outbox.isCongested,
    );
    socket.on('message', (message: Buffer, isBinary) => {
      this.beats = 0;
      if (isBinary) socket.close(CLOSE_UNSUPPORTED, 'messages are text');
      else this.inbox.receive(message);
    });
    socket.on('pong', () => {
      this.beats = 0;
    });
    // What comes is said by 'close' again; ws has chosen its code.
    socket.on('error', () => {});
    this.gone = new Promise((resolve) => {
      socket.once('close', () => {
        this.leave();
        resolve();
      });
    });
  }

  /** Ends a connection that has given no sign of life for so many beats: one may pass while this process is busy. */
  beat(): void {
    const unread = this.socket.bufferedAmount;
    // It reads, or what it has sent is not looked at for now.
    if (unread < this.unread || (this.inbox.isHeld && !this.outbox.isCongested)) this.beats = 0;
    this.unread = unread;
    if (this.beats++ < PATIENCE_BEATS) this.socket.ping();
    else this.socket.terminate();
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  get isCongested(): boolean {
    return this.outbox.isCongested;
  }

  room(): Promise<void> | undefined {
    return this.outbox.room();
  }

  notify(method: NotificationName, params: object): void {
    this.outbox.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  /** Answers a request with a result that is JSON text already. */
  private answer(id: RequestId, json: string): void {
    const [before, after] = this.around(id);
    this.outbox.send(`${before}${json}${after}`);
  }

  /** What stands around a result in its message. */
  private around(id: RequestId): readonly [before: string, after: string] {
    return [`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`, '}'];
  }

  private fail(id: RequestId | null, error: unknown): void {
    this.outbox.send(JSON.stringify({ jsonrpc: '2.0', id, error: toWireError(error) }));
  }

  /** Starts what a request wants; it ends with one of the two below. Throws RequestError, and what its start throws. */
  execute(id: RequestId, work: Work): void {
    const { limits } = this.service;
    const request = new ExecuteRequest(this, id, work);
    const executions = this.executions + request.count;
    if (executions > limits.executions) {
      throw limitReached('connection.executions', 'executions', limits.executions, executions);
    }
    const bytes = this.executeBytes + this.messageBytes;
    if (bytes > limits.executeBytes) {
      throw limitReached('connection.bytes', 'execute_bytes', limits.executeBytes, bytes);
    }
    this.executions = executions;
    this.executeBytes = bytes;
    this.executing.set(request.id, { request, bytes: this.messageBytes });
    try {
      request.start();
    } catch (error) {
      this.forget(request);
      throw error;
    }
  }

  *executed(request: ExecuteRequest, json: readonly string[]): Steps<void> {
    this.forget(request);
    const [before, after] = this.around(request.id);
    this.outbox.send(...(yield* encodeParts([before, ...json, after])));
  }

  inOrder(steps: Steps<void>): void {
    const begin = () => inTurns(steps);
    const last = (this.lastAnswer === null ? begin() : this.lastAnswer.then(begin)).then(() => {
      if (this.lastAnswer === last) this.lastAnswer = null;
    });
    this.lastAnswer = last;
  }

  executionFailed(request: ExecuteRequest, error: unknown): void {
    this.forget(request);
    this.fail(request.id, error);
  }

  /** An execution that is under way. Throws RequestError `execution.unknown`. */
  find({ request: id, index = 0 }: { request: RequestId; index?: number | undefined }): {
    execution: Execution;
    topic: string;
  } {
    const request = this.executing.get(id)?.request;
    const execution = request?.executionAt(index);
    if (!request || execution === undefined) throw new RequestError('execution.unknown');
    return { execution, topic: request.topic };
  }

  /**
   * Answers with a long message that `work` makes between the two texts which it is given: behind those that were asked for
   * before it, and when the client reads.
   */
  answerLong(id: RequestId, work: (before: string, after: string) => Promise<Buffer>): void {
    const [before, after] = this.around(id);
    this.lastLong = this.lastLong
      .then(() => this.room())
      .then(() => work(before, after))
      .then(
        (message) => this.outbox.send(message),
        (error: unknown) => this.fail(id, error),
      );
  }

  /** Ends what a request runs; false when it is not under way. */
  cancel(id: RequestId): boolean {
    const request = this.executing.get(id)?.request;
    request?.cancel();
    return request !== undefined;
  }

  private forget({ id, count }: ExecuteRequest): void {
    this.executions -= count;
    const entry = this.executing.get(id)!;
    this.executeBytes -= entry.bytes;
    this.executing.delete(id);
    entry.request = null;
  }

  private handle(message: Buffer): void {
    let id: RequestId | null = null;
    this.messageBytes = message.length;
    try {
      const value = this.parse(message);
      // What has no id is a notification, which gets no answer; there is none that does anything.
      if (isNotification(value)) return;
      const checked = request.safeParse(value);
      if (!checked.success) {
        id = idOf(value);
        throw new RequestError('message.request', describeIssue(checked.error.issues[0]!));
      }
      id = checked.data.id;
      this.call(id, checked.data.method, checked.data.params ?? {});
    } catch (error) {
      this.fail(id, error);
    }
  }

  private parse(message: Buffer): unknown {
    const exceeded = exceededBy(message, this.service.limits);
    if (exceeded !== null) throw new RequestError(exceeded);
    let value: unknown;
    try {
      value = JSON.parse(message.toString());
    } catch (error) {
      throw new RequestError('message.json', (error as Error).message.slice(0, 200));
    }
    if (Array.isArray(value)) throw new RequestError('message.batch');
    return value;
  }

  private call(id: RequestId, method: string, params: unknown): void {
    if (this.executing.has(id)) throw new RequestError('message.id');
    if (!isMethod(method)) throw new RequestError('method.unknown', `there is no method '${method.slice(0, 100)}'`);
    const checked = METHODS[method].params.safeParse(params);
    if (!checked.success) throw new RequestError('params.invalid', describeIssue(checked.error.issues[0]!));
    const handler = HANDLERS[method] as (connection: Connection, params: unknown, id: RequestId) => unknown;
    const result = handler(this, checked.data, id);
    if (result === undefined) return;
    if (!(result instanceof Promise)) this.answer(id, JSON.stringify(result));
    else {
      result.then(
        (value) => this.answer(id, JSON.stringify(value)),
        (error: unknown) => this.fail(id, error),
      );
    }
  }

  /** The client is gone: nothing of it goes on. */
  private leave(): void {
    this.inbox.close();
    this.outbox.close();
    for (const { request } of this.executing.values()) request?.cancel();
    for (const subscription of this.subscribed.values()) this.service.subscriptions.remove(subscription);
    this.subscribed.clear();
  }
}

function isNotification(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Object.hasOwn(value, 'id') && Object.hasOwn(value, 'method');
}

/** The id of what is no request, if it has one that is allowed. */
function idOf(value: unknown): RequestId | null {
  const checked = requestId.safeParse((value as { id?: unknown } | null)?.id);
  return checked.success ? checked.data : null;
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

function describeIssue({ path, message }: { path: readonly PropertyKey[]; message: string }): string {
  const place = path.map(String).join('.').slice(0, 200);
  return (place === '' ? message : `${place}: ${message}`).slice(0, 1000);
}
