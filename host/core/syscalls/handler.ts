// What the handlers of all families are made of.
import { type SyscallAnswer, type SyscallArgument, TooLong } from '../../../vm/index';
import type { SyscallHandlers } from '../syscall-handlers';
import { textCodec } from '../text';

/** Answers one syscall of an execution; the arguments are decoded and checked by the table. */
export type Handler = (
  host: SyscallHandlers,
  args: readonly SyscallArgument[],
) => SyscallAnswer | Promise<SyscallAnswer>;

/** A name or path that a guest says; null for one that is longer than any. */
export function nameOf(bytes: Uint8Array | TooLong): string | null {
  return bytes instanceof TooLong ? null : textCodec.decodeLeniently(bytes);
}

/** Does `work` once what it waits for has come: at once, if it is nothing. */
export function after<T>(waiting: undefined | Promise<void>, work: () => T | Promise<T>): T | Promise<T> {
  return waiting === undefined ? work() : waiting.then(work);
}

/** Goes on with what is there, or will be. */
export function then<S, T>(value: S | Promise<S>, next: (value: S) => T | Promise<T>): T | Promise<T> {
  return value instanceof Promise ? value.then(next) : next(value);
}
