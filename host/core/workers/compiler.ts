// Compiles in a thread of its own, so that no source text, however hostile, keeps the host from its other work; with a limit
// to the time and the memory of each. Tenants take turns, each with one text at a time.
import type { Diagnostic } from '../../../frontends/diagnostics';
import type { FileSet } from '../../../frontends/frontend';
import type { Chunk } from '../../../vm/index';
import { DeployError } from '../errors';
import type { FromWorker } from './messages';
import type { SpecialiseReply, SpecialiseRequest } from './specialising';
import type { StartWorker, WorkerThread } from './thread';

/** A deployment to compile. Plain data. */
export interface CompileRequest {
  readonly language: string;
  readonly fileName: string;
  readonly source: Uint8Array;
  readonly files: FileSet;
  readonly warnings?: readonly string[];
}

/** The module's bytes, of a module that was verified; or why there is none. Plain data. */
export interface CompileReply {
  readonly module: Uint8Array | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Why a running function cannot load it, as that is told. */
  readonly refusal?: string;
  /** The frontend's own failure: a defect. */
  readonly failure: string | null;
}

/** What the thread is asked, and answers. */
export type ThreadRequest = CompileRequest | Chunk | SpecialiseRequest;
export type ThreadReply = CompileReply | SpecialiseReply;

/** Whose turn it is when code is specialised: one of the tenants, whoever it is for. */
const SPECIALISER = {};

/** Longest time and largest memory of one compilation. */
const TIME_MS = 20_000;
const MEMORY_BYTES = 512 << 20;
/** A thread that has had nothing to do for so long ends: it holds some 50 MB, and the next one starts in some tenths of a second. */
const IDLE_MS = 30_000;

/** A timer of Node's, which can be told not to keep the process. */
export interface MaybeUnref {
  unref?(): void;
}

interface Job {
  readonly request: ThreadRequest;
  /** The process does not end before. */
  readonly isAwaited: boolean;
  readonly isWanted: () => boolean;
  readonly resolve: (reply: ThreadReply | null) => void;
  readonly reject: (error: DeployError) => void;
}

export class CompilerThread {
  /** Jobs by tenant; tenants in the order of their turns. */
  private readonly waiting = new Map<object, Job[]>();
  private thread: WorkerThread | null = null;
  private current: Job | null = null;
  private stopTimer: ReturnType<typeof setTimeout> | undefined;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;
  /** No thread can be had: the last one did not even begin. */
  private isMissing = false;
  private isKept = true;

  constructor(
    private readonly start: StartWorker,
    private readonly timeMs = TIME_MS,
    private readonly memoryBytes = MEMORY_BYTES,
    private readonly idleMs = IDLE_MS,
  ) {}

  /**
   * Compiles a deployment, or text that a running Lua function loads, for a tenant; null: there is no thread, and whoever asks
   * compiles it himself. Rejects with DeployError `deploy.compile_time`, `deploy.compile_memory`. What is not wanted any more
   * when its turn comes is dropped: then it is never settled.
   */
  compile(
    tenant: object,
    request: CompileRequest | Chunk,
    isWanted: () => boolean = () => true,
  ): Promise<CompileReply | null> {
    return this.ask(tenant, request, true, isWanted) as Promise<CompileReply | null>;
  }

  /** Specialises functions; null: there is no thread. Rejects as `compile`. No process goes on for it. */
  specialise(request: SpecialiseRequest): Promise<SpecialiseReply | null> {
    return this.ask(SPECIALISER, request, false) as Promise<SpecialiseReply | null>;
  }

  private ask(
    tenant: object,
    request: ThreadRequest,
    isAwaited: boolean,
    isWanted: () => boolean = () => true,
  ): Promise<ThreadReply | null> {
    if (this.isMissing) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const jobs = this.waiting.get(tenant) ?? [];
      jobs.push({ request, isAwaited, isWanted, resolve, reject });
      this.waiting.set(tenant, jobs);
      this.next();
    });
  }

  /** The thread stays for a while when there is nothing to compile; and one that could not be had is tried again. */
  keep(): void {
    this.isKept = true;
    this.isMissing = false;
  }

  /** The thread ends as soon as there is nothing to compile. */
  endWhenIdle(): void {
    this.isKept = false;
    this.next();
  }

  private next(): void {
    if (this.current !== null) return;
    const job = this.takeJob();
    if (job === undefined) {
      this.rest();
      return;
    }
    clearTimeout(this.idleTimer);
    this.current = job;
    this.thread ??= this.startThread();
    this.thread.hold(job.isAwaited);
    this.thread.post({ type: 'compile', request: job.request });
    this.watch(job);
  }

  private watch(job: Job): void {
    const end = performance.now() + this.timeMs;
    this.stopTimer = setTimeout(() => {
      // All of the process was stopped, the thread too.
      if (performance.now() - end > this.timeMs) this.watch(job);
      else this.stop('deploy.compile_time', `more than ${this.timeMs} ms`);
    }, this.timeMs);
    if (!job.isAwaited) (this.stopTimer as MaybeUnref).unref?.();
  }

  private rest(): void {
    clearTimeout(this.idleTimer);
    if (this.thread === null) return;
    if (!this.isKept) {
      this.endThread();
      return;
    }
    this.thread.hold(false);
    this.idleTimer = setTimeout(() => this.endThread(), this.idleMs);
    (this.idleTimer as MaybeUnref).unref?.();
  }

  private takeJob(): Job | undefined {
    for (const [tenant, jobs] of this.waiting) {
      this.waiting.delete(tenant);
      const first = jobs.findIndex(({ isWanted }) => isWanted());
      if (first < 0) continue;
      const [job, ...others] = jobs.slice(first);
      if (others.length > 0) this.waiting.set(tenant, others);
      return job;
    }
    return undefined;
  }

  private startThread(): WorkerThread {
    const thread = this.start({ memoryBytes: this.memoryBytes });
    let isStarted = false;
    thread.listen((message) => {
      // The answer of one that was ended may be on its way already: somebody else's text is being compiled by now.
      if (thread !== this.thread) return;
      const told = message as FromWorker;
      if (told.type === 'started') isStarted = true;
      if (told.type === 'compiled') this.finish((job) => job.resolve(told.reply));
    });
    thread.onFailure((reason, isOutOfMemory) => {
      if (thread !== this.thread) return;
      // A page's thread may go on after it has failed.
      this.endThread();
      if (!isStarted && !isOutOfMemory) {
        this.doWithout();
        return;
      }
      const code = isOutOfMemory ? 'deploy.compile_memory' : 'deploy.compile';
      this.finish((job) => job.reject(new DeployError(code, reason)));
    });
    return thread;
  }

  private stop(code: 'deploy.compile_time', detail: string): void {
    this.endThread();
    this.finish((job) => job.reject(new DeployError(code, detail)));
  }

  private endThread(): void {
    const { thread } = this;
    this.thread = null;
    void thread?.terminate();
  }

  /** No text has done that: its script is not there, or threads are not allowed. */
  private doWithout(): void {
    clearTimeout(this.stopTimer);
    this.isMissing = true;
    for (let job = this.current ?? undefined; job !== undefined; job = this.takeJob()) job.resolve(null);
    this.current = null;
  }

  private finish(end: (job: Job) => void): void {
    clearTimeout(this.stopTimer);
    const job = this.current;
    this.current = null;
    if (job !== null) end(job);
    this.next();
  }
}
