// Executions that are stopped after every so many instructions, saved, and restored as if in another host: with regions of
// their own. What can be seen of them must not depend on it.

import { compileSource } from '../../host/core/compile';
import { Languages } from '../../host/core/languages';
import { INTRINSICS } from '../../host/core/libraries';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { compileLuaChunk } from '../../host/core/lua-library';
import { textCodec } from '../../host/core/text';
import {
  allSteps,
  ENDED,
  type ExecutionOptions,
  GuestExecution,
  type HostValue,
  type Limits,
  link,
  type Outcome,
  type Policies,
  type Program,
  READY,
  RegionPool,
  readSnapshot,
  type SyscallHost,
  type Usage,
  WAITING,
} from '../../vm/index';

const languages = new Languages([]);

export function makeProgram(language: string, source: string | Uint8Array, bindings: readonly string[] = []): Program {
  const known = languages.find(language)!;
  const { module } = compileSource(languages, { language, source, fileName: `main.${language}`, files: {} });
  const bound = bindings.length === 0 ? null : known.bindings(bindings);
  return link([...known.library(), ...(bound === null ? [] : [bound]), module], {
    intrinsics: INTRINSICS,
    compiler: compileLuaChunk,
  });
}

/** Text arguments and standard input, all there at once; keeps what is written. */
export class RecordedHost implements SyscallHost {
  readonly text = textCodec;
  written = '';
  private readonly input: Uint8Array;
  private read = 0;

  constructor(
    private readonly args: readonly Uint8Array[] = [],
    stdin = '',
  ) {
    this.input = textCodec.encode(stdin);
  }

  isGranted(): boolean {
    return true;
  }

  output(stream: 1 | 2, bytes: Uint8Array): undefined | Promise<void> {
    this.written += `${stream}${textCodec.decodeLeniently(bytes)}`;
    return undefined;
  }

  answer(syscall: { name: string; result: string }, args: readonly unknown[]): ReturnType<SyscallHost['answer']> {
    const { name, result } = syscall;
    if (name === 'argument_count') return this.args.length;
    if (name === 'argument_read') return pieceOf(this.args[args[0] as number], args[1] as number, args[2] as number);
    if (name === 'read') {
      const piece = pieceOf(this.input, this.read, args[1] as number);
      this.read += piece?.length ?? 0;
      return piece;
    }
    return result === 'i32' ? 0 : result === 'i64' ? 0n : null;
  }
}

function pieceOf(bytes: Uint8Array | undefined, offset: number, most: number): Uint8Array | null {
  if (bytes === undefined || offset < 0 || offset >= bytes.length) return null;
  return bytes.subarray(offset, offset + most);
}

export interface SavedRun {
  readonly program: Program;
  readonly host: SyscallHost;
  readonly args?: readonly HostValue[];
  readonly limits?: Partial<Limits>;
  readonly policies?: Policies;
  /** Instructions between two snapshots; without it there are none. */
  readonly every?: number;
  /** At most so many snapshots. */
  readonly most?: number;
}

export interface Seen {
  readonly outcome: Outcome;
  readonly usage: Usage;
  readonly snapshots: number;
}

/** Runs to the end; whenever it stands still for a snapshot, another execution goes on from that. */
export async function runSaved(run: SavedRun): Promise<Seen> {
  const { program, host, args = [], limits, policies = {}, every = 2 ** 30, most = 1e9 } = run;
  let ended: { outcome: Outcome; usage: Usage } | null = null;
  const options = (): ExecutionOptions => ({
    program,
    pool: new RegionPool(),
    limits: { ...DEFAULT_LIMITS, ...limits },
    policies,
    args,
    name: 'main',
    host,
    now: () => 0,
    wake: () => {},
    startTimer: () => () => {},
    ended: (outcome, usage) => {
      ended = { outcome, usage };
    },
    failed: (error) => {
      throw error;
    },
  });
  let execution = new GuestExecution(options());
  let snapshots = 0;
  // What only reads the heap begins again when it is restored: stopped too early each time, it would never end.
  let slice = every;
  let reached = -1;
  for (let state = READY; state !== ENDED; ) {
    state = execution.run(slice, 0);
    if (state === ENDED) break;
    if (run.every !== undefined && snapshots < most) {
      execution.suspend();
      if (execution.status !== 'suspended') continue;
      const bytes = allSteps(execution.snapshot(() => []));
      if (ended !== null) break;
      snapshots++;
      const saved = allSteps(readSnapshot(bytes));
      const { instructions } = saved.usage;
      slice = instructions > reached ? every : Math.min(slice * 2, 2 ** 30);
      reached = instructions;
      execution = new GuestExecution({ ...options(), args: [] });
      allSteps(execution.restore(saved));
      if (state === WAITING) execution.run(1, 0);
      if (execution.status !== 'waiting') continue;
      await new Promise((resolve) => setImmediate(resolve));
    } else if (state === WAITING) await new Promise((resolve) => setImmediate(resolve));
  }
  return { ...ended!, snapshots };
}

/** Runs with `instructions` at first, and so many more whenever they are used up. */
export async function runRefilled(run: SavedRun, instructions: number): Promise<Omit<Seen, 'snapshots'>> {
  let ended: Omit<Seen, 'snapshots'> | null = null;
  const execution = new GuestExecution({
    program: run.program,
    pool: new RegionPool(),
    limits: { ...DEFAULT_LIMITS, ...run.limits, instructions },
    policies: { instructions: 'suspend' },
    args: run.args ?? [],
    name: 'main',
    host: run.host,
    now: () => 0,
    wake: () => {},
    startTimer: () => () => {},
    ended: (outcome, usage) => {
      ended = { outcome, usage };
    },
    failed: (error) => {
      throw error;
    },
  });
  while (execution.run(1000, 0) !== ENDED) {
    if (execution.suspendedFor === 'instructions') execution.refill({ instructions });
    else if (execution.status === 'waiting') await new Promise((resolve) => setImmediate(resolve));
  }
  return ended!;
}
