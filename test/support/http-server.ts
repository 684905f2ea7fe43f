// A local HTTP server for tests, that counts its connections and keeps what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (response: ServerResponse, asked: AskedRequest, request: IncomingMessage) => void;

export interface TestServer {
  readonly port: number;
  /** As a deployment grants it. */
  readonly address: string;
  readonly url: string;
  readonly asked: AskedRequest[];
  /** Connections that are open, and those of them on which a request is under way. */
  readonly sockets: Set<Socket>;
  readonly busy: Set<Socket>;
  /** How many connections were made so far. */
  readonly connectionCount: number;
  /** Waits until no request is under way. */
  idle(): Promise<void>;
  /** Ends the connections on which none is. */
  closeIdle(): void;
  close(): void;
}

/** Starts a server on 127.0.0.1 that answers by path; `answers` without one for it: 404. */
export async function startHttpServer(answers: Readonly<Record<string, Answer>>): Promise<TestServer> {
  const asked: AskedRequest[] = [];
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  let connectionCount = 0;
  const server = createServer(async (request, response) => {
    const { socket } = request;
    busy.add(socket);
    response.on('close', () => busy.delete(socket));
    const path = request.url!.split('?')[0]!;
    let body = '';
    if (path !== '/unread') for await (const piece of request) body += piece;
    const record = { method: request.method!, url: request.url!, headers: request.headers, body };
    asked.push(record);
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end('not here');
    else answer(response, record, request);
  });
  server.keepAliveTimeout = 120_000;
  server.on('connection', (socket) => {
    connectionCount++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      busy.delete(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    address: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    asked,
    sockets,
    busy,
    get connectionCount() {
      return connectionCount;
    },
    async idle() {
      while (busy.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    },
    closeIdle() {
      server.closeIdleConnections();
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
