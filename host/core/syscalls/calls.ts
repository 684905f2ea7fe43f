// Calls out of a guest to functions: the host's own, and those of its tenant.
import {
  AnswerInSteps,
  CrossingError,
  type FuelMeter,
  type GuestValue,
  type HostValue,
  MAXIMUM_JSON_BYTES,
  MAXIMUM_LIST_ELEMENTS,
  MAXIMUM_RECORD_NAMES,
  type SyscallAnswer,
  SyscallFailure,
  type TooLong,
  type ValueLimits,
} from '../../../vm/index';
import type { Surroundings } from '../event-loop';
import { PlainCopy } from '../plain-values';
import { failure, messageOf } from './failures';
import { type Handler, nameOf } from './handler';

/**
 * A host function: called with plain data, answers with plain data. What it throws is an error to the guest. What it may
 * know of the call is its `this`: among the arguments, whose number is the guest's choice, it could be mistaken for one.
 * An answer of more than COPIED_AT_ONCE values, names among them, is copied while others run: nobody may change it then.
 */
export type HostFunction = (this: HostCall, ...args: GuestValue[]) => unknown;

/** A guest's call of a host function, as the function has it for `this`. */
export interface HostCall {
  /** Is aborted when the execution that waits for the answer is cancelled, or ended by a limit. */
  readonly signal: AbortSignal;
}

/** Makes its controller when somebody looks at the signal: most functions do not. */
class PendingCall implements HostCall {
  #controller: AbortController | null = null;
  #isAborted = false;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Called by the host alone; not part of HostCall. */
  static abort(call: PendingCall): void {
    call.#isAborted = true;
    call.#controller?.abort();
  }
}

/** Answers of functions are as limited as other JSON. */
const ANSWER_LIMITS: ValueLimits = {
  nodes: MAXIMUM_JSON_BYTES,
  bytes: MAXIMUM_JSON_BYTES,
  elements: MAXIMUM_LIST_ELEMENTS,
  names: MAXIMUM_RECORD_NAMES,
};

/** Values of a host function's answer that are copied before anything else happens. */
export const COPIED_AT_ONCE = 512;

/** What calls need. */
export interface CallTools {
  readonly functions: ReadonlyMap<string, HostFunction>;
  /** Calls a function of the same tenant and waits for its value; fails with a SyscallFailure, LimitReached passes through. */
  invoke?(name: string, argument: GuestValue, signal: AbortSignal): Promise<HostValue>;
  readonly surroundings: Surroundings;
}

/** One execution's calls. A guest waits for one answer at a time. */
export class Calls {
  private pending: PendingCall | null = null;

  constructor(private readonly tools: CallTools) {}

  async invoke(name: string | null, argument: GuestValue): Promise<HostValue> {
    if (name === null) throw failure('invoke.unknown', 'there is no function of so long a name');
    if (this.tools.invoke === undefined) throw failure('invoke.unknown', `there is no function '${name}' here`);
    const call = new PendingCall();
    this.pending = call;
    try {
      return await this.tools.invoke(name, argument, call.signal);
    } finally {
      this.pending = null;
    }
  }

  /** Several at once, `[name, argument]` each: their values, or the messages of those that failed. */
  async invokeAll(asked: GuestValue): Promise<HostValue> {
    if (!Array.isArray(asked) || asked.length > MAXIMUM_CALLS_AT_ONCE) {
      throw failure('invoke.list', `it must be a list of at most ${MAXIMUM_CALLS_AT_ONCE} calls`);
    }
    const pairs = asked.map((pair) => {
      const [name, argument = null] = Array.isArray(pair) ? pair : [];
      if (typeof name !== 'string') throw failure('invoke.list', 'each call must be a list of a name and an argument');
      return { name, argument };
    });
    const { tools } = this;
    if (tools.invoke === undefined) throw failure('invoke.unknown', 'there are no functions here');
    const call = new PendingCall();
    this.pending = call;
    const controllers = pairs.map(() => new AbortController());
    const abortAll = () => {
      for (const controller of controllers) controller.abort();
    };
    call.signal.addEventListener('abort', abortAll);
    try {
      const calls = pairs.map(async ({ name, argument }, index) => {
        const { signal } = controllers[index]!;
        // Starting one takes some microseconds: others have their turns in between.
        for (let before = index; before >= STARTED_AT_ONCE; before -= STARTED_AT_ONCE) await this.nextTurn();
        if (signal.aborted) throw failure('invoke.failed', `'${name}' was not begun`);
        return tools.invoke!(name, argument, signal);
      });
      return await Promise.all(calls.map(outcomeOf));
    } catch (error) {
      // What ends the caller ends the others too.
      abortAll();
      throw error;
    } finally {
      this.pending = null;
    }
  }

  async call(name: string | null, args: GuestValue): Promise<SyscallAnswer> {
    if (name === null) throw new SyscallFailure('no host function of so long a name is granted');
    const called = this.tools.functions.get(name);
    if (called === undefined) throw new SyscallFailure(`no host function '${name}' is granted`);
    const list = toList(args);
    if (list === null) {
      throw new SyscallFailure(`the arguments of '${name}' are no list of at most ${MAXIMUM_ARGUMENTS}`);
    }
    const call = new PendingCall();
    this.pending = call;
    try {
      const copy = new PlainCopy(await called.apply(call, list), ANSWER_LIMITS, COPIED_AT_ONCE);
      return copy.complete === null ? new AnswerInSteps((meter) => rest(name, copy, meter)) : copy.complete.value;
    } catch (error) {
      throw error instanceof CrossingError ? cannotCross(name, error) : new SyscallFailure(messageOf(error));
    } finally {
      this.pending = null;
    }
  }

  private nextTurn(): Promise<void> {
    return new Promise((resolve) => this.tools.surroundings.yieldToHost(resolve));
  }

  /** Nobody waits for an answer any more. */
  close(): void {
    if (this.pending !== null) PendingCall.abort(this.pending);
  }
}

function* rest(name: string, copy: PlainCopy, meter: FuelMeter): Generator<undefined, HostValue, unknown> {
  try {
    return yield* copy.inSteps(meter);
  } catch (error) {
    throw error instanceof CrossingError ? cannotCross(name, error) : error;
  }
}

function cannotCross(name: string, { message }: CrossingError): SyscallFailure {
  return new SyscallFailure(`the answer of '${name}' cannot cross: ${message}`);
}

/** Functions that one call of a guest starts at once. */
const MAXIMUM_CALLS_AT_ONCE = 64;
/** So many of them before others have their turns. */
const STARTED_AT_ONCE = 16;

async function outcomeOf(value: Promise<HostValue>): Promise<HostValue> {
  try {
    return new Map([['value', await value]]);
  } catch (error) {
    if (!(error instanceof SyscallFailure)) throw error;
    return new Map([['error', error.message]]);
  }
}

/** A list of arguments with nils in it is a table with holes, so a record with numbers for names. */
function toList(args: GuestValue): GuestValue[] | null {
  if (Array.isArray(args)) return args.length <= MAXIMUM_ARGUMENTS ? args : null;
  if (typeof args !== 'object' || args === null) return null;
  const record = args as Record<string, GuestValue>;
  const names = Object.keys(record);
  if (names.length > MAXIMUM_ARGUMENTS) return null;
  const last = Math.max(...names.map(Number));
  if (!(last <= MAXIMUM_ARGUMENTS)) return null;
  return Array.from({ length: last }, (_, index) => record[index + 1] ?? null);
}

/** Of a host function: they lie on the host's stack. */
const MAXIMUM_ARGUMENTS = 250;

/** By syscall. */
export const CALL_HANDLERS: Readonly<Record<string, Handler>> = {
  host_call: ({ calls }, [name, args]) => calls.call(nameOf(name as Uint8Array | TooLong), args as GuestValue),
  invoke: ({ calls }, [name, argument]) => calls.invoke(nameOf(name as Uint8Array | TooLong), argument as GuestValue),
  invoke_all: ({ calls }, [asked]) => calls.invokeAll(asked as GuestValue),
};
