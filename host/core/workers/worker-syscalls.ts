// An execution's side of the door, in a worker. What needs nothing from outside is answered here; the rest is the host's.
import type { Clock, Syscall, SyscallAnswer, SyscallArgument, SyscallHost } from '../../../vm/index';
import type { Surroundings } from '../event-loop';
import { textCodec } from '../text';
import { type Answer, type FromWorker, readAnswer, type Start } from './messages';

export interface WorkerSyscallOptions {
  readonly start: Start;
  readonly surroundings: Surroundings & Clock;
  readonly elapsed: () => number;
  readonly post: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void;
}

type Pending = { readonly resolve: (answer: SyscallAnswer) => void; readonly reject: (error: unknown) => void };

export class WorkerSyscalls implements SyscallHost {
  readonly text = textCodec;
  private readonly capabilities: ReadonlySet<string>;
  private isUnderWay: boolean;
  private questions = 0;
  private pending: Pending | null = null;
  /** Bytes of output that the host has not taken yet, and who waits for there to be fewer. */
  private untaken = 0;
  private makeRoom: (() => void) | null = null;

  constructor(readonly options: WorkerSyscallOptions) {
    const { capabilities, standing } = options.start;
    this.capabilities = new Set(capabilities);
    this.isUnderWay = standing?.isUnderWay ?? false;
  }

  isGranted(capability: string): boolean {
    return this.capabilities.has(capability);
  }

  answer(syscall: Syscall, args: readonly SyscallArgument[]): SyscallAnswer | Promise<SyscallAnswer> {
    const here = ANSWERED_HERE[syscall.name];
    return here === undefined ? this.ask(syscall.name, args) : here(this, args);
  }

  underWay(): Promise<SyscallAnswer> | undefined {
    if (!this.isUnderWay) return undefined;
    this.isUnderWay = false;
    return this.ask(null, []);
  }

  output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void> {
    const { start, post } = this.options;
    this.untaken += bytes.length;
    post({ type: 'output', seat: start.seat, stream, bytes }, [bytes.buffer as ArrayBuffer]);
    if (this.untaken <= start.outputWindow) return undefined;
    return new Promise((resolve) => {
      this.makeRoom = resolve;
    });
  }

  /** The host has taken so many bytes of output. */
  taken(bytes: number): void {
    this.untaken -= bytes;
    if (this.untaken > this.options.start.outputWindow) return;
    this.makeRoom?.();
    this.makeRoom = null;
  }

  /** The host has answered. A guest waits for one answer at a time. */
  settle(question: number, answer: Answer): void {
    const { pending } = this;
    if (pending === null || question !== this.questions) return;
    this.pending = null;
    try {
      pending.resolve(readAnswer(answer, this.options.surroundings));
    } catch (error) {
      pending.reject(error);
    }
  }

  private ask(syscall: string | null, args: readonly SyscallArgument[]): Promise<SyscallAnswer> {
    const { start, post } = this.options;
    const question = ++this.questions;
    const transfer = args
      .filter((argument) => argument instanceof Uint8Array)
      .map(({ buffer }) => buffer as ArrayBuffer);
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      post({ type: 'syscall', seat: start.seat, question, syscall, args }, transfer);
    });
  }
}

type Handler = (host: WorkerSyscalls, args: readonly SyscallArgument[]) => SyscallAnswer;

const ANSWERED_HERE: Readonly<Record<string, Handler>> = {
  argument_count: ({ options }) => options.start.texts.length,
  argument_read: ({ options }, [index, offset, most]) =>
    readFrom(options.start.texts[index as number], offset as number, most as number),
  clock: ({ options }, [clock]) => {
    if (clock === 0) return BigInt(options.surroundings.wallClock()) * 1_000_000n;
    return BigInt(Math.floor(options.elapsed() * 1e6));
  },
  random: ({ options }, [count]) => {
    const bytes = new Uint8Array(count as number);
    options.surroundings.fillRandom(bytes);
    return bytes;
  },
};

function readFrom(bytes: Uint8Array | undefined, offset: number, most: number): Uint8Array | null {
  if (bytes === undefined || offset < 0 || offset >= bytes.length) return null;
  return bytes.subarray(offset, offset + most);
}
