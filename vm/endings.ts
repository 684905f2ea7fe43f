// How an execution's end is told: what the machine knows of it, in words and with where it stood.
import { type Breach, breachOf } from './budget';
import type { Context } from './context';
import { LIMIT_ERRORS, trapDefinition } from './errors';
import type { HeapAccount } from './heap-account';
import type { TextCodec } from './host-values';
import { MAXIMUM_FRAMES } from './limits';
import type { ExecutionError, Status } from './outcome';
import type { Program } from './program';
import { uncaughtError } from './results';
import { traceStack } from './stack-trace';
import { isMemoryError } from './value-errors';

/** A status, and why. */
export interface Ending {
  readonly status: Status;
  readonly error: ExecutionError | null;
}

/** An error where `context` stands; without one, nowhere. */
export function describeError(
  context: Context | null,
  code: string,
  message: string,
  isAtSafepoint: boolean,
): ExecutionError {
  if (context === null) return { code, message, stack: [], skippedFrames: 0 };
  context.thaw();
  const { frames, skipped } = traceStack(context, isAtSafepoint);
  return { code, message, stack: frames, skippedFrames: skipped };
}

export function limitEnding(context: Context | null, breach: Breach, isAtSafepoint: boolean): Ending {
  const { code, message } = LIMIT_ERRORS[breach.resource];
  return { status: 'limit', error: { ...describeError(context, code, message, isAtSafepoint), ...breach } };
}

export function memoryEnding(context: Context | null, account: HeapAccount): Ending {
  return limitEnding(context, breachOf(account.lack()), false);
}

/** An error that nobody has caught. */
export function throwEnding(context: Context, account: HeapAccount, text: TextCodec): Ending {
  if (isMemoryError(context)) return memoryEnding(context, account);
  const { message, value } = uncaughtError(context, text);
  const error = describeError(context, 'guest_error', message, false);
  return { status: 'error', error: value === null ? error : { ...error, value } };
}

export function trapEnding(context: Context, account: HeapAccount): Ending {
  const { code, message, resource } = trapDefinition(context.trap);
  if (resource === null) return { status: 'error', error: describeError(context, code, message, false) };
  if (resource === 'memory') return memoryEnding(context, account);
  const limit = resource === 'stack' ? MAXIMUM_FRAMES : memoryStackBytes(context.program);
  return limitEnding(context, { resource, level: 'invocation', limit, used: limit }, false);
}

function memoryStackBytes({ modules }: Program): number {
  return modules.find((module) => module.memory !== null)?.memory?.stackBytes ?? 0;
}
