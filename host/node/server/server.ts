// The server: listens, lets connections in, and ends them. What a connection does is connection.ts's.

import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type {
  BudgetOptions,
  DeployedFunction,
  DeployOptions,
  Frontend,
  Host,
  LimitOptions,
  TenantOptions,
} from '../../core/index';
import { DEFAULT_PORT, PROTOCOL_PATH, type ServerLimits, SUBPROTOCOL } from '../../protocol/index';
import { createHost } from '../host';
import { Connection, type Service } from './connection';
import { refusalOf } from './door';
import { CONNECTION_LIMITS, HEARTBEAT_MS, SERVED_FUNCTION_LIMITS, STORE_LIMITS, type StoreLimits } from './limits';
import { createPages } from './pages';
import { Store } from './store';
import { Subscriptions } from './subscriptions';

export interface ServeOptions {
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** Default 7433; 0 takes any that is free. */
  readonly port?: number;
  /** Threads that take the turns of long calls, 0 to 256; by default one for each core beside the server's own. */
  readonly workers?: number;
  /** Names beside addresses and `localhost` under which clients may call the server. */
  readonly allowedHosts?: readonly string[];
  /** Languages beside sm, lua and c. */
  readonly frontends?: readonly Frontend[];
  /** Addresses of the server's own network that functions may reach whose allow-lists have them, as `127.0.0.1:8080`. */
  readonly privateAddresses?: readonly string[];
  /** Over what applies to served functions that say nothing else. */
  readonly limits?: LimitOptions;
  /** Of all invocations together. */
  readonly budget?: BudgetOptions;
  /** Tenants beside `default`, by name. */
  readonly tenants?: Readonly<Record<string, TenantOptions>>;
  /** Over what one connection may do. */
  readonly connectionLimits?: Partial<ServerLimits>;
  /** Over what the server keeps. */
  readonly storeLimits?: Partial<StoreLimits>;
  /** A folder with the built playground, served at `/`. */
  readonly pages?: string;
  /** Milliseconds between two looks at whether each client is still there. */
  readonly heartbeatMs?: number;
}

/** How long clients have to close their side. */
const CLOSING_MS = 1000;
const CLOSE_GOING_AWAY = 1001;

/** A server that listens. */
export interface Server {
  /** Where pages are: `http://127.0.0.1:7433`. */
  readonly address: string;
  /** Where clients connect: `ws://127.0.0.1:7433/v1`. */
  readonly url: string;
  readonly port: number;
  /** The host of the functions that are served. */
  readonly host: Host;
  readonly connectionCount: number;
  /** Deploys a function as a client would, within the server's limits. */
  deploy(options: DeployOptions, tenant?: string): Promise<DeployedFunction>;
  /** Refuses new connections, cancels what runs, says good-bye to clients, and waits until all is over. */
  close(): Promise<void>;
}

// Not exported: its parts' types would ask the package's users for the types of ws.
class RunningServer implements Server {
  readonly address: string;
  readonly url: string;
  readonly port: number;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly http: HttpServer,
    private readonly sockets: WebSocketServer,
    private readonly connections: ReadonlySet<Connection>,
    private readonly heart: NodeJS.Timeout,
    private readonly store: Store,
  ) {
    const { address, family, port } = http.address() as AddressInfo;
    const authority = `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    this.address = `http://${authority}`;
    this.url = `ws://${authority}${PROTOCOL_PATH}`;
    this.port = port;
  }

  get host(): Host {
    return this.store.host;
  }

  deploy(options: DeployOptions, tenant?: string): Promise<DeployedFunction> {
    return this.store.add(options, tenant);
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    clearInterval(this.heart);
    const gone = [...this.connections].map((connection) => connection.gone);
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    for (const connection of this.connections) connection.close(CLOSE_GOING_AWAY, 'the server ends');
    const timer = setTimeout(() => {
      for (const connection of this.connections) connection.terminate();
      this.http.closeAllConnections();
    }, CLOSING_MS);
    await this.host.close();
    this.http.closeIdleConnections();
    await Promise.all([closed, ...gone]);
    clearTimeout(timer);
    this.sockets.close();
  }
}

/** Starts a server. Rejects with the system's error when it cannot listen, with TypeError, RangeError or HostError for wrong options. */
export async function startServer(options: ServeOptions = {}): Promise<Server> {
  const { host: name = '127.0.0.1', port = DEFAULT_PORT, frontends = [], heartbeatMs = HEARTBEAT_MS } = options;
  const { budget, tenants = {}, workers } = options;
  const host = await createHost({
    frontends,
    privateAddresses: options.privateAddresses ?? [],
    limits: { ...SERVED_FUNCTION_LIMITS, ...options.limits },
    ...(budget !== undefined && { budget }),
    ...(workers !== undefined && { workers }),
  });
  const limits = { ...CONNECTION_LIMITS, ...options.connectionLimits };
  const storeLimits = { ...STORE_LIMITS, ...options.storeLimits };
  const store = new Store(host, storeLimits, limits.deployBytes);
  for (const [tenant, given] of Object.entries(tenants)) store.setTenant(tenant, given);
  const allowedHosts = [...(options.allowedHosts ?? []), name];
  const connections = new Set<Connection>();
  const http = createServer(createPages(options.pages, allowedHosts));
  // Beside WebSockets, those that only want a page, or have not said what they want.
  http.maxConnections = 2 * storeLimits.connections;
  const service = { store, subscriptions: new Subscriptions(), limits };
  const sockets = acceptConnections(http, service, connections, allowedHosts, storeLimits.connections);
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, name, resolve);
  });
  // A connection that could not be accepted, for want of file descriptors for example, is its client's trouble.
  http.on('error', () => {});
  const beat = () => {
    for (const connection of connections) connection.beat();
  };
  // Behind what has come in: signs of life that wait to be read must count.
  const heart = setInterval(() => setImmediate(beat), heartbeatMs);
  heart.unref();
  return new RunningServer(http, sockets, connections, heart, store);
}

function acceptConnections(
  http: HttpServer,
  service: Service,
  connections: Set<Connection>,
  allowedHosts: readonly string[],
  most: number,
): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: service.limits.messageBytes,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  http.on('upgrade', (request, stream: Duplex, head) => {
    // Whoever breaks off in the middle of the handshake.
    stream.on('error', () => {});
    const refusal = upgradeRefusalOf(request, allowedHosts, connections.size >= most);
    if (refusal !== null) return refuse(stream, refusal);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const connection = new Connection(service, socket, stream);
      connections.add(connection);
      socket.once('close', () => connections.delete(connection));
    });
  });
  return sockets;
}

interface UpgradeRefusal {
  readonly status: string;
  readonly message: string;
}

const REASONS: Readonly<Record<number, string>> = { 400: 'Bad Request', 403: 'Forbidden' };

function upgradeRefusalOf(
  request: IncomingMessage,
  allowedHosts: readonly string[],
  isFull: boolean,
): UpgradeRefusal | null {
  const refusal = refusalOf(request, allowedHosts);
  if (refusal !== null) return { status: `${refusal.status} ${REASONS[refusal.status]}`, message: refusal.message };
  if (request.url?.split('?', 1)[0] !== PROTOCOL_PATH) {
    return { status: '404 Not Found', message: `the protocol is at ${PROTOCOL_PATH}` };
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    return { status: '400 Bad Request', message: `the subprotocol ${SUBPROTOCOL} must be offered` };
  }
  return isFull
    ? { status: '503 Service Unavailable', message: 'the server has as many connections as it takes' }
    : null;
}

function refuse(stream: Duplex, { status, message }: UpgradeRefusal): void {
  const body = `${message}\n`;
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8`;
  stream.once('finish', () => stream.destroy());
  stream.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
