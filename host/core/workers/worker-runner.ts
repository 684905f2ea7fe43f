// Runs executions in workers: which of them takes whom, who moves when one has less to do than another, what happens when
// one fails. All of it lives in the host's thread.
import {
  type Departure,
  type FairTask,
  RegionPool,
  type Scheduler,
  type Share,
  type Snapshot,
  type Usage,
  wordsToGrant,
} from '../../../vm/index';
import type { Surroundings } from '../event-loop';
import { Parking } from '../parking';
import { asksForArguments, type Prepared, type Runner, type RunningExecution, type RunOptions } from '../runner';
import { answerMemory } from './memory-reply';
import { type FromWorker, LENT, type Start } from './messages';
import { Peer, shareNumbers, tenantOf } from './peer';
import type { StartWorker } from './port';
import { RoamingExecution } from './roaming-execution';
import { Stay } from './stay';

export interface WorkerOptions {
  readonly count: number;
  readonly start: StartWorker;
  readonly isTrained: boolean;
  /** Has every execution go to another worker after so many turns: for tests. */
  readonly turns?: number;
}

/** Bytes of output on their way from one execution, where nobody may hold it. */
const OUTPUT_WINDOW = 1 << 20;
/** How often the workers' loads are compared, in milliseconds, and how many move then at most. */
const BALANCE_MS = 50;
const MOST_MOVES = 16;

export class WorkerRunner implements Runner {
  readonly pool = new RegionPool();
  readonly parking = new Parking();
  private readonly peers: Peer[] = [];
  /** How many executions of each tenant are ready, in all workers. */
  private readonly readyOf = new Map<Share, number>();
  private lastSeat = 0;
  private away = 0;
  private isClosed = false;
  private stopBalance: (() => void) | null = null;
  /** Workers that have not given back what is unused, and who waits for that. */
  private recalled = new Set<Peer>();
  private waiters: (() => void)[] = [];
  private hasLent = false;

  constructor(
    readonly scheduler: Scheduler<FairTask>,
    private readonly surroundings: Surroundings,
    private readonly options: WorkerOptions,
  ) {
    for (let index = 0; index < options.count; index++) this.peers.push(this.startPeer());
  }

  /** When all workers are ready. */
  async ready(): Promise<void> {
    await Promise.all(this.peers.map(({ ready }) => ready));
  }

  prepare(options: RunOptions, snapshot?: Snapshot): Prepared {
    const execution = new RoamingExecution(this, options, snapshot);
    return { execution, begin: () => execution.place() };
  }

  release(execution: RunningExecution): void {
    (execution as RoamingExecution).forgetHome();
  }

  limitsChanged(): void {
    this.recall(() => {});
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.stopBalance?.();
    await Promise.all(this.peers.map((peer) => peer.terminate()));
  }

  /** How many executions are in workers. */
  get awayCount(): number {
    return Math.max(1, this.away);
  }

  // --- going and coming ---

  /** Whether a worker could take it now: one that a limit stops is stopped here. */
  canTake({ options: { parent = null } }: RoamingExecution): boolean {
    if (this.isClosed || parent === null) return false;
    if (parent.instructionsNow(this.surroundings.now()) < 1) return false;
    if (LENT.some((name) => parent.left(name) < 1) || parent.exhausted('wallTimeMs') !== null) return false;
    // Without shared memory a worker cannot ask for more in time.
    return this.peers[0]!.memoryReply !== null || parent.left('memoryBytes') === Number.POSITIVE_INFINITY;
  }

  /** Sends it to the worker with the least to do. Null: it cannot be sent. */
  send(execution: RoamingExecution, departure: Departure | null, usage: Usage, elapsedMs: number): Stay | null {
    const { options, share } = execution;
    const { parent, program, policies = {}, weight = 1, args, name, capabilities, texts, isOutputHeld } = options;
    const isMemoryLimited = parent!.left('memoryBytes') !== Number.POSITIVE_INFINITY;
    const memoryBytes = departure?.heldBytes ?? wordsToGrant(program.image.length) * 4;
    if (departure === null && parent!.charge('memoryBytes', memoryBytes) !== null) return null;
    const peer = this.choose(execution);
    const id = peer.teach(program);
    const seat = ++this.lastSeat;
    const part = this.partOf(share);
    const stay = new Stay(peer, seat, parent!, this.surroundings, usage, memoryBytes, part);
    const start: Start = {
      type: 'start',
      ...{ seat, program: id, name, policies, weight, elapsedMs, memoryBytes, isMemoryLimited },
      limits: execution.currentLimits,
      capabilities: [...capabilities],
      args: departure === null ? args : [],
      texts: asksForArguments(program) ? texts() : [],
      standing:
        departure === null
          ? null
          : { bytes: departure.bytes, loaded: departure.loaded, isUnderWay: execution.syscalls.isAsked },
      lease: stay.lend(LENT, this.awayCount),
      outputWindow: isOutputHeld ? 0 : OUTPUT_WINDOW,
      turns: this.options.turns ?? 0,
      share: peer.pathOf(share, this.readyOf.get(tenantOf(share)) ?? 0),
    };
    this.hasLent = true;
    this.away++;
    peer.seats.set(seat, execution);
    peer.hold();
    this.countReady(stay, share, 1);
    peer.post(start, departure === null ? [] : [departure.bytes.buffer as ArrayBuffer]);
    this.startBalance();
    return stay;
  }

  /** It is not there any more. */
  leave({ share }: RoamingExecution, stay: Stay): void {
    this.away--;
    stay.peer.seats.delete(stay.seat);
    stay.peer.hold();
    if (!stay.isWaiting) this.countReady(stay, share, -1);
  }

  setWaiting({ share }: RoamingExecution, stay: Stay, isWaiting: boolean): void {
    if (stay.isWaiting === isWaiting) return;
    stay.isWaiting = isWaiting;
    this.countReady(stay, share, isWaiting ? -1 : 1);
  }

  private countReady({ peer, part }: Stay, share: Share, change: 1 | -1): void {
    const tenant = tenantOf(share);
    const ready = (this.readyOf.get(tenant) ?? 0) + change;
    if (ready === 0) this.readyOf.delete(tenant);
    else this.readyOf.set(tenant, ready);
    peer.count(tenant, change, part);
  }

  /** What one more execution of that share has of its tenant's time. */
  private partOf(share: Share): number {
    const tenant = tenantOf(share);
    return tenant.weight / ((this.readyOf.get(tenant) ?? 0) + 1);
  }

  /** The least loaded; of those, the one where fewest are ready. */
  private choose(execution: RoamingExecution): Peer {
    const { peers } = this;
    if (this.options.turns !== undefined) return peers[this.lastSeat % peers.length]!;
    const tenant = tenantOf(execution.share);
    return peers.reduce((best, peer) => {
      if (peer.load !== best.load) return peer.load < best.load ? peer : best;
      return (peer.readyOf.get(tenant) ?? 0) < (best.readyOf.get(tenant) ?? 0) ? peer : best;
    });
  }

  // --- what workers say ---

  private startPeer(): Peer {
    return new Peer(
      this.options.start,
      this.options.isTrained,
      (peer, message) => this.hear(peer, message),
      (peer, reason) => this.replace(peer, reason),
    );
  }

  private hear(peer: Peer, message: FromWorker): void {
    if (message.type === 'ready') return;
    if (message.type === 'returned') {
      this.takeBack(peer, message.seats);
      return;
    }
    const execution = peer.seats.get(message.seat);
    const stay = execution?.currentStay ?? null;
    if (message.type === 'memory') {
      // Always answered: the worker stands still meanwhile.
      answerMemory(peer.memoryReply!, stay?.seat === message.seat ? stay.chargeMemory(message.bytes) : null);
    } else if (stay?.seat === message.seat) execution!.hear(stay, message);
  }

  /** A worker that has failed: what ran in it is lost, the others go on, another one takes its place. */
  private replace(peer: Peer, reason: string): void {
    const index = this.peers.indexOf(peer);
    if (index < 0 || this.isClosed) return;
    this.peers[index] = this.startPeer();
    void peer.terminate();
    for (const execution of [...peer.seats.values()]) {
      const stay = execution.currentStay;
      if (stay !== null) execution.lose(stay, reason);
    }
    this.takeBack(peer, []);
  }

  // --- leases ---

  /**
   * Has all workers give back what was lent and is not used, then calls back. False when nothing can be lent beyond what is
   * known to be used.
   */
  recall(then: () => void): boolean {
    if (this.recalled.size === 0) {
      if (!this.hasLent) return false;
      this.hasLent = false;
      this.recalled = new Set(this.peers.filter(({ seats }) => seats.size > 0));
      for (const peer of this.recalled) peer.post({ type: 'recall' });
      if (this.recalled.size === 0) return false;
    }
    this.waiters.push(then);
    return true;
  }

  private takeBack(peer: Peer, seats: Extract<FromWorker, { type: 'returned' }>['seats']): void {
    for (const [seat, report] of seats) {
      const stay = peer.seats.get(seat)?.currentStay;
      if (stay?.seat === seat) stay.settle(report);
    }
    if (!this.recalled.delete(peer) || this.recalled.size > 0) return;
    const { waiters } = this;
    this.waiters = [];
    for (const waiter of waiters) waiter();
  }

  /** Something was lent. */
  noteLent(): void {
    this.hasLent = true;
  }

  // --- balance ---

  private startBalance(): void {
    if (this.stopBalance !== null || this.peers.length < 2 || this.isClosed) return;
    this.stopBalance = this.surroundings.startTimer(BALANCE_MS, () => {
      this.stopBalance = null;
      if (this.isClosed || this.readyOf.size === 0) return;
      this.shareOut();
      this.balance();
      this.startBalance();
    });
  }

  /** Each tenant's weight in a worker is its part of the executions that are ready there. */
  private shareOut(): void {
    for (const peer of this.peers) {
      const weights = [...peer.readyOf.keys()].map(
        (tenant) => [shareNumbers.of(tenant), peer.weightOf(tenant, this.readyOf.get(tenant)!)] as const,
      );
      if (weights.length > 0) peer.post({ type: 'weights', weights });
      peer.load = [...peer.readyOf].reduce(
        (load, [tenant, ready]) => load + (tenant.weight * ready) / this.readyOf.get(tenant)!,
        0,
      );
    }
  }

  /** Moves some from the most to the least loaded, as long as that makes them more even. */
  private balance(): void {
    const byLoad = [...this.peers].sort((a, b) => a.load - b.load);
    const [least, most] = [byLoad[0]!, byLoad.at(-1)!];
    let difference = most.load - least.load;
    let moves = 0;
    if (most.readyCount < 2) return;
    for (const [seat, execution] of most.seats) {
      if (moves >= MOST_MOVES) return;
      const stay = execution.currentStay!;
      const tenant = tenantOf(execution.share);
      const part = tenant.weight / this.readyOf.get(tenant)!;
      if (stay.isWaiting || stay.fetched !== null || !(part * 2 <= difference)) continue;
      stay.fetched = 'move';
      most.post({ type: 'fetch', seat, isMove: true });
      difference -= 2 * part;
      moves++;
    }
  }
}
