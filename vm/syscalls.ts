// The syscall table: the only door between a guest and the world. What each one is called, takes, answers, costs and
// needs. How it is answered is the host's business.
import {
  MAXIMUM_BODY_BYTES,
  MAXIMUM_JSON_BYTES,
  MAXIMUM_KEY_BYTES,
  MAXIMUM_LOG_BYTES,
  MAXIMUM_LOG_VALUES,
  MAXIMUM_MESSAGE_VALUES,
  MAXIMUM_NAME_LENGTH,
  MAXIMUM_REQUEST_VALUES,
  MAXIMUM_STORED_BYTES,
} from './limits';

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
  /** Of each parameter: the most bytes of a `bytes`, longer ones are not looked at (TooLong); those of the texts in a `json`. */
  readonly mostBytes: readonly number[];
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

/** Parameters with the most bytes that they may have. */
const NAME = `bytes:${MAXIMUM_NAME_LENGTH}`;
const KEY = `bytes:${MAXIMUM_KEY_BYTES}`;
const STORED = `bytes:${MAXIMUM_STORED_BYTES}`;
const BODY = `bytes:${MAXIMUM_BODY_BYTES}`;
const LOGGED = `bytes:${MAXIMUM_LOG_BYTES} json:${MAXIMUM_LOG_BYTES}`;

const ROWS: readonly Row[] = [
  ['exit', 'i32', 'none', null, 1, 'end the execution with an exit code'],
  ['argument_count', '', 'i32', null, 1, 'number of text arguments'],
  ['argument_read', 'i32 i32 buffer', 'buffer', null, 10, 'bytes of argument R0 from offset R1 on; end: none left'],
  ['read', 'i32 buffer', 'buffer', null, 50, 'bytes from a stream: 0 is stdin; end: no more'],
  ['write', 'i32 bytes', 'i32', null, 50, 'bytes to a stream: 1 is stdout, 2 is stderr; their number'],
  ['clock', 'i32', 'i64', 'clock', 20, 'nanoseconds: clock 0 since 1970, clock 1 since the start of the execution'],
  ['random', 'buffer', 'buffer', 'random', 20, 'random bytes'],
  ['sleep', 'i64', 'none', 'sleep', 50, 'wait for nanoseconds'],
  ['file_size', NAME, 'i32', null, 20, "size of one of the function's files, or -1"],
  [
    'file_read',
    `${NAME} i32 buffer`,
    'buffer',
    null,
    50,
    'bytes of a file from an offset on; end: none left, or no file',
  ],
  [
    'host_call',
    `${NAME} json`,
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
    KEY,
    'answer',
    'storage',
    200,
    'version of the value under a key, 0: none; answer: the value',
    'fallible',
  ],
  ['storage_put', `${KEY} ${STORED}`, 'i64', 'storage', 200, 'put a value under a key; its version', 'fallible'],
  ['storage_delete', KEY, 'i64', 'storage', 200, 'remove a key; 1: it was there, 0: it was not', 'fallible'],
  [
    'storage_swap',
    `${KEY} i64 ${STORED}`,
    'i64',
    'storage',
    200,
    'put a value under a key if its version is still that (0: none is there); its new version, 0: it is another',
    'fallible',
  ],
  [
    'storage_remove',
    `${KEY} i64`,
    'i64',
    'storage',
    200,
    'remove a key if its version is still that; 1: it is removed, 0: it is another',
    'fallible',
  ],
  [
    'storage_list',
    `${KEY} ${KEY} i32`,
    'json',
    'storage',
    200,
    'list of the keys with prefix R0 behind key R1, in order, at most R2 of them; empty: no more',
    'fallible',
  ],
  [
    'log',
    `i32 ${LOGGED}`,
    'none',
    null,
    50,
    'a record beside the streams: level (0 debug, 1 info, 2 warn, 3 error), message, fields (an object, or null)',
  ],
  [
    'http_request',
    `json ${BODY}`,
    'json',
    'http',
    500,
    "send a request (method, url, headers, redirect, timeoutMs) and its body; the response's handle, status, url, headers",
    'fallible',
  ],
  ['http_open', 'json', 'i32', 'http', 500, 'begin a request whose body comes in pieces; its handle', 'fallible'],
  ['http_write', `i32 ${BODY}`, 'i32', 'http', 100, "a piece of a request's body; its bytes", 'fallible'],
  ['http_response', 'i32', 'json', 'http', 100, "end a request's body; the response as of http_request", 'fallible'],
  ['http_read', 'i32 buffer', 'buffer', 'http', 100, "bytes of a response's body; end: no more", 'fallible'],
  ['http_close', 'i32', 'none', 'http', 50, 'end a request, whatever has come of it'],
  [
    'invoke',
    `${NAME} json`,
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

/** Values of their `json`; as many as a text may have where nothing is said. */
const MOST_VALUES: Readonly<Record<string, number>> = {
  log: MAXIMUM_LOG_VALUES,
  http_request: MAXIMUM_REQUEST_VALUES,
  http_open: MAXIMUM_REQUEST_VALUES,
  invoke: MAXIMUM_MESSAGE_VALUES,
  invoke_all: MAXIMUM_MESSAGE_VALUES,
};

/** All syscalls by number. */
export const SYSCALLS: readonly Syscall[] = ROWS.map(
  ([name, row, result, capability, cost, synopsis, fallible], number) => {
    const params = row === '' ? [] : row.split(' ').map((parameter) => parameter.split(':'));
    return {
      number,
      name,
      params: params.map(([kind]) => kind as SyscallParameter),
      mostBytes: params.map(([kind, most]) => Number(most ?? (kind === 'json' ? MAXIMUM_JSON_BYTES : Infinity))),
      result,
      capability,
      cost,
      costPer64Bytes: 1,
      synopsis,
      mostValues: MOST_VALUES[name] ?? MAXIMUM_JSON_BYTES,
      isFallible: fallible !== undefined,
    };
  },
);

const byName = new Map(SYSCALLS.map((syscall) => [syscall.name, syscall]));

/** The syscall of that name, or undefined. */
export function findSyscall(name: string): Syscall | undefined {
  return byName.get(name);
}
