// `gazelle execute` and `gazelle restore`: a function of a server, once with its output as it comes, or many times at once.
import type { Limits } from '../../../vm/index';
import type { ExecuteOptions, ExecutionResult } from '../../core/index';
import { formatError } from '../../core/index';
import type { RemoteTenant } from '../client';
import { EXIT_OK, exitStatusOf } from '../exit-status';
import { type FollowFlags, follow } from '../follow';
import { type LimitFlags, limitsFromFlags } from '../limit-flags';
import { readFile, UsageError } from '../source-file';
import { type Terminal, write, writeAll } from '../terminal';
import { type TenantFlags, tenantOf, withServer } from './session';

export interface ExecuteFlags extends TenantFlags, LimitFlags, FollowFlags {
  readonly argJson?: unknown;
  readonly count?: number;
  readonly stdinFile?: string;
}

export interface RestoreFlags extends TenantFlags, FollowFlags {
  readonly refill?: Partial<Limits>;
}

/** Throws UsageError. */
export async function executeCommand(
  terminal: Terminal,
  name: string,
  args: readonly string[],
  flags: ExecuteFlags,
): Promise<number> {
  if (flags.argJson !== undefined && args.length > 0) throw new UsageError('give ARGs or --arg-json, not both');
  const { count } = flags;
  if (count !== undefined && flags.suspendTo !== undefined) throw new UsageError('--suspend-to is for one, not for -n');
  const stdin = await readStdin(terminal, flags.stdinFile);
  const options: ExecuteOptions = {
    limits: limitsFromFlags(flags),
    ...(stdin !== undefined && { stdin }),
    ...(flags.argJson === undefined && { args }),
  };
  return untilInterrupted(terminal, (signal) =>
    withServer(terminal, flags, (client) => {
      const tenant = tenantOf(client, flags);
      return count === undefined
        ? executeOnce(terminal, tenant, name, { ...options, signal }, flags)
        : executeMany(terminal, tenant, name, count, { ...options, signal }, flags);
    }),
  );
}

/** Goes on from the snapshot in a file. Throws UsageError. */
export async function restoreCommand(terminal: Terminal, file: string, flags: RestoreFlags): Promise<number> {
  const snapshot = readFile(file);
  const { refill = {} } = flags;
  return untilInterrupted(terminal, (signal) =>
    withServer(terminal, flags, (client) => {
      const options = { signal, suspended: true, ...outputTo(terminal, flags) };
      const start = (onSuspended: ExecuteOptions['onSuspended'] & {}) =>
        tenantOf(client, flags).restore(snapshot, { ...options, onSuspended });
      return follow(terminal, flags, start, { refill });
    }),
  );
}

async function untilInterrupted(terminal: Terminal, work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const ignoreInterrupts = terminal.onInterrupt(cancel);
  for (const stream of [terminal.stdout, terminal.stderr]) stream.on('error', cancel);
  try {
    return await work(controller.signal);
  } finally {
    ignoreInterrupts();
  }
}

/** The output as it comes; with --json it is part of the result. */
function outputTo(terminal: Terminal, { json }: { json?: true }): Pick<ExecuteOptions, 'output'> {
  return json ? {} : { output: ({ stream, bytes }) => write(terminal[stream], bytes) };
}

function executeOnce(
  terminal: Terminal,
  tenant: RemoteTenant,
  name: string,
  options: ExecuteOptions,
  flags: ExecuteFlags,
): Promise<number> {
  const call = { ...options, ...outputTo(terminal, flags) };
  return follow(terminal, flags, (onSuspended) => tenant.execute(name, flags.argJson, { ...call, onSuspended }));
}

/** Outputs in order, or with --json one list of results; the status is the first that is not 0. */
async function executeMany(
  terminal: Terminal,
  tenant: RemoteTenant,
  name: string,
  count: number,
  options: ExecuteOptions,
  { argJson, json }: ExecuteFlags,
): Promise<number> {
  const results = await tenant.executeMany(name, count, argJson, options);
  if (json) await writeAll(terminal.stdout, `${JSON.stringify(results)}\n`);
  else {
    for (const result of results) {
      await writeAll(terminal.stdout, result.stdout);
      await writeAll(terminal.stderr, result.stderr);
      await showError(terminal, result);
    }
  }
  return results.map(exitStatusOf).find((status) => status !== EXIT_OK) ?? EXIT_OK;
}

async function showError(terminal: Terminal, { error }: ExecutionResult): Promise<void> {
  if (error !== undefined) await writeAll(terminal.stderr, `gazelle: ${formatError(error)}\n`);
}

/** All of a file, or of the terminal's own input when the file is `-`. */
async function readStdin(terminal: Terminal, file: string | undefined): Promise<Uint8Array | undefined> {
  if (file === undefined) return undefined;
  if (file !== '-') return readFile(file);
  const pieces: Buffer[] = [];
  for await (const piece of terminal.stdin) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
