// The HTTP client of Node: undici, over connections to addresses that were looked at first. A name is resolved here, each of
// its addresses is judged, and the connection goes to that very address: what the name says a moment later does not matter.
// Each request has a connection of its own, which ends with it: none can be reached through what another was granted.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector, request as send } from 'undici';
import { addressKey, type HttpClient, HttpRefusal, type HttpRequest, type HttpResponse } from '../../core/http';
import { isPublicAddress, plainAddress } from './addresses';

/** All addresses of a name. */
export type Resolver = (name: string) => Promise<readonly string[]>;

export interface NodeClientOptions {
  /** The system's by default. */
  readonly resolve?: Resolver;
}

const CONNECT_TIMEOUT_MS = 10_000;
const MAXIMUM_HEAD_BYTES = 32 * 1024;

const resolveBySystem: Resolver = async (name) =>
  (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address);

/** A client that reaches public addresses, and those others that a request's `privateAddresses` name. */
export function createNodeClient({ resolve = resolveBySystem }: NodeClientOptions = {}): HttpClient {
  return {
    async request({ method, url, headers, body, signal, privateAddresses }) {
      const agent = new Agent({
        connect: guardedConnector(resolve, privateAddresses, signal),
        connections: 1,
        pipelining: 1,
        maxHeaderSize: MAXIMUM_HEAD_BYTES,
        // Whoever waits has a timeout of its own.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      // Whatever is under way goes with it, a connection that is being made too.
      const destroy = () => void agent.destroy().catch(() => {});
      signal.addEventListener('abort', destroy, { once: true });
      const end = () => {
        signal.removeEventListener('abort', destroy);
        destroy();
      };
      try {
        signal.throwIfAborted();
        const response = await send(url, {
          dispatcher: agent,
          method: method as 'GET',
          headers: headers.flat(),
          body: body as Uint8Array | null,
          signal,
        });
        return {
          status: response.statusCode,
          headers: headersOf(response.headers),
          body: piecesOf(response.body, end),
        };
      } catch (error) {
        end();
        throw error;
      }
    },
  };
}

function headersOf(headers: Record<string, string | string[] | undefined>): HttpResponse['headers'] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
}

/** A body, at whose end, or when nobody wants more of it, the connection ends. */
function piecesOf(body: AsyncIterable<Uint8Array>, end: () => void): AsyncIterable<Uint8Array> {
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
        return { done: true, value: undefined };
      },
    }),
  };
}

function guardedConnector(
  resolve: Resolver,
  granted: HttpRequest['privateAddresses'],
  signal: AbortSignal,
): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  return (options, callback) => {
    const port = options.port === '' ? (options.protocol === 'https:' ? '443' : '80') : options.port;
    const name = options.hostname.replace(/^\[(.*)\]$/, '$1');
    const servername = isIP(name) === 0 ? (options.servername ?? name) : '';
    const tryFrom = (addresses: readonly string[], index: number): void => {
      if (signal.aborted) {
        callback(signal.reason, null);
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
