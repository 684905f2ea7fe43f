// What the machine, and the handlers of syscalls, ask of an execution in this thread. Each is looked up when it is asked for:
// objects that hold it all, and functions that hold the execution, would be more than a kilobyte for each one that waits.
import type { FileSet } from '../../frontends/frontend';
import type {
  Budget,
  Charges,
  ExecutionOptions,
  GuestExecution,
  GuestValue,
  HostValue,
  Limits,
  Outcome,
  Policies,
  Program,
  RegionPool,
  Share,
  SuspensionReason,
  SyscallHost,
  Usage,
  ValueLimits,
} from '../../vm/index';
import type { Surroundings } from './event-loop';
import type { InputReader } from './input';
import { INVOKED_LIMITS, invokeFunction } from './invocations';
import type { LocalExecution } from './local-execution';
import type { LogRecord } from './logs';
import type { TenantStorage } from './storage';
import type { HandlerOptions, HostFunction } from './syscall-handlers';

/** An execution as the machine sees it. */
export class MachineSide implements ExecutionOptions {
  constructor(private readonly execution: LocalExecution) {}

  get program(): Program {
    return this.execution.origin.parts.program;
  }

  get name(): string {
    return this.execution.origin.parts.fileName;
  }

  get compile(): ExecutionOptions['compile'] {
    return this.execution.origin.parts.compileChunk ?? undefined;
  }

  get share(): Share {
    return this.execution.origin.share;
  }

  get parent(): Budget {
    return this.execution.budget;
  }

  get limits(): Limits {
    return this.execution.call.limits;
  }

  get policies(): Policies {
    return this.execution.call.policies;
  }

  get weight(): number {
    return this.execution.call.weight;
  }

  get args(): readonly HostValue[] {
    return this.execution.call.values;
  }

  get prepareArguments(): ExecutionOptions['prepareArguments'] {
    return this.execution.prepareArguments;
  }

  get resultLimits(): ValueLimits | undefined {
    return this.execution.call.ancestry.depth > 0 ? INVOKED_LIMITS : undefined;
  }

  get prepared(): ExecutionOptions['prepared'] {
    return this.execution.prepared;
  }

  get host(): SyscallHost {
    return this.execution.handlers;
  }

  get pool(): RegionPool {
    return this.execution.origin.engine.pool;
  }

  get now(): () => number {
    return this.execution.origin.engine.surroundings.now;
  }

  get startTimer(): ExecutionOptions['startTimer'] {
    return this.execution.origin.engine.surroundings.startTimer;
  }

  get parked(): (execution: GuestExecution) => void {
    return this.execution.origin.engine.park;
  }

  wake(): void {
    this.execution.wake();
  }

  suspended(reason: SuspensionReason): void {
    this.execution.suspended(reason);
  }

  ended(outcome: Outcome, usage: Usage): void {
    this.execution.ended(outcome, usage);
  }

  failed(error: unknown): void {
    this.execution.failed(error);
  }
}

/** An execution as the handlers of its syscalls see it. */
export class DoorSide implements HandlerOptions {
  constructor(private readonly execution: LocalExecution) {}

  get capabilities(): ReadonlySet<string> {
    return this.execution.origin.parts.capabilities;
  }

  get files(): FileSet {
    return this.execution.origin.parts.files;
  }

  get functions(): ReadonlyMap<string, HostFunction> {
    return this.execution.origin.parts.functions;
  }

  get storage(): TenantStorage {
    return this.execution.origin.parts.storage;
  }

  get http(): HandlerOptions['http'] {
    return this.execution.origin.parts.http;
  }

  get surroundings(): Surroundings {
    return this.execution.origin.engine.surroundings;
  }

  get charges(): Charges {
    return this.execution.task.charges;
  }

  get input(): InputReader {
    return this.execution.call.input;
  }

  get result(): GuestValue | undefined {
    return this.execution.call.result;
  }

  get isRestored(): boolean {
    return this.execution.isRestored;
  }

  args(): readonly Uint8Array[] {
    return this.execution.call.texts.all;
  }

  output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void> {
    return this.execution.call.outputs.write(stream, bytes);
  }

  log(record: LogRecord): undefined | Promise<void> {
    return this.execution.call.outputs.record(record);
  }

  invoke(name: string, argument: GuestValue, signal: AbortSignal): Promise<HostValue> {
    const { origin, call, task } = this.execution;
    return invokeFunction(origin.parts.callees, { ...call.ancestry, payer: task.budget }, name, argument, signal);
  }

  elapsed(): number {
    return this.execution.task.elapsed();
  }
}
