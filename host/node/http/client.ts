// The HTTP client of Node: undici, over connections to addresses that were looked at first. A name is resolved here, each of
// its addresses is judged, and the connection goes to that very address: what the name says a moment later does not matter.
// A connection is used again by the deployment that has made it (pools.ts).
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { buildConnector, type Dispatcher, type Pool } from 'undici';
import { addressKey, type HttpClient, HttpRefusal, type HttpRequest, type HttpResponse } from '../../core/http';
import { isPublicAddress, plainAddress } from './addresses';
import { type MakeConnector, Pools } from './pools';

/** All addresses of a name. */
export type Resolver = (name: string) => Promise<readonly string[]>;

export interface NodeClientOptions {
  /** The system's by default. */
  readonly resolve?: Resolver;
  /** How long a connection is kept for further requests of its deployment, in milliseconds; 4,000 by default. */
  readonly keepAliveMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 4_000;
/** What may be asked once more when a connection that was used before turns out to have been closed meanwhile. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const CLOSED: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

const resolveBySystem: Resolver = async (name) =>
  (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address);

/** A client that reaches public addresses, and those others that a request's `privateAddresses` name. */
export function createNodeClient({
  resolve = resolveBySystem,
  keepAliveMs = KEEP_ALIVE_MS,
}: NodeClientOptions = {}): HttpClient {
  const pools = new Pools(keepAliveMs);
  return {
    async request(request) {
      const { url, privateAddresses, signal, body } = request;
      signal.throwIfAborted();
      const connect: MakeConnector = (isWanted) => guardedConnector(resolve, privateAddresses, isWanted);
      // A body that comes in pieces may stop in the middle: its connection is not used again.
      const isWhole = body === null || body instanceof Uint8Array;
      const pool = isWhole ? pools.poolFor(privateAddresses, url.origin, connect) : pools.single(url.origin, connect);
      let isOver = false;
      const end = () => {
        if (isOver) return;
        isOver = true;
        signal.removeEventListener('abort', end);
        // Whoever is gone leaves no connection, one that is being made included, unless others have requests there.
        if (isWhole) pools.release(pool, signal.aborted);
        else pools.end(pool);
      };
      signal.addEventListener('abort', end, { once: true });
      try {
        const response = await sendOnceMore(pool, request);
        return { status: response.statusCode, headers: headersOf(response.headers), body: piecesOf(response, end) };
      } catch (error) {
        end();
        throw error;
      }
    },
  };
}

/** Sends a request; once more when the connection that it was sent over turns out to have been closed meanwhile. */
async function sendOnceMore(pool: Pool, request: HttpRequest): Promise<Dispatcher.ResponseData> {
  const wasConnected = pool.stats.connected > 0;
  try {
    return await send(pool, request);
  } catch (error) {
    if (!wasConnected || !mayBeRepeated(request, error)) throw error;
    return send(pool, request);
  }
}

function send(pool: Pool, { method, url, headers, body, signal }: HttpRequest): Promise<Dispatcher.ResponseData> {
  return pool.request({
    path: url.pathname + url.search,
    method: method as 'GET',
    headers: headers.flat(),
    body: body as Uint8Array | null,
    signal,
  });
}

function mayBeRepeated({ method, body, signal }: HttpRequest, error: unknown): boolean {
  return SAFE_METHODS.has(method) && body === null && !signal.aborted && CLOSED.has((error as { code?: unknown }).code);
}

function headersOf(headers: Record<string, string | string[] | undefined>): HttpResponse['headers'] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}

/** A body; when nobody wants more of it before its end, the connection ends. */
function piecesOf({ body }: Dispatcher.ResponseData, end: () => void): AsyncIterable<Uint8Array> {
  // What breaks off later is told to whoever reads.
  body.on('error', () => {});
  const iterator = body[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const { done, value } = await iterator.next();
          if (!done) return { done: false, value };
        } catch (error) {
          end();
          throw error;
        }
        end();
        return { done: true, value: undefined };
      },
      async return() {
        end();
        body.destroy();
        return { done: true, value: undefined };
      },
    }),
  };
}

function guardedConnector(
  resolve: Resolver,
  granted: HttpRequest['privateAddresses'],
  isWanted: () => boolean,
): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  return (options, callback) => {
    const port = options.port === '' ? (options.protocol === 'https:' ? '443' : '80') : options.port;
    const name = options.hostname.replace(/^\[(.*)\]$/, '$1');
    const servername = isIP(name) === 0 ? (options.servername ?? name) : '';
    const tryFrom = (addresses: readonly string[], index: number): void => {
      if (!isWanted()) {
        callback(new Error('nobody waits for the connection any more'), null);
        return;
      }
      connect({ ...options, hostname: addresses[index]!, port, servername }, (error, socket) => {
        if (error === null) callback(null, socket);
        else if (index + 1 < addresses.length) tryFrom(addresses, index + 1);
        else callback(error, null);
      });
    };
    allowedAddresses(name, port, resolve, granted).then(
      (addresses) => tryFrom(addresses, 0),
      (error) => callback(error, null),
    );
  };
}

/** The addresses of a name; if one of them may not be reached, none may. Throws HttpRefusal. */
async function allowedAddresses(
  name: string,
  port: string,
  resolve: Resolver,
  granted: ReadonlySet<string>,
): Promise<string[]> {
  const addresses = (isIP(name) === 0 ? await resolve(name) : [name]).map(plainAddress);
  if (addresses.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
  for (const address of addresses) {
    if (isPublicAddress(address) || granted.has(addressKey(address, port) ?? '')) continue;
    throw new HttpRefusal(`'${name}' leads to an address of the host's own network`);
  }
  return addresses;
}
