// What a call brings with it: its arguments as text, its standard input, the function's files; and the value that it says itself.
import { type GuestValue, SyscallFailure, type TooLong } from '../../../vm/index';
import type { SyscallHandlers } from '../syscall-handlers';
import { messageOf } from './failures';
import { type Handler, nameOf } from './handler';

function readFrom(bytes: Uint8Array | undefined, offset: number, most: number): Uint8Array | null {
  if (bytes === undefined || offset < 0 || offset >= bytes.length) return null;
  return bytes.subarray(offset, offset + most);
}

function readStream(
  { options }: SyscallHandlers,
  stream: number,
  most: number,
): Uint8Array | null | Promise<Uint8Array | null> {
  if (stream !== 0) return null;
  const bytes = options.input.read(most);
  if (!(bytes instanceof Promise)) return bytes;
  return bytes.catch((error: unknown) => {
    throw new SyscallFailure(`reading stdin failed: ${messageOf(error)}`);
  });
}

function fileOf({ options }: SyscallHandlers, path: Uint8Array | TooLong): Uint8Array | undefined {
  const name = nameOf(path);
  return name === null ? undefined : options.files[name];
}

function setResult(host: SyscallHandlers, value: GuestValue): undefined {
  host.result = value;
}

/** By syscall. */
export const INPUT_HANDLERS: Readonly<Record<string, Handler>> = {
  argument_count: ({ options }) => options.args().length,
  argument_read: ({ options }, [index, offset, most]) =>
    readFrom(options.args()[index as number], offset as number, most as number),
  read: (host, [stream, most]) => readStream(host, stream as number, most as number),
  file_size: (host, [path]) => fileOf(host, path as Uint8Array | TooLong)?.length ?? -1,
  file_read: (host, [path, offset, most]) =>
    readFrom(fileOf(host, path as Uint8Array | TooLong), offset as number, most as number),
  result: (host, [value]) => setResult(host, value as GuestValue),
};
