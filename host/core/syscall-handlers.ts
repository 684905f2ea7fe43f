// The host's answers to syscalls, for one execution; each family of them is a file in syscalls/. The machine has decoded,
// checked and charged before any of these runs.
import type { FileSet } from '../../frontends/frontend';
import {
  type Charges,
  type GuestValue,
  type Syscall,
  type SyscallAnswer,
  type SyscallArgument,
  SyscallFailure,
  type SyscallHost,
} from '../../vm/index';
import type { HttpClient, HttpPolicy } from './http';
import type { InputReader } from './input';
import type { LogRecord } from './logs';
import { once } from './once';
import type { TenantStorage } from './storage';
import { CALL_HANDLERS, Calls, type CallTools } from './syscalls/calls';
import type { Handler } from './syscalls/handler';
import { HTTP_HANDLERS, HttpCalls, isRepeatableRequest } from './syscalls/http';
import { INPUT_HANDLERS } from './syscalls/inputs';
import { LOG_HANDLERS } from './syscalls/logs';
import { STORAGE_HANDLERS, StorageCalls } from './syscalls/storage';
import { TIME_HANDLERS, TimeCalls } from './syscalls/time';
import { textCodec } from './text';

export type { HostCall, HostFunction } from './syscalls/calls';

/** What the handlers of one execution work with. */
export interface HandlerOptions extends CallTools {
  readonly capabilities: ReadonlySet<string>;
  /** What pays for what the handlers do. */
  readonly charges: Charges;
  /** Arguments as text, for the guests that take text. */
  args(): readonly Uint8Array[];
  readonly files: FileSet;
  readonly input: InputReader;
  /** Takes output as it comes, and copies what it keeps; a promise holds the guest until it is settled. */
  output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void>;
  /** Takes records as they come; a promise holds the guest until it is settled. */
  log(record: LogRecord): undefined | Promise<void>;
  /** Of the function's tenant. */
  readonly storage: TenantStorage;
  /** What the function may reach, and with what; nothing without it. */
  readonly http?: { readonly client: HttpClient | null; readonly policy: HttpPolicy };
  /** The value that the execution has said itself before it was saved. */
  readonly result?: GuestValue;
  /** Whether it goes on from a snapshot. */
  readonly isRestored?: boolean;
  /** Milliseconds that the execution has run or waited; the surroundings' clock without it. */
  elapsed?(): number;
}

/** One execution's side of the door. */
export class SyscallHandlers implements SyscallHost {
  readonly text = textCodec;
  readonly time: TimeCalls;
  readonly calls: Calls;
  readonly storage: StorageCalls;
  /** The value that the execution has said itself; undefined when it has not. */
  result: GuestValue | undefined;
  private openHttp: HttpCalls | null = null;
  /** What the surroundings wait for; made when there is something. */
  private pendingAnswers: Set<() => void> | null = null;

  constructor(readonly options: HandlerOptions) {
    this.result = options.result;
    this.time = new TimeCalls(options);
    this.calls = new Calls(options);
    this.storage = new StorageCalls(options.storage, options.charges);
  }

  /** Made when somebody asks: most functions do not. */
  get http(): HttpCalls {
    if (this.openHttp !== null) return this.openHttp;
    const { http, charges, surroundings } = this.options;
    const client = http?.client ?? null;
    const tools =
      client === null ? null : { client, policy: http!.policy, charges, startTimer: surroundings.startTimer };
    this.openHttp = new HttpCalls(tools, this.firstHandle());
    return this.openHttp;
  }

  /** Any number but those that a restored guest still knows from before. */
  private firstHandle(): number {
    if (!this.options.isRestored) return 1;
    const [low = 0, middle = 0, high = 0] = this.time.random(3);
    return 1 + low + (middle << 8) + (high << 16);
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
    const { askOutside } = this.options.surroundings;
    if (askOutside === undefined || isInside || !(answer instanceof Promise)) return answer;
    const answered = once(askOutside());
    this.pendingAnswers ??= new Set();
    const { pendingAnswers } = this;
    pendingAnswers.add(answered);
    const settled = () => {
      pendingAnswers.delete(answered);
      answered();
    };
    answer.then(settled, settled);
    return answer;
  }

  output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void> {
    return this.expect(this.options.output(stream, bytes), false) as undefined | Promise<void>;
  }

  isRepeatable(syscall: Syscall, args: readonly SyscallArgument[]): boolean {
    return isRepeatableRequest(syscall, args);
  }

  /** The execution has ended: nothing of it goes on. */
  close(): void {
    this.openHttp?.closeAll();
    this.time.close();
    this.calls.close();
    this.options.input.close();
    for (const answered of this.pendingAnswers ?? []) answered();
    this.pendingAnswers?.clear();
  }
}

/** By syscall. What is not here the machine answers itself (exit, write, answer_read, answer_size). */
const HANDLERS: Readonly<Record<string, Handler>> = {
  ...INPUT_HANDLERS,
  ...TIME_HANDLERS,
  ...CALL_HANDLERS,
  ...STORAGE_HANDLERS,
  ...LOG_HANDLERS,
  ...HTTP_HANDLERS,
};

/** What the host itself answers later: nobody outside is asked. */
const INSIDE: ReadonlySet<string> = new Set(['sleep', 'invoke', 'invoke_all']);

/** Names of the syscalls that have a handler. */
export const HANDLED_SYSCALLS: readonly string[] = Object.keys(HANDLERS);
