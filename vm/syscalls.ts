// The syscall table: the only door between a guest and the world. What each one is called, takes, answers, costs and
// needs. How it is answered is the host's business.

/**
 * `i32`, `i64`, `f64`: numbers. `bytes`: typed code gives two registers (address, length), value code a string.
 * `buffer`: where bytes of the answer go: typed code gives two registers (address, capacity) and gets their number, or
 * -1 at the end; value code gives the largest number wanted and gets a string, or nil at the end.
 * `json`: typed code gives JSON text as `bytes`; value code any value that JSON can express.
 */
export type SyscallParameter = 'i32' | 'i64' | 'f64' | 'bytes' | 'buffer' | 'json';

/** `json`: value code gets a value; typed code gets the length of a text that `answer_read` then reads. */
export type SyscallResult = 'none' | 'i32' | 'i64' | 'f64' | 'buffer' | 'json';

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
}

type Row = readonly [
  name: string,
  params: string,
  result: SyscallResult,
  capability: string | null,
  cost: number,
  synopsis: string,
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
  ['host_call', 'bytes json', 'json', null, 100, 'call the host function of that name with a list of arguments'],
  ['answer_read', 'i32 buffer', 'buffer', null, 10, 'bytes of the last JSON answer from an offset on; end: none left'],
];

/** All syscalls by number. */
export const SYSCALLS: readonly Syscall[] = ROWS.map(([name, params, result, capability, cost, synopsis], number) => ({
  number,
  name,
  params: params === '' ? [] : (params.split(' ') as SyscallParameter[]),
  result,
  capability,
  cost,
  costPer64Bytes: 1,
  synopsis,
}));

const byName = new Map(SYSCALLS.map((syscall) => [syscall.name, syscall]));

/** The syscall of that name, or undefined. */
export function findSyscall(name: string): Syscall | undefined {
  return byName.get(name);
}
