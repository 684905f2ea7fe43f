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
export { Execution, type ExecutionStatus } from './execution';
export type { FileSource } from './files';
export { DeployedFunction, type ExecuteOptions, type RestoreOptions } from './function';
export { createHost, Host, type HostOptions } from './host';
export type { InputSource } from './input';
export type { BudgetOptions, LimitOptions } from './limits';
export type { LogChunk } from './output';
export { type ExecutionResult, formatError, UNUSED } from './result';
export type { HostCall, HostFunction } from './syscall-handlers';
export { type FunctionDescription, type RunOptions, Tenant, type TenantOptions } from './tenant';
export type { BudgetUsage } from './usage';
export type { MessageEnd, StartWorker, WorkerThread } from './workers/port';
export { runWorker } from './workers/worker';
