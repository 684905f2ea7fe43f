// Functions that call functions of their tenant: which may, how deep, and what the caller gets.
import {
  type Budget,
  type GuestValue,
  type HostValue,
  MAXIMUM_JSON_BYTES,
  MAXIMUM_MESSAGE_VALUES,
  MAXIMUM_RECORD_NAMES,
  type ValueLimits,
} from '../../vm/index';
import { DeployError, HOST_ERRORS, HostError } from './errors';
import type { DeployedFunction } from './function';
import type { ExecutionResult } from './result';
import { failure } from './syscalls/failures';

/** Functions that call each other wait for each other: each holds its memory meanwhile. */
export const MAXIMUM_INVOCATION_DEPTH = 8;

/** Of all that one call has started, and they in turn: each has a heap of its own. */
export const MAXIMUM_INVOCATIONS_AT_ONCE = 256;

/** What a function may answer one that waits for it. */
export const INVOKED_LIMITS: ValueLimits = {
  nodes: MAXIMUM_MESSAGE_VALUES,
  bytes: MAXIMUM_JSON_BYTES,
  elements: MAXIMUM_MESSAGE_VALUES,
  names: MAXIMUM_RECORD_NAMES,
};

/** Where a call stands among those that wait for each other. */
export interface Ancestry {
  /** How many functions wait for it, each for the next. */
  readonly depth: number;
  /** Of the first of them: how many run that it, or one below it, has called. */
  readonly tree: { running: number };
  /** What pays for it beside its own function's budget: that of the function which waits for it. */
  readonly payer: Budget | null;
}

/** That of a call from outside. */
export function newAncestry(): Ancestry {
  return { depth: 0, tree: { running: 0 }, payer: null };
}

/** What a function may call. */
export interface Callees {
  /** Names; `*`: all of the tenant. */
  readonly allowed: ReadonlySet<string>;
  /** The tenant's function of that name, as it is deployed now. */
  readonly find: (name: string) => DeployedFunction | undefined;
}

const NAME = /^([A-Za-z0-9._-]{1,128}|\*)$/;

/** The names that a deployment lists. Throws DeployError `deploy.invoke`. */
export function checkInvoke(names: readonly string[] | undefined): ReadonlySet<string> {
  if (names !== undefined && !Array.isArray(names))
    throw new DeployError('deploy.invoke', 'invoke must be a list of names');
  for (const name of names ?? []) {
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw new DeployError('deploy.invoke', `${JSON.stringify(name)} is no name of a function`);
    }
  }
  return new Set(names);
}

/**
 * Calls a function on behalf of a guest that stands there itself, and waits for its value. Whatever else comes of it is
 * a SyscallFailure. When the signal fires, the callee is cancelled.
 */
export async function invokeFunction(
  { allowed, find }: Callees,
  { depth, tree, payer }: Ancestry,
  name: string,
  argument: GuestValue,
  signal: AbortSignal,
): Promise<HostValue> {
  if (!allowed.has(name) && !allowed.has('*'))
    throw failure('invoke.denied', `'${name}' is not in the function's list`);
  const callee = find(name);
  if (callee === undefined) throw failure('invoke.unknown', `there is no function '${name}'`);
  if (depth >= MAXIMUM_INVOCATION_DEPTH)
    throw failure('invoke.depth', `${depth} functions wait for each other already`);
  if (tree.running >= MAXIMUM_INVOCATIONS_AT_ONCE) throw failure('invoke.many', `${tree.running} run at once already`);
  tree.running++;
  let result: ExecutionResult;
  try {
    result = await callee.execute(argument ?? undefined, { signal }, { depth: depth + 1, tree, payer });
  } catch (error) {
    if (!(error instanceof HostError && error.code === 'worker.failed')) throw error;
    // Its message is the host's own affair.
    throw failure('invoke.failed', `'${name}': ${HOST_ERRORS[error.code]}`);
  } finally {
    tree.running--;
  }
  if (result.status !== 'ok') throw failure('invoke.failed', `'${name}': ${result.error?.message ?? result.status}`);
  // What it has said by itself is a JSON text, which may have more than it could return.
  if (valuesLeft(result.value, MAXIMUM_MESSAGE_VALUES) < 0) {
    throw failure('invoke.failed', `'${name}': its value cannot cross: more than ${MAXIMUM_MESSAGE_VALUES} values`);
  }
  return result.value;
}

/** How many more values a value could have, names among them, to come to `most`; below 0 when it has more. */
function valuesLeft(value: GuestValue, most: number): number {
  let left = most - 1;
  if (typeof value !== 'object' || value === null) return left;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index++) left = valuesLeft(value[index]!, left);
    return left;
  }
  // By names: of thousands, that takes a fifth of the time that values or entries take.
  const record = value as Record<string, GuestValue>;
  const names = Object.keys(record);
  left -= names.length;
  for (let index = 0; index < names.length && left >= 0; index++) left = valuesLeft(record[names[index]!]!, left);
  return left;
}
