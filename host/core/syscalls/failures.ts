// What syscalls tell guests when they fail: each message begins with a code of this table, which docs/syscalls.md lists.
import { SyscallFailure } from '../../../vm/index';

/** Codes with what they mean. */
export const SYSCALL_FAILURES = {
  'storage.key': 'a key is empty or longer than 512 bytes',
  'storage.value': 'a value is longer than 1 MiB',
  'storage.failed': 'the storage does not answer as it should',
} as const;

export type SyscallFailureCode = keyof typeof SYSCALL_FAILURES;

/** The guest's error of that code. */
export function failure(code: SyscallFailureCode, detail: string): SyscallFailure {
  return new SyscallFailure(`${code}: ${detail}`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
