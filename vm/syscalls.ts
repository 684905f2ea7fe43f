// The syscall table: the only door between a guest and the world. What each one is called, takes, answers, costs and
// needs. How it is answered is the host's business.
import { MAXIMUM_JSON_BYTES, MAXIMUM_MESSAGE_VALUES } from './limits';

/**
 * `i32`, `i64`, `f64`: numbers. `bytes`: typed code gives two registers (address, length), value code a string.
 * `buffer`: where bytes of the answer go: typed code gives two registers (address, capacity) and gets their number, or
 * -1 at the end; value code gives the largest number wanted and gets a string, or nil at the end.
 * `json`: typed code gives JSON text as `bytes`; value code any value that JSON can express.
 */
export type SyscallParameter = 'i32' | 'i64' | 'f64' | 'bytes' | 'buffer' | 'json';

/**
 * `json`: value code gets a value; typed code gets the length of a text that `answer_read` then reads. `answer`: an i64, and
 * bytes that `answer_read` then reads.
 */
export type SyscallResult = 'none' | 'i32' | 'i64' | 'f64' | 'buffer' | 'json' | 'answer';

export interface Syscall {
  readonly number: number;
  readonly name: string;
  readonly params: readonly SyscallParameter[];
  readonly result: SyscallResult;
  /** What the deployment must grant; null: every function has it. */
  readonly capability: string | null;
  /** Instructions charged for a call, and for every 64 bytes that cross. */
  readonly cost: number;
  readonly costPer64Bytes: number;
  readonly synopsis: string;
  /** Values of a `json` argument, names of records among them. */
  readonly mostValues: number;
  /**
   * Whether typed code is told of a failure: -1 (of a `buffer` -2), and the message is the last answer, as JSON text. Any other
   * syscall that fails ends the execution of typed code. Value code gets an error in any case.
   */
  readonly isFallible: boolean;
}

type Row = readonly [
  name: string,
  params: string,
  result: SyscallResult,
  capability: string | null,
  cost: number,
  synopsis: string,
  isFallible?: 'fallible',
];

const ROWS: readonly Row[] = [
  ['exit', 'i32', 'none', null, 1, 'end the execution with an exit code'],
  ['argument_count', '', 'i32', null, 1, 'number of text arguments'],
  ['argument_read', 'i32 i32 buffer', 'buffer', null, 10, 'bytes of argument R0 from offset R1 on; end: none left'],
  ['read', 'i32 buffer', 'buffer', null, 50, 'bytes from a stream: 0 is stdin; end: no more'],
  ['write', 'i32 bytes', 'i32', null, 50, 'bytes to a stream: 1 is stdout, 2 is stderr; their number'],
  ['clock', 'i32', 'i64', 'clock', 20, 'nanoseconds: clock 0 since 1970, clock 1 since the start of the execution'],
  ['random', 'buffer', 'buffer', 'random', 20, 'random bytes'],
  ['sleep', 'i64', 'none', 'sleep', 50, 'wait for nanoseconds'],
  ['file_size', 'bytes', 'i32', null, 20, "size of one of the function's files, or -1"],
  [
    'file_read',
    'bytes i32 buffer',
    'buffer',
    null,
    50,
    'bytes of a file from an offset on; end: none left, or no file',
  ],
  [
    'host_call',
    'bytes json',
    'json',
    null,
    100,
    'call the host function of that name with a list of arguments',
    'fallible',
  ],
  ['answer_read', 'i32 buffer', 'buffer', null, 10, 'bytes of the last answer from an offset on; end: none left'],
  ['answer_size', '', 'i32', null, 1, 'bytes of the last answer'],
  [
    'storage_get',
    'bytes',
    'answer',
    'storage',
    200,
    'version of the value under a key, 0: none; answer: the value',
    'fallible',
  ],
  ['storage_put', 'bytes bytes', 'i64', 'storage', 200, 'put a value under a key; its version', 'fallible'],
  ['storage_delete', 'bytes', 'i64', 'storage', 200, 'remove a key; 1: it was there, 0: it was not', 'fallible'],
  [
    'storage_swap',
    'bytes i64 bytes',
    'i64',
    'storage',
    200,
    'put a value under a key if its version is still that (0: none is there); its new version, 0: it is another',
    'fallible',
  ],
  [
    'storage_remove',
    'bytes i64',
    'i64',
    'storage',
    200,
    'remove a key if its version is still that; 1: it is removed, 0: it is another',
    'fallible',
  ],
  [
    'storage_list',
    'bytes bytes i32',
    'json',
    'storage',
    200,
    'list of the keys with prefix R0 behind key R1, in order, at most R2 of them; empty: no more',
    'fallible',
  ],
  [
    'log',
    'i32 bytes json',
    'none',
    null,
    50,
    'a record beside the streams: level (0 debug, 1 info, 2 warn, 3 error), message, fields (an object, or null)',
  ],
  [
    'http_request',
    'json bytes',
    'json',
    'http',
    500,
    "send a request (method, url, headers, redirect, timeoutMs) and its body; the response's handle, status, url, headers",
    'fallible',
  ],
  ['http_open', 'json', 'i32', 'http', 500, 'begin a request whose body comes in pieces; its handle', 'fallible'],
  ['http_write', 'i32 bytes', 'i32', 'http', 100, "a piece of a request's body; its bytes", 'fallible'],
  ['http_response', 'i32', 'json', 'http', 100, "end a request's body; the response as of http_request", 'fallible'],
  ['http_read', 'i32 buffer', 'buffer', 'http', 100, "bytes of a response's body; end: no more", 'fallible'],
  ['http_close', 'i32', 'none', 'http', 50, 'end a request, whatever has come of it'],
  [
    'invoke',
    'bytes json',
    'json',
    'invoke',
    500,
    'call the function of that name of the same tenant with an argument; its value',
    'fallible',
  ],
  [
    'invoke_all',
    'json',
    'json',
    'invoke',
    500,
    'call several at once, a list of [name, argument]; a list of { value } or { error } in the same order',
    'fallible',
  ],
  ['result', 'json', 'none', null, 50, "the execution's value, in place of what its entry returns"],
];

/** Those whose values the host copies or writes in one go. */
const WITH_MESSAGES: ReadonlySet<string> = new Set(['log', 'invoke', 'invoke_all']);

/** All syscalls by number. */
export const SYSCALLS: readonly Syscall[] = ROWS.map(
  ([name, params, result, capability, cost, synopsis, fallible], number) => ({
    number,
    name,
    params: params === '' ? [] : (params.split(' ') as SyscallParameter[]),
    result,
    capability,
    cost,
    costPer64Bytes: 1,
    synopsis,
    mostValues: WITH_MESSAGES.has(name) ? MAXIMUM_MESSAGE_VALUES : MAXIMUM_JSON_BYTES,
    isFallible: fallible !== undefined,
  }),
);

const byName = new Map(SYSCALLS.map((syscall) => [syscall.name, syscall]));

/** The syscall of that name, or undefined. */
export function findSyscall(name: string): Syscall | undefined {
  return byName.get(name);
}
