// Runs a program of any language on the machine itself and watches its meter: which intrinsics and syscalls it reached,
// how often each was entered, and the longest stretch between two returns of the loop, in instructions charged (exact,
// for tests) and in wall time (for reports: machines differ).
import { compileSource } from '../../host/core/compile';
import { createSurroundings } from '../../host/core/event-loop';
import { checkFiles, type FileSource } from '../../host/core/files';
import { type HttpClient, HttpPolicy } from '../../host/core/http';
import { CAPABILITIES } from '../../host/core/index';
import { InputReader } from '../../host/core/input';
import { Languages } from '../../host/core/languages';
import { INTRINSICS } from '../../host/core/libraries';
import { DEFAULT_LIMITS } from '../../host/core/limits';
import { toPlain } from '../../host/core/plain-values';
import { MemoryStorage } from '../../host/core/storage';
import { type HostFunction, SyscallHandlers } from '../../host/core/syscall-handlers';
import { textCodec } from '../../host/core/text';
import { ensureTraining } from '../../host/core/training';
import { type Context, GuestExecution, type Limits, link, type Outcome, RegionPool, type Usage } from '../../vm/index';
import { WAITING } from '../../vm/scheduler';
import { UNLIMITED_CHARGES } from './counted-charges';

const languages = new Languages([]);
const pool = new RegionPool();
// It is done behind each run.
pool.workCame = () => {};
const surroundings = createSurroundings();

export interface MeteredOptions {
  readonly language: string;
  readonly source: string;
  readonly files?: FileSource;
  readonly functions?: Readonly<Record<string, HostFunction>>;
  readonly args?: readonly string[];
  readonly argument?: unknown;
  readonly stdin?: string;
  /** Instructions a turn. */
  readonly slice?: number;
  readonly limits?: Partial<Limits>;
  /** Told of each turn: its time, by the clock or by the processor, whichever is less; and what it was charged. */
  readonly turned?: (milliseconds: number, charge: number) => void;
}

export interface MeteredRun {
  readonly outcome: Outcome;
  readonly usage: Usage;
  readonly written: number;
  readonly turns: number;
  /** The most instructions that a turn was charged, and how much that is above the slice. */
  readonly longestTurn: number;
  readonly overshoot: number;
  /** The longest turn by the clock, and what it was charged. */
  readonly longestMs: number;
  readonly longestMsCharge: number;
  /** Entries of each intrinsic: one that stops in the middle is entered again. */
  readonly intrinsics: ReadonlyMap<string, number>;
  readonly syscalls: ReadonlySet<string>;
}

/** Answers every request at once with 640 bytes. */
const ECHO_CLIENT: HttpClient = {
  async request({ body }) {
    if (body !== null && !(body instanceof Uint8Array)) for await (const piece of body) void piece;
    return { status: 200, headers: [['content-type', 'text/plain']], body: once(new Uint8Array(640)) };
  },
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function processorMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Runs it to its end. The wall clock means something only after `ensureTraining`. */
export async function runMetered(options: MeteredOptions): Promise<MeteredRun> {
  await ensureTraining();
  const { language, source, slice = 20_000, limits = {} } = options;
  const files = checkFiles(options.files);
  const functions = new Map(Object.entries(options.functions ?? {}));
  const extension = languages.find(language)!.frontend.extensions[0];
  const { module, language: known } = compileSource(languages, {
    language,
    source,
    fileName: `main${extension}`,
    files,
  });
  const intrinsics = new Map<string, number>();
  const counted = INTRINSICS.map((intrinsic) => ({
    ...intrinsic,
    run: (context: Context, registers: number) => {
      intrinsics.set(intrinsic.name, (intrinsics.get(intrinsic.name) ?? 0) + 1);
      return intrinsic.run(context, registers);
    },
  }));
  const bindings = known!.bindings([...functions.keys()]);
  const modules = [...known!.library(), ...(bindings === null ? [] : [bindings]), module];
  const program = link(modules, { intrinsics: counted });
  intrinsics.clear();
  let written = 0;
  let seen: { outcome: Outcome; usage: Usage } | null = null;
  let defect: unknown;
  let wake: () => void = () => {};
  const args = (options.args ?? []).map((text) => textCodec.encode(text));
  const host = new SyscallHandlers({
    charges: UNLIMITED_CHARGES,
    log: () => undefined,
    storage: new MemoryStorage(),
    invoke: async (_name, argument) => argument,
    http: { client: ECHO_CLIENT, policy: HttpPolicy.of({ allow: [{ host: 'example.com' }] }) },
    capabilities: new Set(CAPABILITIES),
    args: () => args,
    files,
    functions,
    input: new InputReader(options.stdin ?? ''),
    output: (_stream, bytes) => {
      written += bytes.length;
      return undefined;
    },
    surroundings,
  });
  const execution = new GuestExecution({
    program,
    pool,
    limits: { ...DEFAULT_LIMITS, ...limits },
    args: options.argument === undefined ? [] : [toPlain(options.argument)],
    name: 'main',
    host,
    now: () => 0,
    wake: () => wake(),
    startTimer: () => () => {},
    ended: (outcome, usage) => {
      seen = { outcome, usage };
    },
    failed: (error) => {
      defect = error ?? new Error('failed');
    },
  });
  const syscalls = new Set<string>();
  let turns = 0;
  let longestTurn = 0;
  let longestMs = 0;
  let longestMsCharge = 0;
  while (seen === null && defect === undefined) {
    const before = execution.usage().instructions;
    const used = options.turned === undefined ? undefined : process.cpuUsage();
    const start = performance.now();
    const state = execution.run(slice, 0);
    const elapsed = performance.now() - start;
    // On a machine that others use the clock tells their time too; the processor's has that of V8's other threads.
    const milliseconds = used === undefined ? elapsed : Math.min(elapsed, processorMs(used));
    const charge = execution.usage().instructions - before;
    turns++;
    options.turned?.(milliseconds, charge);
    longestTurn = Math.max(longestTurn, charge);
    if (milliseconds > longestMs) {
      longestMs = milliseconds;
      longestMsCharge = charge;
    }
    if (state === WAITING && seen === null) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  while (pool.workSome(1 << 20));
  if (defect !== undefined) throw defect;
  const { outcome, usage } = seen as unknown as { outcome: Outcome; usage: Usage };
  for (const name of module.syscalls) syscalls.add(name);
  const overshoot = Math.max(0, longestTurn - slice);
  return { outcome, usage, written, turns, longestTurn, overshoot, longestMs, longestMsCharge, intrinsics, syscalls };
}
