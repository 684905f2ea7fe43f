// The programmatic interface, for browsers and Node alike: `gazelle/browser`, and part of `gazelle`.
export { type Diagnostic, formatDiagnostic } from '../../frontends/diagnostics';
export type { CompileOptions, CompileResult, FileSet, Frontend } from '../../frontends/frontend';
export {
  DEFAULT_LIMITS,
  disassembleModule,
  type ExecutionError,
  type GuestValue,
  type Level,
  type Limits,
  type Module,
  type Policies,
  type Policy,
  type SharedLimits,
  SNAPSHOT_ERRORS,
  SnapshotError,
  type SnapshotErrorCode,
  type StackFrame,
  type Status,
  type SuspensionReason,
  type Usage,
} from '../../vm/index';
export { type Compiled, compileSource, type SourceOptions } from './compile';
export { CAPABILITIES, type DeployOptions, type FunctionOptions } from './deployment';
export type { DeterministicOptions } from './deterministic';
export { DeployError, EXECUTION_ERRORS, HOST_ERRORS, HostError, type HostErrorCode } from './errors';
export type { Surroundings } from './event-loop';
export { type Answer, Execution, type ExecutionStatus, type Place, type Suspension } from './execution';
export type { FileSource } from './files';
export { DeployedFunction, type ExecuteOptions, type RestoreOptions } from './function';
export { createHost, Host, type HostOptions } from './host';
export {
  createFetchClient,
  type HttpClient,
  type HttpHeaders,
  type HttpOptions,
  HttpRefusal,
  type HttpRequest,
  type HttpResponse,
  type HttpRule,
} from './http';
export type { InputSource } from './input';
export type { BudgetOptions, LimitOptions } from './limits';
export { formatLogRecord, type LogLevel, type LogRecord } from './logs';
export type { LogChunk } from './output';
export { type ExecutionResult, formatError, UNUSED } from './result';
export type { StoredValue, TenantStorage } from './storage';
export type { HostCall, HostFunction } from './syscall-handlers';
export { type FunctionDescription, type RunOptions, Tenant, type TenantOptions } from './tenant';
export type { BudgetUsage } from './usage';
export type { CodeCache, MessageEnd, StartWorker, ThreadOptions, WorkerThread } from './workers/thread';
export { runWorker } from './workers/worker';
