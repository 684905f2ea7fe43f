// Who may come in: decided from a request's headers before anything else. A web page of somebody else's must not reach a
// server on this machine: neither directly (Origin) nor under a name of its own that points here (Host).
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is refused, as HTTP has it. */
export interface Refusal {
  readonly status: 400 | 403;
  readonly message: string;
}

/**
 * Null when the request may go on. `Host` must be an address, `localhost`, or a name in `allowedHosts`: any other name may
 * have been made to point here by whoever owns it. An `Origin`, which browsers send and others need not, must be ours.
 */
export function refusalOf({ headers }: IncomingMessage, allowedHosts: readonly string[]): Refusal | null {
  const { host, origin } = headers;
  const name = host === undefined ? undefined : hostName(host);
  if (host === undefined || name === undefined) return { status: 400, message: 'a request needs a valid header Host' };
  if (!isTrusted(name, allowedHosts)) {
    return { status: 403, message: `the server is not known as '${name}'; --allow-host makes it so` };
  }
  if (origin === undefined || isOwnOrigin(origin, host)) return null;
  return { status: 403, message: `pages of ${origin.slice(0, 200)} may not use this server` };
}

function hostName(host: string): string | undefined {
  try {
    const url = new URL(`http://${host}`);
    return url.pathname === '/' && url.username === '' ? url.hostname : undefined;
  } catch {
    return undefined;
  }
}

function isTrusted(name: string, allowedHosts: readonly string[]): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === 'localhost' || isAmong(name, allowedHosts);
}

/** Names have no case; `URL` has made `name` lower. */
function isAmong(name: string, allowedHosts: readonly string[]): boolean {
  return allowedHosts.some((allowed) => allowed.toLowerCase() === name);
}

/** A page that this server has served, perhaps through something that speaks TLS in front of it. */
function isOwnOrigin(origin: string, host: string): boolean {
  try {
    const { protocol, host: of } = new URL(origin);
    const own = new URL(`${protocol}//${host}`).host;
    return (protocol === 'http:' || protocol === 'https:') && of === own;
  } catch {
    // `null`, as sandboxed pages and files have it.
    return false;
  }
}
