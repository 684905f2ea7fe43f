// The client: a host that is somewhere else, with the API's own shapes.
import type { Limits, Policies, SharedLimits } from '../../vm/index';
import type {
  BudgetOptions,
  DeployOptions,
  ExecuteOptions,
  ExecutionResult,
  FunctionDescription,
  RestoreOptions,
  TenantOptions,
} from '../core/index';
import { DEFAULT_PORT, PROTOCOL_PATH } from '../protocol/constants';
import type { Result } from '../protocol/index';
import type { RemoteExecution } from './calls';
import { Connection } from './connection';
import { ConnectionError } from './errors';
import type { FunctionLogEvent } from './function-logs';
import {
  type BudgetDescription,
  budgetFromWire,
  orUndefined,
  type RemoteFunction,
  RemoteTenant,
  type TenantDescription,
  tenantFromWire,
} from './tenant';
import type { OpenTransport } from './transport';
import { amountsToWire, budgetToWire, limitsFromWire } from './wire';

export interface ConnectOptions {
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
  /** Gives up connecting after so many milliseconds; default 10,000. */
  readonly timeoutMs?: number;
}

/** Where a server is that was started without options. */
export const DEFAULT_URL = `ws://127.0.0.1:${DEFAULT_PORT}${PROTOCOL_PATH}`;

const DEFAULT_TIMEOUT_MS = 10_000;

/** The host behind a server as it describes itself. */
export interface HostDescription extends BudgetDescription {
  /** Of each invocation when neither its function nor its tenant says otherwise. */
  readonly limits: Limits;
  /** What becomes of what these limits stop, where it is not the default. */
  readonly policies: Policies;
}

/**
 * A connection to a server. Its promises reject with ConnectionError, RemoteError, those of deploy with DeployError, those
 * of snapshots with SnapshotError. Without a tenant's name, functions are those of the tenant `default`.
 */
export class Client {
  /** Settled when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;
  private readonly own: RemoteTenant;

  constructor(
    private readonly connection: Connection,
    /** What the server says of itself: version, languages, capabilities, limits. */
    readonly server: Result<'initialize'>,
  ) {
    this.closed = connection.closed;
    this.own = new RemoteTenant(connection, undefined);
    connection.messageBytes = server.limits.messageBytes;
  }

  /** The tenant of that name, made if there is none; with options, changed to them if there is one. Rejects with RangeError. */
  async tenant(name: string = this.own.name, options: TenantOptions = {}): Promise<RemoteTenant> {
    const tenant = this.tenantNamed(name);
    await tenant.change(options);
    return tenant;
  }

  /** The tenant of that name, or undefined. */
  async getTenant(name: string): Promise<RemoteTenant | undefined> {
    const tenant = this.tenantNamed(name);
    return (await orUndefined(tenant.describe(), 'tenant.unknown')) && tenant;
  }

  /** A tenant of that name; whether there is one, nobody asks before something is wanted of it. */
  tenantNamed(name: string): RemoteTenant {
    return name === this.own.name ? this.own : new RemoteTenant(this.connection, name);
  }

  /** All tenants, by name. */
  async listTenants(): Promise<TenantDescription[]> {
    return (await this.connection.request('tenant.list', {})).tenants.map(tenantFromWire);
  }

  /** Forgets a tenant and its functions; what runs of them goes on. False when there is none of that name. */
  async removeTenant(name: string): Promise<boolean> {
    return (await this.connection.request('tenant.remove', { name })).removed;
  }

  /** The limits of the host, and what all invocations have used together. */
  async describeHost(): Promise<HostDescription> {
    const description = await this.connection.request('host.describe', {});
    const { limits, policies } = description;
    return { limits: limitsFromWire(limits), policies, ...budgetFromWire(description) };
  }

  /** Changes what all invocations together may use, while they run. Rejects with RangeError. */
  async changeBudget(budget: BudgetOptions): Promise<void> {
    await this.connection.request('host.change', { budget: budgetToWire(budget) });
  }

  /** Raises what all invocations together may use by these amounts. Rejects with RangeError. */
  async refill(more: Partial<SharedLimits>): Promise<void> {
    await this.connection.request('host.refill', { amounts: amountsToWire(more) });
  }

  /** Deploys a function, as host.deploy does; host functions and files that are found later cannot cross. */
  deploy(options: DeployOptions): Promise<RemoteFunction> {
    return this.own.deploy(options);
  }

  /**
   * Starts a call, as fn.execute does. It rejects when the server refuses it or the connection ends. Of `stdin`, an
   * iterable is read to its end before the call begins; a promise that `output` returns holds nothing.
   */
  execute(name: string, argument?: unknown, options: ExecuteOptions = {}): RemoteExecution {
    return this.own.execute(name, argument, options);
  }

  /** Starts `count` calls at once by one request, and gives their results in order. */
  executeMany(
    name: string,
    count: number,
    argument?: unknown,
    options: ExecuteOptions = {},
  ): Promise<ExecutionResult[]> {
    return this.own.executeMany(name, count, argument, options);
  }

  /** Goes on from a snapshot, as host.restore does. It rejects when the server refuses it, with SnapshotError for its bytes. */
  restore(snapshot: Uint8Array, options: RestoreOptions = {}): RemoteExecution {
    return this.own.restore(snapshot, options);
  }

  /** What is deployed, by name. */
  list(): Promise<FunctionDescription[]> {
    return this.own.list();
  }

  /** A function that is deployed. Rejects with RemoteError `function.unknown`. */
  describe(name: string): Promise<RemoteFunction> {
    return this.own.find(name);
  }

  /** The function of that name, or undefined. */
  get(name: string): Promise<RemoteFunction | undefined> {
    return this.own.get(name);
  }

  /** Forgets a function; what runs of it goes on. False when there is none of that name. */
  remove(name: string): Promise<boolean> {
    return this.own.remove(name);
  }

  /** What all executions of a function write from now on, whoever started them, and their ends. */
  logs(name: string): AsyncGenerator<FunctionLogEvent, void> {
    return this.own.logs(name);
  }

  /** Closes the connection: the server cancels what runs for it, what is suspended too. */
  close(): Promise<void> {
    return this.connection.close();
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
