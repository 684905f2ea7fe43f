// What the host does for an execution while its guest stands still: entering it, answering a syscall, having text compiled, reading
// the results.
// Generators, since each may run out of fuel half-way and a syscall may wait for its host. They are a convenience, not state:
// what they work on is in the heap.
import type { Context } from './context';
import { enter } from './entry';
import type { ExecutionOptions } from './execution-options';
import { CrossingError, type GuestValue, RESULT_LIMITS } from './host-values';
import { linkLoading, placeLoading } from './loading';
import type { Module } from './module';
import { prepareProgram } from './prepared-program';
import type { Chunk } from './program';
import { readResults } from './results';
import { MEMORY, RELOAD, TRAP } from './signals';
import { STANDS_AT_END, STANDS_AT_SYSCALL, STANDS_READY } from './snapshot-checks';
import type { Steps as StepsOf } from './steps';
import { ENDING, type Pause, type Settled, type SyscallDispatch } from './syscall-dispatch';

/** Of all that have not been read. */
const NO_VALUES: readonly GuestValue[] = [];

type Steps = Generator<Pause, number, Settled | undefined>;

/** What it is that is half done. */
const NOTHING = 0;
const ENTERING = 1;
const ANSWERING = 2;
const READING_RESULTS = 3;
const PREPARING = 4;
const COMPILING = 5;
/** Strings of what was compiled are made, which only the instruction that comes next refers to. */
const LOADING = 6;

/** Its answer beside the machine's signals and ENDING: the results have been read. */
export const FINISHED = 101;

export class Work {
  /** The results, when they have been read. */
  values: readonly GuestValue[] = NO_VALUES;
  /** Whether the arguments lie in the heap, and the guest has begun. */
  isEntered = false;
  /** Milliseconds that making the context and entering it took. */
  startTimeMs = 0;
  /** Instructions of the execution before what is under way. */
  instructionsBefore = 0;
  private kind = NOTHING;
  private steps: Steps | null = null;
  private settled: Settled | undefined = undefined;

  constructor(
    private readonly options: ExecutionOptions,
    private readonly context: Context,
    readonly dispatch: SyscallDispatch,
  ) {}

  get isUnderWay(): boolean {
    return this.kind !== NOTHING;
  }

  /** What it waited for has come, and is not in the heap yet. */
  get hasAnswer(): boolean {
    return this.settled !== undefined;
  }

  /** Whether the execution may stand still here: what is under way, if anything, only reads the heap. */
  get canRest(): boolean {
    if (this.kind === NOTHING) return this.context.loading === null;
    if (this.kind === COMPILING || this.kind === READING_RESULTS) return true;
    return this.kind === ANSWERING && this.dispatch.canRestart;
  }

  /** Where it stands, as a snapshot says it. */
  get standing(): number {
    // Text that is being compiled is asked for again.
    if (this.kind === NOTHING || this.kind === COMPILING) return STANDS_READY;
    return this.kind === ANSWERING ? STANDS_AT_SYSCALL : STANDS_AT_END;
  }

  beginEntering(begin: number): void {
    this.begin(ENTERING, this.enter(begin), 0);
  }

  /** `isRestarted`: the context was saved at this syscall. */
  beginAnswering(instructions: number, isRestarted = false): void {
    this.begin(ANSWERING, this.dispatch.answer(isRestarted), instructions);
  }

  /** The context wants text compiled; then its intrinsic is run again. */
  beginCompiling(instructions: number): void {
    this.begin(COMPILING, this.compile(), instructions);
  }

  /** The entry has returned: reads what it has left, or makes the program that others are to start from. */
  beginFinishing(instructions: number): void {
    if (this.options.prepared !== undefined) this.begin(PREPARING, this.prepare(), instructions);
    else this.begin(READING_RESULTS, this.readResults(), instructions);
  }

  /** Goes on until it is done, a signal; or pauses: for fuel, or for a promise, whose outcome `settle` takes. */
  advance(): number | Pause {
    const { settled } = this;
    this.settled = undefined;
    const { done, value } = this.steps!.next(settled);
    if (done) this.drop();
    return value;
  }

  /** That which waits now, for `settle`. */
  get pending(): unknown {
    return this.steps;
  }

  /** Takes what `pending` waited for: whether that still waits. */
  settle(pending: unknown, settled: Settled): boolean {
    if (this.steps !== pending) return false;
    this.settled = settled;
    return true;
  }

  /** Nobody wants what is under way any more. */
  drop(): void {
    this.kind = NOTHING;
    this.steps = null;
  }

  private begin(kind: number, steps: Steps, instructions: number): void {
    this.kind = kind;
    this.steps = steps;
    this.instructionsBefore = instructions;
  }

  private *enter(begin: number): Steps {
    const { context } = this;
    const { args, name, host, now, prepareArguments } = this.options;
    try {
      if (prepareArguments !== undefined) yield* prepareArguments(context);
      const isEntered = yield* enter(context, args, name, host.text);
      this.startTimeMs = now() - begin;
      this.isEntered = isEntered;
      if (isEntered) return RELOAD;
      return context.failure === TRAP ? TRAP : MEMORY;
    } catch (error) {
      return this.refuseValue(error, 'argument');
    }
  }

  private *compile(): Steps {
    const { context } = this;
    const chunk = context.wanted!;
    context.wanted = null;
    // One that is known was compiled, and could not be loaded before a collection.
    if (context.compiled?.chunk !== chunk) context.compiled = { chunk, result: yield* this.compileElsewhere(chunk) };
    const { result } = context.compiled;
    if (typeof result === 'string') return RELOAD;
    const loading = yield* linkLoading(context, result);
    this.kind = LOADING;
    yield* placeLoading(context, loading);
    return RELOAD;
  }

  private *compileElsewhere(chunk: Chunk): Generator<Pause, Module | string, Settled | undefined> {
    const { steps } = this;
    let answer!: StepsOf<Module | string>;
    const settled = yield this.options.compile!(chunk, () => this.steps === steps).then((found) => {
      answer = found;
      return null;
    });
    if (settled !== undefined && 'error' in settled) throw settled.error;
    return yield* answer;
  }

  private *prepare(): Steps {
    const made = yield* prepareProgram(this.context);
    if (made === null) return TRAP;
    this.options.prepared!(made);
    return FINISHED;
  }

  private *readResults(): Steps {
    try {
      this.values = yield* readResults(
        this.context,
        this.options.host.text,
        this.options.resultLimits ?? RESULT_LIMITS,
      );
      return FINISHED;
    } catch (error) {
      return this.refuseValue(error, 'result');
    }
  }

  /** A value that cannot cross ends the execution. */
  private refuseValue(error: unknown, what: 'argument' | 'result'): number {
    if (!(error instanceof CrossingError)) throw error;
    this.dispatch.ending = { kind: 'error', ...error.describe(what) };
    return ENDING;
  }
}
