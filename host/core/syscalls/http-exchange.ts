// One request of a guest and its response, however many redirections are between: the body that is sent, the body that
// comes, what both charge, and the end of all of it.
import type { Charges } from '../../../vm/index';
import { type HttpClient, type HttpHeaders, type HttpPolicy, HttpRefusal, type HttpResponse } from '../http';
import { failure, messageOf } from './failures';

/** Redirections that are followed for one request. */
export const MAXIMUM_REDIRECTIONS = 5;
/** Characters of a head: of a request's headers, and of a response's, since what a guest gets of them is JSON. */
export const MAXIMUM_HEAD_BYTES = 32 * 1024;
/** Headers of a response: those of one name are joined in one go. Servers send some ten. */
export const MAXIMUM_RESPONSE_HEADERS = 1024;

/** What a guest asks for, checked. */
export interface RequestSpec {
  readonly method: string;
  readonly url: URL;
  readonly headers: HttpHeaders;
  readonly isFollowing: boolean;
  readonly timeoutMs: number;
}

/** What an exchange is made with. */
export interface ExchangeTools {
  readonly client: HttpClient;
  readonly policy: HttpPolicy;
  readonly charges: Charges;
  readonly startTimer: (milliseconds: number, callback: () => void) => () => void;
}

type Body = Uint8Array | BodyPipe | null;

/** The head of the response, as a guest gets it. */
export interface ResponseHead {
  readonly status: number;
  readonly url: string;
  readonly headers: HttpHeaders;
}

export class Exchange {
  private readonly controller = new AbortController();
  private iterator: AsyncIterator<Uint8Array> | null = null;
  private rest: Uint8Array = new Uint8Array(0);
  private isTimedOut = false;
  private isClosed = false;
  private response: Promise<HttpResponse> | null = null;

  /** It holds one of the `openRequests` until it is closed, which the caller has charged. */
  constructor(
    private spec: RequestSpec,
    private readonly body: Body,
    private readonly tools: ExchangeTools,
  ) {}

  /** Sends a body that comes in pieces, from now on. */
  begin(): void {
    this.response = this.send();
    // Whoever writes or waits for the response hears of it.
    this.response.catch((error: unknown) => (this.body as BodyPipe).fail(error));
  }

  /** Sends a piece of the body; settled when it has gone on. */
  async write(bytes: Uint8Array): Promise<number> {
    const isOpen = this.body instanceof BodyPipe && !this.body.isEnded && mayHaveBody(this.spec.method);
    if (!isOpen) throw failure('http.state', 'it has no body that comes in pieces');
    await this.tools.charges.charge('networkOutBytes', bytes.length);
    await this.inTime((this.body as BodyPipe).push(bytes));
    return bytes.length;
  }

  /** Ends the body; the response's head when it is there, redirections followed as the guest wants. */
  async head(): Promise<ResponseHead> {
    if (this.iterator !== null) throw failure('http.state', 'its response is here already');
    if (this.body instanceof BodyPipe) this.body.end();
    let response = await this.inTime(this.response ?? this.send());
    for (let count = 0; ; count++) {
      await this.chargeHead(response);
      const next = this.spec.isFollowing ? redirection(this.spec, response) : null;
      if (next === null) break;
      if (count === MAXIMUM_REDIRECTIONS) {
        throw failure('http.redirect', `more than ${MAXIMUM_REDIRECTIONS} redirections`);
      }
      await endOf(response);
      this.spec = next;
      await this.chargeRequest();
      response = await this.inTime(this.send());
    }
    this.iterator = response.body[Symbol.asyncIterator]();
    const { status, headers } = response;
    return { status, url: this.spec.url.href, headers };
  }

  /** At least one byte of the response's body and at most `most`; null at the end. */
  async read(most: number): Promise<Uint8Array | null> {
    if (this.iterator === null) throw failure('http.state', 'its response was not asked for');
    if (most === 0) return new Uint8Array(0);
    while (this.rest.length === 0) {
      const { done, value } = await this.inTime(this.iterator.next());
      if (done) return null;
      await this.tools.charges.charge('networkInBytes', value.length);
      this.rest = value;
    }
    const bytes = this.rest.subarray(0, most);
    this.rest = this.rest.subarray(most);
    return bytes;
  }

  /** Ends it, whatever it does: the connection goes at once. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.controller.abort();
    this.iterator?.return?.()?.catch(() => {});
    this.tools.charges.release('openRequests', 1);
  }

  /** Charges a request and its head; the bytes of a body that is complete too. Throws when the policy does not allow it. */
  async chargeRequest(): Promise<void> {
    const { method, url, headers } = this.spec;
    const { policy, charges } = this.tools;
    if (!policy.isAllowed(method, url)) {
      throw failure('http.denied', `${method} ${url.origin} is not in the function's allow-list`);
    }
    await charges.charge('requests', 1);
    const bodyBytes = this.body instanceof Uint8Array && mayHaveBody(method) ? this.body.length : 0;
    await charges.charge('networkOutBytes', method.length + url.href.length + bytesOf(headers) + bodyBytes);
  }

  private async send(): Promise<HttpResponse> {
    const { method, url, headers } = this.spec;
    const { client, policy } = this.tools;
    const body = mayHaveBody(method) ? this.body : null;
    const { signal } = this.controller;
    const { privateAddresses } = policy;
    return client.request({ method, url, headers, body, signal, privateAddresses });
  }

  private async chargeHead({ headers }: HttpResponse): Promise<void> {
    if (headers.length > MAXIMUM_RESPONSE_HEADERS) throw failure('http.response', `${headers.length} headers`);
    const bytes = bytesOf(headers);
    if (bytes > MAXIMUM_HEAD_BYTES) throw failure('http.response', `a head of ${bytes} bytes`);
    await this.tools.charges.charge('networkInBytes', bytes);
  }

  /** What the client comes to, before the time is up; its errors as the guest's. */
  private async inTime<T>(work: Promise<T>): Promise<T> {
    const { timeoutMs, method, url } = this.spec;
    const stopTimer = this.tools.startTimer(timeoutMs, () => {
      this.isTimedOut = true;
      this.controller.abort();
    });
    try {
      return await work;
    } catch (error) {
      const what = `${method} ${url.origin}`;
      if (this.isTimedOut) throw failure('http.timeout', `${what}: nothing came for ${timeoutMs} ms`);
      if (error instanceof HttpRefusal) throw failure('http.address', `${what}: ${error.message}`);
      throw failure('http.failed', `${what}: ${reasonOf(error)}`);
    } finally {
      stopTimer();
    }
  }
}

/** A system's code rather than its message, which may say addresses that are none of the guest's business. */
function reasonOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : messageOf(error);
}

function mayHaveBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

function bytesOf(headers: HttpHeaders): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

async function endOf({ body }: HttpResponse): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}

const REDIRECTIONS: readonly number[] = [301, 302, 303, 307, 308];
/** What belongs to one origin and must not go to another. */
const CREDENTIALS: readonly string[] = ['authorization', 'cookie', 'proxy-authorization'];
const BODY_HEADERS: readonly string[] = ['content-type', 'content-encoding', 'content-language', 'content-location'];

/** The request that a redirection leads to, as the Fetch standard has it; null when the response is none. */
function redirection(spec: RequestSpec, { status, headers }: HttpResponse): RequestSpec | null {
  const location = headers.find(([name]) => name === 'location')?.[1];
  if (!REDIRECTIONS.includes(status) || location === undefined) return null;
  if (!URL.canParse(location, spec.url)) throw failure('http.redirect', 'a redirection to what is no URL');
  const url = new URL(location, spec.url);
  if (!isHttp(url)) throw failure('http.redirect', `a redirection to ${url.protocol}`);
  const isChanged = status === 303 ? spec.method !== 'HEAD' : status < 303 && spec.method === 'POST';
  const method = isChanged ? 'GET' : spec.method;
  const dropped = [...(url.origin === spec.url.origin ? [] : CREDENTIALS), ...(isChanged ? BODY_HEADERS : [])];
  return { ...spec, url, method, headers: spec.headers.filter(([name]) => !dropped.includes(name)) };
}

/** Whether a URL is one that guests may ask for. */
export function isHttp({ protocol, username, password }: URL): boolean {
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/** A body on its way: one piece at a time, each taken before the next one may come. */
export class BodyPipe implements AsyncIterable<Uint8Array> {
  private piece: Uint8Array | null = null;
  isEnded = false;
  private error: unknown;
  private wakeReader: (() => void) | null = null;
  private writer: { taken: () => void; failed: (error: unknown) => void } | null = null;

  /** Settled when the piece was taken; rejects when it never will be. */
  push(bytes: Uint8Array): Promise<void> {
    if (this.error !== undefined) return Promise.reject(this.error);
    if (bytes.length === 0) return Promise.resolve();
    return new Promise((taken, failed) => {
      this.piece = bytes;
      this.writer = { taken, failed };
      this.wakeReader?.();
    });
  }

  end(): void {
    this.isEnded = true;
    this.wakeReader?.();
  }

  fail(error: unknown): void {
    this.error = error;
    this.writer?.failed(error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const { piece, writer } = this;
      if (piece !== null) {
        this.piece = null;
        this.writer = null;
        writer!.taken();
        yield piece;
      } else if (this.isEnded) return;
      else await new Promise<void>((resolve) => (this.wakeReader = resolve));
    }
  }
}
