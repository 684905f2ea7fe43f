// `gazelle run`: one function from a file, with its output as it comes and its end as an exit status.
import { createReadStream, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import {
  CAPABILITIES,
  type DeployedFunction,
  type ExecuteOptions,
  type ExecutionResult,
  formatError,
  formatLogRecord,
  type Host,
  type LimitOptions,
} from '../core/index';
import { EXIT_OK, exitStatusOf } from './exit-status';
import { folderFiles } from './folder-files';
import { createCommandHost, readSource, UsageError } from './source-file';
import { type Terminal, write, writeAll } from './terminal';

/** Options of `run` as commander gives them. */
export interface RunFlags {
  readonly argJson?: unknown;
  readonly language?: string;
  readonly frontend: readonly string[];
  readonly stdinFile?: string;
  readonly instructions?: number;
  readonly memory?: number;
  readonly wall?: number;
  readonly json?: true;
}

/** Runs FILE with ARGs; answers the exit status. Throws UsageError and DeployError. */
export async function runCommand(
  terminal: Terminal,
  file: string,
  args: readonly string[],
  flags: RunFlags,
): Promise<number> {
  if (flags.argJson !== undefined && args.length > 0) throw new UsageError('give ARGs or --arg-json, not both');
  const host = await createCommandHost(flags.frontend);
  const fn = await deployFile(host, file, flags);
  const result = await execute(terminal, fn, args, flags);
  // Without --json nobody sees the results: it does not matter that they cannot be shown.
  if (!flags.json && result.error?.code.startsWith('result.')) return EXIT_OK;
  if (flags.json) await writeAll(terminal.stdout, `${JSON.stringify(result)}\n`);
  else if (result.error !== undefined) await writeAll(terminal.stderr, `gazelle: ${formatError(result.error)}\n`);
  return exitStatusOf(result);
}

async function deployFile(host: Host, file: string, flags: RunFlags): Promise<DeployedFunction> {
  const options = {
    name: 'main',
    fileName: file,
    files: folderFiles(dirname(file)),
    // Whoever starts a program on the command line lets it do what the machine offers.
    capabilities: CAPABILITIES,
    limits: limitsOf(flags),
  };
  const fn = await host.deploy({ ...options, ...readSource(host, file, flags.language) });
  return fn;
}

/** Only memory is limited unless asked for, as for any program; with --json what is kept of the output is, too. */
function limitsOf({ instructions, memory, wall, json }: RunFlags): LimitOptions {
  return {
    instructions: instructions ?? Infinity,
    wallTimeMs: wall ?? Infinity,
    syscalls: Infinity,
    ...(memory !== undefined && { memoryBytes: memory }),
    ...(!json && { outputBytes: Infinity }),
  };
}

async function execute(
  terminal: Terminal,
  fn: DeployedFunction,
  args: readonly string[],
  flags: RunFlags,
): Promise<ExecutionResult> {
  const stdin = openStdin(terminal, flags.stdinFile);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const options: ExecuteOptions = {
    stdin: stdin.bytes,
    signal: controller.signal,
    ...(!flags.json && {
      output: ({ stream, bytes }) => write(terminal[stream], bytes),
      log: (record) => write(terminal.stderr, Buffer.from(`${formatLogRecord(record)}\n`)),
    }),
    ...(flags.argJson === undefined && { args }),
  };
  const ignoreInterrupts = terminal.onInterrupt(cancel);
  // Nobody reads any more (`gazelle run ... | head`): there is nothing left to run for, and nobody to tell.
  for (const stream of [terminal.stdout, terminal.stderr]) stream.on('error', cancel);
  try {
    return await fn.execute(flags.argJson, options);
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
