// A deployed function: a program made once, of which every call starts a fresh context. Nothing is left between calls.
import type { Diagnostic } from '../../frontends/diagnostics';
import type { FileSet } from '../../frontends/frontend';
import {
  CrossingError,
  type ExecutionError,
  entrySignature,
  GuestExecution,
  type HostValue,
  hasValueEntry,
  type Limits,
  type Program,
  writeJson,
} from '../../vm/index';
import type { Engine } from './engine';
import type { Execution } from './execution';
import { InputReader, type InputSource } from './input';
import { type LimitOptions, tightenLimits } from './limits';
import { once } from './once';
import { type LogChunk, OutputLog } from './output';
import { toPlain } from './plain-values';
import { type ExecutionResult, makeResult, UNUSED } from './result';
import { type HostFunction, type OutputSink, SyscallHandlers } from './syscall-handlers';
import { textCodec } from './text';

/** How one call differs from others. */
export interface ExecuteOptions {
  /** Arguments as text, in place of `argument`. */
  readonly args?: readonly string[];
  /** Under the function's limits: of each the smaller counts. */
  readonly limits?: LimitOptions;
  readonly stdin?: InputSource;
  readonly signal?: AbortSignal;
  /**
   * Takes the output as it comes, in place of `result.stdout`, `result.stderr` and `logs`, which stay empty. A promise
   * holds the guest until it is settled.
   */
  readonly output?: (chunk: { stream: 'stdout' | 'stderr'; bytes: Uint8Array }) => unknown;
}

/** What a deployment has made. */
export interface FunctionParts {
  readonly name: string;
  readonly language: string;
  /** Hash of the module's bytes: the same source gives the same. */
  readonly id: string;
  readonly fileName: string;
  readonly program: Program;
  readonly limits: Limits;
  readonly capabilities: ReadonlySet<string>;
  readonly files: FileSet;
  readonly functions: ReadonlyMap<string, HostFunction>;
  readonly diagnostics: readonly Diagnostic[];
}

/** A function that can be called. Stays callable when another is deployed under its name, or it is removed. */
export class DeployedFunction {
  readonly name: string;
  readonly language: string;
  readonly id: string;
  readonly limits: Limits;
  /** Warnings of its compilation. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    private readonly engine: Engine,
    private readonly parts: FunctionParts,
  ) {
    this.name = parts.name;
    this.language = parts.language;
    this.id = parts.id;
    this.limits = parts.limits;
    this.diagnostics = parts.diagnostics;
  }

  /** The capabilities that the deployment granted. */
  get capabilities(): string[] {
    return [...this.parts.capabilities];
  }

  /**
   * Starts a call with a JSON value or bytes as its argument. Throws TypeError or RangeError for options that are wrong;
   * everything else is in the result, an argument that the function cannot take included.
   */
  execute(argument?: unknown, options: ExecuteOptions = {}): Execution {
    if (argument !== undefined && options.args !== undefined) {
      throw new TypeError('a call takes an argument or a list of args, not both');
    }
    const args = options.args === undefined ? undefined : checkArgs(options.args);
    const limits = tightenLimits(this.parts.limits, options.limits);
    const input = new InputReader(options.stdin ?? '');
    const log = new OutputLog();
    const output = options.output === undefined ? sinkForLog(log) : sinkFor(options.output);
    return this.engine.track((id) => {
      try {
        const crossing = this.crossing(argument, args);
        return this.begin(id, crossing, { limits, input, log, output, signal: options.signal });
      } catch (error) {
        if (!(error instanceof CrossingError)) throw error;
        return refused(id, error);
      }
    });
  }

  /** Starts `count` calls at once, and gives their results in order. Errors as execute. */
  executeMany(count: number, argument?: unknown, options: ExecuteOptions = {}): Promise<ExecutionResult[]> {
    if (!Number.isInteger(count) || count < 0) throw new RangeError('count must be a whole number from 0 on');
    return Promise.all(Array.from({ length: count }, () => this.execute(argument, options)));
  }

  /** The argument as the entry takes it, and as text for the guests that ask for text. Throws CrossingError. */
  private crossing(argument: unknown, args: readonly string[] | undefined): Crossing {
    const { program } = this.parts;
    if (args !== undefined)
      return { values: this.takesNothing() ? [] : args, texts: once(() => args.map(textCodec.encode)) };
    if (argument === undefined) return { values: [], texts: () => [] };
    const plain = toPlain(argument);
    // Most functions take the value, and never ask for its text.
    const texts = once(() => [textOf(plain)]);
    if (this.takesNothing()) return { values: [], texts };
    if (hasValueEntry(program)) return { values: [plain], texts };
    return { values: Array.isArray(plain) ? plain : [plain], texts };
  }

  /** An entry that takes nothing by its type, as C's, reads its arguments as text. */
  private takesNothing(): boolean {
    const { program } = this.parts;
    return !hasValueEntry(program) && entrySignature(program)!.params.length === 0;
  }

  private begin(id: string, crossing: Crossing, call: Call): Started {
    const { program, capabilities, files, functions, fileName } = this.parts;
    const { engine } = this;
    const { surroundings } = engine;
    const handlers = new SyscallHandlers({
      capabilities,
      args: crossing.texts,
      files,
      functions,
      input: call.input,
      output: call.output,
      surroundings,
    });
    const isProcess = !hasValueEntry(program) && entrySignature(program)!.results.length === 0;
    let task!: GuestExecution;
    const result = new Promise<ExecutionResult>((resolve, reject) => {
      const cancel = () => task.cancel();
      const cleanUp = () => {
        call.signal?.removeEventListener('abort', cancel);
        handlers.close();
        call.log.end();
      };
      task = new GuestExecution({
        program,
        pool: engine.pool,
        limits: call.limits,
        args: crossing.values,
        name: fileName,
        host: handlers,
        now: surroundings.now,
        startTimer: surroundings.startTimer,
        wake: (execution) => engine.scheduler.schedule(execution),
        ended: (outcome, usage) => {
          cleanUp();
          resolve(makeResult(outcome, usage, call.log, isProcess));
        },
        failed: (error) => {
          cleanUp();
          reject(error);
        },
      });
      call.signal?.addEventListener('abort', cancel);
      if (call.signal?.aborted) cancel();
    });
    engine.scheduler.schedule(task);
    return { id, logs: call.log, result, cancel: () => task.cancel() };
  }
}

/** Arguments on their way in. */
interface Crossing {
  readonly values: readonly HostValue[];
  readonly texts: () => readonly Uint8Array[];
}

interface Call {
  readonly limits: Limits;
  readonly input: InputReader;
  readonly log: OutputLog;
  readonly output: OutputSink;
  readonly signal: AbortSignal | undefined;
}

type Started = { id: string; logs: AsyncIterable<LogChunk>; result: Promise<ExecutionResult>; cancel: () => void };

function checkArgs(args: readonly string[]): readonly string[] {
  if (!Array.isArray(args) || args.some((arg) => typeof arg !== 'string')) {
    throw new TypeError('args must be a list of strings');
  }
  return [...args];
}

function sinkForLog(log: OutputLog): OutputSink {
  return (stream, bytes) => {
    log.write(stream, bytes);
    return undefined;
  };
}

function sinkFor(output: NonNullable<ExecuteOptions['output']>): OutputSink {
  return (stream, bytes) => {
    const taken = output({ stream: stream === 1 ? 'stdout' : 'stderr', bytes });
    // What a stream's write answers is no promise.
    return taken instanceof Promise ? taken : undefined;
  };
}

/** Text and bytes as they are, everything else as JSON. */
function textOf(plain: HostValue): Uint8Array {
  if (typeof plain === 'string') return textCodec.encode(plain);
  if (plain instanceof Uint8Array) return plain;
  return textCodec.encode(typeof plain === 'bigint' ? String(plain) : jsonOf(plain));
}

/** Written in one go: the caller pays for it. */
function jsonOf(plain: HostValue): string {
  const writing = writeJson({ fuel: 0 }, plain, textCodec);
  for (;;) {
    const { done, value } = writing.next();
    if (done) return value;
  }
}

/** A call that could not begin for its argument. */
function refused(id: string, cause: CrossingError): Started {
  const log = new OutputLog();
  log.end();
  const error: ExecutionError = { ...cause.describe('argument'), stack: [], skippedFrames: 0 };
  const outcome = { status: 'error' as const, values: [], exitCode: null, error };
  return { id, logs: log, result: Promise.resolve(makeResult(outcome, UNUSED, log, false)), cancel: () => {} };
}
