// The workers of one host, and whose turn it is there. Everything begins in the host's thread, and short calls end there;
// whoever has used up a turn with its own instructions has the next ones in a worker, until it asks the host for something.
//
// A turn elsewhere is one message there and one back, a millisecond or two apart; the heap stays where it is (vm/visit.ts).
// So the queue, the budgets and the answers are the same as without workers, and so is all that comes of an execution.
import {
  AWAY,
  type Elsewhere,
  FairQueue,
  type FairTask,
  GuestExecution,
  InternalError,
  READY,
  type Scheduler,
  type Share,
} from '../../../vm/index';
import { HostError } from '../errors';
import type { Surroundings } from '../event-loop';
import { Peer, type PeerListener, type Turn } from './peer';
import type { AskSpecialiser } from './specialising';
import type { StartWorker } from './thread';

export interface CrewOptions {
  /** How many workers. */
  readonly count: number;
  readonly start: StartWorker;
  readonly isTrained: boolean;
  readonly askSpecialiser: AskSpecialiser;
}

/** The lane of the workers' time (see vm/fair-queue.ts). */
const LANE = 1;
/** Turns grow and shrink until they take from a half of this to all of it. */
const TURN_MS = 2;
const FIRST_SLICE = 50_000;
const LARGEST_SLICE = 400_000;
const SMALLEST_SLICE = 1000;

export class Crew implements PeerListener {
  private readonly queue: FairQueue<GuestExecution>;
  private readonly peers: Peer[] = [];
  private readonly numbers = new WeakMap<GuestExecution, number>();
  private lastNumber = 0;
  private slice: number;
  private isClosed = false;
  private whenReady: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;

  constructor(
    private readonly scheduler: Scheduler<FairTask>,
    root: Share,
    private readonly surroundings: Surroundings,
    private readonly options: CrewOptions,
    /** Of every turn, in place of what a turn's time asks for. */
    private readonly sliceInstructions: number | undefined,
  ) {
    this.queue = new FairQueue(root, LANE);
    this.slice = sliceInstructions ?? FIRST_SLICE;
  }

  /** Starts the workers, if they were not; resolves when one of them is ready, or none will be. */
  start(): Promise<void> {
    if (this.whenReady === null) {
      let resolve!: () => void;
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.whenReady = { promise, resolve };
      for (let index = 0; index < this.options.count; index++) this.addPeer();
    }
    return this.whenReady.promise;
  }

  /** Gives a task its next turn in a worker. False when it had better have it here. */
  take(task: FairTask): boolean {
    if (!(task instanceof GuestExecution) || !task.canLeave || this.isClosed) return false;
    void this.start();
    if (!this.peers.some(({ isReady }) => isReady)) return false;
    task.isQueued = true;
    this.queue.addOld(task);
    this.fill();
    return true;
  }

  /** An execution has ended. */
  forget(task: GuestExecution): void {
    const number = this.numbers.get(task);
    if (number !== undefined) for (const peer of this.peers) peer.forget(number);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.whenReady?.resolve();
    await Promise.all(this.peers.map((peer) => peer.terminate()));
  }

  // --- what a peer tells ---

  ready(): void {
    this.whenReady?.resolve();
    this.fill();
  }

  turned({ execution, slice }: Turn, { end, milliseconds }: Parameters<PeerListener['turned']>[1]): void {
    const state = execution.arrive(end, this.surroundings.now());
    this.queue.giveBack(execution, slice - execution.spent);
    execution.isQueued = false;
    this.adapt(milliseconds, execution.spent);
    if (state === READY) this.scheduler.schedule(execution);
    this.fill();
  }

  failed({ execution }: Turn, reason: string): void {
    execution.isQueued = false;
    execution.lose(new InternalError(reason));
    this.fill();
  }

  lost(peer: Peer, turns: readonly Turn[], reason: string): void {
    this.peers.splice(this.peers.indexOf(peer), 1);
    // One that fails before it is ready would fail again.
    if (peer.isReady && !this.isClosed) this.addPeer();
    for (const { execution } of turns) {
      execution.isQueued = false;
      execution.lose(new HostError('worker.failed', reason));
    }
    if (this.peers.some(({ isReady }) => isReady)) this.fill();
    else this.sendHome();
    if (this.peers.length === 0) this.whenReady?.resolve();
  }

  private addPeer(): void {
    const { start, isTrained, askSpecialiser } = this.options;
    this.peers.push(new Peer(start, isTrained, askSpecialiser, this));
  }

  /** Nobody is there to take turns: who waits for one has it here. */
  private sendHome(): void {
    for (let task = this.queue.take(); task !== undefined; task = this.queue.take()) {
      this.queue.settle(task, 0);
      task.isQueued = false;
      this.scheduler.schedule(task);
    }
  }

  /** Begins turns while a worker has room for one. */
  private fill(): void {
    for (;;) {
      const peer = this.choose();
      const task = peer === undefined ? undefined : this.queue.take();
      if (peer === undefined || task === undefined) return;
      this.send(peer, task);
    }
  }

  private choose(): Peer | undefined {
    let best: Peer | undefined;
    for (const peer of this.peers) {
      if (peer.hasRoom && (best === undefined || peer.turnCount < best.turnCount)) best = peer;
    }
    return best;
  }

  private send(peer: Peer, task: GuestExecution): void {
    const { slice } = this;
    const elsewhere: Elsewhere = {
      take: (execution, context, shared, visit) =>
        peer.send({ execution, context, number: this.numberOf(execution), slice }, shared, visit),
    };
    const state = task.run(slice, this.surroundings.now(), elsewhere);
    // Turns are side by side: who is next depends on what all of them may take.
    this.queue.settle(task, state === AWAY ? slice : task.spent);
    if (state === AWAY) return;
    task.isQueued = false;
    if (state === READY) this.scheduler.schedule(task);
  }

  private numberOf(task: GuestExecution): number {
    let number = this.numbers.get(task);
    if (number === undefined) {
      number = ++this.lastNumber;
      this.numbers.set(task, number);
    }
    return number;
  }

  /** Slices never change results, so their size may depend on the clock. */
  private adapt(milliseconds: number, spent: number): void {
    if (this.sliceInstructions !== undefined) return;
    if (milliseconds > TURN_MS) this.slice = Math.max(this.slice >> 1, SMALLEST_SLICE);
    else if (milliseconds < TURN_MS / 2 && spent >= this.slice) this.slice = Math.min(this.slice * 2, LARGEST_SLICE);
  }
}
