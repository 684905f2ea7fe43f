// The host's end of one worker: its thread, what it knows, and the turns that it has.
import type { Context, GuestExecution, Program, Visit } from '../../../vm/index';
import { answerMemory, createMemoryReply } from './memory-reply';
import type { FromWorker, ToWorker } from './messages';
import { addLoaded, packPart, packProgram } from './programs';
import type { AskSpecialiser, SpecialiseReply, SpecialiseRequest } from './specialising';
import type { StartWorker, WorkerThread } from './thread';

/** Turns that a worker has at a time: while it takes one, the next one waits there already. */
const TURNS_AT_ONCE = 2;

/** A turn that is under way. */
export interface Turn {
  readonly execution: GuestExecution;
  readonly context: Context;
  /** Number of the execution. */
  readonly number: number;
  /** Instructions that it was given. */
  readonly slice: number;
}

type Turned = Extract<FromWorker, { type: 'turned' }>;

/** Who is told what becomes of a peer's turns. */
export interface PeerListener {
  ready(): void;
  turned(turn: Turn, message: Turned): void;
  /** A defect ended the turn; the worker goes on. */
  failed(turn: Turn, reason: string): void;
  /** The thread is gone, and so are these turns. */
  lost(peer: Peer, turns: readonly Turn[], reason: string): void;
}

/** Programs by number, in all workers. */
const programNumbers = new WeakMap<Program, number>();
let lastProgram = 0;
let lastTurn = 0;

function numberOf(program: Program): number {
  let number = programNumbers.get(program);
  if (number === undefined) {
    number = ++lastProgram;
    programNumbers.set(program, number);
  }
  return number;
}

export class Peer {
  isReady = false;
  private isLost = false;
  private isHeld = false;
  private readonly thread: WorkerThread;
  private readonly memoryReply = createMemoryReply();
  private readonly turns = new Map<number, Turn>();
  private readonly programs = new Set<number>();
  /** By number of an execution: its program as the worker has it, if it has loaded modules there or came with some. */
  private readonly loaded = new Map<number, Program>();
  /** Tells the worker to forget a program that nobody here has any more. */
  private readonly forgotten = new FinalizationRegistry((id: number) => {
    if (this.programs.delete(id)) this.post({ type: 'forgetProgram', id });
  });

  constructor(
    start: StartWorker,
    isTrained: boolean,
    private readonly askSpecialiser: AskSpecialiser,
    private readonly listener: PeerListener,
  ) {
    this.thread = start();
    this.thread.listen((message) => this.hear(message as FromWorker));
    this.thread.onFailure((reason) => this.lose(reason));
    this.hold();
    this.post({ type: 'options', isTrained, memoryReply: this.memoryReply });
  }

  get turnCount(): number {
    return this.turns.size;
  }

  get hasRoom(): boolean {
    return this.isReady && this.turns.size < TURNS_AT_ONCE;
  }

  /** Has the worker take a turn of a program that began as `shared`. */
  send(turn: Turn, shared: Program, visit: Visit): void {
    const { context, number } = turn;
    const id = ++lastTurn;
    this.turns.set(id, turn);
    this.hold();
    const program = this.teach(shared);
    const known = this.loaded.get(number) ?? shared;
    const isNews = context.program !== known;
    const loaded = isNews ? packPart(context.program, known.modules.length) : null;
    if (isNews) this.loaded.set(number, context.program);
    this.post({ type: 'turn', id, program, execution: number, loaded, visit });
  }

  /** An execution has ended. */
  forget(number: number): void {
    if (this.loaded.delete(number)) this.post({ type: 'forgetExecution', execution: number });
  }

  terminate(): Promise<void> {
    return this.thread.terminate();
  }

  private teach(program: Program): number {
    const id = numberOf(program);
    if (this.programs.has(id)) return id;
    this.programs.add(id);
    this.forgotten.register(program, id);
    this.post({ type: 'program', id, parts: packProgram(program) });
    return id;
  }

  private hear(message: FromWorker): void {
    if (this.isLost || message.type === 'compiled' || message.type === 'started') return;
    if (message.type === 'ready') {
      this.isReady = true;
      this.hold();
      this.listener.ready();
      return;
    }
    if (message.type === 'specialise') {
      void this.specialise(message.id, message.request);
      return;
    }
    const turn = this.turns.get(message.id)!;
    if (message.type === 'memory') {
      answerMemory(this.memoryReply, turn.execution.askMemory(message.words));
      return;
    }
    this.turns.delete(message.id);
    this.hold();
    if (message.type === 'failed') {
      this.listener.failed(turn, message.message);
      return;
    }
    if (message.loaded !== null) {
      turn.context.program = addLoaded(turn.context.program, message.loaded);
      this.loaded.set(turn.number, turn.context.program);
    }
    this.listener.turned(turn, message);
  }

  private async specialise(id: number, request: SpecialiseRequest): Promise<void> {
    let reply: SpecialiseReply | null;
    try {
      reply = await this.askSpecialiser(request);
    } catch {
      // The compiling thread was lost over it: the functions stay as they are.
      reply = { text: null, compiled: null };
    }
    this.post({ type: 'specialised', id, reply });
  }

  /** A process does not end while its workers start, or have turns. */
  private hold(): void {
    const isHeld = !this.isReady || this.turns.size > 0;
    if (isHeld === this.isHeld) return;
    this.isHeld = isHeld;
    this.thread.hold(isHeld);
  }

  /** A page's thread may fail more than once, and go on: it is ended, and what it says is not heard any more. */
  private lose(reason: string): void {
    if (this.isLost) return;
    this.isLost = true;
    void this.terminate();
    const turns = [...this.turns.values()];
    this.turns.clear();
    this.listener.lost(this, turns, reason);
  }

  private post(message: ToWorker): void {
    this.thread.post(message);
  }
}
