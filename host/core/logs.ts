// Structured logs of an execution: records beside its streams.
import type { GuestValue } from '../../vm/index';

/** By the number that a guest says. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogRecord {
  readonly level: LogLevel;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly message: string;
  /** What the guest says beside the message; null when that is nothing. */
  readonly fields: GuestValue;
}

/** Takes records as they come; a promise holds the guest until it is settled. */
export type LogSink = (record: LogRecord) => undefined | Promise<void>;

/** What a record costs beside its bytes: what holding it takes, roughly. */
export const RECORD_BYTES = 64;

/** A record as a line of text, as a terminal shows it. */
export function formatLogRecord({ level, time, message, fields }: LogRecord): string {
  const text = `${new Date(time).toISOString()} ${level} ${message}`;
  return fields === null ? text : `${text} ${JSON.stringify(fields)}`;
}
