// `gazelle run`: one function from a file, with its output as it comes and its end as an exit status.
import { createReadStream, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import type { Limits } from '../../vm/index';
import {
  CAPABILITIES,
  type DeployedFunction,
  type ExecuteOptions,
  formatLogRecord,
  type Host,
  type LimitOptions,
  type RestoreOptions,
} from '../core/index';
import { folderFiles } from './folder-files';
import { type FollowFlags, follow } from './follow';
import { parseHttpRule } from './http-rule';
import { type LimitFlags, limitsFromFlags } from './limit-flags';
import { createCommandHost, readFile, readSource, UsageError } from './source-file';
import { type Terminal, write } from './terminal';
import { showDiagnostics, type WarningFlags } from './warnings';

/** Options of `run` as commander gives them. */
export interface RunFlags extends LimitFlags, FollowFlags, WarningFlags {
  readonly argJson?: unknown;
  readonly language?: string;
  readonly frontend: readonly string[];
  readonly stdinFile?: string;
  readonly initialise?: boolean;
  /** What it may reach over HTTP: `[METHOD,...@]HOST[:PORT]`. */
  readonly allowHttp: readonly string[];
  readonly privateAddress: readonly string[];
  /** Where it was saved that is to go on. */
  readonly snapshot?: string;
  readonly refill?: Partial<Limits>;
}

/** Runs FILE with ARGs; answers the exit status. Throws UsageError, DeployError and SnapshotError. */
export async function runCommand(
  terminal: Terminal,
  file: string,
  args: readonly string[],
  flags: RunFlags,
): Promise<number> {
  if (flags.argJson !== undefined && args.length > 0) throw new UsageError('give ARGs or --arg-json, not both');
  if (flags.snapshot === undefined) {
    if (flags.refill !== undefined) throw new UsageError('--refill is for --snapshot');
  } else if (flags.argJson !== undefined || args.length > 0) {
    throw new UsageError('--snapshot has its arguments: give none');
  }
  const saved = flags.snapshot === undefined ? undefined : readFile(flags.snapshot);
  const host = await createCommandHost(flags.frontend);
  const fn = await deployFile(host, file, flags);
  await showDiagnostics(terminal, fn.diagnostics);
  return execute(terminal, fn, args, flags, saved);
}

async function deployFile(host: Host, file: string, flags: RunFlags): Promise<DeployedFunction> {
  const options = {
    name: 'main',
    fileName: file,
    files: folderFiles(dirname(file)),
    // Whoever starts a program on the command line lets it do what the machine offers.
    capabilities: CAPABILITIES,
    limits: limitsOf(flags),
    warnings: flags.warning,
    http: { allow: flags.allowHttp.map(parseHttpRule), privateAddresses: flags.privateAddress },
    ...(flags.initialise && { initialise: true }),
  };
  const fn = await host.deploy({ ...options, ...readSource(host, file, flags.language) });
  return fn;
}

/** Only memory is limited unless asked for, as for any program; with --json what is kept of the output is, too. */
function limitsOf(flags: RunFlags): LimitOptions {
  return {
    instructions: Infinity,
    wallTimeMs: Infinity,
    syscalls: Infinity,
    ...(!flags.json && { outputBytes: Infinity }),
    ...limitsFromFlags(flags),
  };
}

/** Calls the function, or goes on with it from what was saved. */
async function execute(
  terminal: Terminal,
  fn: DeployedFunction,
  args: readonly string[],
  flags: RunFlags,
  saved: Uint8Array | undefined,
): Promise<number> {
  const stdin = openStdin(terminal, flags.stdinFile);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const options: RestoreOptions = {
    stdin: stdin.bytes,
    signal: controller.signal,
    ...(!flags.json && {
      output: ({ stream, bytes }) => write(terminal[stream], bytes),
      log: (record) => write(terminal.stderr, Buffer.from(`${formatLogRecord(record)}\n`)),
    }),
  };
  const seen = { ...flags, dropsResults: true };
  const ignoreInterrupts = terminal.onInterrupt(cancel);
  // Nobody reads any more (`gazelle run ... | head`): there is nothing left to run for, and nobody to tell.
  for (const stream of [terminal.stdout, terminal.stderr]) stream.on('error', cancel);
  try {
    if (saved === undefined) {
      const call: ExecuteOptions = { ...options, ...(flags.argJson === undefined && { args }) };
      return await follow(terminal, seen, (onSuspended) => fn.execute(flags.argJson, { ...call, onSuspended }));
    }
    const { policy: policies, refill = {} } = flags;
    const going = { ...options, suspended: true, ...(policies !== undefined && { limits: { policies } }) };
    return await follow(terminal, seen, (onSuspended) => fn.restore(saved, { ...going, onSuspended }), { refill });
  } finally {
    ignoreInterrupts();
    stdin.close();
  }
}

/** Bytes of the file, or of the terminal from the first read on. */
function openStdin(
  terminal: Terminal,
  file: string | undefined,
): { bytes: AsyncIterable<Uint8Array>; close: () => void } {
  let stream: Readable | undefined;
  const open = () => (stream ??= file === undefined ? terminal.stdin : createReadStream(file, { fd: openFile(file) }));
  if (file !== undefined) open();
  async function* read(): AsyncGenerator<Uint8Array> {
    for await (const piece of open()) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
  }
  return { bytes: read(), close: () => void stream?.destroy() };
}

function openFile(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}
