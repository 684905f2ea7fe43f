// The host's answers to an execution that moves between threads: what it was asked last stays here, so that the answer finds
// the execution wherever it is by then.
import type { Syscall, SyscallAnswer, SyscallArgument, SyscallHost, TextCodec } from '../../../vm/index';

export class RoamingSyscalls implements SyscallHost {
  readonly text: TextCodec;
  /** The answer to the last syscall: when the execution stands at one that was asked, it is this one. */
  private last: Promise<SyscallAnswer> | null = null;
  private isTaking: Promise<void> | null = null;

  constructor(private readonly host: SyscallHost) {
    this.text = host.text;
  }

  /** Whether something was asked whose answer has perhaps not been taken. */
  get isAsked(): boolean {
    return this.last !== null;
  }

  isGranted(capability: string): boolean {
    return this.host.isGranted(capability);
  }

  answer(syscall: Syscall, args: readonly SyscallArgument[]): SyscallAnswer | Promise<SyscallAnswer> {
    this.last = null;
    const answer = this.host.answer(syscall, args);
    this.last = answer instanceof Promise ? answer : Promise.resolve(answer);
    return answer;
  }

  underWay(): Promise<SyscallAnswer> | undefined {
    return this.last ?? undefined;
  }

  /** What comes while the one before is not taken waits for it, whichever thread it comes from. */
  output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void> {
    const taking =
      this.isTaking === null
        ? this.host.output(stream, bytes)
        : this.isTaking.then(() => this.host.output(stream, bytes));
    if (taking === undefined) return undefined;
    const taken = () => {
      if (this.isTaking === taking) this.isTaking = null;
    };
    this.isTaking = taking;
    taking.then(taken, taken);
    return taking;
  }
}
