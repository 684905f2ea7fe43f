// Which functions of a program run often, and the specialised code that they get (specialiser.ts). Counts, results and where a context
// may stop are the same with it and without; it saves time alone, so what it does may depend on the clock.
//
// A turn that is used up is a sample of the function in which it ended. A function with many samples is specialised, together
// with the others that have some. The host's compiler needs a while for new code, which is slow before: so at first the code is
// given a small part of each turn that begins in it, by the clock, and the loop the rest. Once it is faster, words of no
// opcode in a copy of the program's code lead from the loop to it, at the beginning of each of its functions and loops. Code
// that does not become faster is dropped; code that becomes slow, since the host's compiler begins anew, is tried again.
// Functions that it calls again and again, as those of the library, are taken in: it is made anew with them.
import type { Context } from './context';
import { FRAME_FUNCTION, HEADER } from './layout';
import {
  FLAG_VALUE,
  FUNCTION_END,
  FUNCTION_FLAGS,
  FUNCTION_PLACE,
  FUNCTION_ROW_SHIFT,
  FUNCTION_START,
  type HotFunctions,
  type MutableProgram,
} from './program';
import { ELSEWHERE, FUEL } from './signals';
import {
  type CodeMaker,
  type FunctionCode,
  functionCode,
  MOST_FUNCTION_WORDS,
  makeCode,
  mayMakeCode,
  type Specialised,
  type SpecialisedCode,
  type SpecialisedText,
  specialise,
} from './specialiser';
import { runValue, Stop } from './value-loop';

/**
 * Writes and compiles the text for some functions in another thread, since that takes milliseconds: what comes of it, `text` null
 * when there is no room for the first; or null when there is no such thread.
 */
export type SpecialiseElsewhere = (
  functions: readonly FunctionCode[],
) => Promise<{ readonly text: SpecialisedText; readonly make: CodeMaker } | { readonly text: null } | null>;

/** How it is decided. */
export interface HotPolicy {
  /** A clock in milliseconds with fractions. */
  readonly now: () => number;
  /** Who makes code; null: this thread, at once. */
  readonly elsewhere: SpecialiseElsewhere | null;
  /** Milliseconds between two that are made for a thread: whoever asks for many waits. */
  readonly pauseMs: number;
  /** Samples that make a function hot. */
  readonly samples: number;
  /** Instructions of a turn that new code is given. */
  readonly trialFuel: number;
  /** Trials that are measured together. */
  readonly trials: number;
  /** Measurements before new code is used: the loop itself may be new. None: it is used at once. */
  readonly fewestMeasurements: number;
  /** Measurements after which code that is not faster is dropped. */
  readonly mostMeasurements: number;
  /** Of so many times that code in use is entered, one is measured. */
  readonly entriesAMeasurement: number;
}

const DEFAULT_POLICY: Omit<HotPolicy, 'now' | 'elsewhere'> = {
  pauseMs: 200,
  samples: 48,
  trialFuel: 1000,
  trials: 16,
  fewestMeasurements: 3,
  mostMeasurements: 120,
  entriesAMeasurement: 8,
};

/** So often is a program's code specialised, at most; each time takes up to 0.25 MB of the host's memory. */
export const MOST_UNITS = 8;
/** So many functions are considered for one piece of code; and of those without samples, so many to each side. */
const MOST_CANDIDATES = 128;
const MOST_NEIGHBOURS = 32;
/**
 * Calls of a function that is elsewhere, each after a short run, for which code in use is made anew; and of one that is taken in
 * with it. So often, at most.
 */
const MOST_EXITS = 500;
const FEWEST_EXITS = 4;
const MOST_EXTENSIONS = 2;
/** Instructions. */
const SHORT_RUN = 500;
/** A run of fewer instructions is not measured: reading the clock would be. */
const SHORTEST_RUN = 100;
/** Of a thread: the oldest are dropped. */
export const MOST_UNITS_OF_ALL = 128;
/** New code is used when it takes at most so much of the loop's time, and is slow when it takes so much of that. */
const FASTER = 0.9;
const SLOWER = 4;
/** So many slow runs, one after the other, have it tried anew: so often, then it is dropped. */
const SLOW_RUNS = 2;
const MOST_RETREATS = 5;

let policy: HotPolicy | null = null;
/** By the policy's clock, when the next may be made. */
let notBefore = 0;

/**
 * This thread specialises from now on what runs often, with code that is made elsewhere if it can be. `now`: a clock in milliseconds
 * with fractions.
 */
export function specialiseHotCode(now: () => number, elsewhere: SpecialiseElsewhere | null = null): void {
  policy ??= { ...DEFAULT_POLICY, now, elsewhere };
  if (elsewhere !== null) policy = { ...policy, elsewhere };
}

/** How this thread decides from now on, for tests; null: nothing is specialised. */
export function setHotPolicy(next: HotPolicy | null): void {
  policy = next;
  notBefore = 0;
}

/**
 * Runs the current frame and those that it calls until a signal for somebody else, as runValue: by specialised code where the program
 * has some.
 */
export function runHot(context: Context): number {
  for (let isFirst = true; ; isFirst = false) {
    const { program, i32 } = context;
    const { hot } = program;
    const signal = hot === null || i32[HEADER.ATTENTION] !== 0 ? runValue(context) : hot.run(context, isFirst);
    if (signal === ELSEWHERE) continue;
    if (signal === FUEL) takeSample(context);
    return signal;
  }
}

function takeSample(context: Context): void {
  const program = context.program as MutableProgram;
  if (policy === null || program.isPrivate || !mayMakeCode()) return;
  program.hot ??= new HotCode(program, policy);
  program.hot.sample(context.i32[context.frame + FRAME_FUNCTION]);
}

/** Time and instructions together. */
class Rate {
  private milliseconds = 0;
  private instructions = 0;

  add(milliseconds: number, instructions: number): void {
    this.milliseconds += milliseconds;
    this.instructions += instructions;
  }

  /** Milliseconds of an instruction; 0 when there was none. */
  take(): number {
    const rate = this.instructions === 0 ? 0 : this.milliseconds / this.instructions;
    this.milliseconds = 0;
    this.instructions = 0;
    return rate;
  }
}

const TRIED = 0;
const USED = 1;
const DROPPED = 2;

class Unit {
  state = TRIED;
  entries = 0;
  /** Measured runs that were slow, one after the other; and how often the code went back to be tried. */
  slowRuns = 0;
  retreats = 0;
  measurements = 0;
  trials = 0;
  /** Of the code, and of the loop beside it. */
  readonly rate = new Rate();
  readonly loopRate = new Rate();
  /** How often it was left for a function that is elsewhere. */
  readonly exits = new Map<number, number>();
  /** What the loop's was when the code was found to be faster. */
  slowest = 0;

  readonly run: SpecialisedCode;
  readonly functions: readonly number[];
  /** Where the loop is left for it. */
  readonly entryPcs: Int32Array;

  constructor(
    { run, functions, entries }: Specialised,
    readonly extensions: number,
  ) {
    this.run = run;
    this.functions = functions;
    this.entryPcs = entries;
  }
}

class HotCode implements HotFunctions {
  private readonly samples: Uint16Array;
  private readonly unitOf: (Unit | null)[];
  /** Functions that are never asked for again: they are too long, or were not faster. */
  private readonly isRefused: Uint8Array;
  private made = 0;
  /** For code that is made elsewhere. */
  private isWaiting = false;

  constructor(
    private readonly program: MutableProgram,
    private readonly policy: HotPolicy,
  ) {
    this.samples = new Uint16Array(program.functionCount);
    this.unitOf = new Array(program.functionCount).fill(null);
    this.isRefused = new Uint8Array(program.functionCount);
  }

  run(context: Context, mayTry: boolean): number {
    const unit = this.unitOf[context.i32[context.frame + FRAME_FUNCTION]] ?? null;
    if (unit === null || (unit.state === TRIED && !mayTry)) return runValue(context);
    if (unit.state === TRIED) return this.attempt(unit, context);
    const isMeasured = ++unit.entries >= this.policy.entriesAMeasurement;
    const { fuel } = context;
    const signal = isMeasured ? this.check(unit, context) : unit.run(context);
    if (signal !== ELSEWHERE || fuel - context.fuel > SHORT_RUN) return signal;
    if (this.noteExit(unit, context) > MOST_EXITS) this.extend(unit, MOST_EXITS / 10);
    return signal;
  }

  /** How often the function at which the code was left has been it by now. */
  private noteExit({ exits }: Unit, context: Context): number {
    const index = context.i32[context.frame + FRAME_FUNCTION]!;
    if (index < 0 || index >= this.samples.length || this.isRefused[index] !== 0) return 0;
    const count = (exits.get(index) ?? 0) + 1;
    exits.set(index, count);
    return count;
  }

  /** Makes the code anew with the functions for which it was left so often. */
  private extend(unit: Unit, fewest: number): boolean {
    const { now } = this.policy;
    if (unit.state === DROPPED || unit.extensions === MOST_EXTENSIONS || this.made === MOST_UNITS) return false;
    if (this.isWaiting || now() < notBefore) return false;
    const called = [...unit.exits].filter(([index, count]) => count >= fewest && !unit.functions.includes(index));
    unit.exits.clear();
    const found = called.map(([index]) => index).filter((index) => this.canBeSpecialised(index));
    if (found.length === 0) return false;
    const wanted = [...unit.functions, ...found].slice(0, MOST_CANDIDATES);
    this.request(
      wanted.map((index) => functionCode(this.program, index, true)),
      (made) => {
        // Meanwhile it may have been dropped.
        if (unit.state === DROPPED || made === null || made.functions.length <= unit.functions.length) return;
        this.remove(unit);
        this.add(new Unit(made, unit.extensions + 1));
      },
    );
    return true;
  }

  /** Has code made, here or elsewhere; `receive` is told what came of it, perhaps later. */
  private request(wanted: readonly FunctionCode[], receive: (made: Specialised | null) => void): void {
    const { program, policy } = this;
    notBefore = policy.now() + policy.pauseMs;
    if (policy.elsewhere === null) {
      receive(specialise(program, wanted));
      return;
    }
    this.isWaiting = true;
    const settle = (made: Specialised | null) => {
      this.isWaiting = false;
      receive(made);
    };
    const made = policy.elsewhere(wanted).then((answer) => {
      if (answer === null) return specialise(program, wanted);
      return answer.text === null ? null : makeCode(program, answer.text, answer.make);
    });
    // The other thread was lost over it, or the text is none for this one: the functions stay as they are.
    made.then(settle, () => settle(null));
  }

  sample(index: number): void {
    if (this.isWaiting || this.made === MOST_UNITS || index < 0 || index >= this.samples.length) return;
    if (this.unitOf[index] !== null || this.isRefused[index] !== 0) return;
    const { samples, now } = this.policy;
    if (++this.samples[index]! >= samples && now() >= notBefore) this.make(index);
  }

  private make(index: number): void {
    const { program, samples } = this;
    if (!this.canBeSpecialised(index)) {
      this.isRefused[index] = 1;
      return;
    }
    const wanted = [index, ...this.candidatesBeside(index)];
    this.request(
      wanted.map((each) => functionCode(program, each, samples[each]! > 0)),
      (made) => {
        if (made === null) this.isRefused[index] = 1;
        else this.add(new Unit(made, 0));
      },
    );
  }

  /** Functions that may be specialised together with one: those with samples, the most first; then its neighbours. */
  private candidatesBeside(index: number): number[] {
    const { samples } = this;
    const found: number[] = [];
    for (let distance = 1; distance < samples.length && found.length < MOST_CANDIDATES; distance++) {
      for (const other of [index - distance, index + distance]) {
        const isWanted = samples[other]! > 0 || (distance <= MOST_NEIGHBOURS && this.areOfOneModule(index, other));
        if (isWanted && this.unitOf[other] === null && this.canBeSpecialised(other)) found.push(other);
      }
    }
    return found.sort((left, right) => samples[right]! - samples[left]!);
  }

  private add(unit: Unit): void {
    for (const index of unit.functions) {
      const other = this.unitOf[index]!;
      if (other !== null) this.remove(other);
    }
    for (const each of unit.functions) this.unitOf[each] = unit;
    if (this.policy.fewestMeasurements === 0) this.use(unit);
    this.made++;
    remember(this, unit);
  }

  private areOfOneModule(index: number, other: number): boolean {
    const { functions } = this.program;
    if (other < 0 || other >= this.samples.length) return false;
    const place = (at: number) => functions[(at << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE]! >> 16;
    return place(index) === place(other);
  }

  private canBeSpecialised(index: number): boolean {
    const { functions } = this.program;
    const row = index << FUNCTION_ROW_SHIFT;
    const isShort = functions[row + FUNCTION_END]! - functions[row + FUNCTION_START]! <= MOST_FUNCTION_WORDS;
    return this.isRefused[index] === 0 && isShort && (functions[row + FUNCTION_FLAGS]! & FLAG_VALUE) !== 0;
  }

  /** Runs new code for a small part of the turn, and the loop for the rest. */
  private attempt(unit: Unit, context: Context): number {
    const { fuel } = context;
    const given = Math.min(fuel, this.policy.trialFuel);
    context.fuel = given;
    const signal = measured(context, unit.run, unit.rate, this.policy.now);
    context.fuel = (context.fuel + fuel - given) | 0;
    if (signal === ELSEWHERE && fuel - context.fuel <= SHORT_RUN) this.noteExit(unit, context);
    if ((signal !== FUEL && signal !== ELSEWHERE) || context.fuel <= 0) return signal;
    const answer = measured(context, runValue, unit.loopRate, this.policy.now);
    if (++unit.trials >= this.policy.trials) this.judge(unit);
    return answer;
  }

  private judge(unit: Unit): void {
    unit.trials = 0;
    if (this.extend(unit, FEWEST_EXITS)) return;
    const rate = unit.rate.take();
    const loopRate = unit.loopRate.take();
    unit.measurements++;
    const isFaster = rate > 0 && rate <= loopRate * FASTER;
    if (isFaster && unit.measurements >= this.policy.fewestMeasurements) {
      unit.slowest = loopRate * SLOWER;
      this.use(unit);
    } else if (unit.measurements >= this.policy.mostMeasurements) this.drop(unit);
  }

  /** Has the host's compiler begun anew? Then the code is tried again. */
  private retreat(unit: Unit): void {
    unit.slowRuns = 0;
    unit.measurements = 0;
    if (++unit.retreats > MOST_RETREATS) this.drop(unit);
    else this.unuse(unit);
  }

  /** Measures one run of code that is in use. */
  private check(unit: Unit, context: Context): number {
    unit.entries = 0;
    const signal = measured(context, unit.run, unit.rate, this.policy.now);
    unit.slowRuns = unit.rate.take() > unit.slowest ? unit.slowRuns + 1 : 0;
    if (unit.slowRuns >= SLOW_RUNS) this.retreat(unit);
    return signal;
  }

  /** Leads the loop to the code: at the beginning of its functions, and of their loops. */
  private use(unit: Unit): void {
    const { program } = this;
    unit.state = USED;
    if (program.entered === program.code) program.entered = program.code.slice();
    for (const pc of unit.entryPcs) program.entered[pc] = Stop.ENTER;
  }

  private unuse(unit: Unit): void {
    const { program } = this;
    if (unit.state === USED) for (const pc of unit.entryPcs) program.entered[pc] = program.code[pc]!;
    unit.state = TRIED;
  }

  /** Has the loop run the functions for good. */
  drop(unit: Unit): void {
    this.remove(unit);
    for (const index of unit.functions) this.isRefused[index] = 1;
  }

  private remove(unit: Unit): void {
    this.unuse(unit);
    unit.state = DROPPED;
    for (const index of unit.functions) this.unitOf[index] = null;
  }
}

function measured(context: Context, run: SpecialisedCode, rate: Rate, now: () => number): number {
  const before = context.fuel;
  const start = now();
  const signal = run(context);
  const instructions = before - context.fuel;
  const milliseconds = now() - start;
  if (instructions >= SHORTEST_RUN) rate.add(milliseconds, instructions);
  return signal;
}

/** The oldest first; programs that are gone take theirs with them. */
const remembered: { readonly hot: WeakRef<HotCode>; readonly unit: WeakRef<Unit> }[] = [];

function remember(hot: HotCode, unit: Unit): void {
  remembered.push({ hot: new WeakRef(hot), unit: new WeakRef(unit) });
  if (remembered.length <= MOST_UNITS_OF_ALL) return;
  const oldest = remembered.shift()!;
  const dropped = oldest.unit.deref();
  if (dropped !== undefined && dropped.state !== DROPPED) oldest.hot.deref()?.drop(dropped);
}
