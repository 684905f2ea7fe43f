// What the server answers to plain HTTP: the playground's files, if they were built, and short texts else.
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import { PROTOCOL_PATH, SUBPROTOCOL } from '../../protocol/index';
import { refusalOf } from './door';

/** Scripts, styles and workers of our own only; connections to where the page comes from. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  // The editor writes its own style elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const NO_PLAYGROUND = `This is a Gazelle server. Its protocol is at ${PROTOCOL_PATH} (WebSocket, ${SUBPROTOCOL}).
The playground is not built here, so there is no page to show.
`;

/** A listener for requests. `folder`: where the built playground is. */
export function createPages(
  folder: string | undefined,
  allowedHosts: readonly string[],
): (request: IncomingMessage, response: ServerResponse) => void {
  const files = folder !== undefined && existsSync(folder) ? sirv(folder, { etag: true }) : undefined;
  return (request, response) => {
    const refusal = refusalOf(request, allowedHosts);
    if (refusal !== null) return answer(response, refusal.status, refusal.message);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, 'only GET and HEAD', { Allow: 'GET, HEAD' });
    const path = request.url!.split('?', 1)[0]!;
    if (path === PROTOCOL_PATH) {
      return answer(response, 426, `${PROTOCOL_PATH} speaks WebSocket, ${SUBPROTOCOL}`, { Upgrade: 'websocket' });
    }
    if (files === undefined)
      return path === '/' ? answer(response, 200, NO_PLAYGROUND) : answer(response, 404, 'not found');
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    files(request, response, () => answer(response, 404, 'not found'));
  };
}

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...HEADERS, ...headers });
  response.end(text.endsWith('\n') ? text : `${text}\n`);
}
