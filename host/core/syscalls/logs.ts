// Structured logs: what a record charges, and who takes it.
import { type GuestValue, MAXIMUM_LOG_BYTES, type TooLong } from '../../../vm/index';
import { LOG_LEVELS, type LogRecord, RECORD_BYTES } from '../logs';
import type { SyscallHandlers } from '../syscall-handlers';
import { textCodec } from '../text';
import { failure } from './failures';
import { after, type Handler } from './handler';

/** No fields; Lua's empty table is an empty list here. */
const EMPTY: ReadonlySet<string> = new Set(['null', '{}', '[]']);

function log(
  { options, time }: SyscallHandlers,
  level: number,
  message: Uint8Array | TooLong,
  fields: GuestValue,
): undefined | Promise<undefined> {
  if (message.length > MAXIMUM_LOG_BYTES) {
    throw failure('log.message', `a message of ${message.length} bytes (at most ${MAXIMUM_LOG_BYTES} are possible)`);
  }
  const text = JSON.stringify(fields);
  const isEmpty = EMPTY.has(text);
  const record: LogRecord = {
    level: LOG_LEVELS[Math.min(Math.max(level, 0), LOG_LEVELS.length - 1)]!,
    time: time.wallMilliseconds(),
    message: textCodec.decodeLeniently(message as Uint8Array),
    fields: isEmpty ? null : fields,
  };
  const fieldBytes = isEmpty ? 0 : textCodec.encode(text).length;
  const bytes = RECORD_BYTES + message.length + fieldBytes;
  return after(options.charges.charge('logBytes', bytes), () => options.log(record) as undefined);
}

/** By syscall. */
export const LOG_HANDLERS: Readonly<Record<string, Handler>> = {
  log: (host, [level, message, fields]) =>
    log(host, level as number, message as Uint8Array | TooLong, fields as GuestValue),
};
