// The client: a host that is somewhere else, with the API's own shapes.
import type { Diagnostic } from '../../frontends/diagnostics';
import type { Limits } from '../../vm/index';
import type { Execution } from '../core/execution';
import type { DeployOptions, ExecuteOptions, ExecutionResult, FunctionDescription } from '../core/index';
import { DEFAULT_PORT, PROTOCOL_PATH } from '../protocol/constants';
import type { Result } from '../protocol/index';
import { callMany, startCall } from './calls';
import { Connection } from './connection';
import { ConnectionError, RemoteError } from './errors';
import { type FunctionLogEvent, readFunctionLogs } from './function-logs';
import type { OpenTransport } from './transport';
import { deployToWire, limitsFromWire } from './wire';

export interface ConnectOptions {
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
  /** Gives up connecting after so many milliseconds; default 10,000. */
  readonly timeoutMs?: number;
}

/** Where a server is that was started without options. */
export const DEFAULT_URL = `ws://127.0.0.1:${DEFAULT_PORT}${PROTOCOL_PATH}`;

const DEFAULT_TIMEOUT_MS = 10_000;

/** A deployed function as its server describes it. */
export interface RemoteDescription extends FunctionDescription {
  /** Warnings of its compilation. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A function on the server. It is called by its name: whatever is deployed under it then. */
export class RemoteFunction implements RemoteDescription {
  readonly name: string;
  readonly language: string;
  readonly id: string;
  readonly limits: Limits;
  readonly capabilities: readonly string[];
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    private readonly client: Client,
    { name, language, id, limits, capabilities, diagnostics }: RemoteDescription,
  ) {
    this.name = name;
    this.language = language;
    this.id = id;
    this.limits = limits;
    this.capabilities = capabilities;
    this.diagnostics = diagnostics;
  }

  /** As Client.execute. */
  execute(argument?: unknown, options?: ExecuteOptions): Execution {
    return this.client.execute(this.name, argument, options);
  }

  /** As Client.executeMany. */
  executeMany(count: number, argument?: unknown, options?: ExecuteOptions): Promise<ExecutionResult[]> {
    return this.client.executeMany(this.name, count, argument, options);
  }

  /** As Client.logs. */
  logs(): AsyncGenerator<FunctionLogEvent, void> {
    return this.client.logs(this.name);
  }
}

/** A connection to a server. Its promises reject with ConnectionError, RemoteError, and those of deploy with DeployError. */
export class Client {
  /** Settled when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;

  constructor(
    private readonly connection: Connection,
    /** What the server says of itself: version, languages, capabilities, limits. */
    readonly server: Result<'initialize'>,
  ) {
    this.closed = connection.closed;
    connection.messageBytes = server.limits.messageBytes;
  }

  /** Deploys a function, as host.deploy does; host functions and files that are found later cannot cross. */
  async deploy(options: DeployOptions): Promise<RemoteFunction> {
    return this.functionFrom(await this.connection.request('deploy', deployToWire(options)));
  }

  /**
   * Starts a call, as fn.execute does. It rejects when the server refuses it or the connection ends. Of `stdin`, an
   * iterable is read to its end before the call begins; a promise that `output` returns holds nothing.
   */
  execute(name: string, argument?: unknown, options: ExecuteOptions = {}): Execution {
    return startCall(this.connection, name, argument, options);
  }

  /** Starts `count` calls at once by one request, and gives their results in order. */
  executeMany(
    name: string,
    count: number,
    argument?: unknown,
    options: ExecuteOptions = {},
  ): Promise<ExecutionResult[]> {
    return callMany(this.connection, name, count, argument, options);
  }

  /** What is deployed, by name. */
  async list(): Promise<FunctionDescription[]> {
    const { functions } = await this.connection.request('list', {});
    return functions.map((description) => ({ ...description, limits: limitsFromWire(description.limits) }));
  }

  /** A function that is deployed. Rejects with RemoteError `function.unknown`. */
  async describe(name: string): Promise<RemoteFunction> {
    return this.functionFrom(await this.connection.request('describe', { name }));
  }

  /** The function of that name, or undefined. */
  async get(name: string): Promise<RemoteFunction | undefined> {
    try {
      return await this.describe(name);
    } catch (error) {
      if (error instanceof RemoteError && error.code === 'function.unknown') return undefined;
      throw error;
    }
  }

  /** Forgets a function; what runs of it goes on. False when there is none of that name. */
  async remove(name: string): Promise<boolean> {
    return (await this.connection.request('remove', { name })).removed;
  }

  /** What all executions of a function write from now on, whoever started them, and their ends. */
  logs(name: string): AsyncGenerator<FunctionLogEvent, void> {
    return readFunctionLogs(this.connection, name);
  }

  /** Closes the connection: the server cancels what runs for it. */
  close(): Promise<void> {
    return this.connection.close();
  }

  private functionFrom(description: Result<'describe'>): RemoteFunction {
    const { limits, diagnostics, ...others } = description;
    const warnings = diagnostics as readonly Diagnostic[];
    return new RemoteFunction(this, { ...others, limits: limitsFromWire(limits), diagnostics: warnings });
  }
}

/** The WebSocket that a text means: `host:port`, `http://host:port` and `ws://host:port/v1` are the same. */
export function toSocketUrl(text: string): string {
  const url = new URL(/^[a-z]+:\/\//i.test(text) ? text : `ws://${text}`);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw new TypeError(`'${text}' is no address of a server`);
  if (url.pathname === '/' || url.pathname === '') url.pathname = PROTOCOL_PATH;
  return url.href;
}

/** Connects by a transport. */
export async function connectBy(open: OpenTransport, url: string, options: ConnectOptions): Promise<Client> {
  const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const connection = new Connection(toSocketUrl(url), open);
  let giveUp!: (error: ConnectionError) => void;
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const fail = (reason: string) => giveUp(new ConnectionError('connection.failed', `${connection.url}: ${reason}`));
  const timer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
  const abort = () => fail('given up');
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  try {
    const ready = connection.ready().then(() => connection.request('initialize', {}));
    return new Client(connection, await Promise.race([ready, givenUp]));
  } catch (error) {
    connection.close();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
