// HTTP as handlers of syscalls need it: what a client must do, what a deployment allows, and fetch as a client for pages.
// Node's client, which guards addresses, is in host/node.
import { DeployError } from './errors';

export type HttpHeaders = readonly (readonly [name: string, value: string])[];

/** One request, without redirections: each is a request of its own. */
export interface HttpRequest {
  readonly method: string;
  /** http or https, without credentials. */
  readonly url: URL;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  /** Nobody waits for it any more: the connection must go. */
  readonly signal: AbortSignal;
  /** Addresses of the host's own network that may be reached all the same, as `addressKey` has them. */
  readonly privateAddresses: ReadonlySet<string>;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: HttpHeaders;
  /** Pulled piece by piece; `return()` ends the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Makes requests. What it rejects with is the guest's error; an HttpRefusal says more. */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>;
}

/** A request that a client will not make: its address belongs to the host's own network. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
}

/** What a deployment allows its function to reach. */
export interface HttpRule {
  /** A host's name or address; `*.example.com`: every name below it; `*`: every one. */
  readonly host: string;
  /** That of the URL's scheme without it. */
  readonly port?: number;
  /** All without it. */
  readonly methods?: readonly string[];
}

export interface HttpOptions {
  readonly allow: readonly HttpRule[];
  /** Addresses of the host's own network that may be reached, as `127.0.0.1:8080`: for tests and private services. */
  readonly privateAddresses?: readonly string[];
}

/** What guests may ask for. */
export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

export function portOf({ protocol, port }: URL): string {
  return port === '' ? DEFAULT_PORTS[protocol]! : port;
}

/** A host's name as URLs have it, without the dot that may end it. */
export function hostOf({ hostname }: URL): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}

/** An address and a port as one text, however the address was written. Undefined when they are none. */
export function addressKey(address: string, port: string): string | undefined {
  const host = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
  const url = URL.canParse(`http://${host}:${port}/`) ? new URL(`http://${host}:${port}/`) : null;
  if (url === null || !/^(\[[0-9a-f:]+\]|\d+\.\d+\.\d+\.\d+)$/.test(url.hostname)) return undefined;
  return `${url.hostname}:${portOf(url)}`;
}

interface CheckedRule {
  /** Null: every name. */
  readonly host: string | null;
  readonly isSuffix: boolean;
  readonly port: string | null;
  readonly methods: ReadonlySet<string> | null;
}

/** A deployment's rules, checked. */
export class HttpPolicy {
  private constructor(
    private readonly rules: readonly CheckedRule[],
    readonly privateAddresses: ReadonlySet<string>,
  ) {}

  /** `granted`: what the host grants beside what the deployment does. Throws DeployError `deploy.http`. */
  static of(options: HttpOptions | undefined, granted: readonly string[] = []): HttpPolicy {
    if (options === undefined) return new HttpPolicy([], new Set());
    if (typeof options !== 'object' || options === null || !Array.isArray(options.allow)) {
      throw wrong('http needs a list `allow`');
    }
    const addresses = [...(options.privateAddresses ?? []), ...granted].map(checkAddress);
    return new HttpPolicy(options.allow.map(checkRule), new Set(addresses));
  }

  isAllowed(method: string, url: URL): boolean {
    const host = hostOf(url);
    const port = portOf(url);
    return this.rules.some((rule) => {
      const isHost = rule.host === null || (rule.isSuffix ? host.endsWith(rule.host) : host === rule.host);
      const isPort = port === (rule.port ?? DEFAULT_PORTS[url.protocol]);
      return isHost && isPort && (rule.methods?.has(method) ?? true);
    });
  }
}

function checkAddress(text: string): string {
  const parts = typeof text === 'string' ? /^(.+):(\d+)$/.exec(text) : null;
  const key = parts === null ? undefined : addressKey(parts[1]!, parts[2]!);
  if (key === undefined) throw wrong(`${JSON.stringify(text)} is no address with a port, as 127.0.0.1:8080`);
  return key;
}

function checkRule({ host, port, methods }: HttpRule): CheckedRule {
  if (typeof host !== 'string') throw wrong('a rule needs a host');
  const name = host.replace(/^\*(\.|$)/, '');
  const text = `http://${name}/`;
  const isName = !/[/?#@\s]|:\d*$/.test(name.replace(/^\[.*\]$/, '')) && URL.canParse(text);
  if (host !== '*' && !isName) throw wrong(`${JSON.stringify(host)} is no host`);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw wrong(`${JSON.stringify(port)} is no port`);
  }
  for (const method of methods ?? []) {
    if (!(HTTP_METHODS as readonly string[]).includes(method)) {
      throw wrong(`${JSON.stringify(method)} is none of the methods ${HTTP_METHODS.join(', ')}`);
    }
  }
  const isSuffix = host.startsWith('*.');
  const canonical = host === '*' ? null : hostOf(new URL(text));
  return {
    host: isSuffix ? `.${canonical}` : canonical,
    isSuffix,
    port: port === undefined ? null : String(port),
    methods: methods === undefined ? null : new Set(methods),
  };
}

function wrong(detail: string): DeployError {
  return new DeployError('deploy.http', detail);
}

/**
 * A client over `fetch`, for pages: the browser says what may be reached (CORS), and shows no redirections. A body that comes in
 * pieces is sent when it is complete. It does not know addresses, so it guards none.
 */
export function createFetchClient(fetching: typeof fetch = (...args) => fetch(...args)): HttpClient {
  return {
    async request({ method, url, headers, body, signal }) {
      const sent = body === null || body instanceof Uint8Array ? body : await collect(body);
      const response = await fetching(url, {
        method,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
        body: sent as BodyInit | null,
        signal,
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
      if (response.type === 'opaqueredirect') throw new Error('a page is not shown where a redirection leads');
      return { status: response.status, headers: headersOf(response.headers), body: piecesOf(response.body) };
    },
  };
}

export function headersOf(headers: Headers): HttpHeaders {
  const list: [string, string][] = [];
  headers.forEach((value, name) => {
    list.push([name, value]);
  });
  return list;
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}

async function* piecesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
