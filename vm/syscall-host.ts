// What the machine asks of the host for its syscalls: arguments, answers, failures, and what may be asked again.
import type { FuelMeter, GuestValue, HostValue, TextCodec } from './host-values';
import type { Syscall } from './syscalls';

/** An argument as handlers get it: bytes are a copy of their own. A buffer is the most bytes that fit. */
export type SyscallArgument = number | bigint | Uint8Array | TooLong | GuestValue;

/** Bytes that are more than the syscall takes: they are not copied. What becomes of them the handler says. */
export class TooLong {
  constructor(readonly length: number) {}
}

/** The answer of a syscall whose result is an `answer`. Nobody changes the bytes. */
export class Answered {
  constructor(
    readonly code: bigint,
    readonly bytes: Uint8Array,
  ) {}
}

/**
 * Plain data that is made in steps, once the host has answered: each is charged to the meter, and it yields when the fuel is used
 * up. A SyscallFailure that it throws is the guest's error.
 */
export class AnswerInSteps {
  constructor(readonly make: (meter: FuelMeter) => Generator<undefined, HostValue, unknown>) {}
}

/** By the result's kind: nothing, a number, a bigint, bytes or null at the end, plain data, an Answered. */
export type SyscallAnswer = undefined | number | bigint | Uint8Array | null | HostValue | Answered | AnswerInSteps;

/** The host's side of one execution's syscalls. */
export interface SyscallHost {
  readonly text: TextCodec;
  isGranted(capability: string): boolean;
  /** Answers at once or later. A SyscallFailure, thrown or rejected with, is the guest's error. */
  answer(syscall: Syscall, args: readonly SyscallArgument[]): SyscallAnswer | Promise<SyscallAnswer>;
  /** Whether one that may have been answered can be asked again, by its arguments; by its name alone REPEATABLE says so. */
  isRepeatable?(syscall: Syscall, args: readonly SyscallArgument[]): boolean;
  /**
   * Takes output that the limit admits; a promise holds the guest until there is room for more. The bytes are the guest's own
   * memory: who keeps them copies them before it answers.
   */
  output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void>;
}

/** A syscall that failed in a way that the guest may know and handle. */
export class SyscallFailure extends Error {
  override readonly name = 'SyscallFailure';
}

/**
 * Those that a restored context asks again, since asking twice is as good as once. A write goes on behind what was delivered.
 * The others fail: nobody knows whether what they asked for was done.
 */
export const REPEATABLE: ReadonlySet<string> = new Set([
  'argument_count',
  'argument_read',
  'read',
  'clock',
  'random',
  'sleep',
  'file_size',
  'file_read',
  'storage_get',
  'storage_list',
]);

/** The message of a syscall that was under way when its context was saved, in the context that was restored. */
export const INTERRUPTED = 'interrupted';
