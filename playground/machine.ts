// The page's end of the worker: asks it, waits for it, and replaces it when it does not answer any more.
import type { Answer, Call, Compilation, MachineDescription, Question, RunOutcome, SourceProgram } from './protocol';

/** How long a stopped run may take to end before the worker is replaced. */
const GRACE_MS = 1500;

/** `replaced`: the worker had to be ended, or it failed; there is no result. */
export type RunEnd = RunOutcome | { readonly type: 'replaced'; readonly reason: string };

export interface MachineEvents {
  ready(description: MachineDescription): void;
  /** The worker has failed while nobody waited for it: it may not have started at all. */
  failed(reason: string): void;
  output(stream: 'stdout' | 'stderr', text: string): void;
}

/** One worker at a time, and one run at a time. */
export class Machine {
  private worker: Worker;
  private lastId = 0;
  private run: { id: number; end: (outcome: RunEnd) => void } | null = null;
  private grace: ReturnType<typeof setTimeout> | undefined;
  private readonly compilations = new Map<number, (compilation: Compilation | null) => void>();

  constructor(private readonly events: MachineEvents) {
    this.worker = this.startWorker();
  }

  /** Compiles, and calls once. There must be no run under way. */
  start(program: SourceProgram, call: Call): Promise<RunEnd> {
    const id = ++this.lastId;
    this.ask({ type: 'run', id, program, call });
    return new Promise((end) => {
      this.run = { id, end };
    });
  }

  /** Cancels the run under way; a worker that does not answer is replaced. */
  stop(): void {
    if (this.run === null || this.grace !== undefined) return;
    this.ask({ type: 'cancel', id: this.run.id });
    this.grace = setTimeout(() => this.replace('the machine did not answer, so it was replaced'), GRACE_MS);
  }

  /** Null when the worker was replaced meanwhile. */
  compile(program: SourceProgram, wantsAssembly: boolean): Promise<Compilation | null> {
    const id = ++this.lastId;
    this.ask({ type: 'compile', id, program, wantsAssembly });
    return new Promise((resolve) => this.compilations.set(id, resolve));
  }

  private ask(question: Question): void {
    this.worker.postMessage(question);
  }

  private startWorker(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.hear(data);
    worker.onerror = ({ message }) => this.fail(message);
    return worker;
  }

  private hear(answer: Answer): void {
    if (answer.type === 'ready') this.events.ready(answer.machine);
    else if (answer.type === 'output') {
      if (answer.id === this.run?.id) this.events.output(answer.stream, answer.text);
    } else if (answer.type === 'ended') {
      if (answer.id === this.run?.id) this.endRun(answer.outcome);
    } else {
      this.compilations.get(answer.id)?.(answer.compilation);
      this.compilations.delete(answer.id);
    }
  }

  /** A defect of the machine or the page, never of a function. */
  private fail(message: string | undefined): void {
    const reason = `the machine failed: ${message ?? 'it could not be loaded'}`;
    if (this.run === null && this.compilations.size === 0) this.events.failed(reason);
    else this.replace(reason);
  }

  private replace(reason: string): void {
    this.worker.terminate();
    this.worker = this.startWorker();
    for (const resolve of this.compilations.values()) resolve(null);
    this.compilations.clear();
    this.endRun({ type: 'replaced', reason });
  }

  private endRun(outcome: RunEnd): void {
    clearTimeout(this.grace);
    this.grace = undefined;
    const run = this.run;
    this.run = null;
    run?.end(outcome);
  }
}
