// HTTP syscalls: what a guest says checked, and the requests that it has open.
import {
  type GuestValue,
  type HostValue,
  MAXIMUM_BODY_BYTES,
  type Syscall,
  type SyscallArgument,
  TooLong,
} from '../../../vm/index';
import { HTTP_METHODS, type HttpHeaders, headersOf } from '../http';
import { failure } from './failures';
import type { Handler } from './handler';
import {
  BodyPipe,
  Exchange,
  type ExchangeTools,
  isHttp,
  MAXIMUM_HEAD_BYTES,
  type RequestSpec,
  type ResponseHead,
} from './http-exchange';

const DEFAULT_TIMEOUT_MS = 30_000;
const LONGEST_TIMEOUT_MS = 600_000;
/** Characters of a URL. */
const MAXIMUM_URL_LENGTH = 8192;
/** Checking each of them takes some microseconds. Servers take fewer. */
export const MAXIMUM_HEADERS = 256;

/** Headers that say how a message is transferred, or to whom: the client's own. */
const FORBIDDEN_HEADERS: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'content-length', 'te', 'trailer'],
  ...['upgrade', 'expect', 'proxy-authorization', 'http2-settings'],
]);

/** One execution's open requests. */
export class HttpCalls {
  private readonly open = new Map<number, Exchange>();
  private isClosed = false;
  private nextHandle: number;

  /**
   * `tools`: null where there is no client. `firstHandle`: a number that no earlier life of the execution is likely to have used;
   * what was open in it is not open here.
   */
  constructor(
    private readonly tools: ExchangeTools | null,
    firstHandle: number,
  ) {
    this.nextHandle = firstHandle;
  }

  /** Sends a request with its body; the head of the response. */
  async request(asked: GuestValue, given: Uint8Array | TooLong): Promise<HostValue> {
    const body = checkBody(given);
    const { handle, exchange } = await this.start(specOf(asked, body.length > 0), body.length > 0 ? body : null);
    try {
      return headOf(handle, await exchange.head());
    } catch (error) {
      this.close(handle);
      throw error;
    }
  }

  /** Begins a request whose body comes in pieces: its handle. */
  async begin(asked: GuestValue): Promise<number> {
    const spec = specOf(asked, false);
    if (spec.isFollowing) throw failure('http.request', 'redirections cannot be followed with a body in pieces');
    const { handle, exchange } = await this.start(spec, new BodyPipe());
    exchange.begin();
    return handle;
  }

  async write(handle: number, bytes: Uint8Array | TooLong): Promise<number> {
    return this.find(handle).write(checkBody(bytes));
  }

  async response(handle: number): Promise<HostValue> {
    return headOf(handle, await this.find(handle).head());
  }

  /** The end closes it. */
  async read(handle: number, most: number): Promise<Uint8Array | null> {
    const bytes = await this.find(handle).read(most);
    if (bytes === null) this.close(handle);
    return bytes;
  }

  /** Nothing happens when there is none. */
  close(handle: number): undefined {
    this.open.get(handle)?.close();
    this.open.delete(handle);
  }

  closeAll(): void {
    this.isClosed = true;
    for (const exchange of this.open.values()) exchange.close();
    this.open.clear();
  }

  private find(handle: number): Exchange {
    const exchange = this.open.get(handle);
    if (exchange === undefined) {
      throw failure('http.handle', `no request ${handle} is open here; one is closed by its end, and by a snapshot`);
    }
    return exchange;
  }

  private async start(
    spec: RequestSpec,
    body: Uint8Array | BodyPipe | null,
  ): Promise<{ handle: number; exchange: Exchange }> {
    const { tools } = this;
    if (tools === null) throw failure('http.unavailable', 'this host has no HTTP client');
    await tools.charges.charge('openRequests', 1);
    // The execution may have ended between its turn and now.
    if (this.isClosed) {
      tools.charges.release('openRequests', 1);
      throw failure('http.handle', 'the execution has ended');
    }
    const exchange = new Exchange(spec, body, tools);
    const handle = this.nextHandle++;
    this.open.set(handle, exchange);
    try {
      await exchange.chargeRequest();
    } catch (error) {
      this.close(handle);
      throw error;
    }
    return { handle, exchange };
  }
}

/** The head of a response for a guest: the handle first, then the status. */
function headOf(handle: number, { status, url, headers }: ResponseHead): HostValue {
  const merged = new Map<string, HostValue>();
  for (const [name, value] of headers) {
    const before = merged.get(name);
    // The one header whose values may have commas in them.
    const separator = name === 'set-cookie' ? '\n' : ', ';
    merged.set(name, before === undefined ? value : `${before}${separator}${value}`);
  }
  return new Map<string, HostValue>([
    ['handle', handle],
    ['status', status],
    ['url', url],
    ['headers', merged],
  ]);
}

const FIELDS = ['method', 'url', 'headers', 'redirect', 'timeoutMs'];

/** What a guest asks for, if it is possible. Throws SyscallFailure `http.request`. */
function specOf(asked: GuestValue, hasBody: boolean): RequestSpec {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) throw wrong('a request is an object');
  const fields = asked as Record<string, GuestValue>;
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw wrong(`it has no '${unknown}' (${FIELDS.join(', ')})`);
  const { url: text, redirect = 'manual', timeoutMs = DEFAULT_TIMEOUT_MS } = fields;
  const named = fields.method ?? 'GET';
  const method = typeof named === 'string' ? named.slice(0, 20).toUpperCase() : typeof named;
  if (!(HTTP_METHODS as readonly string[]).includes(method)) throw wrong(`no method ${method}`);
  if (hasBody && (method === 'GET' || method === 'HEAD')) throw wrong(`${method} has no body`);
  if (typeof text !== 'string' || text.length > MAXIMUM_URL_LENGTH || !URL.canParse(text))
    throw wrong('its url is none');
  const url = new URL(text);
  if (!isHttp(url)) throw wrong('its url must be http or https, without user and password');
  url.hash = '';
  if (redirect !== 'manual' && redirect !== 'follow') throw wrong("redirect must be 'manual' or 'follow'");
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= LONGEST_TIMEOUT_MS)) {
    throw wrong(`timeoutMs must be above 0 and at most ${LONGEST_TIMEOUT_MS}`);
  }
  return { method, url, headers: checkHeaders(fields.headers ?? null), isFollowing: redirect === 'follow', timeoutMs };
}

/** Throws SyscallFailure `http.request`. */
function checkBody(body: Uint8Array | TooLong): Uint8Array {
  if (!(body instanceof TooLong)) return body;
  throw wrong(`a body of ${body.length} bytes (at most ${MAXIMUM_BODY_BYTES} go at once, more in pieces)`);
}

/** Name to value, as the Fetch standard checks them; names in lower case. */
function checkHeaders(asked: GuestValue): HttpHeaders {
  if (asked === null || (Array.isArray(asked) && asked.length === 0)) return [];
  if (typeof asked !== 'object' || Array.isArray(asked)) throw wrong('headers are an object of names and values');
  const headers = new Headers();
  let bytes = 0;
  const names = Object.keys(asked);
  if (names.length > MAXIMUM_HEADERS) throw wrong(`more than ${MAXIMUM_HEADERS} headers`);
  for (const name of names) {
    const value = (asked as Record<string, GuestValue>)[name];
    bytes += name.length + (typeof value === 'string' ? value.length : 0);
    if (bytes > MAXIMUM_HEAD_BYTES) throw wrong(`headers of more than ${MAXIMUM_HEAD_BYTES} characters`);
    if (FORBIDDEN_HEADERS.has(name.toLowerCase())) throw wrong(`the header ${name} is not the guest's to say`);
    if (typeof value !== 'string' && typeof value !== 'number') throw wrong(`the header ${name} is no text`);
    try {
      headers.append(name, String(value));
    } catch {
      throw wrong(`the header ${JSON.stringify(name.slice(0, 40))} has characters that are not possible`);
    }
  }
  return headersOf(headers);
}

function wrong(detail: string): Error {
  return failure('http.request', detail);
}

/** Whether asking it twice is as good as once. */
export function isRepeatableRequest({ name }: Syscall, [asked]: readonly SyscallArgument[]): boolean {
  if (name !== 'http_request') return false;
  const method = (asked as { method?: unknown } | null)?.method ?? 'GET';
  return typeof method === 'string' && ['GET', 'HEAD'].includes(method.toUpperCase());
}

/** By syscall. */
export const HTTP_HANDLERS: Readonly<Record<string, Handler>> = {
  http_request: ({ http }, [asked, body]) => http.request(asked as GuestValue, body as Uint8Array | TooLong),
  http_open: ({ http }, [asked]) => http.begin(asked as GuestValue),
  http_write: ({ http }, [handle, bytes]) => http.write(handle as number, bytes as Uint8Array | TooLong),
  http_response: ({ http }, [handle]) => http.response(handle as number),
  http_read: ({ http }, [handle, most]) => http.read(handle as number, most as number),
  http_close: ({ http }, [handle]) => http.close(handle as number),
};
