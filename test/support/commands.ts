// The command line for tests: commands in this process, and servers in processes of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runCommandLine } from '../../host/node/command-line';

/** The built program. */
export const PROGRAM = resolve('dist/gazelle.js');

/** A server in a process of its own. */
export interface Served {
  readonly child: ChildProcess;
  readonly port: number;
  readonly address: string;
  readonly url: string;
}

/** Starts `gazelle serve` in a folder, on any port. */
export function serve(folder: string, ...args: string[]): Promise<Served> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--json', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', (data) => resolve({ child, ...JSON.parse(String(data)) }));
    child.once('close', (code) => reject(new Error(`serve ended with ${code}`)));
  });
}

/** Ends a process; answers its exit status. */
export function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill(signal);
  return ended;
}

/** What came of a command. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly texts: { stdout: string; stderr: string };
  readonly interrupt: () => void;
  readonly ended: Promise<Ran>;
}

/** Starts a command in this process. */
export function start(args: readonly string[], input = ''): Running {
  const texts = { stdout: '', stderr: '' };
  const collect = (name: keyof typeof texts) =>
    new Writable({
      write(piece, _, done) {
        texts[name] += String(piece);
        done();
      },
    });
  let interrupt = () => {};
  const ended = runCommandLine(args, {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    onInterrupt(listener) {
      interrupt = listener;
      return () => {};
    },
    onStop: () => {},
  }).then((status) => ({ status, ...texts }));
  return { texts, interrupt: () => interrupt(), ended };
}
