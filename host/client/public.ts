// What `gazelle/client` exports beside connect, in Node and browsers alike.
export { DeployError } from '../core/errors';
export { Execution } from '../core/execution';
export type {
  DeployOptions,
  Diagnostic,
  ExecuteOptions,
  ExecutionError,
  ExecutionResult,
  FunctionDescription,
  LimitOptions,
  Limits,
  LogChunk,
  StackFrame,
  Status,
  Usage,
} from '../core/index';
export { formatError } from '../core/result';
export { Client, type ConnectOptions, DEFAULT_URL, type RemoteDescription, RemoteFunction } from './client';
export { CONNECTION_ERRORS, ConnectionError, type ConnectionErrorCode, RemoteError } from './errors';
export type { FunctionLogEvent } from './function-logs';
