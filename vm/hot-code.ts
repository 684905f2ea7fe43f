// Which functions of a program run often, and the specialised code that they get (specialiser.ts). Counts, results and where a context
// may stop are the same with it and without; it saves time alone, so what it does may depend on the clock.
//
// A turn that is used up is a sample of the function in which it ended. A function with many samples is specialised, together
// with the others that have some. The host's compiler needs a while for new code, which is slow before: so at first the code is
// given a small part of each turn that begins in it, by the clock, and the loop the rest. Once it is faster, words of no
// opcode in a copy of the program's code lead from the loop to it, at the beginning of each of its functions and loops. Code
// that does not become faster is dropped, and so is code that becomes slow.
import type { Context } from './context';
import { FRAME_FUNCTION, HEADER } from './layout';
import { VALUE_OPCODES } from './opcodes';
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
import { type SpecialisedCode, specialise } from './specialiser';
import { runValue, Stop } from './value-loop';

/** How it is decided. */
export interface HotPolicy {
  /** A clock in milliseconds with fractions. */
  readonly now: () => number;
  /** Milliseconds between two that are made in a thread: each holds it up for some 5, and whoever asks for many waits. */
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
  /** Of so many turns one is measured when the code is in use. */
  readonly turnsAMeasurement: number;
}

const DEFAULT_POLICY: Omit<HotPolicy, 'now'> = {
  pauseMs: 200,
  samples: 48,
  trialFuel: 1000,
  trials: 16,
  fewestMeasurements: 3,
  mostMeasurements: 120,
  turnsAMeasurement: 64,
};

/** So often is a program's code specialised, at most; each time takes some 0.3 MB of the host's memory. */
const MOST_UNITS = 8;
/** Of a thread: the oldest are dropped. */
const MOST_UNITS_OF_ALL = 128;
/** New code is used when it takes at most so much of the loop's time, and is slow when it takes so much of that. */
const FASTER = 0.9;
const SLOWER = 4;

let policy: HotPolicy | null = null;
/** When the next may be made. */
let notBefore = 0;

/** This thread specialises from now on what runs often. `now`: a clock in milliseconds with fractions. */
export function specialiseHotCode(now: () => number): void {
  policy ??= { ...DEFAULT_POLICY, now };
}

/** How this thread decides from now on, for tests; null: nothing is specialised. */
export function setHotPolicy(next: HotPolicy | null): void {
  policy = next;
}

/**
 * Runs the current frame and those that it calls until a signal for somebody else, as runValue: by specialised code where the program
 * has some.
 */
export function runHot(context: Context): number {
  for (;;) {
    const { program, i32 } = context;
    const { hot } = program;
    const signal = hot === null || i32[HEADER.ATTENTION] !== 0 ? runValue(context) : hot.run(context);
    if (signal === ELSEWHERE) continue;
    if (signal === FUEL) takeSample(context);
    return signal;
  }
}

function takeSample(context: Context): void {
  const program = context.program as MutableProgram;
  if (policy === null || program.isPrivate) return;
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
  turns = 0;
  measurements = 0;
  trials = 0;
  /** Of the code, and of the loop beside it. */
  readonly rate = new Rate();
  readonly loopRate = new Rate();
  /** What the loop's was when the code was found to be faster. */
  slowest = 0;

  constructor(
    readonly run: SpecialisedCode,
    readonly functions: readonly number[],
  ) {}
}

class HotCode implements HotFunctions {
  private readonly samples: Uint16Array;
  private readonly unitOf: (Unit | null)[];
  /** Functions that are never asked for again: they are too long, or were not faster. */
  private readonly isRefused: Uint8Array;
  private made = 0;

  constructor(
    private readonly program: MutableProgram,
    private readonly policy: HotPolicy,
  ) {
    this.samples = new Uint16Array(program.functionCount);
    this.unitOf = new Array(program.functionCount).fill(null);
    this.isRefused = new Uint8Array(program.functionCount);
  }

  run(context: Context): number {
    const unit = this.unitOf[context.i32[context.frame + FRAME_FUNCTION]] ?? null;
    if (unit === null) return runValue(context);
    if (unit.state === TRIED) return this.attempt(unit, context);
    if (++unit.turns < this.policy.turnsAMeasurement) return unit.run(context);
    return this.check(unit, context);
  }

  sample(index: number): void {
    if (this.made === MOST_UNITS || index < 0 || index >= this.samples.length) return;
    if (this.unitOf[index] !== null || this.isRefused[index] !== 0) return;
    const { samples, pauseMs, now } = this.policy;
    if (++this.samples[index]! < samples || now() < notBefore) return;
    notBefore = now() + pauseMs;
    this.make(index);
  }

  private make(index: number): void {
    const { program, samples } = this;
    const others: number[] = [];
    samples.forEach((count, other) => {
      const isFree = this.unitOf[other] === null && this.isRefused[other] === 0 && this.isValueFunction(other);
      if (other !== index && isFree && (count > 0 || this.areOfOneModule(index, other))) others.push(other);
    });
    others.sort((left, right) => samples[right]! - samples[left]! || Math.abs(left - index) - Math.abs(right - index));
    const made = this.isValueFunction(index)
      ? specialise(program, [index, ...others], (other) => samples[other]! > 0)
      : null;
    if (made === null) {
      this.isRefused[index] = 1;
      return;
    }
    const unit = new Unit(made.run, made.functions);
    for (const each of unit.functions) this.unitOf[each] = unit;
    if (this.policy.fewestMeasurements === 0) this.use(unit);
    this.made++;
    remember(this, unit);
  }

  private areOfOneModule(index: number, other: number): boolean {
    const { functions } = this.program;
    const place = (at: number) => functions[(at << FUNCTION_ROW_SHIFT) + FUNCTION_PLACE]! >> 16;
    return place(index) === place(other);
  }

  private isValueFunction(index: number): boolean {
    return (this.program.functions[(index << FUNCTION_ROW_SHIFT) + FUNCTION_FLAGS]! & FLAG_VALUE) !== 0;
  }

  /** Runs new code for a small part of the turn, and the loop for the rest. */
  private attempt(unit: Unit, context: Context): number {
    const { fuel } = context;
    const given = Math.min(fuel, this.policy.trialFuel);
    context.fuel = given;
    const signal = measured(context, unit.run, unit.rate, this.policy.now);
    context.fuel = (context.fuel + fuel - given) | 0;
    if ((signal !== FUEL && signal !== ELSEWHERE) || context.fuel <= 0) return signal;
    const answer = measured(context, runValue, unit.loopRate, this.policy.now);
    if (++unit.trials >= this.policy.trials) this.judge(unit);
    return answer;
  }

  private judge(unit: Unit): void {
    unit.trials = 0;
    const rate = unit.rate.take();
    const loopRate = unit.loopRate.take();
    unit.measurements++;
    // By a coarse clock both may be 0.
    const isFaster = rate <= loopRate * FASTER && loopRate > 0;
    if (isFaster && unit.measurements >= this.policy.fewestMeasurements) {
      unit.slowest = loopRate * SLOWER;
      this.use(unit);
    } else if (unit.measurements >= this.policy.mostMeasurements) this.drop(unit);
  }

  /** Measures a turn of code that is in use. */
  private check(unit: Unit, context: Context): number {
    unit.turns = 0;
    const signal = measured(context, unit.run, unit.rate, this.policy.now);
    if (++unit.trials < this.policy.trials) return signal;
    unit.trials = 0;
    if (unit.rate.take() > unit.slowest) this.drop(unit);
    return signal;
  }

  /** Leads the loop to the code: at the beginning of its functions, and of their loops. */
  private use(unit: Unit): void {
    const { program } = this;
    unit.state = USED;
    if (program.entered === program.code) program.entered = program.code.slice();
    for (const pc of this.entriesOf(unit)) program.entered[pc] = Stop.ENTER;
  }

  /** Has the loop run the functions for good. */
  drop(unit: Unit): void {
    const { program } = this;
    if (unit.state === USED) for (const pc of this.entriesOf(unit)) program.entered[pc] = program.code[pc]!;
    unit.state = DROPPED;
    for (const index of unit.functions) {
      this.unitOf[index] = null;
      this.isRefused[index] = 1;
    }
  }

  private *entriesOf({ functions }: Unit): Generator<number> {
    const { code, functions: rows } = this.program;
    for (const index of functions) {
      const row = index << FUNCTION_ROW_SHIFT;
      const start = rows[row + FUNCTION_START]!;
      const end = rows[row + FUNCTION_END]!;
      yield start;
      for (let pc = start; pc < end; ) {
        const { length = 1, operands = [] } = VALUE_OPCODES[code[pc]! & 255] ?? {};
        for (const { field, kind } of operands) {
          if (kind !== 'j16' && kind !== 'j24') continue;
          const distance = field === 'x' ? code[pc + 1]! >> 8 : field === 'sj' ? code[pc]! >> 8 : code[pc]! >> 16;
          if (distance < 0) yield pc + length + distance;
        }
        pc += length;
      }
    }
  }
}

function measured(context: Context, run: SpecialisedCode, rate: Rate, now: () => number): number {
  const before = context.fuel;
  const start = now();
  const signal = run(context);
  rate.add(now() - start, before - context.fuel);
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
