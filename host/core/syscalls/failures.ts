// What syscalls tell guests when they fail: each message begins with a code of this table, which docs/syscalls.md lists.
import { SyscallFailure } from '../../../vm/index';

/** Codes with what they mean. */
export const SYSCALL_FAILURES = {
  'storage.key': 'a key is empty or longer than 512 bytes',
  'storage.value': 'a value is longer than 1 MiB',
  'storage.failed': 'the storage does not answer as it should',
  'invoke.denied': "the deployment's list has no function of that name",
  'invoke.list': 'what is no list of calls, or too many of them',
  'invoke.unknown': 'the tenant has no function of that name',
  'invoke.depth': 'functions that wait for each other are nested too deeply',
  'invoke.many': 'too many functions run that one call has started, and they in turn',
  'invoke.failed': 'the function that was called did not end by itself',
  'log.message': 'a message is longer than 64 KiB',
  'http.request': 'what is asked for is no request: its method, URL, headers or another field',
  'http.denied': "the deployment's allow-list has no such host, port and method",
  'http.address': "the host's name leads to an address of the host's own network",
  'http.failed': 'no connection, or one that broke',
  'http.timeout': 'nothing came for as long as the request allows',
  'http.redirect': 'a redirection that is not followed: too many, or to what is no http or https',
  'http.response': 'a response whose head is too large',
  'http.handle': 'no request of that number is open',
  'http.state': 'the request is not as far, or further',
  'http.unavailable': 'the host has no HTTP client',
} as const;

export type SyscallFailureCode = keyof typeof SYSCALL_FAILURES;

/** The guest's error of that code. */
export function failure(code: SyscallFailureCode, detail: string): SyscallFailure {
  return new SyscallFailure(`${code}: ${detail}`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
