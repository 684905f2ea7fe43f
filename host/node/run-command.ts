// `gazelle run`: one function from a file, with its output as it comes and its end as an exit status.
import { createReadStream, openSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  CAPABILITIES,
  type DeployedFunction,
  type ExecuteOptions,
  type ExecutionResult,
  formatError,
  type Host,
  type LimitOptions,
} from '../core/index';
import { EXIT_OK, exitStatusOf } from './exit-status';
import { folderFiles } from './folder-files';
import { createCommandHost, readSource, UsageError } from './source-file';

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
export async function runCommand(file: string, args: readonly string[], flags: RunFlags): Promise<number> {
  if (flags.argJson !== undefined && args.length > 0) throw new UsageError('give ARGs or --arg-json, not both');
  const host = await createCommandHost(flags.frontend);
  const fn = await deployFile(host, file, flags);
  const result = await execute(fn, args, flags);
  if (flags.json) await writeAll(process.stdout, `${JSON.stringify(result)}\n`);
  else if (result.error !== undefined) await writeAll(process.stderr, `gazelle: ${formatError(result.error)}\n`);
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

async function execute(fn: DeployedFunction, args: readonly string[], flags: RunFlags): Promise<ExecutionResult> {
  const stdin = openStdin(flags.stdinFile);
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const options: ExecuteOptions = {
    stdin: stdin.bytes,
    signal: controller.signal,
    ...(!flags.json && { output: ({ stream, bytes }) => write(process[stream], bytes) }),
    ...(flags.argJson === undefined && { args }),
  };
  process.once('SIGINT', cancel);
  // Nobody reads any more (`gazelle run ... | head`): there is nothing left to run for.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', cancel);
  try {
    return await fn.execute(flags.argJson, options);
  } finally {
    process.removeListener('SIGINT', cancel);
    stdin.close();
  }
}

/** Bytes of the file, or of this process's own stdin from the first read on. */
function openStdin(file: string | undefined): { bytes: AsyncIterable<Uint8Array>; close: () => void } {
  let stream: NodeJS.ReadableStream & { destroy(): unknown };
  const open = () => (stream ??= file === undefined ? process.stdin : createReadStream(file, { fd: openFile(file) }));
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

/** Undefined when the bytes went out, else a promise of room for more. */
function write(stream: NodeJS.WriteStream, bytes: Uint8Array): undefined | Promise<void> {
  if (stream.write(bytes) || stream.destroyed) return undefined;
  return new Promise((resolve) => {
    const done = () => {
      stream.removeListener('drain', done);
      stream.removeListener('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}

/** Writes a text and waits until it is out. */
export function writeAll(stream: NodeJS.WriteStream, text: string): Promise<number> {
  return new Promise((resolve) => stream.write(text, () => resolve(EXIT_OK)));
}
