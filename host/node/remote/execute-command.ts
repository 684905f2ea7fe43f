// `gazelle execute`: calls a function of a server, once with its output as it comes, or many times at once.
import type { ExecuteOptions, ExecutionResult } from '../../core/index';
import { formatError } from '../../core/index';
import type { Client } from '../client';
import { EXIT_OK, exitStatusOf } from '../exit-status';
import { type LimitFlags, limitsFromFlags } from '../limit-flags';
import { readFile, UsageError } from '../source-file';
import { type Terminal, write, writeAll } from '../terminal';
import { type RemoteFlags, withServer } from './session';

export interface ExecuteFlags extends RemoteFlags, LimitFlags {
  readonly argJson?: unknown;
  readonly count?: number;
  readonly stdinFile?: string;
}

/** Throws UsageError. */
export async function executeCommand(
  terminal: Terminal,
  name: string,
  args: readonly string[],
  flags: ExecuteFlags,
): Promise<number> {
  if (flags.argJson !== undefined && args.length > 0) throw new UsageError('give ARGs or --arg-json, not both');
  const stdin = await readStdin(terminal, flags.stdinFile);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const ignoreInterrupts = terminal.onInterrupt(cancel);
  for (const stream of [terminal.stdout, terminal.stderr]) stream.on('error', cancel);
  const options: ExecuteOptions = {
    signal: controller.signal,
    limits: limitsFromFlags(flags),
    ...(stdin !== undefined && { stdin }),
    ...(flags.argJson === undefined && { args }),
  };
  try {
    return await withServer(terminal, flags, (client) =>
      flags.count === undefined
        ? executeOnce(terminal, client, name, options, flags)
        : executeMany(terminal, client, name, flags.count, options, flags),
    );
  } finally {
    ignoreInterrupts();
  }
}

async function executeOnce(
  terminal: Terminal,
  client: Client,
  name: string,
  options: ExecuteOptions,
  { argJson, json }: ExecuteFlags,
): Promise<number> {
  const output: ExecuteOptions['output'] = ({ stream, bytes }) => write(terminal[stream], bytes);
  const result = await client.execute(name, argJson, json ? options : { ...options, output });
  if (json) await writeAll(terminal.stdout, `${JSON.stringify(result)}\n`);
  else await showError(terminal, result);
  return exitStatusOf(result);
}

/** Outputs in order, or with --json one list of results; the status is the first that is not 0. */
async function executeMany(
  terminal: Terminal,
  client: Client,
  name: string,
  count: number,
  options: ExecuteOptions,
  { argJson, json }: ExecuteFlags,
): Promise<number> {
  const results = await client.executeMany(name, count, argJson, options);
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
