// Answers the syscall that a context stands at: charges, capability, quotas, arguments, then the host, then the answer
// into the registers. A generator, since each of these may run out of fuel half-way and the host may take its time;
// whatever it does to the guest is finished before the guest goes on.
//
// The generator is a convenience, not state. Until the answer is there, the request is all in the heap: the instruction at
// FRAME_PC names the syscall and its registers, the registers say where the arguments lie, and FRAME_STATE says how far it
// is: begun and counted, put to the host, how many pieces of a transfer are delivered. Nothing else is written before the
// answer, so the syscall can be begun again from its start, in a copy of the heap and with the meter as it stood there:
// decoding reads the same words and charges the same again. `canRestart` says so; a context is saved nowhere else. Once
// the answer is there it is written without a stop that anybody could save: it is bounded (MAXIMUM_JSON_BYTES,
// MAXIMUM_TRANSFER_BYTES), and saving it half-written would need what is half made to have roots.
import { type Budget, LimitReached, type Refusal } from './budget';
import type { Charged } from './charges';
import { collect, startCollection } from './collector';
import type { Context } from './context';
import { decodeA, decodeBx } from './encoding';
import { InternalError } from './errors';
import { CrossingError, type HostValue } from './host-values';
import { isValueFrame } from './interpreter';
import { writeJson } from './json-text';
import { FRAME_BASE, FRAME_PC, FRAME_STATE, TYPED_REGISTER_WORDS, VALUE_REGISTER_WORDS } from './layout';
import { MAXIMUM_JSON_BYTES, MAXIMUM_MESSAGE_LENGTH, MAXIMUM_TRANSFER_BYTES } from './limits';
import { storeDouble } from './numbers/float';
import type { Payments } from './payments';
import { EXIT, RELOAD, THROW, TRAP } from './signals';
import {
  type ArgumentFault,
  chargeBytes,
  type DecodedArguments,
  decodeArguments,
  HeapRange,
  isFault,
} from './syscall-arguments';
import {
  Answered,
  AnswerInSteps,
  INTERRUPTED,
  REPEATABLE,
  type SyscallAnswer,
  type SyscallArgument,
  SyscallFailure,
  type SyscallHost,
  TooLong,
} from './syscall-host';
import type { Syscall } from './syscalls';
import { unwind } from './unwind';
import { raiseMemoryError, raiseText } from './value-errors';
import { writeBigint, writeBytes, writeValue } from './value-writer';
import { writeFloat, writeInteger, writeNil } from './values';

/** What a host's promise came to. */
export type Settled = { readonly answer: SyscallAnswer } | { readonly error: unknown };

/** What the work yields: nothing when the fuel is used up, or what it waits for. */
export type Pause = undefined | Promise<SyscallAnswer>;

/** Why the host ends an execution at a syscall. */
export type Ending =
  | { readonly kind: 'limit'; readonly refusal: Refusal }
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly capability?: string };

/** The dispatcher's answer beside the machine's signals: `ending` says why the execution ends. */
export const ENDING = 100;

/** A typed answer's number for "the end" or "it failed". */
const NONE = -1;
/** The same for a `buffer` that failed: its -1 is the end. */
const FAILED_READ = -2;

/** FRAME_STATE at a syscall: counted; put to the host; from PIECES_SHIFT on, the delivered pieces of a transfer. */
const BEGUN = 1;
const ASKED = 2;
const PIECES_SHIFT = 2;

/** A syscall that has been begun: its arguments, and where its registers lie. */
interface Request extends DecodedArguments {
  readonly syscall: Syscall;
  readonly registers: number;
  readonly isValue: boolean;
}

/** No text yet, no bytes. */
const NOTHING = new Uint8Array(0);

/** One execution's syscalls, and the text that `answer_read` reads. */
export class SyscallDispatch {
  ending: Ending | null = null;
  /** The text of the last JSON answer: with a snapshot it goes beside the heap. */
  lastAnswer: Uint8Array = NOTHING;
  /** Whether the syscall under way can be begun again from its start. */
  canRestart = false;
  /** Whether it was. */
  private isRestarted = false;

  constructor(
    private readonly context: Context,
    private readonly host: SyscallHost,
    private readonly budget: Budget,
    private readonly charges: Payments,
  ) {}

  /**
   * Answers the syscall at the current frame's pc. Returns the machine's signal for what comes next, or ENDING. `isRestarted`:
   * the context was saved at it, and FRAME_STATE says how far it was.
   */
  answer(isRestarted = false): Generator<Pause, number, Settled | undefined> {
    this.isRestarted = isRestarted;
    this.canRestart = true;
    if (!isRestarted) this.progress = 0;
    return this.perform();
  }

  /** A limit that is met on the way, here or in the host's part, ends it. */
  private *perform(): Generator<Pause, number, Settled | undefined> {
    try {
      // One after the other: a hundred thousand may wait in the second, and what the first works with is gone by then.
      const request = yield* this.begin();
      return typeof request === 'number' ? request : yield* this.carryOut(request);
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      return this.end({ kind: 'limit', refusal: error.refusal });
    }
  }

  /** Pays, waiting where that is the policy. */
  private *charge(name: Charged, amount: number): Generator<Pause, void, Settled | undefined> {
    const waiting = this.charges.charge(name, amount);
    if (waiting !== undefined) answerIn(yield waiting as Promise<undefined>);
  }

  private get progress(): number {
    return this.context.i32[this.context.frame + FRAME_STATE];
  }

  private set progress(progress: number) {
    this.context.i32[this.context.frame + FRAME_STATE] = progress;
  }

  /** The host has answered, or the syscall has failed: what comes now is done once. */
  private settle(): void {
    this.canRestart = false;
    this.progress = 0;
  }

  /** Pays for it and reads its arguments; or the signal of one that comes to nothing. */
  private *begin(): Generator<Pause, Request | number, Settled | undefined> {
    const { context, host } = this;
    const frame = context.frame;
    const word = context.program.code[context.i32[frame + FRAME_PC]];
    const syscall = context.program.syscalls[decodeBx(word)]!;
    const isValue = isValueFrame(context);
    const size = isValue ? VALUE_REGISTER_WORDS : TYPED_REGISTER_WORDS;
    const registers = context.stack + context.i32[frame + FRAME_BASE] + decodeA(word) * size;
    if ((this.progress & BEGUN) === 0) {
      yield* this.charge('syscalls', 1);
      this.progress |= BEGUN;
    }
    context.fuel = (context.fuel - syscall.cost) | 0;
    if (context.fuel <= 0) yield undefined;
    if (syscall.capability !== null && !host.isGranted(syscall.capability))
      return this.deny(syscall.capability, syscall);
    let decoded: DecodedArguments | ArgumentFault;
    try {
      decoded = yield* decodeArguments(context, syscall, registers, isValue, host.text);
    } catch (error) {
      if (!(error instanceof CrossingError)) throw error;
      decoded = { message: `bad argument to '${syscall.name}' (${error.message})` };
    }
    if (isFault(decoded)) return this.fault(decoded);
    if (context.fuel <= 0) yield undefined;
    // A copy: a list that has grown has room for sixteen more.
    return { syscall, registers, isValue, values: decoded.values.slice(), buffer: decoded.buffer };
  }

  private *carryOut(request: Request): Generator<Pause, number, Settled | undefined> {
    const { syscall, registers, isValue, values } = request;
    let answer: SyscallAnswer;
    if (syscall.name === 'exit') {
      this.context.exitCode = values[0] as number;
      return EXIT;
    }
    if (syscall.name === 'write') {
      answer = yield* this.write(values[0] as number, values[1] as HeapRange);
    } else if (syscall.name === 'answer_read') {
      const [offset, capacity] = values as number[];
      answer = this.readAnswer(offset!, capacity!);
    } else if (syscall.name === 'answer_size') {
      answer = this.lastAnswer.length;
    } else {
      try {
        const asked = this.ask(syscall, yield* this.takeArguments(request));
        answer = asked instanceof Promise ? answerIn(yield asked) : asked;
        if (answer instanceof AnswerInSteps) {
          this.settle();
          answer = yield* answer.make(this.context);
        }
      } catch (error) {
        if (!(error instanceof SyscallFailure)) throw error;
        return this.fail(syscall, registers, isValue, error.message.slice(0, MAXIMUM_MESSAGE_LENGTH));
      }
    }
    this.settle();
    if (answer instanceof Answered) answer = this.keepAnswer(answer);
    if (isValue) return yield* this.answerValue(syscall, registers, answer);
    if (syscall.result === 'json') yield* this.answerJson(registers, answer as HostValue);
    else this.answerTyped(syscall, registers, answer, request.buffer);
    return this.goOn();
  }

  /** The guest goes on behind the syscall. */
  private goOn(): number {
    this.context.i32[this.context.frame + FRAME_PC]++;
    return RELOAD;
  }

  /** As the host takes them: with copies of bytes. */
  private *takeArguments({ syscall, values }: Request): Generator<undefined, SyscallArgument[], unknown> {
    const args = new Array<SyscallArgument>(values.length);
    for (const [index, value] of values.entries()) {
      args[index] = value instanceof HeapRange ? yield* this.takeBytes(value, syscall.mostBytes[index]!) : value;
    }
    return args;
  }

  private ask(syscall: Syscall, args: readonly SyscallArgument[]): SyscallAnswer | Promise<SyscallAnswer> {
    if (this.isRestarted && (this.progress & ASKED) !== 0) {
      if (!REPEATABLE.has(syscall.name) && !this.host.isRepeatable?.(syscall, args)) {
        throw new SyscallFailure(INTERRUPTED);
      }
    }
    this.progress |= ASKED;
    return this.host.answer(syscall, args);
  }

  /** A copy of the bytes, made in pieces, if they are not too many. */
  private *takeBytes({ start, length }: HeapRange, most: number): Generator<undefined, Uint8Array | TooLong, unknown> {
    const { context } = this;
    if (length > most) return new TooLong(length);
    let taken: Uint8Array = NOTHING;
    for (let done = 0; done < length; done += MAXIMUM_TRANSFER_BYTES) {
      const piece = Math.min(length - done, MAXIMUM_TRANSFER_BYTES);
      chargeBytes(context, piece);
      if (context.fuel <= 0) yield undefined;
      // Not sooner: V8 takes megabytes as an occasion to collect, which begins with half a millisecond.
      if (done === 0) taken = new Uint8Array(length);
      taken.set(context.u8.subarray(start + done, start + done + piece), done);
    }
    return taken;
  }

  /** Delivers bytes in pieces: exactly what the limit admits. Their number; NONE for a stream that is none. */
  private *write(stream: number, { start, length }: HeapRange): Generator<Pause, number, Settled | undefined> {
    const { context } = this;
    if (stream !== 1 && stream !== 2) return NONE;
    const delivered = (this.progress >>> PIECES_SHIFT) * MAXIMUM_TRANSFER_BYTES;
    for (let done = 0; done < length; ) {
      const piece = Math.min(length - done, MAXIMUM_TRANSFER_BYTES);
      chargeBytes(context, piece);
      if (context.fuel <= 0) yield undefined;
      done += piece;
      if (done <= delivered) continue;
      // Of a piece that does not fit, and that nobody will wait for, what fits is delivered.
      const fits = Math.min(piece, Math.max(0, this.budget.left('outputBytes')));
      const at = start + done - piece;
      if (fits < piece && this.budget.refusal('outputBytes', piece, 0)!.policy === 'kill') {
        yield* this.charge('outputBytes', fits);
        if (fits > 0) yield* this.deliver(stream, at, fits);
      }
      yield* this.charge('outputBytes', piece);
      this.progress += 1 << PIECES_SHIFT;
      yield* this.deliver(stream, at, piece);
    }
    return length;
  }

  private *deliver(stream: 1 | 2, at: number, length: number): Generator<Pause, void, Settled | undefined> {
    const waiting = this.host.output(stream, this.context.u8.subarray(at, at + length));
    if (waiting !== undefined) answerIn(yield waiting as Promise<undefined>);
  }

  private readAnswer(offset: number, capacity: number): Uint8Array | null {
    if (offset < 0 || offset >= this.lastAnswer.length) return null;
    return this.lastAnswer.subarray(offset, offset + capacity);
  }

  // --- answers ---

  private keepAnswer({ code, bytes }: Answered): bigint {
    chargeBytes(this.context, bytes.length);
    this.lastAnswer = bytes;
    return code;
  }

  private answerTyped(syscall: Syscall, at: number, answer: SyscallAnswer, buffer: HeapRange | null): void {
    const { context } = this;
    const { i32 } = context;
    switch (syscall.result) {
      case 'none':
        return;
      case 'i32':
        i32[at] = answer as number;
        return;
      case 'i64':
      case 'answer':
        i32[at] = Number(BigInt.asIntN(32, answer as bigint));
        i32[at + 1] = Number(BigInt.asIntN(32, (answer as bigint) >> 32n));
        return;
      case 'f64':
        storeDouble(i32, at, answer as number);
        return;
      case 'buffer': {
        const bytes = answer as Uint8Array | null;
        i32[at] = bytes === null ? NONE : bytes.length;
        if (bytes === null || bytes.length === 0) return;
        chargeBytes(context, bytes.length);
        context.u8.set(bytes, buffer!.start);
        return;
      }
      default:
        throw new InternalError(`the answer of '${syscall.name}' is no number and no bytes`);
    }
  }

  /** Keeps the text of an answer for `answer_read`; its length is the result. */
  private *answerJson(at: number, answer: HostValue): Generator<Pause, void, Settled | undefined> {
    const { context, host } = this;
    this.lastAnswer = yield* writeJson(context, answer, host.text);
    context.i32[at] = this.lastAnswer.length;
  }

  /** Memory that does not suffice is collected once; then it is the guest's error. */
  private *answerValue(
    syscall: Syscall,
    slot: number,
    answer: SyscallAnswer,
  ): Generator<Pause, number, Settled | undefined> {
    const { context } = this;
    if (yield* this.writeAnswer(syscall, slot, answer)) return this.goOn();
    if (context.failure === TRAP || !(yield* this.collectAll())) return TRAP;
    if (yield* this.writeAnswer(syscall, slot, answer)) return this.goOn();
    if (isCorrupt(context)) return TRAP;
    this.goOn();
    return this.unwindFrom(raiseMemoryError(context));
  }

  /** False for a corrupt heap. */
  private *collectAll(): Generator<Pause, boolean, Settled | undefined> {
    const { context } = this;
    context.save();
    startCollection(context);
    while (!collect(context)) {
      if (context.failure === TRAP) return false;
      yield undefined;
    }
    return true;
  }

  private unwindFrom(signal: number): number {
    if (signal !== THROW) return TRAP;
    const answer = unwind(this.context);
    this.context.save();
    return answer;
  }

  private *writeAnswer(
    syscall: Syscall,
    slot: number,
    answer: SyscallAnswer,
  ): Generator<Pause, boolean, Settled | undefined> {
    const { context } = this;
    switch (syscall.result) {
      case 'none':
        return true;
      case 'i32':
        writeInteger(context, slot, answer as number, (answer as number) >> 31);
        return true;
      case 'i64':
      case 'answer':
        writeBigint(context, slot, answer as bigint);
        return true;
      case 'f64':
        writeFloat(context, slot, answer as number);
        return true;
      case 'buffer':
        if (answer !== null) return writeBytes(context, slot, answer as Uint8Array);
        writeNil(context, slot);
        return true;
      case 'json':
        return yield* writeValue(context, slot, answer as HostValue, this.host.text);
    }
  }

  // --- failures ---

  /** The guest's error: a message to value code; a number below 0 to typed code, the message as the answer. */
  private fail(syscall: Syscall, registers: number, isValue: boolean, message: string): number {
    const { context } = this;
    this.settle();
    if (isValue) return this.raise(this.host.text.encodeBriefly(message));
    if (!syscall.isFallible) return this.end({ kind: 'error', code: 'syscall.failed', message });
    this.lastAnswer = this.host.text.encode(JSON.stringify(message)).subarray(0, MAXIMUM_JSON_BYTES);
    context.i32[registers] = syscall.result === 'buffer' ? FAILED_READ : NONE;
    if (syscall.result === 'i64' || syscall.result === 'answer') context.i32[registers + 1] = NONE;
    return this.goOn();
  }

  private fault(fault: ArgumentFault): number {
    this.settle();
    if ('message' in fault) return this.raise(fault.message);
    this.context.trap = fault.trap;
    return TRAP;
  }

  /** Raises an error with this message at the syscall. */
  private raise(message: string | Uint8Array): number {
    const { context } = this;
    context.i32[context.frame + FRAME_PC]++;
    return this.unwindFrom(raiseText(context, message));
  }

  private deny(capability: string, syscall: Syscall): number {
    const message = `the syscall '${syscall.name}' needs the capability '${capability}', which is not granted`;
    return this.end({ kind: 'error', code: 'capability_denied', message, capability });
  }

  private end(ending: Ending): number {
    this.ending = ending;
    return ENDING;
  }
}

/** Why an allocation failed, if not for memory. */
function isCorrupt(context: Context): boolean {
  return context.failure === TRAP;
}

/** What was waited for; throws what it has failed with. */
function answerIn(settled: Settled | undefined): SyscallAnswer {
  if ('error' in settled!) throw settled.error;
  return settled!.answer;
}
