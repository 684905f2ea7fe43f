// What `run`, `execute` and `restore` do with an execution, here or on a server: let it go on, wait for its end or for a
// limit that suspends it, say so, and save it.
import { accessSync, constants, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Limits } from '../../vm/index';
import { type Execution, type ExecutionResult, formatError, type Place, type Suspension } from '../core/index';
import { EXIT_OK, EXIT_SUSPENDED, exitStatusOf } from './exit-status';
import { UsageError } from './source-file';
import { type Terminal, writeAll } from './terminal';

export interface FollowFlags {
  /** Where it is saved when a limit suspends it. */
  readonly suspendTo?: string;
  readonly json?: true;
  /** Whether nobody sees the results without `json`: then it does not matter that they cannot be shown. */
  readonly dropsResults?: boolean;
}

/** How it goes on when it stands still at first. */
export interface Beginning {
  readonly refill: Partial<Limits>;
}

type Outcome = { readonly result: ExecutionResult } | { readonly suspension: Suspension };

/** Starts an execution and answers the exit status. Throws UsageError, and what the execution rejects with. */
export async function follow<P extends Place>(
  terminal: Terminal,
  flags: FollowFlags,
  start: (onSuspended: (suspension: Suspension) => void) => Execution<P>,
  beginning?: Beginning,
): Promise<number> {
  if (flags.suspendTo !== undefined) checkWritable(flags.suspendTo);
  let stop!: (suspension: Suspension) => void;
  const stopped = new Promise<Suspension>((resolve) => {
    stop = resolve;
  });
  const execution: Execution<Place> = start((suspension) => {
    if (suspension.reason === 'request') return;
    if (flags.suspendTo !== undefined || suspension.level === 'invocation') stop(suspension);
    else void writeAll(terminal.stderr, `gazelle: suspended (${describe(suspension)})${waysOn(suspension)}\n`);
  });
  if (beginning !== undefined) {
    await execution.refill(beginning.refill);
    await execution.resume();
  }
  const outcome = await Promise.race<Outcome>([
    execution.then((result) => ({ result })),
    stopped.then((suspension) => ({ suspension })),
  ]);
  if ('suspension' in outcome) return leave(terminal, execution, outcome.suspension, flags);
  const { result } = outcome;
  if (flags.dropsResults && !flags.json && result.error?.code.startsWith('result.')) return EXIT_OK;
  await printResult(terminal, result, flags);
  return exitStatusOf(result);
}

/** Prints the result as JSON, or the error if there is one. */
async function printResult(
  terminal: Terminal,
  result: object & { error?: ExecutionResult['error'] },
  flags: FollowFlags,
) {
  if (flags.json) await writeAll(terminal.stdout, `${JSON.stringify(result)}\n`);
  else if (result.error !== undefined) await writeAll(terminal.stderr, `gazelle: ${formatError(result.error)}\n`);
}

/** Saves what is suspended, if it is wanted, and ends it. */
async function leave(
  terminal: Terminal,
  execution: Execution<Place>,
  suspension: Suspension,
  flags: FollowFlags,
): Promise<number> {
  const { suspendTo: file } = flags;
  if (file !== undefined) save(file, await execution.snapshot());
  execution.cancel();
  const { error: _, ...result } = await execution;
  const snapshot = file ?? null;
  if (flags.json)
    await printResult(terminal, { ...result, status: 'suspended', suspension, snapshot } as object, flags);
  const rest = file === undefined ? '; --suspend-to FILE would have saved it' : `; saved to ${file}`;
  await writeAll(terminal.stderr, `gazelle: suspended (${describe(suspension)})${rest}\n`);
  return EXIT_SUSPENDED;
}

/** Whole or not at all: it may take the place of the snapshot that this one goes on from. */
function save(file: string, bytes: Uint8Array): void {
  const part = `${file}.part`;
  try {
    writeFileSync(part, bytes);
    renameSync(part, file);
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

/** Before anything has run whose end would be lost. */
function checkWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

function describe({ reason, level = 'invocation', limit = 0, used = 0 }: Suspension): string {
  const whose = level === 'invocation' ? '' : ` of the ${level}`;
  return `${reason} limit${whose} ${limit}, used ${Math.ceil(used)}`;
}

function waysOn({ level }: Suspension): string {
  return `; it goes on when more is granted (gazelle ${level} refill), and ends with Ctrl-C`;
}
