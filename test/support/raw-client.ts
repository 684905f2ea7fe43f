// A client that knows nothing but JSON-RPC: for tests of what a server answers, to what is right and to what is not. Every
// message that comes is checked against the protocol's schemas, so that they are as true as the server's own checks.
import { WebSocket } from 'ws';
import {
  METHODS,
  type MethodName,
  NOTIFICATIONS,
  type NotificationName,
  SUBPROTOCOL,
  serverMessage,
} from '../../host/protocol/index';

export interface RawAnswer {
  readonly id: string | number | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  readonly result?: any;
  readonly error?: { code: number; message: string; data: { code: string; [name: string]: unknown } };
}

export interface RawNotification {
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  readonly params: any;
}

export class RawClient {
  readonly answers: RawAnswer[] = [];
  readonly notifications: RawNotification[] = [];
  /** How the connection was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly methods = new Map<string | number, MethodName>();
  private wakers: (() => void)[] = [];
  private ids = 0;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.wake();
      });
    });
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      this.receive(JSON.parse(data.toString()));
      this.wake();
    });
  }

  /** Connects; rejects with the server's refusal. */
  static async connect(url: string, headers: Record<string, string> = {}, protocol = SUBPROTOCOL): Promise<RawClient> {
    const socket = new WebSocket(url, protocol === '' ? [] : protocol, { headers, perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_, response) => {
        let body = '';
        response.on('data', (data) => {
          body += String(data);
        });
        response.on('end', () => reject(new Error(`${response.statusCode} ${body}`)));
      });
    });
    return new RawClient(socket);
  }

  /** Sends a request and waits for its answer. */
  async call(method: string, params?: unknown, id: string | number = `request-${++this.ids}`): Promise<RawAnswer> {
    this.post(method, params, id);
    return this.answer(id);
  }

  /** Sends a request. */
  post(method: string, params: unknown, id: string | number): void {
    if (method in METHODS) this.methods.set(id, method as MethodName);
    this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) }));
  }

  /** Waits for the answer to a request. */
  answer(id: string | number | null): Promise<RawAnswer> {
    return this.wait(() => this.answers.find((answer) => answer.id === id));
  }

  /** Sends any text and waits for the next answer without an id. */
  async refused(text: string): Promise<NonNullable<RawAnswer['error']>> {
    const before = this.answers.length;
    this.socket.send(text);
    const answer = await this.wait(() => this.answers.slice(before).find(({ error }) => error !== undefined));
    return answer.error!;
  }

  /** Waits until `find` gives something. */
  async wait<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the connection is closed');
      await new Promise<void>((resolve) => this.wakers.push(resolve));
    }
  }

  close(): Promise<unknown> {
    this.socket.close();
    return this.closed;
  }

  private receive(message: RawAnswer & RawNotification): void {
    serverMessage.parse(message);
    if (message.method !== undefined) {
      NOTIFICATIONS[message.method as NotificationName].params.parse(message.params);
      this.notifications.push(message);
      return;
    }
    const method = this.methods.get(message.id!);
    if (method !== undefined && message.result !== undefined) METHODS[method].result.parse(message.result);
    this.answers.push(message);
  }

  private wake(): void {
    const { wakers } = this;
    this.wakers = [];
    for (const waker of wakers) waker();
  }
}
