// The host's answers to syscalls, for one execution: arguments, streams, files, clocks, random bytes, sleep, host
// functions. The machine has decoded, checked and charged before any of these runs.
import type { FileSet } from '../../frontends/frontend';
import {
  CrossingError,
  type GuestValue,
  type HostValue,
  MAXIMUM_JSON_BYTES,
  type Syscall,
  type SyscallAnswer,
  type SyscallArgument,
  SyscallFailure,
  type SyscallHost,
} from '../../vm/index';
import { LONGEST_TIMER_MS, type Surroundings } from './event-loop';
import type { InputReader } from './input';
import { once } from './once';
import { type CrossingLimits, toPlain, VALUE_LIMITS } from './plain-values';
import { textCodec } from './text';

/**
 * A host function: called with plain data, answers with plain data. What it throws is an error to the guest. What it may
 * know of the call is its `this`: among the arguments, whose number is the guest's choice, it could be mistaken for one.
 */
export type HostFunction = (this: HostCall, ...args: GuestValue[]) => unknown;

/** A guest's call of a host function, as the function has it for `this`. */
export interface HostCall {
  /** Is aborted when the execution that waits for the answer is cancelled, or ended by a limit. */
  readonly signal: AbortSignal;
}

/** Makes its controller when somebody looks at the signal: most functions do not. */
class PendingCall implements HostCall {
  #controller: AbortController | null = null;
  #isAborted = false;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Called by the host alone; not part of HostCall. */
  static abort(call: PendingCall): void {
    call.#isAborted = true;
    call.#controller?.abort();
  }
}

/** Takes output as it comes; a promise holds the guest until it is settled. */
export type OutputSink = (stream: 1 | 2, bytes: Uint8Array) => undefined | Promise<void>;

export interface HandlerOptions {
  readonly capabilities: ReadonlySet<string>;
  /** Arguments as text, for the guests that take text. */
  readonly args: () => readonly Uint8Array[];
  readonly files: FileSet;
  readonly functions: ReadonlyMap<string, HostFunction>;
  readonly input: InputReader;
  readonly output: OutputSink;
  readonly surroundings: Surroundings;
  /** Milliseconds that the execution has run or waited; those since now without it. */
  readonly elapsed?: () => number;
}

/** Answers of host functions are as limited as other JSON. */
const ANSWER_LIMITS: CrossingLimits = { ...VALUE_LIMITS, nodes: MAXIMUM_JSON_BYTES, bytes: MAXIMUM_JSON_BYTES };

/** One execution's side of the door. */
export class SyscallHandlers implements SyscallHost {
  readonly text = textCodec;
  readonly output: OutputSink;
  private readonly elapsed: () => number;
  private stopSleep: (() => void) | null = null;
  private pendingCall: PendingCall | null = null;
  /** What the surroundings wait for. */
  private readonly pendingAnswers = new Set<() => void>();

  constructor(private readonly options: HandlerOptions) {
    this.output = (stream, bytes) => this.expect(options.output(stream, bytes), false) as ReturnType<OutputSink>;
    const startedAt = options.surroundings.now();
    this.elapsed = options.elapsed ?? (() => options.surroundings.now() - startedAt);
  }

  isGranted(capability: string): boolean {
    return this.options.capabilities.has(capability);
  }

  answer(syscall: Syscall, args: readonly SyscallArgument[]): SyscallAnswer | Promise<SyscallAnswer> {
    const handler = HANDLERS[syscall.name];
    if (handler === undefined) throw new SyscallFailure(`the syscall '${syscall.name}' is not offered here`);
    return this.expect(handler(this, args), INSIDE.has(syscall.name));
  }

  /** Tells the surroundings that the outside is asked, until it has answered or the execution ends. */
  private expect<T>(answer: T | Promise<T>, isInside: boolean): T | Promise<T> {
    if (!(answer instanceof Promise) || isInside) return answer;
    const answered = once(this.options.surroundings.askOutside());
    this.pendingAnswers.add(answered);
    const settled = () => {
      this.pendingAnswers.delete(answered);
      answered();
    };
    answer.then(settled, settled);
    return answer;
  }

  /** The execution has ended: nothing of it goes on. */
  close(): void {
    this.stopSleep?.();
    if (this.pendingCall !== null) PendingCall.abort(this.pendingCall);
    this.options.input.close();
    for (const answered of this.pendingAnswers) answered();
    this.pendingAnswers.clear();
  }

  argumentCount(): number {
    return this.options.args().length;
  }

  readArgument(index: number, offset: number, most: number): Uint8Array | null {
    return readFrom(this.options.args()[index], offset, most);
  }

  read(stream: number, most: number): Uint8Array | null | Promise<Uint8Array | null> {
    if (stream !== 0) return null;
    const bytes = this.options.input.read(most);
    if (!(bytes instanceof Promise)) return bytes;
    return bytes.catch((error: unknown) => {
      throw new SyscallFailure(`reading stdin failed: ${messageOf(error)}`);
    });
  }

  clock(clock: number): bigint {
    const { surroundings } = this.options;
    if (clock === 0) return BigInt(surroundings.wallClock()) * 1_000_000n;
    return BigInt(Math.floor(this.elapsed() * 1e6));
  }

  random(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    this.options.surroundings.fillRandom(bytes);
    return bytes;
  }

  /** Longer sleeps than timers can do are cut off after 24 days. */
  sleep(nanoseconds: bigint): undefined | Promise<undefined> {
    if (nanoseconds <= 0n) return undefined;
    const milliseconds = Math.min(Number((nanoseconds + 999_999n) / 1_000_000n), LONGEST_TIMER_MS);
    return new Promise((resolve) => {
      this.stopSleep = this.options.surroundings.startTimer(milliseconds, () => resolve(undefined));
    });
  }

  fileSize(path: Uint8Array): number {
    return this.file(path)?.length ?? -1;
  }

  readFile(path: Uint8Array, offset: number, most: number): Uint8Array | null {
    return readFrom(this.file(path), offset, most);
  }

  private file(path: Uint8Array): Uint8Array | undefined {
    return this.options.files[textCodec.decodeLeniently(path)];
  }

  async call(name: string, args: GuestValue): Promise<HostValue> {
    const called = this.options.functions.get(name);
    if (called === undefined) throw new SyscallFailure(`no host function '${name}' is granted`);
    const list = toList(args);
    if (list === null) throw new SyscallFailure(`the arguments of '${name}' are no list`);
    const call = new PendingCall();
    this.pendingCall = call;
    try {
      return toPlain(await called.apply(call, list), ANSWER_LIMITS);
    } catch (error) {
      if (error instanceof CrossingError)
        throw new SyscallFailure(`the answer of '${name}' cannot cross: ${error.message}`);
      throw new SyscallFailure(messageOf(error));
    } finally {
      // A guest waits for one answer at a time.
      this.pendingCall = null;
    }
  }
}

type Handler = (host: SyscallHandlers, args: readonly SyscallArgument[]) => SyscallAnswer | Promise<SyscallAnswer>;

/** By syscall. What is not here the machine answers itself (exit, write, answer_read). */
const HANDLERS: Readonly<Record<string, Handler>> = {
  argument_count: (host) => host.argumentCount(),
  argument_read: (host, [index, offset, most]) => host.readArgument(index as number, offset as number, most as number),
  read: (host, [stream, most]) => host.read(stream as number, most as number),
  clock: (host, [clock]) => host.clock(clock as number),
  random: (host, [count]) => host.random(count as number),
  sleep: (host, [nanoseconds]) => host.sleep(nanoseconds as bigint),
  file_size: (host, [path]) => host.fileSize(path as Uint8Array),
  file_read: (host, [path, offset, most]) => host.readFile(path as Uint8Array, offset as number, most as number),
  host_call: (host, [name, args]) => host.call(textCodec.decodeLeniently(name as Uint8Array), args as GuestValue),
};

/** What the host itself answers later. */
const INSIDE: ReadonlySet<string> = new Set(['sleep']);

/** Names of the syscalls that have a handler. */
export const HANDLED_SYSCALLS: readonly string[] = Object.keys(HANDLERS);

function readFrom(bytes: Uint8Array | undefined, offset: number, most: number): Uint8Array | null {
  if (bytes === undefined || offset < 0 || offset >= bytes.length) return null;
  return bytes.subarray(offset, offset + most);
}

/** A list of arguments with nils in it is a table with holes, so a record with numbers for names. */
function toList(args: GuestValue): GuestValue[] | null {
  if (Array.isArray(args)) return args;
  if (typeof args !== 'object' || args === null) return null;
  const record = args as Record<string, GuestValue>;
  const last = Math.max(...Object.keys(record).map(Number));
  if (!(last <= MAXIMUM_ARGUMENTS)) return null;
  return Array.from({ length: last }, (_, index) => record[index + 1] ?? null);
}

/** Of a host function whose argument list has holes. */
const MAXIMUM_ARGUMENTS = 250;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
