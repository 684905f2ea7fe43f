// A worker: a scheduler, regions and trained loops of its own, and the executions that the host's thread sends here. It knows
// nothing of tenants' budgets, of handlers, of results: it asks, and tells.
import { FairQueue, type FairTask, type Program, type Refusal, RegionPool, Scheduler, Share } from '../../../vm/index';
import { createSurroundings } from '../event-loop';
import { Parking } from '../parking';
import { SLICE_INSTRUCTIONS } from '../slices';
import { ensureTraining } from '../training';
import { waitForMemory } from './memory-reply';
import type { FromWorker, ProgramParts, SharePath, Start, ToWorker } from './messages';
import type { MessageEnd } from './port';
import { unpackProgram } from './programs';
import { Seat, type SeatWorker } from './seat';

/** Messages are read between two bursts: a call that comes waits for no more than this. */
const BURST_MS = 1;

/** Serves the thread at the other end. */
export function runWorker(end: MessageEnd): void {
  const worker = new Worker((message, transfer) => end.post(message, transfer));
  end.listen((message) => worker.receive(message as ToWorker));
}

interface KnownShare {
  readonly share: Share;
  seats: number;
}

class Worker implements SeatWorker {
  readonly surroundings = createSurroundings();
  readonly pool = new RegionPool();
  readonly parking = new Parking();
  private readonly queue = new FairQueue();
  private readonly scheduler: Scheduler<FairTask>;
  private readonly programs = new Map<number, { parts: ProgramParts; program: Program | null }>();
  private readonly seats = new Map<number, Seat>();
  private readonly shares = new Map<number, KnownShare>();
  private memoryReply: SharedArrayBuffer | null = null;
  /** What has come before the loops are trained. */
  private backlog: ToWorker[] | null = [];

  constructor(readonly post: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void) {
    const { queue } = this;
    this.scheduler = new Scheduler(this.surroundings, {
      sliceInstructions: SLICE_INSTRUCTIONS,
      burstMs: BURST_MS,
      queue,
    });
  }

  receive(message: ToWorker): void {
    if (message.type === 'options') void this.begin(message.isTrained, message.memoryReply);
    else if (this.backlog !== null) this.backlog.push(message);
    else this.handle(message);
  }

  schedule(seat: Seat): void {
    this.scheduler.schedule(seat);
  }

  forget(seat: Seat): void {
    this.seats.delete(seat.start.seat);
    this.leaveShares(seat.start.share);
  }

  askMemory(seat: number, bytes: number): Refusal | null {
    return waitForMemory(this.memoryReply!, () => this.post({ type: 'memory', seat, bytes }), this.surroundings);
  }

  private async begin(isTrained: boolean, memoryReply: SharedArrayBuffer | null): Promise<void> {
    this.memoryReply = memoryReply;
    if (isTrained) await ensureTraining();
    const backlog = this.backlog!;
    this.backlog = null;
    for (const message of backlog) this.handle(message);
    this.post({ type: 'ready' });
  }

  private handle(message: ToWorker): void {
    switch (message.type) {
      case 'program':
        this.programs.set(message.id, { parts: message.parts, program: null });
        break;
      case 'forget':
        this.programs.delete(message.id);
        break;
      case 'start':
        this.start(message);
        break;
      case 'recall': {
        const seats = [...this.seats].map(([number, seat]) => [number, seat.giveBack()] as const);
        this.post({ type: 'returned', seats });
        break;
      }
      case 'weights':
        for (const [number, weight] of message.weights) {
          const known = this.shares.get(number);
          if (known !== undefined) known.share.weight = weight;
        }
        break;
      case 'options':
        break;
      default:
        this.tell(message);
    }
  }

  /** What is meant for one seat; it may be free already. */
  private tell(message: Extract<ToWorker, { seat: number }>): void {
    const seat = this.seats.get(message.seat);
    if (seat === undefined) return;
    if (message.type === 'grant') seat.grant(message.more);
    else if (message.type === 'fetch') seat.fetch(message.isMove);
    else if (message.type === 'cancel') seat.cancel();
    else if (message.type === 'refill') seat.refill(message.more);
    else if (message.type === 'answer') seat.answer(message.question, message.answer);
    else if (message.type === 'taken') seat.taken(message.bytes);
  }

  private start(start: Start): void {
    const share = this.shareOf(start.share);
    try {
      const seat = new Seat(this, start, this.programOf(start.program), share);
      this.seats.set(start.seat, seat);
      this.scheduler.schedule(seat);
    } catch (error) {
      this.leaveShares(start.share);
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.post({ type: 'failed', seat: start.seat, report: null, message });
    }
  }

  private programOf(id: number): Program {
    const known = this.programs.get(id)!;
    known.program ??= unpackProgram(known.parts);
    return known.program;
  }

  private shareOf({ tenant, tenantWeight, function: number, functionWeight }: SharePath): Share {
    const parent = this.enterShare(tenant, this.queue.root, tenantWeight);
    return this.enterShare(number, parent, functionWeight);
  }

  private enterShare(number: number, parent: Share, weight: number): Share {
    let known = this.shares.get(number);
    if (known === undefined) {
      known = { share: new Share(parent, weight), seats: 0 };
      this.shares.set(number, known);
    }
    known.share.weight = weight;
    known.seats++;
    return known.share;
  }

  private leaveShares(path: SharePath): void {
    this.leaveShare(path.function);
    this.leaveShare(path.tenant);
  }

  private leaveShare(number: number): void {
    const known = this.shares.get(number);
    if (known !== undefined && --known.seats === 0) this.shares.delete(number);
  }
}
