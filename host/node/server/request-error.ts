// Why a request is refused: a code of the protocol's table with what belongs to it. Not for what goes wrong in a function.
import { DeployError, HostError, SnapshotError } from '../../core/index';
import { type ErrorData, PROTOCOL_ERRORS, type ProtocolErrorCode } from '../../protocol/index';

export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly code: ProtocolErrorCode,
    detail = '',
    readonly data: Omit<ErrorData, 'code'> = {},
  ) {
    super(detail === '' ? PROTOCOL_ERRORS[code].meaning : detail);
  }
}

/** `error` of an answer. What is neither ours nor the host's is a defect, whose message stays here. */
export function toWireError(error: unknown): { code: number; message: string; data: ErrorData } {
  if (error instanceof RequestError) return wireError(error.code, error.message, error.data);
  if (error instanceof DeployError) {
    return wireError(error.code, error.message, { diagnostics: [...error.diagnostics] });
  }
  if (error instanceof HostError || error instanceof SnapshotError) return wireError(error.code, error.message);
  return wireError('server.failed', PROTOCOL_ERRORS['server.failed'].meaning);
}

function wireError(code: ProtocolErrorCode, message: string, data: Omit<ErrorData, 'code'> = {}) {
  return { code: PROTOCOL_ERRORS[code].number, message, data: { code, ...data } };
}

/** A limit of a connection or the server that is reached. */
export function limitReached(code: ProtocolErrorCode, resource: string, limit: number, used: number): RequestError {
  return new RequestError(code, '', { resource, limit, used });
}
