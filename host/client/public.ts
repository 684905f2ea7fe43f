// What `gazelle/client` exports beside connect, in Node and browsers alike.
export { SnapshotError } from '../../vm/index';
export { DeployError } from '../core/errors';
export { Execution } from '../core/execution';
export type {
  BudgetOptions,
  BudgetUsage,
  DeployOptions,
  Diagnostic,
  ExecuteOptions,
  ExecutionError,
  ExecutionResult,
  ExecutionStatus,
  FunctionDescription,
  LimitOptions,
  Limits,
  LogChunk,
  Policies,
  RestoreOptions,
  SharedLimits,
  StackFrame,
  Status,
  Suspension,
  SuspensionReason,
  TenantOptions,
  Usage,
} from '../core/index';
export { formatError } from '../core/result';
export type { RemoteExecution } from './calls';
export { Client, type ConnectOptions, DEFAULT_URL, type HostDescription } from './client';
export { CONNECTION_ERRORS, ConnectionError, type ConnectionErrorCode, RemoteError } from './errors';
export type { FunctionLogEvent } from './function-logs';
export {
  type BudgetDescription,
  type FunctionBudget,
  type RemoteDescription,
  RemoteFunction,
  RemoteTenant,
  type TenantDescription,
} from './tenant';
