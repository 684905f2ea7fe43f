// What a client's promises reject with, beside host/core's DeployError and SnapshotError.
import { SNAPSHOT_ERRORS, SnapshotError, type SnapshotErrorCode } from '../../vm/index';
import { DeployError, type HostErrorCode } from '../core/errors';
import type { ErrorData } from '../protocol/index';

/** Codes of ConnectionError. */
export const CONNECTION_ERRORS = {
  'connection.failed': 'no connection could be made',
  'connection.closed': 'the connection is closed',
  'connection.size': 'the request is larger than the server takes; it was not sent',
  'connection.protocol': 'the server has sent what is no message of the protocol',
} as const;

export type ConnectionErrorCode = keyof typeof CONNECTION_ERRORS;

/** There is no connection, or there is none any more. What was under way may have been done or not. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  constructor(
    readonly code: ConnectionErrorCode,
    detail = '',
    /** Of a connection that was closed: the WebSocket's code. */
    readonly closeCode?: number,
    options?: ErrorOptions,
  ) {
    super(detail === '' ? CONNECTION_ERRORS[code] : detail, options);
  }
}

/** A request that the server has refused. Codes and numbers stand in docs/protocol.md. */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly code: string;
  /** Of limits: what is limited, how much is allowed, how much was asked for. */
  readonly resource?: string;
  readonly limit?: number;
  readonly used?: number;

  constructor(
    /** `error.code` of JSON-RPC. */
    readonly number: number,
    message: string,
    readonly data: ErrorData,
  ) {
    super(message);
    this.code = data.code;
    if (data.resource !== undefined) this.resource = data.resource;
    if (data.limit !== undefined) this.limit = data.limit;
    if (data.used !== undefined) this.used = data.used;
  }
}

/** The error that an answer stands for. */
export function errorFromWire(error: { code: number; message: string; data?: ErrorData }): Error {
  const { code: number, message, data } = error;
  if (data?.code.startsWith('deploy.') && data.code !== 'deploy.size') {
    return new DeployError(data.code as HostErrorCode, message, data.diagnostics ?? []);
  }
  if (data !== undefined && data.code in SNAPSHOT_ERRORS) {
    const code = data.code as SnapshotErrorCode;
    const meaning = SNAPSHOT_ERRORS[code];
    return new SnapshotError(code, message === meaning ? '' : message.slice(`${meaning}: `.length));
  }
  return new RemoteError(number, message, data ?? { code: 'server.failed' });
}
